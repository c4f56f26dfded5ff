# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action account_info; its documentation is in plugins/modules."""

from __future__ import annotations

from typing import Any

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.account import connection
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.options import Values
from ansible_collections.trunkline.voice.plugins.plugin_utils.inventory import InventoryAction


class ActionModule(InventoryAction):
    """Read the account that the inventory names, which need not state any trunk."""

    def result(self, task_vars: Values) -> dict[str, Any]:
        """Return `resources` and `caller_ids`."""
        _, given = self.validate_argument_spec({"countries": {"type": "bool", "default": False}})
        options = connection(self.account(task_vars))
        account: dict[str, Any] = self._execute_module(
            module_name="trunkline.voice.twilio_trunking_info", module_args={**options, **given}, task_vars=task_vars)
        if account.get("failed"):
            return account
        numbers: dict[str, Any] = self._execute_module(
            module_name="trunkline.voice.twilio_caller_id_info", module_args=options, task_vars=task_vars)
        if numbers.get("failed"):
            return numbers
        caller_ids = dict.fromkeys(row["phone_number"] for row in numbers["caller_ids"])
        return {"changed": False, "resources": account["resources"], "caller_ids": list(caller_ids)}
