# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action validate_n8n; its documentation is in plugins/modules."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleActionFail

from ansible_collections.trunkline.voice.plugins.module_utils._inventory import n8n
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.options import N8N_ROLES, Values
from ansible_collections.trunkline.voice.plugins.plugin_utils.inventory import InventoryAction


class ActionModule(InventoryAction):
    """Validate the variables of hosts that run n8n, and return those of the host that the task runs on."""

    def result(self, task_vars: Values) -> dict[str, Any]:
        """Return `options` and `paths` of the host, without secrets."""
        dummy, given = self.validate_argument_spec({
            "group": {"type": "str"},
            "roles": {"type": "list", "elements": "str", "choices": list(N8N_ROLES), "default": list(N8N_ROLES)},
        })
        here, group = task_vars["inventory_hostname"], given["group"]
        hosts = task_vars["groups"].get(group, []) if group else [here]
        # Of localhost: a template may come to nothing.
        by_api = bool(group and self.n8n_hosts(task_vars, [here], ["n8n_flow"])[here][n8n.API_URL])
        if not hosts and not by_api:
            raise AnsibleActionFail(
                f"Group {group} has no host, so that n8n would be installed nowhere. Put the host that n8n is to run on"
                f" into group {group} of the inventory; it may be the PBX itself. Or give {n8n.API_URL} for localhost"
                " where n8n is given. Nothing was changed.")
        found = self.n8n_hosts(task_vars, hosts, given["roles"], beside_pbxs=bool(group) and not by_api)
        if by_api:
            found.update(self.n8n_hosts(task_vars, [here], ["n8n_flow"], beside_pbxs=True))
        return {"changed": False, "hosts": list(hosts), **(n8n.public(found[here]) if here in found else {})}
