# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action configure_twilio; its documentation is in plugins/modules."""

from __future__ import annotations

from ansible.errors import AnsibleActionFail

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
            "reached": {"type": "list", "elements": "str"},
        })
        inventory = self.inventory(task_vars, phone_passwords=not self.already_checked(task_vars))
        absent = given["state"] == "absent"
        declared = account.gone(inventory, given["keep_trunks"]) if absent else account.declared(inventory)
        arguments = {**account.connection(inventory.account), **_given(declared)}
        if given["reached"] is not None and not absent:
            self._refuse_to_leave_behind(inventory, given["reached"], arguments, task_vars)
        return self._execute(arguments, task_vars)

    def _execute(self, arguments: dict, task_vars) -> dict:
        return self._execute_module("trunkline.voice.twilio_trunking", module_args=arguments, task_vars=task_vars)

    def _refuse_to_leave_behind(self, inventory, reached: list[str], arguments: dict, task_vars) -> None:
        """A trunk that becomes secure, or is not secure any more, does so for all of its PBXs at once.

        :raises AnsibleActionFail: where one of them is not reached by this run.
        """
        behind = account.left_behind(inventory, reached)
        if not behind or self._task.check_mode:
            return
        self._task.check_mode = True
        try:
            plan = self._execute(arguments, task_vars)
        finally:
            self._task.check_mode = False
        sentences = [
            f"Trunk {name} would {'become secure' if secure else 'not be secure any more'} at Twilio, and"
            f" {', '.join(hosts)} would go on as before, so that every call there would fail. Bring it into this run,"
            " or take it out of the inventory. Nothing was changed."
            for name, hosts in behind.items()
            for secure in account.secure_changes(plan.get("changes") or (), name)
        ]
        if sentences:
            raise AnsibleActionFail(" ".join(sentences))


def _given(declared: dict) -> dict:
    return {name: value for name, value in declared.items() if value is not None}
