# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action number_destinations; its documentation is in plugins/modules."""

from __future__ import annotations

from typing import Any

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.features import number_destination
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.options import Values
from ansible_collections.trunkline.voice.plugins.plugin_utils.inventory import InventoryAction, Scope


class ActionModule(InventoryAction):
    """Pass the numbers that the inventory declares to the module."""

    def result(self, task_vars: Values) -> dict[str, Any]:
        """Return the module's result."""
        arguments = dict(self._task.args)
        if "numbers" not in arguments:
            scope = Scope(other_hosts=False, phone_passwords=False)
            host = self.inventory(task_vars, scope).hosts[task_vars["inventory_hostname"]]
            arguments["numbers"] = [
                {"number": did["number"], "destination": str(number_destination(did))} for did in host["pbx_dids"]]
        result: dict[str, Any] = self._execute_module(module_args=arguments, task_vars=task_vars)
        return result
