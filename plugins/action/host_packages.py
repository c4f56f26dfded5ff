# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action host_packages; its documentation is in plugins/modules. Ansible's apt or dnf does the work."""

from __future__ import annotations

from typing import Any, Mapping

from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase

from ansible_collections.trunkline.voice.plugins.plugin_utils import packages

ARGUMENT_SPEC = {
    "missing": {"type": "list", "elements": "str", "required": True},
    "policy_rc_d": {"type": "int"},
    "format": {"type": "str", "choices": ["deb", "rpm"], "default": "deb"},
}


class ActionModule(ActionBase):
    """Install packages that are known to be missing, or report in check mode that they would be installed.

    Ansible's apt cannot predict that on a host without python3-apt or without an index of packages.
    """

    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return a change for each package."""
        super().run(tmp, task_vars)
        given = ArgumentSpecValidator(ARGUMENT_SPEC).validate(self._task.args)
        if given.error_messages:
            raise AnsibleActionFail(" ".join(given.error_messages))
        params = given.validated_parameters
        missing = params["missing"]
        if missing and not self._task.check_mode:
            installed = packages.install(self, missing, task_vars, params["policy_rc_d"], params["format"])
            if installed.get("failed"):
                return installed
        names = [name.partition("=")[0] for name in missing]
        return {"changed": bool(names), "changes": [{"action": "add", "what": f"package {name}"} for name in names]}
