# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action validate_inventory; its documentation is in plugins/modules."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.options import Values
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.pbx import public
from ansible_collections.trunkline.voice.plugins.plugin_utils.inventory import VALIDATED, InventoryAction, Scope


class ActionModule(InventoryAction):
    """Validate the variables of all PBX hosts, and return those of the host that the task runs on."""

    def result(self, task_vars: Values) -> dict[str, Any]:
        """Return `values` and `trunks` of a PBX host, without secrets."""
        arguments = dict(self._task.args)
        credentials = boolean(arguments.pop("credentials", False))
        named = arguments.pop("variables", {})
        variables = {**arguments, **named}
        first = not self.already_validated(task_vars)
        known = task_vars.get(VALIDATED)
        if known and "values" in known and not (first or variables):
            return {**known, "changed": False}
        inventory = self.inventory(task_vars, Scope(first, variables, phone_passwords=first, credentials=credentials))
        host = inventory.hosts.get(task_vars["inventory_hostname"])
        return {"changed": False, "hosts": list(inventory.hosts), **(public(host) if host else {})}
