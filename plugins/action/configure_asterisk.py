# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action configure_asterisk; its documentation is in plugins/modules."""

from __future__ import annotations

import secrets
from typing import Any

from ansible_collections.trunkline.voice.plugins.module_utils._inventory import (
    edges,
    features,
    music,
    paging,
    parking,
    pbx,
    prompts,
    records,
)
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.options import Values
from ansible_collections.trunkline.voice.plugins.plugin_utils.inventory import InventoryAction, Scope, folder_of
from ansible_collections.trunkline.voice.plugins.plugin_utils.render import Renderer
from ansible_collections.trunkline.voice.plugins.plugin_utils.sound_files import digests

#: The files that role pbx owns under /etc/asterisk. Each is rendered from the template of its name and .j2.
FILES = (
    "acl.conf", "asterisk.conf", "ccss.conf", "cdr.conf", "cdr_custom.conf", "cel.conf", "cel_custom.conf",
    "extensions.conf", "features.conf", "http.conf", "indications.conf", "logger.conf", "manager.conf", "modules.conf",
    "pjproject.conf", "pjsip.conf", "pjsip_transport.conf", "rtp.conf", "stasis.conf", "udptl.conf",
)
SECRET_FILES = ("pjsip_secrets.conf",)
#: The inventory, so that a plan can say in its words what a run changes. Asterisk does not read it.
INVENTORY = "trunkline_inventory.json"
#: Written once. It never leaves the host after that.
MANAGER_SECRET = "manager_secret.conf"


class ActionModule(InventoryAction):
    """Render the whole configuration of a PBX and pass it to module asterisk_config."""

    def result(self, task_vars: Values) -> dict[str, Any]:
        """Return the module's result, with what the next run has to know of the edges."""
        dummy, given = self.validate_argument_spec({
            "probe": {"type": "dict", "default": {}},
            "memory": {"type": "dict", "default": {}},
            "asterisk_major": {"type": "int", "default": 22},
        })
        name = task_vars["inventory_hostname"]
        host = self.inventory(task_vars, Scope(other_hosts=False)).hosts[name]
        probe, memory = given["probe"], given["memory"]
        sounds = digests(host, folder_of(task_vars))
        render = Renderer("pbx", pbx.context(host, probe, memory, given["asterisk_major"], name, sounds))
        result = self._execute_module(
            module_name="trunkline.voice.asterisk_config",
            module_args={
                "files": [
                    *({"name": one, "content": render(one + ".j2")} for one in files(host)),
                    {"name": INVENTORY, "content": pbx.without_secrets(host)},
                ],
                "secret_files": [
                    *({"name": one, "content": render(one + ".j2")} for one in secret_files(host)),
                    {"name": MANAGER_SECRET, "once": True, "content": _manager_secret()},
                ],
                "prompts": prompts.files(host, sounds),
                "restart_policy": host["pbx_restart_policy"],
                "restart_patience": host["pbx_restart_patience"],
            },
            task_vars=task_vars,
        )
        return {**result, "edges": {"order": edges.order(probe), "timer_t1": edges.measured_t1(probe, memory)}}


def files(host: Values) -> tuple[str, ...]:
    """Return the names of a host's files, without those that hold secrets."""
    # Asterisk refuses each of them without its module, so they are written only where the module is loaded.
    optional = [*([music.FILE] if music.is_there(host) else ()), *([parking.FILE] if host["pbx_parking"] else ()),
                *([paging.FILE] if host["pbx_paging_groups"] else ())]
    return tuple(dict.fromkeys((*FILES, *optional, *features.files(host))))


def secret_files(host: Values) -> tuple[str, ...]:
    """Return the names of a host's files that hold secrets of the inventory."""
    optional = [records.FILE] if host["pbx_records_database"] else []
    return (*SECRET_FILES, *optional, *features.secret_files(host))


def _manager_secret() -> str:
    return f"[verify](+)\nsecret = {secrets.token_hex(20)}\n"
