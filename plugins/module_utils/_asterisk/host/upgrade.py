# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another package of Asterisk in place of the installed one, with a rollback until it is proven.

The packages stay in one folder of the host. While the installed one is not proven, a note beside them names it and the
one before, so that a run that is killed at any instant leaves the next one what it needs.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Callable

from ..._core.errors import TrunklineError
from ..config import lint, redact
from ..config.configuration import Config
from ..config.scratch import Scratch
from ..config.service import REPORT, WHEN_IDLE, Service, ServiceFailed
from ..config.store import ConfigStore
from .packager import CommandFailed, Package, Packager, command

FOLDER = "/var/cache/trunkline"
NOTE = "unproven.json"


@dataclass(frozen=True)
class Note:
    """The note that is kept while a package is not proven.

    :param version: of the package that is installed, or is being installed.
    :param former: the path of the package before it, "" where no file of it was kept, as with the system's own.
    :param former_version: the version before it.
    """

    version: str
    former: str
    former_version: str


@dataclass(frozen=True)
class Restart:
    """The policy by which a running Asterisk is replaced: one of NOW, WHEN_IDLE (within `patience` seconds), REPORT."""

    policy: str = WHEN_IDLE
    patience: float = 60


class Upgrade:
    """The packages of a host.

    :param packager: reads and installs packages as this host does.
    :param scratch: makes a scratch Asterisk for a configuration, with the root of an unpacked package.
    """

    def __init__(
        self, folder: str = FOLDER, packager: Packager | None = None, store: ConfigStore | None = None,
        service: Service | None = None, scratch: Callable[..., Scratch] = Scratch,
    ) -> None:
        self._folder, self._packager = Path(folder), packager or Packager(command)
        self._store, self._service, self._scratch = store or ConfigStore(), service or Service(), scratch

    def note(self) -> Note | None:
        """Return the note about a package that is not proven, None where there is none."""
        try:
            return Note(**json.loads((self._folder / NOTE).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def install(self, path: str, restart: Restart) -> bool:
        """Install a package file, and have it run. False where calls that are up have it wait.

        :raises TrunklineError: the package is refused before anything was changed, or the one before is back.
        """
        package = self._packager.read(path)
        self._packager.finish()
        installed, ran = self._packager.installed(), self._service.unit().active
        former = self._former(installed, package.identity)
        if installed:
            self._try(path, package)
        kept = self._folder / f"asterisk_{package.identity.replace(':', '_')}.{self._packager.suffix}"
        os.replace(path, kept)
        return self._swap(str(kept), Note(package.version, *former) if former else None, restart, ran)

    def install_own(self, series: int, restart: Restart) -> bool:
        """Install the system's own package in the place of a built one, and have it run, as `install` does.

        Its modules are a package of their own, so it is not tried beside the running one.
        """
        self._packager.finish()
        offered = self._packager.offered(series)
        former, ran = self._former(self._packager.installed(), offered), self._service.unit().active
        return self._swap(self._packager.own(offered), Note(offered, *former) if former else None, restart, ran)

    def _swap(self, package: str, note: Note | None, restart: Restart, ran: bool) -> bool:
        if note:
            self._write(note)
        try:
            self._packager.put(package)
        except CommandFailed as error:
            raise self.back(f"it could not be installed: {error}", restart, ran) from None
        if not note:
            self._forget()
        return self.resume(restart, ran)

    def resume(self, restart: Restart, ran: bool = False) -> bool:
        """Have the installed package run, where an older one does. False where calls that are up have it wait.

        :param ran: Asterisk ran before the installation, whose script may have it stop, or fail to start, by now.
        """
        try:
            return self._replace(restart, ran)
        except ServiceFailed as error:
            raise self.back(f"it does not run: {error.reason}", restart, ran) from None

    def _replace(self, restart: Restart, ran: bool) -> bool:
        unit = self._service.unit()
        if not unit.active:
            if ran:
                self._service.start()
            return True
        if unit.pid and not self._service.newer(unit):
            return True
        self._service.daemon_reload(unit)
        if not unit.pid:        # systemd starts it again
            self._service.start()
            return True
        if restart.policy == REPORT:
            return False
        try:
            if restart.policy == WHEN_IDLE:
                return self._service.restart_when_idle(restart.patience)
            self._service.restart()
        except ServiceFailed:
            # The package's script has it stop when no call is up, which may be just now.
            if self._service.unit().pid == unit.pid:
                raise
            self._service.start()
        return True

    def proven(self) -> bool:
        """Give up the rollback, unless the package before still runs; return False then."""
        unit = self._service.unit()
        if unit.active and self._service.newer(unit):
            return False
        if self.note():
            self._packager.tidy()
        self._forget()
        return True

    def back(self, reason: str, restart: Restart, ran: bool = False) -> TrunklineError:
        """Install the package before again, and return the error that names both and the reason.

        :param ran: as `resume` takes it.
        """
        note = self.note()
        if note is None:
            return TrunklineError(f"Asterisk: {reason.rstrip('.')}. No package before it is known to go back to.")
        failed = f"Asterisk {note.version} did not pass its proof: {reason.rstrip('.')}."
        before = note.former or self._packager.own(note.former_version)
        try:
            self._packager.finish()
            self._packager.put(before)
        except CommandFailed as error:
            return TrunklineError(
                f"{failed} Going back to {note.former_version} failed as well: {error}.",
                f"Install it by hand ({self._packager.by_hand(before)}), and run again.", changed=True)
        try:
            done = self._replace(restart, ran)
        except ServiceFailed as error:
            return TrunklineError(
                f"{failed} {note.former_version} is installed again, and does not run: {error.reason}.", changed=True)
        self._forget()
        when = "" if done else ", and runs as soon as no call is up"
        return TrunklineError(
            f"{failed} {note.former_version}, the one before, is back{when}.",
            "The next run tries again; to stay, set asterisk_version or asterisk_package_file back.", changed=True)

    def _former(self, installed: Package | None, new: str) -> tuple[str, str] | None:
        """Return path and version of the package to go back to; None where there is none, or it is the new one."""
        note = self.note()
        if note:        # the installed one was never proven
            is_back = note.former and self._packager.read(note.former).identity == new
            return None if is_back else (note.former, note.former_version)
        if not installed:
            return None
        for path in sorted(self._folder.glob(f"*.{self._packager.suffix}")):
            try:
                kept = self._packager.read(str(path))
            except TrunklineError:
                continue        # a copy that was killed
            if (kept.identity, kept.version) == (installed.identity, installed.version):
                return str(path), installed.version
        return "", installed.version

    def _try(self, path: str, package: Package) -> None:
        """Start the Asterisk of a package on the live configuration, beside the one that runs.

        :raises TrunklineError: it does not take that configuration.
        """
        current = self._store.read()
        if not current.files:
            return
        self._packager.satisfy(package)
        config, root = Config(current.all), tempfile.mkdtemp(prefix=".trial-", dir=self._folder)
        try:
            os.chmod(root, 0o755)
            self._packager.extract(path, root)
            with self._scratch(config, root=root) as scratch:
                faults = lint.problems(config, scratch)
        finally:
            shutil.rmtree(root, ignore_errors=True)
        if faults:
            hide = redact.Hider(redact.secrets(current.all))
            said = " ".join(hide(lint.sentence(fault, config)) for fault in faults[:3])
            raise TrunklineError(
                f"Asterisk {package.version} does not take the configuration of this host, and was not installed."
                f" {said}",
                "Keep the version that is installed, or use another build.")

    def _forget(self) -> None:
        (self._folder / NOTE).unlink(missing_ok=True)

    def _write(self, note: Note) -> None:
        coming = self._folder / f".{NOTE}"
        coming.write_text(json.dumps(asdict(note), indent=1) + "\n", encoding="utf-8")
        os.replace(coming, self._folder / NOTE)
