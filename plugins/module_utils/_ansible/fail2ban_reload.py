# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module fail2ban_reload: fail2ban reads its configuration again, and runs a jail."""

from __future__ import annotations

import time
from typing import Optional

from .._asterisk.host.fail2ban import refusal
from .._core.errors import TrunklineError
from .look import command
from .module import Module

ARGUMENT_SPEC = {"jail": {"type": "str"}}
#: Seconds until a server that was started answers, and between two attempts.
PATIENCE, PAUSE = 5, 1
#: It was seen to refuse a reload once, for a reason that it did not tell, and to take the next.
ATTEMPTS = 3


def run(jail: Optional[str]) -> None:
    """Reload fail2ban, and start it where a jail is to run. Without a jail, one that does not run is left alone.

    :raises TrunklineError: it does not start, refuses to reload, or does not run the jail.
    """
    since = int(time.time())
    if jail:
        _demand(command(["systemctl", "enable", "--now", "fail2ban.service"]), jail)
    if not _answers(PATIENCE if jail else 0):
        if not jail:
            return
        journal = ["journalctl", "--no-pager", "--unit=fail2ban", "--output=cat", f"--since=@{since}"]
        raise _error(jail, command(journal)["stdout"])
    _demand(_reloaded(), jail)
    if jail:
        _demand(command(["fail2ban-client", "status", jail]), jail)


def _answers(patience: float) -> bool:
    deadline = time.monotonic() + patience
    while command(["fail2ban-client", "ping"])["rc"]:
        if time.monotonic() >= deadline:
            return False
        time.sleep(PAUSE / 2)
    return True


def _reloaded() -> dict:
    for attempt in range(ATTEMPTS):
        done = command(["fail2ban-client", "reload"])
        if done["rc"] == 0 or attempt == ATTEMPTS - 1:
            break
        time.sleep(PAUSE)
    return done


def _demand(done: dict, jail: Optional[str]) -> None:
    if done["rc"]:
        raise _error(jail, f"{done['stdout']}\n{done['stderr']}")


def _error(jail: Optional[str], printed: str) -> TrunklineError:
    why, fix = refusal(printed, jail or "")
    return TrunklineError(f"fail2ban does not {f'run jail {jail}' if jail else 'reload'}: {why.rstrip('.')}.", fix)


def main() -> None:
    """Run the module. This does not return: it exits as Ansible modules do."""
    module = Module(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    try:
        if not module.check_mode:
            run(module.params["jail"])
    except TrunklineError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=True)
