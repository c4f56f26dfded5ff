# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action delivered, for test_delivery.py: writes what a host's variables become, or what is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path

from ansible.errors import AnsibleActionFail

from ansible_collections.trunkline.voice.plugins.plugin_utils.inventory import InventoryAction, Scope
from tests.unit.inventory.whole import made


class ActionModule(InventoryAction):
    """Read one host's variables as every action of the collection does."""

    def result(self, task_vars):
        """Return nothing; the file of the host's name has `made` or `problems`."""
        try:
            found = {"made": made(self.inventory(task_vars, Scope(other_hosts=False)))}
        except AnsibleActionFail as error:
            found = {"problems": error.result["problems"]}
        file = Path(self._task.args["folder"]) / f"{task_vars['inventory_hostname']}.json"
        file.write_text(json.dumps(found), encoding="utf-8")
        return {"changed": False}
