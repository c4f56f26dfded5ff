# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action configure_twilio; its documentation is in plugins/modules."""

from __future__ import annotations

from ansible_collections.trunkline.voice.plugins.module_utils._inventory import account
from ansible_collections.trunkline.voice.plugins.plugin_utils.inventory import InventoryAction


class ActionModule(InventoryAction):
    """Hand what the inventory declares at Twilio to module twilio_trunking."""

    def run(self, tmp=None, task_vars=None):
        """Return the module's result."""
        super().run(tmp, task_vars)
        _, given = self.validate_argument_spec({
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "keep_trunks": {"type": "list", "elements": "str", "default": []},
        })
        inventory = self.inventory(task_vars, phone_passwords=not self.already_checked(task_vars))
        absent = given["state"] == "absent"
        declared = account.gone(inventory, given["keep_trunks"]) if absent else account.declared(inventory)
        return self._execute_module(
            module_name="trunkline.voice.twilio_trunking",
            module_args={**account.connection(inventory.account), **{k: v for k, v in declared.items() if v is not None}},
            task_vars=task_vars,
        )
