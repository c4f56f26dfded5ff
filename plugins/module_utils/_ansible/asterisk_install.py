# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module asterisk_install: another package of Asterisk, with the one before kept until the new one is proven."""

from __future__ import annotations

from typing import Any

from .._asterisk.config.service import NOW, REPORT, WHEN_IDLE
from .._asterisk.host.packager import PACKAGERS, command
from .._asterisk.host.upgrade import FOLDER, Restart, Upgrade
from .module import Module, run

ARGUMENT_SPEC = {
    "state": {"type": "str", "choices": ["installed", "proven", "former"], "default": "installed"},
    "path": {"type": "str", "default": ""},
    "format": {"type": "str", "choices": sorted(PACKAGERS), "default": "deb"},
    "series": {"type": "int", "default": 0},
    "reason": {"type": "str", "default": ""},
    "folder": {"type": "str", "default": FOLDER},
    "restart_policy": {"type": "str", "choices": [NOW, WHEN_IDLE, REPORT], "default": WHEN_IDLE},
    "restart_patience": {"type": "int", "default": 60},
}


def main() -> None:
    """Run the module. This does not return: it exits as Ansible modules do."""
    run(ARGUMENT_SPEC, _act)


def _act(module: Module) -> dict[str, Any]:
    params = module.params
    swaps = bool(params["path"] or params["series"])
    if module.check_mode:
        return {"changed": swaps, "unproven": False, "waits": False}
    upgrade = Upgrade(params["folder"], PACKAGERS[params["format"]](command))
    restart = Restart(params["restart_policy"], params["restart_patience"])
    if params["state"] == "former":
        raise upgrade.back(params["reason"] or "it is not wanted", restart)
    if params["state"] == "proven":
        done = upgrade.proven()
        return {"changed": done, "unproven": not done, "waits": not done}
    if params["series"]:
        done = upgrade.install_own(params["series"], restart)
    else:
        done = upgrade.install(params["path"], restart) if params["path"] else upgrade.resume(restart)
    note = upgrade.note()
    if note and not done:
        module.warn(
            f"Asterisk {note.version} is installed, and {note.former_version} runs until it is restarted, which waits"
            " for calls: a later run restarts it, as pbx_restart_policy says, and proves it.")
    return {"changed": swaps, "unproven": bool(note), "waits": not done}
