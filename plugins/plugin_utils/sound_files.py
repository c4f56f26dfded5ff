# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sound files of the controller that prompts and music are made from."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.options import Values
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.prompts import KINDS, kind_of, sound_files

#: An hour of MP3, or five minutes of a compact disc.
MOST_BYTES = 60_000_000


def path_of(file: str, folder: str) -> Path:
    """Return the path of a sound file. It is relative to the folder of the inventory that has the host."""
    return Path(folder, os.path.expanduser(file))


def problems(host: Values, folder: str) -> Iterator[str]:
    """Yield a sentence for each sound file of a host that is missing, unreadable, or none."""
    for place, file in sound_files(host):
        fault = _fault(path_of(file, folder))
        if fault:
            yield f"{place} {fault}."


def _fault(path: Path) -> str:
    try:
        with path.open("rb") as file:
            beginning, size = file.read(64), os.fstat(file.fileno()).st_size
    except OSError as error:
        return f"cannot be read on the controller: {path}: {error.strerror}"
    if not kind_of(beginning):
        return f"is no sound file of a kind that is converted, {KINDS}: {path}"
    if size > MOST_BYTES:
        return f"has {size // 1_000_000} MB, and a sound has at most {MOST_BYTES // 1_000_000}: {path}"
    return ""


def kind(file: str, folder: str) -> str:
    """Return the kind of a sound file, as sox names it."""
    with path_of(file, folder).open("rb") as opened:
        return kind_of(opened.read(64))


def digests(host: Values, folder: str) -> dict[str, str]:
    """Return the digest of each sound file's content, by its path as the inventory has it."""
    names = {file for dummy, file in sound_files(host)}
    return {name: hashlib.sha256(path_of(name, folder).read_bytes()).hexdigest() for name in names}
