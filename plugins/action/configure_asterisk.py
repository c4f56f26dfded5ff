# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action configure_asterisk; its documentation is in plugins/modules."""

from __future__ import annotations

import secrets
from typing import Mapping

from ansible_collections.trunkline.voice.plugins.module_utils._inventory import edges, features, pbx
from ansible_collections.trunkline.voice.plugins.plugin_utils.inventory import InventoryAction
from ansible_collections.trunkline.voice.plugins.plugin_utils.render import Renderer

#: The tree that role pbx owns under /etc/asterisk: each file is rendered from the template of its name and .j2.
FILES = (
    "acl.conf", "asterisk.conf", "ccss.conf", "cdr.conf", "cel.conf", "extensions.conf", "features.conf", "http.conf",
    "indications.conf", "logger.conf", "manager.conf", "modules.conf", "pjproject.conf", "pjsip.conf",
    "pjsip_transport.conf", "rtp.conf", "stasis.conf", "udptl.conf",
)
#: Refused without its module, so it is there where the module is loaded.
MUSIC = "musiconhold.conf"
SECRET_FILES = ("pjsip_secrets.conf",)
#: What the inventory said, so that a plan can tell in its words what a run changes. Asterisk does not read it.
INVENTORY = "trunkline_inventory.json"
#: Made once, and never leaves the host after that.
MANAGER_SECRET = "manager_secret.conf"


class ActionModule(InventoryAction):
    """Render the whole configuration of a PBX, and hand it to module asterisk_config."""

    def run(self, tmp=None, task_vars=None):
        """Return the module's result, and what is to be remembered of the edges."""
        super().run(tmp, task_vars)
        _, given = self.validate_argument_spec({
            "probe": {"type": "dict", "default": {}},
            "memory": {"type": "dict", "default": {}},
            "asterisk_major": {"type": "int", "default": 22},
        })
        name = task_vars["inventory_hostname"]
        host = self.inventory(task_vars, others=False).hosts[name]
        probe, memory = given["probe"], given["memory"]
        render = Renderer("pbx", pbx.context(host, probe, memory, given["asterisk_major"]))
        result = self._execute_module(
            module_name="trunkline.voice.asterisk_config",
            module_args={
                "files": [
                    *({"name": one, "content": render(one + ".j2")} for one in files(host)),
                    {"name": INVENTORY, "content": pbx.without_secrets(host)},
                ],
                "secret_files": [
                    *({"name": one, "content": render(one + ".j2")} for one in SECRET_FILES),
                    {"name": MANAGER_SECRET, "once": True, "content": _manager_secret()},
                ],
                "restart_policy": host["pbx_restart_policy"],
                "restart_patience": host["pbx_restart_patience"],
            },
            task_vars=task_vars,
        )
        return {**result, "edges": {"order": edges.order(probe), "timer_t1": edges.measured_t1(probe, memory)}}


def files(host: Mapping) -> tuple[str, ...]:
    """Return the names of the files without secrets that a host gets."""
    return (*FILES, *([MUSIC] if host["pbx_hold_music"] else ()), *features.files(host))


def _manager_secret() -> str:
    return f"[verify](+)\nsecret = {secrets.token_hex(20)}\n"
