# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration on the disk, laid out so that one rename swaps all of it.

    /etc/asterisk/pjsip.conf -> live/pjsip.conf       a link for each file, under the name that Asterisk reads
    /etc/asterisk/live -> trees/20261123T120000-3f2a  the one link that is swapped
    /etc/asterisk/trees/…                             the tree that is live and the one before it
    /etc/asterisk/local.d/…                           written by hand, never touched

A rename of a link is atomic on every file system, and needs neither a folder that can be renamed nor one that is not a
mount point. A link is made before the tree that has its file becomes live, and removed after; in between it leads to
nothing, which Asterisk takes for a missing file.
"""

from __future__ import annotations

import contextlib
import fcntl
import glob
import grp
import json
import os
import pwd
import secrets
import shutil
import stat
import time
from dataclasses import dataclass, field
from typing import Any, Iterator, Mapping

from .conf import ROOT, included, lines_of

LIVE, TREES, LOCAL, STATE = "live", "trees", "local.d", ".trunkline.json"
#: The end of the name of a tree made of loose files. It is never removed, as it may be their only copy.
FOUND = "-found"
FOLDER_MODE, FILE_MODE = 0o750, 0o640


@dataclass
class Current:
    """The configuration on the disk.

    :param files: the text of each file that Asterisk reads by itself.
    :param local: the text of each file written by hand.
    :param state: what was noted of the live tree.
    :param loose: the names that are files where links are meant.
    :param bad_permissions: the paths with a wrong owner or mode.
    """

    files: dict[str, str] = field(default_factory=dict)
    local: dict[str, str] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    loose: list[str] = field(default_factory=list)
    bad_permissions: list[str] = field(default_factory=list)

    @property
    def all(self) -> dict[str, str]:
        """Every file by name."""
        return {**self.files, **self.local}


class ConfigStore:
    """The folder `root`, whose files belong to `root` and may be read by `group`."""

    def __init__(self, root: str = ROOT, owner: str = "root", group: str = "asterisk") -> None:
        self.root = root
        self._owner, self._group = owner, group

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold an exclusive lock, which the kernel releases if the process dies."""
        self._make(self.root)
        handle = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def read(self) -> Current:
        """Read the configuration on the disk."""
        current = Current()
        if not os.path.isdir(self.root):
            return current
        live = os.path.realpath(self._path(LIVE))
        for entry in sorted(os.scandir(self.root), key=lambda entry: entry.name):
            if entry.is_file() and not entry.name.startswith("."):
                current.files[entry.name] = _text(entry.path)
                if not (entry.is_symlink() and os.path.dirname(os.path.realpath(entry.path)) == live):
                    current.loose.append(entry.name)
        current.local = self._written_by_hand(set(current.files))
        current.state = self.read_state(LIVE)
        with contextlib.suppress(KeyError):     # no group before the package is installed
            current.bad_permissions = [
                self._known_as(path) for path, mode in self._managed() if not self._has_permissions(path, mode)]
        return current

    def read_state(self, name: str) -> dict[str, Any]:
        """Read the state of a tree, or of the LIVE one; {} where none was noted."""
        folder = self._path(LIVE) if name == LIVE else self._path(TREES, name)
        with contextlib.suppress(OSError, ValueError):
            state: dict[str, Any] = json.loads(_text(os.path.join(folder, STATE)))
            return state
        return {}

    def fix_permissions(self) -> None:
        """Give every file its owner and mode."""
        for path, mode in self._managed():
            self._set_permissions(path, mode)

    def swap(self, files: Mapping[str, str], state: Mapping[str, Any]) -> str | None:
        """Make `files` what Asterisk reads.

        :returns: the name of the tree that was live, to `activate` it again; None where there was none.
        """
        for folder in (self.root, self._path(TREES), self._path(LOCAL)):
            self._make(folder)
        current = self.read()
        if current.loose:
            self._adopt(current)
        before = self._live()
        new = self._stage(files, state)
        for name in files:
            if not os.path.lexists(self._path(name)):
                os.symlink(os.path.join(LIVE, name), self._path(name))
        self._sync(self.root)
        self.activate(new)
        return before

    def activate(self, name: str) -> None:
        """Make an existing tree live, and remove the links to files that it does not have."""
        self._flip(name)
        there = os.listdir(self._path(TREES, name))
        for entry in list(os.scandir(self.root)):
            # A run that was killed may have left a link that begins with a dot.
            if entry.name not in there and entry.is_symlink() and os.readlink(entry.path).startswith(LIVE + "/"):
                os.unlink(entry.path)
        for other in there:
            if not other.startswith(".") and not os.path.lexists(self._path(other)):
                os.symlink(os.path.join(LIVE, other), self._path(other))
        self._sync(self.root)

    def prune(self, keep: str | None = None) -> None:
        """Remove all trees except the live one, the one to `keep`, and those made of found files."""
        for name in os.listdir(self._path(TREES)):
            if name not in (keep, self._live()) and not name.endswith(FOUND):
                shutil.rmtree(self._path(TREES, name))

    def write_state(self, state: Mapping[str, Any], name: str = LIVE) -> None:
        """Write the state of a tree, or of the LIVE one."""
        folder = os.path.realpath(self._path(LIVE)) if name == LIVE else self._path(TREES, name)
        self._write(os.path.join(folder, STATE + ".new"), _json(state))
        os.rename(os.path.join(folder, STATE + ".new"), os.path.join(folder, STATE))
        self._sync(folder)

    def clear(self) -> None:
        """Remove everything except what was written by hand or found."""
        for entry in list(os.scandir(self.root)):
            if entry.is_symlink() and os.readlink(entry.path).startswith(LIVE + "/"):
                os.unlink(entry.path)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._path(LIVE))
        if os.path.isdir(self._path(TREES)):
            self.prune()
            with contextlib.suppress(OSError):  # it stays if it is not empty
                os.rmdir(self._path(TREES))

    def _written_by_hand(self, others: set[str]) -> dict[str, str]:
        """Read each `.conf` in `local.d`, and the files that these include wherever they lie, by the included name."""
        found: dict[str, str] = {}
        ahead = [
            os.path.relpath(os.path.join(folder, name), self.root)
            for folder, _folders, names in os.walk(self._path(LOCAL)) for name in names if name.endswith(".conf")
        ]
        while ahead:
            name = ahead.pop(0)
            if name in found or name in others or not os.path.isfile(self._path(name)):
                continue
            found[name] = _text(self._path(name))
            for target in filter(None, map(included, lines_of(found[name]))):
                paths = sorted(glob.glob(self._path(target)))
                ahead += paths if os.path.isabs(target) else [os.path.relpath(path, self.root) for path in paths]
        return dict(sorted(found.items()))

    def _adopt(self, current: Current) -> None:
        """Make a tree of loose files, which Asterisk reads without a gap and to which a run can roll back."""
        name = self._stage(current.files, current.state, FOUND)
        self._flip(name)
        for loose in current.loose:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self._path("." + loose))
            os.symlink(os.path.join(LIVE, loose), self._path("." + loose))
            os.rename(self._path("." + loose), self._path(loose))
        self._sync(self.root)

    def _stage(self, files: Mapping[str, str], state: Mapping[str, Any], end: str = "") -> str:
        name = time.strftime("%Y%m%dT%H%M%S-", time.gmtime()) + secrets.token_hex(2) + end
        folder = self._path(TREES, name)
        self._make(folder)
        for file, text in {**files, STATE: _json(state)}.items():
            self._write(os.path.join(folder, file), text)
        self._sync(folder)
        self._sync(self._path(TREES))
        return name

    def _flip(self, name: str) -> None:
        link = self._path(".live")
        with contextlib.suppress(FileNotFoundError):
            os.unlink(link)
        os.symlink(os.path.join(TREES, name), link)
        os.rename(link, self._path(LIVE))
        self._sync(self.root)

    def _live(self) -> str | None:
        try:
            return os.path.basename(os.readlink(self._path(LIVE)))
        except OSError:
            return None

    def _write(self, path: str, text: str) -> None:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(text.encode("utf-8", "surrogateescape"))
            self._set_permissions(file.fileno(), FILE_MODE)
            file.flush()
            os.fsync(file.fileno())

    def _make(self, folder: str) -> None:
        if not os.path.isdir(folder):
            os.mkdir(folder, 0o700)
            self._set_permissions(folder, FOLDER_MODE)

    def _managed(self) -> Iterator[tuple[str, int]]:
        """Yield every managed path with its mode."""
        yield self.root, FOLDER_MODE
        for top in (os.path.realpath(self._path(LIVE)), self._path(LOCAL), self._path(TREES)):
            if os.path.isdir(top):
                yield top, FOLDER_MODE
        for top in (os.path.realpath(self._path(LIVE)), self._path(LOCAL)):
            for folder, folders, names in os.walk(top):
                yield from ((os.path.join(folder, name), FOLDER_MODE) for name in folders)
                yield from ((os.path.join(folder, name), FILE_MODE) for name in names)

    def _known_as(self, path: str) -> str:
        """Return a live file's path as Asterisk and its users know it."""
        folder, name = os.path.split(path)
        is_live = folder == os.path.realpath(self._path(LIVE)) and os.path.islink(self._path(name))
        return self._path(name) if is_live else path

    def _has_permissions(self, path: str, mode: int) -> bool:
        found = os.stat(path)
        return (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (*self._ids(), mode)

    def _set_permissions(self, path: str | int, mode: int) -> None:
        os.chown(path, *self._ids())
        os.chmod(path, mode)

    def _ids(self) -> tuple[int, int]:
        return pwd.getpwnam(self._owner).pw_uid, grp.getgrnam(self._group).gr_gid

    def _path(self, *parts: str) -> str:
        return os.path.join(self.root, *parts)

    def _sync(self, folder: str) -> None:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _json(state: Mapping[str, Any]) -> str:
    return json.dumps(state, indent=1, sort_keys=True) + "\n"


def _text(path: str) -> str:
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        return file.read()
