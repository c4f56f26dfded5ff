# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Asterisk that carries calls: its systemd unit, its console, and its restarts."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from typing import Callable

from ..._core.errors import TrunklineError
from . import console

SOCKET = "/run/asterisk/asterisk.ctl"
BINARY = "/usr/sbin/asterisk"
BOOT_SECONDS, STOP_SECONDS = 60, 30
#: When Asterisk is restarted, as pbx_restart_policy says.
NOW, WHEN_IDLE, REPORT = "now", "when_idle", "report"
UNIT_FIELDS = "ActiveState,MainPID,Restart,NeedDaemonReload,FragmentPath,DropInPaths"


class ServiceFailed(TrunklineError):
    """The running Asterisk, or systemd, does not carry out a command.

    :param reason: the failure, without a full stop.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"Asterisk: {reason}. Nothing was changed.")
        self.reason = reason


@dataclass(frozen=True)
class Unit:
    """The state of the systemd unit.

    :param restarts: whether systemd starts the process again whenever it ends.
    :param stale: whether systemd has yet to read changed unit files.
    :param files: the unit file and its drop-ins.
    :param since: when the process started, in seconds since 1970.
    """

    active: bool
    pid: int
    restarts: bool
    stale: bool
    files: tuple[str, ...]
    since: float


class Service:
    """The running Asterisk: its systemd unit and its console.

    :param run: runs a command and returns its output.
    """

    def __init__(
        self, name: str = "asterisk", socket: str = SOCKET, binary: str = BINARY,
        run: Callable[[list[str]], str] | None = None,
    ) -> None:
        self.name, self.socket, self.binary = name, socket, binary
        self._run = run or _run

    def ask(self, command: str, wait: bool = True) -> str:
        """Run a console command and return its output.

        :param wait: off for a command that answers only when it is done.
        :raises ServiceFailed: Asterisk does not answer.
        """
        try:
            return console.ask(self.socket, command, wait=wait)
        except console.ConsoleError as error:
            raise ServiceFailed(f"the running Asterisk does not answer on its console ({error})") from None

    def unit(self) -> Unit:
        """Read the state of the unit."""
        said = dict(
            line.partition("=")[::2]
            for line in self._run(["systemctl", "show", self.name, f"--property={UNIT_FIELDS}"]).splitlines()
        )
        pid = int(said.get("MainPID") or 0)
        files = [said.get("FragmentPath", ""), *said.get("DropInPaths", "").split()]
        return Unit(
            active=said.get("ActiveState") in ("active", "activating", "reloading"), pid=pid,
            restarts=said.get("Restart") == "always", stale=said.get("NeedDaemonReload") == "yes",
            files=tuple(filter(None, files)), since=_started(pid))

    def start(self) -> None:
        """Start the service.

        :raises ServiceFailed: Asterisk does not come up.
        """
        self._run(["systemctl", "start", self.name])
        self._await_boot(0)

    def restart(self) -> None:
        """Restart the service at once, which ends the calls that are up."""
        before = self.unit().pid
        self._run(["systemctl", "restart", self.name])
        self._await_boot(before)

    def restart_when_idle(self, seconds: float) -> bool:
        """Restart as soon as no call is up. False where calls were still up after `seconds`, and nothing was done.

        Asterisk itself decides when to stop, so that no call can begin in between; systemd starts it again.
        """
        before = self.unit()
        if not before.restarts:
            raise ServiceFailed("its unit has no Restart=always, so nobody would start it again; role asterisk sets it")
        if (self._asked("core stop when convenient", before.pid) and not self._ends(before.pid, seconds)
                and self._asked("core abort shutdown", before.pid)):
            return False
        self._await_boot(before.pid)
        return True

    def _asked(self, command: str, pid: int) -> bool:
        """Have a process run a command. False where it ended instead.

        A process that stops closes its console first: the script of a package may have it stop just now.
        """
        try:
            self.ask(command, wait=False)
        except ServiceFailed:
            if not self._ends(pid, STOP_SECONDS):
                raise
            return False
        return True

    def _ends(self, pid: int, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while self.unit().pid == pid:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.2)
        return True

    def newer(self, unit: Unit) -> list[str]:
        """Return the reasons to restart beside the configuration: files that changed since the process started."""
        reasons = [f"{path} is newer than the process" for path in unit.files if changed(path) > unit.since]
        return reasons + (["the package was upgraded"] if changed(self.binary) > unit.since else [])

    def daemon_reload(self, unit: Unit) -> None:
        """Have systemd read changed unit files, which touches no process."""
        if unit.stale:
            self._run(["systemctl", "daemon-reload"])

    def _await_boot(self, before: int) -> None:
        deadline = time.monotonic() + BOOT_SECONDS
        while True:
            unit = self.unit()
            try:
                if unit.pid and unit.pid != before:
                    console.ask(self.socket, "core waitfullybooted")
                    return
            except console.ConsoleError:
                pass
            if time.monotonic() > deadline:
                raise ServiceFailed(f"it does not come up; journalctl -u {self.name} shows why")
            time.sleep(0.1)


def changed(path: str) -> float:
    """Return when a file or its inode last changed, in seconds since 1970; 0 where there is no such file."""
    try:
        return max(os.stat(path).st_mtime, os.stat(path).st_ctime)
    except OSError:
        return 0


def _started(pid: int) -> float:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            ticks = int(file.read().rpartition(")")[2].split()[19])
        with open("/proc/uptime", encoding="ascii") as file:
            uptime = float(file.read().split()[0])
        return time.time() - uptime + ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return 0


def _run(command: list[str]) -> str:
    # Nothing here imports Ansible, whose run_command() a module would use.
    done = subprocess.run(  # pylint: disable=ansible-bad-function
        command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ServiceFailed(f"{' '.join(command)} failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
