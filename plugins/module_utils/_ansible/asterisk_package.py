# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module asterisk_package: the package of an order, from the store of this machine or made on it."""

from __future__ import annotations

from pathlib import Path

from .._asterisk.build.make import kept, make
from .._core.errors import TrunklineError
from .module import Module

ARGUMENT_SPEC = {
    "order": {"type": "dict", "required": True},
    "store": {"type": "str", "required": True},
    "sources": {"type": "str", "default": ""},
}


def main() -> None:
    """Run the module. This does not return: it exits as Ansible modules do."""
    module = Module(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    order, store = module.params["order"], module.params["store"]
    try:
        if module.check_mode:
            found = kept(Path(store).expanduser(), order)
            module.exit_json(changed=not found, path=found["path"] if found else "")
        made = make(order, store, module.params["sources"])
    except TrunklineError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=made["built"], path=made["path"], sha256=made["sha256"])
