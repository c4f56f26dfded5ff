# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of a host: plan the changes from their current to their desired state, validate, and apply them.

A file is replaced atomically, so that a crash leaves the old content or the new one. Nothing is written before every
new content was validated.
"""

from __future__ import annotations

import os
import shlex
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from typing import Sequence

from ..._core.errors import TrunklineError

ADD, CHANGE, REMOVE = "add", "change", "remove"
#: User and group of every file.
OWNER = (0, 0)
VALIDATOR_SECONDS = 30


@dataclass(frozen=True)
class File:
    """The desired state of a file.

    :param mode: its permissions, such as 0o644.
    :param validate: a command with `%s` for the path of a file with the new content; it fails where that is wrong.
    :param marker: a text that the file holds where it is ours. A file without it is another's.
    """

    path: str
    content: str
    mode: int = 0o644
    validate: str = ""
    marker: str = ""

    @property
    def state(self) -> FileState:
        """The state of its path once it is written."""
        return FileState(self.content.encode(), self.mode, OWNER)


@dataclass(frozen=True)
class FileState:
    """The state of a path: `content` is None where that is no regular file."""

    content: bytes | None
    mode: int
    owner: tuple[int, int]


@dataclass(frozen=True)
class Change:
    """The change of one path. `file` is None where the path is removed."""

    action: str
    path: str
    before: FileState | None
    file: File | None = None


@dataclass(frozen=True)
class Plan:
    """The changes to make, and the paths of files that stay because they lack their marker."""

    changes: list[Change]
    foreign: list[str]


def plan(files: Sequence[File], absent: Sequence[str] = ()) -> Plan:
    """Compare the current files with the desired ones.

    :raises TrunklineError: a path is a directory, or cannot be read.
    """
    changes: list[Change] = []
    foreign: list[str] = []
    for file in files:
        before = read_state(file.path)
        if _is_foreign(file, before):
            foreign.append(file.path)
        elif before is None:
            changes.append(Change(ADD, file.path, None, file))
        elif before != file.state:
            changes.append(Change(CHANGE, file.path, before, file))
    for path in absent:
        before = read_state(path)
        if before is not None:
            changes.append(Change(REMOVE, path, before))
    return Plan(changes, foreign)


def read_state(path: str) -> FileState | None:
    """Read the state of a path, None where nothing is there. A link is not followed.

    :raises TrunklineError: the path is a directory, or cannot be read.
    """
    try:
        found = os.lstat(path)
        if stat.S_ISDIR(found.st_mode):
            raise TrunklineError(f"{path} is a directory where a file is meant.", "Move it away.")
        content = None
        if stat.S_ISREG(found.st_mode):
            with open(path, "rb") as file:
                content = file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise TrunklineError(f"Cannot read {path}: {error.strerror}.", "Run the task with become: true.") from None
    return FileState(content, stat.S_IMODE(found.st_mode), (found.st_uid, found.st_gid))


def _is_foreign(file: File, before: FileState | None) -> bool:
    return bool(file.marker) and before is not None and file.marker.encode() not in (before.content or b"")


def validate(changes: Sequence[Change], dry: bool = False) -> None:
    """Run each file's validator on the new content. A dry run skips a validator that is not installed yet.

    :raises TrunklineError: a validator rejects a content, does not end, or is not installed.
    """
    for change in changes:
        if change.file is not None and change.file.validate:
            _run_validator(change.file, dry)


def _run_validator(file: File, dry: bool) -> None:
    command = shlex.split(file.validate)
    if shutil.which(command[0]) is None:
        if dry:
            return
        raise TrunklineError(
            f"{file.path} cannot be validated: there is no program {command[0]}.", "Install it, and run again.")
    with tempfile.NamedTemporaryFile(prefix="trunkline-") as candidate:
        candidate.write(file.content.encode())
        candidate.flush()
        asked = [word.replace("%s", candidate.name) for word in command]
        try:
            # Nothing here imports Ansible, whose run_command() a module would use.
            answer = subprocess.run(  # pylint: disable=ansible-bad-function
                asked, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                errors="replace", check=False, timeout=VALIDATOR_SECONDS, env={**os.environ, "LC_ALL": "C.UTF-8"})
        except subprocess.TimeoutExpired:
            raise TrunklineError(
                f"`{file.validate}` for {file.path} has not ended after {VALIDATOR_SECONDS} s.") from None
    if answer.returncode:
        said = answer.stdout.replace(candidate.name, file.path).strip() or f"it ended with {answer.returncode}"
        raise TrunklineError(
            f"{file.path} was not changed: `{file.validate}` rejects its new content: {said}",
            "Correct the values that it is made from.")


def apply(changes: Sequence[Change]) -> None:
    """Make the changes, in their order.

    :raises TrunklineError: a path cannot be written or removed. The error names the paths that were changed before.
    """
    done: list[str] = []
    for change in changes:
        try:
            if change.file is None:
                os.unlink(change.path)
            else:
                _write(change.file)
        except OSError as error:
            verb = "removed" if change.file is None else "written"
            before = f" Changed before that: {', '.join(done)}." if done else ""
            raise TrunklineError(
                f"{change.path} cannot be {verb}: {error.strerror}.{before}",
                "Run the task with become: true, on a file system that can be written.", changed=bool(done)) from None
        done.append(change.path)


def _write(file: File) -> None:
    folder = os.path.dirname(file.path)
    _make_folders(folder)
    # Programs that read whole folders, such as logrotate and run-parts, leave out a name that ends like this.
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=".dpkg-new", dir=folder)
    try:
        with open(handle, "wb") as stream:
            stream.write(file.content.encode())
            os.fchown(stream.fileno(), *OWNER)
            os.fchmod(stream.fileno(), file.mode)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, file.path)
    except BaseException:
        os.unlink(temporary)
        raise


def _make_folders(folder: str) -> None:
    if not os.path.isdir(folder):
        _make_folders(os.path.dirname(folder))
        os.mkdir(folder)
        os.chown(folder, *OWNER)
        os.chmod(folder, 0o755)     # whatever the umask is
