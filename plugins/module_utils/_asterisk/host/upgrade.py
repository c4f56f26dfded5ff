# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another package of Asterisk in place of the installed one, with a rollback until it is proven.

The packages stay in one folder of the host. While the installed one is not proven, a note beside them names it and the
one before, so that a run that is killed at any instant leaves the next one what it needs.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
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
        return self._swap(str(kept), Note(fields["Version"], *former) if former else None, restart, ran)

    def install_own(self, series: int, restart: Restart) -> bool:
        """Install the system's own package in the place of a built one, and have it run, as `install` does.

        Its modules are a package of their own, so it is not tried beside the running one.
        """
        self._finish()
        self._run(["apt-get", "--quiet", "update"])
        offered = re.search(rf"\| (1:{series}\.\S+) \|", self._run(["apt-cache", "madison", "asterisk"]))
        if not offered:
            raise TrunklineError(
                f"No source of packages of this host has Asterisk {series}.",
                "Add the system's own to its sources of apt, or set asterisk_install_method to build.")
        former, ran = self._former(self._installed(), offered[1]), self._service.unit().active
        return self._swap(
            f"asterisk={offered[1]}", Note(offered[1], *former) if former else None, restart, ran)

    def _swap(self, package: str, note: Note | None, restart: Restart, ran: bool) -> bool:
        if note:
            self._write(note)
        try:
            self._put(package)
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
            self._tidy()
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
        before = note.former or f"asterisk={note.former_version}"
        try:
            self._finish()
            self._put(before)
        except CommandFailed as error:
            return TrunklineError(
                f"{failed} Going back to {note.former_version} failed as well: {error}.",
                f"Install it by hand (apt-get install {before}), and run again.", changed=True)
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

    def _put(self, package: str) -> None:
        """Install a package: the path of a file, or NAME=VERSION of the system's own."""
        # Without --reinstall apt takes another build of the installed version for the installed one. Files that _tidy
        # has removed are to come back with the package that has them.
        self._run([*_APT, "--option=Dpkg::Options::=--force-confmiss", "--allow-downgrades", "--reinstall", "install",
                   package])

    def _tidy(self) -> None:
        """Remove the configuration files of the package before that this one has not, unless somebody edited them.

        dpkg leaves them, and so Debian's init script beside the unit of a build.
        """
        for line in self._run(["dpkg-query", "--show", "--showformat=${Conffiles}", "asterisk"]).splitlines():
            path, digest, *state = [*line.split(), "", ""][:3]
            if state == ["obsolete"] and _md5(path) == digest:
                os.unlink(path)
                if path.startswith("/etc/init.d/"):
                    self._run(["update-rc.d", os.path.basename(path), "remove"])

    def _forget(self) -> None:
        (self._folder / NOTE).unlink(missing_ok=True)

    def _write(self, note: Note) -> None:
        coming = self._folder / f".{NOTE}"
        coming.write_text(json.dumps(asdict(note), indent=1) + "\n", encoding="utf-8")
        os.replace(coming, self._folder / NOTE)


def _md5(path: str) -> str:
    """Return what dpkg tells an edited file by, "" where there is no file."""
    try:
        return hashlib.md5(Path(path).read_bytes(), usedforsecurity=False).hexdigest()
    except OSError:
        return ""


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
