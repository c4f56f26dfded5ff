# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action host_files; its documentation is in plugins/modules."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Mapping

import jinja2
from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.host_files import RENDERED

# Plain Jinja, without Ansible's filters, lookups and variables: a template prints only the variables of the task.
_JINJA = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True, keep_trailing_newline=True)


class ActionModule(ActionBase):
    """Render the templates and pass them to the module as files."""

    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the module's result."""
        super().run(tmp, task_vars)
        args = dict(self._task.args)
        given = ArgumentSpecValidator(RENDERED).validate({name: args.pop(name) for name in RENDERED if name in args})
        if given.error_messages:
            raise AnsibleActionFail(" ".join(given.error_messages))
        rows, variables = given.validated_parameters["templates"], given.validated_parameters["variables"]
        args["files"] = [*args.get("files", []), *(self._file(row, variables) for row in rows)]
        result: dict[str, Any] = self._execute_module(module_args=args, task_vars=task_vars)
        return result

    def _file(self, row: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
        source = Path(self._find_needle("templates", row["src"])).read_text(encoding="utf-8")
        try:
            content = _JINJA.from_string(source).render(variables)
        except jinja2.TemplateError as error:
            raise AnsibleActionFail(
                f"Template {row['src']} of {row['path']} cannot be rendered: {error}."
                " Give all that it prints in `variables`.") from error
        return {"content": content, **{
            name: value for name, value in row.items() if name != "src" and value is not None}}
