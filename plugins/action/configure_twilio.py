# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action configure_twilio; its documentation is in plugins/modules."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from ansible.errors import AnsibleActionFail

from ansible_collections.trunkline.voice.plugins.module_utils._inventory import account
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.options import Values
from ansible_collections.trunkline.voice.plugins.plugin_utils.inventory import InventoryAction, Scope


class ActionModule(InventoryAction):
    """Pass what the inventory declares at Twilio to module twilio_trunking."""

    def result(self, task_vars: Values) -> dict[str, Any]:
        """Return the module's result."""
        _, given = self.validate_argument_spec({
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "keep_trunks": {"type": "list", "elements": "str", "default": []},
            "reached": {"type": "list", "elements": "str"},
        })
        scope = Scope(phone_passwords=not self.already_validated(task_vars), credentials=True)
        inventory = self.inventory(task_vars, scope)
        absent = given["state"] == "absent"
        declared = account.absent(inventory, given["keep_trunks"]) if absent else account.declared(inventory)
        stated = {name: value for name, value in declared.items() if value is not None}
        arguments = {**account.connection(inventory.account), **stated}
        hosts = {} if given["reached"] is None or absent else account.unreached_hosts(inventory, given["reached"])
        if hosts and not self._task.check_mode:
            self._refuse_to_leave_behind(hosts, arguments, task_vars)
        return self._execute(arguments, task_vars)

    def _execute(self, arguments: Values, task_vars: Values) -> dict[str, Any]:
        result: dict[str, Any] = self._execute_module(
            "trunkline.voice.twilio_trunking", module_args=arguments, task_vars=task_vars)
        return result

    def _refuse_to_leave_behind(
        self, unreached: Mapping[str, Sequence[str]], arguments: Values, task_vars: Values
    ) -> None:
        """Refuse to change `secure` of a trunk for some of its PBXs only: at Twilio it changes for all at once.

        :param unreached: trunk name to the PBX hosts that this run does not reach.
        :raises AnsibleActionFail: a plan of the run changes it.
        """
        self._task.check_mode = True
        try:
            plan = self._execute(arguments, task_vars)
        finally:
            self._task.check_mode = False
        sentences = [
            f"Trunk {name} would {'become secure' if secure else 'not be secure any more'} at Twilio, and"
            f" {', '.join(hosts)} would keep its configuration, so that every call there would fail. Bring it into this"
            " run, or take it out of the inventory. Nothing was changed."
            for name, hosts in unreached.items()
            for secure in account.secure_changes(plan.get("changes") or (), name)
        ]
        if sentences:
            raise AnsibleActionFail(" ".join(sentences))
