# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action validate_twin; its documentation is in plugins/modules."""

from __future__ import annotations

from typing import Any

from ansible_collections.trunkline.voice.plugins.module_utils._inventory import twin
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.options import Values
from ansible_collections.trunkline.voice.plugins.plugin_utils.inventory import InventoryAction


class ActionModule(InventoryAction):
    """Validate the variables of a host that is a twin of Twilio, and return them."""

    def result(self, task_vars: Values) -> dict[str, Any]:
        """Return `options` of the host, without secrets."""
        self.validate_argument_spec({})
        return {"changed": False, "options": twin.public(self.twin(task_vars))}
