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
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Callable, Sequence

from ..._core.errors import TrunklineError
from ..build import deb
from ..config import lint, redact
from ..config.configuration import Config
from ..config.scratch import Scratch
from ..config.service import REPORT, WHEN_IDLE, Service, ServiceFailed
from ..config.store import ConfigStore

FOLDER = "/var/cache/trunkline"
NOTE = "unproven.json"
_SHOWN = "--showformat=${db:Status-Status} ${Version} ${Trunkline-Key}"
_APT = ["apt-get", "--quiet", "--yes", "--no-install-recommends", "--option=DPkg::Lock::Timeout=60"]

Run = Callable[[Sequence[str]], str]


class CommandFailed(TrunklineError):
    """A command of the host failed; the message is the line in which it says why."""


@dataclass(frozen=True)
class Note:
    """The note that is kept while a package is not proven.

    :param version: of the package that is installed, or is being installed.
    :param former: the path of the package before it, "" where no file of it was kept.
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

    :param run: runs a command and returns its output.
    :param scratch: makes a scratch Asterisk for a configuration, with the root of an unpacked package.
    """

    def __init__(
        self, folder: str = FOLDER, run: Run | None = None, store: ConfigStore | None = None,
        service: Service | None = None, scratch: Callable[..., Scratch] = Scratch,
    ) -> None:
        self._folder, self._run = Path(folder), run or _run
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
        fields = deb.fields(path)
        self._finish()
        installed, ran = self._installed(), self._service.unit().active
        former = self._former(installed, deb.identity(fields))
        if installed:
            self._try(path, fields)
        kept = self._folder / f"asterisk_{deb.identity(fields).replace(':', '_')}.deb"
        os.replace(path, kept)
        if former:
            self._write(Note(fields["Version"], *former))
        try:
            self._put(kept)
        except CommandFailed as error:
            raise self.back(f"it could not be installed: {error}", restart, ran) from None
        if not former:
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
        if not note.former:
            return TrunklineError(
                f"{failed} No file of {note.former_version}, the one before, is in {self._folder}, so it stays.",
                "Mend what the proof says, and run again.", changed=True)
        try:
            self._finish()
            self._put(Path(note.former))
        except CommandFailed as error:
            return TrunklineError(
                f"{failed} Going back to {note.former_version} failed as well: {error}.",
                f"Install {note.former} by hand (apt-get install), and run again.", changed=True)
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

    def _former(self, installed: str, new: str) -> tuple[str, str] | None:
        """Return path and version of the package to go back to; None where there is none, or it is the new one."""
        note = self.note()
        if note:        # the installed one was never proven
            is_back = note.former and deb.identity(deb.fields(note.former)) == new
            return None if is_back else (note.former, note.former_version)
        if not installed:
            return None
        version, _space, key = installed.partition(" ")
        for path in sorted(self._folder.glob("*.deb")):
            try:
                fields = deb.fields(str(path))
            except TrunklineError:
                continue        # a copy that was killed
            if deb.identity(fields) == (key or version) and fields["Version"] == version:
                return str(path), version
        return "", version

    def _installed(self) -> str:
        """Return version and key of the installed package, "" where there is none."""
        try:
            state, _space, rest = self._run(["dpkg-query", "--show", _SHOWN, "asterisk"]).partition(" ")
        except CommandFailed:
            return ""
        return rest.strip() if state == "installed" else ""

    def _try(self, path: str, fields: dict[str, str]) -> None:
        """Start the Asterisk of a package on the live configuration, beside the one that runs.

        :raises TrunklineError: it does not take that configuration.
        """
        current = self._store.read()
        if not current.files:
            return
        self._run([*_APT, "satisfy", fields["Depends"]])
        config, root = Config(current.all), tempfile.mkdtemp(prefix=".trial-", dir=self._folder)
        try:
            os.chmod(root, 0o755)
            self._run(["dpkg-deb", "--extract", path, root])
            with self._scratch(config, root=root) as scratch:
                faults = lint.problems(config, scratch)
        finally:
            shutil.rmtree(root, ignore_errors=True)
        if faults:
            hide = redact.Hider(redact.secrets(current.all))
            said = " ".join(hide(lint.sentence(fault, config)) for fault in faults[:3])
            raise TrunklineError(
                f"Asterisk {fields['Version']} does not take the configuration of this host, and was not installed."
                f" {said}",
                "Keep the version that is installed, or use another build.")

    def _finish(self) -> None:
        """Finish an installation that was killed, as far as dpkg can; one that it cannot is installed anew."""
        if self._run(["dpkg", "--audit"]).strip():
            try:
                self._run(["dpkg", "--configure", "--pending"])
            except CommandFailed:
                pass

    def _put(self, path: Path) -> None:
        # Without --reinstall apt takes another build of the installed version for the installed one.
        self._run([*_APT, "--allow-downgrades", "--reinstall", "install", str(path)])

    def _forget(self) -> None:
        (self._folder / NOTE).unlink(missing_ok=True)

    def _write(self, note: Note) -> None:
        coming = self._folder / f".{NOTE}"
        coming.write_text(json.dumps(asdict(note), indent=1) + "\n", encoding="utf-8")
        os.replace(coming, self._folder / NOTE)


def _run(argv: Sequence[str]) -> str:
    # Nothing here imports Ansible, whose run_command() a module would use.
    done = subprocess.run(  # pylint: disable=ansible-bad-function
        argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"})
    if done.returncode:
        lines = [line.strip() for line in (done.stdout + "\n" + done.stderr).splitlines() if line.strip()]
        errors = [line for line in lines if line.startswith(("E: ", "dpkg: error", "No space"))]
        full = [line for line in lines if "No space left on device" in line]
        raise CommandFailed((full or errors or lines or [f"{argv[0]} ended with {done.returncode}"])[0].rstrip("."))
    return done.stdout
