# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module asterisk_package: the package of an order, from the store of this machine or made on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .._asterisk.build.make import kept, make
from .module import Module, run

ARGUMENT_SPEC = {
    "order": {"type": "dict", "required": True},
    "store": {"type": "str", "required": True},
    "sources": {"type": "str", "default": ""},
}


def main() -> None:
    """Run the module. This does not return: it exits as Ansible modules do."""
    run(ARGUMENT_SPEC, _act)


def _act(module: Module) -> dict[str, Any]:
    order, store = module.params["order"], module.params["store"]
    if module.check_mode:
        found = kept(Path(store).expanduser(), order)
        return {"changed": not found, "path": found["path"] if found else ""}
    made = make(order, store, module.params["sources"])
    return {"changed": made["built"], "path": made["path"], "sha256": made["sha256"]}
