# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields of a Debian package file, read without dpkg, which a controller may not have: deb(5)."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

from ..._core.errors import TrunklineError

_MAGIC = b"!<arch>\n"
_HEADER = 60


def fields(path: str) -> dict[str, str]:
    """Return the fields of a package's control file.

    :raises TrunklineError: the file cannot be read, or is not a Debian package.
    """
    try:
        content = Path(path).expanduser().read_bytes()
    except OSError as error:
        raise TrunklineError(
            f"{path} cannot be read: {error.strerror}.", "Name a package in asterisk_package_file.") from None
    try:
        return _parsed(_control(content))
    except (ValueError, tarfile.TarError, KeyError, EOFError):
        raise TrunklineError(
            f"{path} is not a Debian package whose fields can be read.",
            "Make it with dpkg-deb, compressed by xz or gzip.") from None


def identity(found: dict[str, str]) -> str:
    """Return what tells this package from another build: its key, or the version of one that has no key."""
    return found.get("Trunkline-Key") or found["Version"]


def _control(content: bytes) -> str:
    if not content.startswith(_MAGIC):
        raise ValueError
    at = len(_MAGIC)
    while at + _HEADER <= len(content):
        name = content[at:at + 16].decode("ascii").strip().rstrip("/")
        size = int(content[at + 48:at + 58])
        body = content[at + _HEADER:at + _HEADER + size]
        if name.startswith("control.tar"):
            with tarfile.open(fileobj=io.BytesIO(body)) as archive:
                member = archive.extractfile("./control")
                return member.read().decode() if member else ""
        at += _HEADER + size + size % 2
    raise ValueError


def _parsed(control: str) -> dict[str, str]:
    lines = (line.partition(": ") for line in control.splitlines() if line and not line[0].isspace())
    found = {name: value.strip() for name, _is, value in lines}
    if "Version" not in found or "Package" not in found:
        raise ValueError
    return found
