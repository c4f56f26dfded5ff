# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module unit_trial: whether this host runs a program with the settings of a unit."""

from __future__ import annotations

from typing import Mapping

from .._asterisk.host import trial
from .._core.errors import TrunklineError
from .look import command
from .module import Module

ARGUMENT_SPEC = {
    "settings": {"type": "dict", "required": True},
    "argv": {"type": "list", "elements": "str", "required": True},
    "hint": {"type": "str", "default": ""},
}


def run(params: Mapping) -> None:
    """Run the program.

    :raises TrunklineError: the host refuses.
    """
    tried = command(trial.command(params["settings"], params["argv"]))
    if tried["rc"]:
        why = trial.reason(tried["stderr"], command(trial.JOURNAL)["stdout"])
        program = params["argv"][0]
        raise TrunklineError(f"This host does not run {program} with the unit's settings: {why}.", params["hint"])


def main() -> None:
    """Run the module. This does not return: it exits as Ansible modules do."""
    module = Module(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    if module.check_mode:
        module.exit_json(changed=False, skipped=True, msg="In check mode nothing is tried.")
    try:
        run(module.params)
    except TrunklineError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False)
