# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module unit_trial: try a systemd unit's settings on this host before a service depends on them."""

from __future__ import annotations

from typing import Any, Mapping

from .._asterisk.host import trial
from .._core.errors import TrunklineError
from .look import command
from .module import Module, run

ARGUMENT_SPEC = {
    "settings": {"type": "dict", "required": True},
    "argv": {"type": "list", "elements": "str", "required": True},
    "hint": {"type": "str", "default": ""},
}


def try_unit(params: Mapping[str, Any]) -> None:
    """Run the program in a transient unit.

    :raises TrunklineError: the host does not run it.
    """
    tried = command(trial.command(params["settings"], params["argv"]))
    if tried["rc"]:
        why = trial.reason(tried["stderr"], command(trial.JOURNAL)["stdout"])
        program = params["argv"][0]
        raise TrunklineError(f"This host does not run {program} with the unit's settings: {why}.", params["hint"])


def main() -> None:
    """Run the module. This does not return: it exits as Ansible modules do."""
    run(ARGUMENT_SPEC, _act)


def _act(module: Module) -> dict[str, Any]:
    if module.check_mode:
        return {"changed": False, "skipped": True, "msg": "Check mode runs no trial."}
    try_unit(module.params)
    return {"changed": False}
