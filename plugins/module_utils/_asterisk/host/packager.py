# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read, install and unpack packages of Asterisk, by dpkg and apt or by rpm and dnf."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Sequence

from ..._core.errors import TrunklineError
from ..build import deb

Run = Callable[[Sequence[str]], str]


class CommandFailed(TrunklineError):
    """A command of the host failed; the message is the line in which it says why."""


@dataclass(frozen=True)
class Package:
    """A package of Asterisk, installed or as a file.

    :param version: in the words of its format.
    :param key: what it was built from, "" where role asterisk_build did not make it.
    :param needs: what it depends on, in the words of `Packager.satisfy`.
    """

    version: str
    key: str
    needs: Sequence[str] = ()

    @property
    def identity(self) -> str:
        """Return what tells this package from another build: its key, or the version of one that has no key."""
        return self.key or self.version


class Packager:
    """What a host of Debian's family does with packages; `Rpm` is Red Hat's.

    :param run: runs a command and returns its output; it raises CommandFailed.
    """

    suffix = "deb"
    _SHOWN = "--showformat=${db:Status-Status} ${Version} ${Trunkline-Key}"
    _APT = ("apt-get", "--quiet", "--yes", "--no-install-recommends", "--option=DPkg::Lock::Timeout=60")

    def __init__(self, run: Run) -> None:
        self._run = run

    def read(self, path: str) -> Package:
        """Return what a package file says of itself.

        :raises TrunklineError: it cannot be read.
        """
        found = deb.fields(path)
        return Package(found["Version"], found.get("Trunkline-Key", ""), (found.get("Depends", ""),))

    def installed(self) -> Package | None:
        """Return the installed package, None where there is none."""
        try:
            state, _space, rest = self._run(["dpkg-query", "--show", self._SHOWN, "asterisk"]).partition(" ")
        except CommandFailed:
            return None
        version, _space, key = rest.strip().partition(" ")
        return Package(version, key) if state == "installed" else None

    def offered(self, series: int) -> str:
        """Return the version of the system's own package.

        :raises TrunklineError: the system has none of that series.
        """
        self._run(["apt-get", "--quiet", "update"])
        found = re.search(rf"\| (1:{series}\.\S+) \|", self._run(["apt-cache", "madison", "asterisk"]))
        if not found:
            raise TrunklineError(
                f"No source of packages of this host has Asterisk {series}.",
                "Add the system's own to its sources of apt, or set asterisk_install_method to build.")
        return found[1]

    def own(self, version: str) -> str:
        """Return the system's own package in the words of `put`."""
        return f"asterisk={version}"

    def by_hand(self, package: str) -> str:
        """Return the command by which a person installs a package."""
        return f"apt-get install {package}"

    def satisfy(self, package: Package) -> None:
        """Install what a package depends on."""
        self._run([*self._APT, "satisfy", *package.needs])

    def extract(self, path: str, root: str) -> None:
        """Unpack a package file into a folder."""
        self._run(["dpkg-deb", "--extract", path, root])

    def finish(self) -> None:
        """Finish an installation that was killed, as far as that is possible; what is left is installed anew."""
        if self._run(["dpkg", "--audit"]).strip():
            try:
                self._run(["dpkg", "--configure", "--pending"])
            except CommandFailed:
                pass

    def put(self, package: str) -> None:
        """Install a package in the place of any other: the path of a file, or what `own` returned."""
        # Without --reinstall apt takes another build of the installed version for the installed one. Files that `tidy`
        # has removed are to come back with the package that has them.
        self._run([*self._APT, "--option=Dpkg::Options::=--force-confmiss", "--allow-downgrades", "--reinstall",
                   "install", package])

    def tidy(self) -> None:
        """Remove the configuration files of the package before that this one has not, unless somebody edited them.

        dpkg leaves them, and so Debian's init script beside the unit of a build.
        """
        for line in self._run(["dpkg-query", "--show", "--showformat=${Conffiles}", "asterisk"]).splitlines():
            path, digest, *state = [*line.split(), "", ""][:3]
            if state == ["obsolete"] and _md5(path) == digest:
                os.unlink(path)
                if path.startswith("/etc/init.d/"):
                    self._run(["update-rc.d", os.path.basename(path), "remove"])


