# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action configure_n8n; its documentation is in plugins/modules."""

from __future__ import annotations

from typing import Any

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.n8n import FLOWS
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.options import Values
from ansible_collections.trunkline.voice.plugins.module_utils._n8n.workflows import delivery
from ansible_collections.trunkline.voice.plugins.plugin_utils.inventory import InventoryAction


class ActionModule(InventoryAction):
    """Pass the workflows that the inventory declares to module n8n_flow."""

    def result(self, task_vars: Values) -> dict[str, Any]:
        """Return the module's result."""
        self.validate_argument_spec({})
        host = task_vars["inventory_hostname"]
        values = self.n8n_hosts(task_vars, [host], ["n8n_flow"])[host]
        arguments = {
            **delivery(values[FLOWS]), "command": values["n8n_flow_command"], "owner": values["n8n_flow_user"],
            **{name: values[f"n8n_flow_{name}"] for name in ("api_url", "api_key", "api_ca_file")}}
        result: dict[str, Any] = self._execute_module(
            "trunkline.voice.n8n_flow", module_args=arguments, task_vars=task_vars)
        return result
