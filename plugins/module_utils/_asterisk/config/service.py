# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service that carries calls, as systemd and its console have it: what it answers, and its restarts."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from typing import Callable, Optional

from . import console

SOCKET = "/run/asterisk/asterisk.ctl"
BINARY = "/usr/sbin/asterisk"
BOOT_SECONDS = 60
UNIT_FIELDS = "ActiveState,MainPID,Restart,NeedDaemonReload,FragmentPath,DropInPaths"


class LiveFailed(Exception):
    """The live Asterisk does not do what it is told."""


@dataclass(frozen=True)
class Unit:
    """systemd's view of the service, and since when (seconds since 1970) the process has been running."""

    active: bool
    pid: int
    restarts: bool
    stale: bool
    files: tuple
    since: float


class Service:
    """The service as systemd has it. `run` runs a command and returns what it prints."""

    def __init__(self, name: str = "asterisk", socket: str = SOCKET, run: Optional[Callable] = None):
        self.name, self.socket = name, socket
        self._run = run or _run

    def ask(self, command: str, wait: bool = True) -> str:
        """:raises LiveFailed: it does not answer."""
        try:
            return console.ask(self.socket, command, wait=wait)
        except console.ConsoleError as error:
            raise LiveFailed(f"the running Asterisk does not answer on its console ({error})") from None

    def unit(self) -> Unit:
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
        """:raises LiveFailed: it does not come up."""
        self._run(["systemctl", "start", self.name])
        self._await_boot(0)

    def restart(self) -> None:
        """At once: calls end."""
        before = self.unit().pid
        self._run(["systemctl", "restart", self.name])
        self._await_boot(before)

    def restart_when_idle(self, seconds: float) -> bool:
        """Restarts as soon as no call is up, and returns whether that came within `seconds`.

        Asterisk itself decides, so that no call can begin in between; systemd starts it again.
        """
        before = self.unit()
        if not before.restarts:
            raise LiveFailed("its unit has no Restart=always, so nobody would start it again; role asterisk sets it")
        self.ask("core stop when convenient", wait=False)
        deadline = time.monotonic() + seconds
        while self.unit().pid == before.pid:
            if time.monotonic() > deadline:
                self.ask("core abort shutdown", wait=False)
                return False
            time.sleep(0.2)
        self._await_boot(before.pid)
        return True

    def newer(self, unit: Unit) -> list[str]:
        """Why the process should be started again whatever its configuration: what it was started from has changed."""
        reasons = [f"{path} is newer than the process" for path in unit.files if changed(path) > unit.since]
        return reasons + (["the package was upgraded"] if changed(BINARY) > unit.since else [])

    def take_up(self, unit: Unit) -> None:
        """Has systemd read changed unit files, which touches no process."""
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
                raise LiveFailed(f"it does not come up; journalctl -u {self.name} tells why")
            time.sleep(0.1)


def changed(path: str) -> float:
    """When a file or what is said of it last changed, in seconds since 1970; 0 where it is not there."""
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
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LiveFailed(f"{' '.join(command)} failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