class Rpm(Packager):
    """What a host of Red Hat's family does. Its own archives have no Asterisk that is used, so one comes as a file."""

    suffix = "rpm"
    _UPGRADE = ("rpm", "--upgrade", "--oldpackage", "--replacepkgs")
    _DNF = ("dnf", "--quiet", "--assumeyes", "--setopt=install_weak_deps=False", "install")
    _QUERY = ("rpm", "--query", "--queryformat", r"%{VERSION}-%{RELEASE}\n[%{PROVIDENAME} %{PROVIDEVERSION}\n]")

    def read(self, path: str) -> Package:
        """Return what a package file says of itself."""
        version, provided = self._query("--package", path)
        needs = self._run(["rpm", "--query", "--requires", "--package", path]).splitlines()
        # rpm itself gives its own features, and the package its user and its library.
        return Package(version, provided.get("trunkline-key", ""), [
            need for need in needs if not need.startswith("rpmlib(") and need not in provided])

    def installed(self) -> Package | None:
        """Return the installed package, None where there is none."""
        try:
            version, provided = self._query("asterisk")
        except CommandFailed:
            return None
        return Package(version, provided.get("trunkline-key", ""))

    def _query(self, *package: str) -> tuple[str, dict[str, str]]:
        """Return the version of a package, and the versions of what it provides."""
        version, _line, rest = self._run([*self._QUERY, *package]).partition("\n")
        return version, dict(line.partition(" ")[::2] for line in rest.splitlines())

    def offered(self, series: int) -> str:
        """Fail: there is no such package."""
        raise TrunklineError(
            "This system has no package of Asterisk that is used.", "Set asterisk_install_method to build.")

    def own(self, version: str) -> str:
        """Return the system's own package in the words of `put`."""
        return f"asterisk-{version}"

    def by_hand(self, package: str) -> str:
        """Return the command by which a person installs a package."""
        return " ".join([*(self._UPGRADE if _is_file(package) else ("dnf", "install")), package])

    def satisfy(self, package: Package) -> None:
        """Install what a package depends on."""
        self._run([*self._DNF, *package.needs])

    def extract(self, path: str, root: str) -> None:
        """Unpack a package file into a folder."""
        # A pipe is the one way: rpm2archive names its output itself.
        self._run(["sh", "-c", 'rpm2cpio "$0" | (cd "$1" && cpio --quiet --extract --make-directories)', path, root])

    def finish(self) -> None:
        """Do nothing: rpm rolls its database back, and installing again replaces the files."""

    def put(self, package: str) -> None:
        """Install a package, a file or one that `own` names, in the place of any other, newer or older."""
        if not _is_file(package):
            self._run([*self._DNF, package])
            return
        # Not dnf, which has three commands for that, and wants a signature of a file where it is set so. It is not even
        # asked where nothing is missing: a way back has to work without repositories.
        try:
            self._run([*self._UPGRADE, "--test", package])
        except CommandFailed:
            self.satisfy(self.read(package))
        self._run([*self._UPGRADE, package])

    def tidy(self) -> None:
        """Do nothing: rpm removes the files of the package before."""


PACKAGERS = {"deb": Packager, "rpm": Rpm}


def _is_file(package: str) -> bool:
    return package.startswith("/")


def _md5(path: str) -> str:
    """Return what dpkg tells an edited file by, "" where there is no file."""
    try:
        return hashlib.md5(Path(path).read_bytes(), usedforsecurity=False).hexdigest()
    except OSError:
        return ""


def command(argv: Sequence[str]) -> str:
    """Run a command and return its output.

    :raises CommandFailed: it ended with another code than 0.
    """
    # Nothing here imports Ansible, whose run_command() a module would use.
    done = subprocess.run(  # pylint: disable=ansible-bad-function
        argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"})
    if done.returncode:
        lines = [line.strip() for line in (done.stdout + "\n" + done.stderr).splitlines() if line.strip()]
        errors = [line for line in lines if line.startswith(("E: ", "dpkg: error", "Error: ", "error: ", "No space"))]
        full = [line for line in lines if "No space left on device" in line]
        raise CommandFailed((full or errors or lines or [f"{argv[0]} ended with {done.returncode}"])[0].rstrip("."))
    return done.stdout
