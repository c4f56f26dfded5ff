# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module fail2ban_reload: reload fail2ban, and check that a jail runs."""

from __future__ import annotations

import time
from typing import Any

from .._asterisk.host.fail2ban import refusal
from .._core.errors import TrunklineError
from .look import Result, command
from .module import Module, run

ARGUMENT_SPEC = {"jail": {"type": "str"}}
#: Seconds until a server that was started answers, and between two attempts to reload it.
START_SECONDS, RETRY_SECONDS = 5, 1
#: fail2ban was seen to refuse a reload once without a reason, and to accept the next one.
MAX_ATTEMPTS = 3


def reload(jail: str | None) -> None:
    """Reload fail2ban, and start it first where a jail is given. Without a jail, leave a stopped fail2ban alone.

    :raises TrunklineError: fail2ban does not start, refuses to reload, or does not run the jail.
    """
    since = int(time.time())
    if jail:
        _demand(command(["systemctl", "enable", "--now", "fail2ban.service"]), jail)
    if not _answers(START_SECONDS if jail else 0):
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
        time.sleep(RETRY_SECONDS / 2)
    return True


def _reloaded() -> Result:
    for attempt in range(MAX_ATTEMPTS):
        done = command(["fail2ban-client", "reload"])
        if done["rc"] == 0 or attempt == MAX_ATTEMPTS - 1:
            break
        time.sleep(RETRY_SECONDS)
    return done


def _demand(done: Result, jail: str | None) -> None:
    if done["rc"]:
        raise _error(jail, f"{done['stdout']}\n{done['stderr']}")


def _error(jail: str | None, printed: str) -> TrunklineError:
    why, fix = refusal(printed, jail or "")
    return TrunklineError(f"fail2ban does not {f'run jail {jail}' if jail else 'reload'}: {why.rstrip('.')}.", fix)


def main() -> None:
    """Run the module. This does not return: it exits as Ansible modules do."""
    run(ARGUMENT_SPEC, _act)


def _act(module: Module) -> dict[str, Any]:
    if not module.check_mode:
        reload(module.params["jail"])
    return {"changed": True}
