# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Music for who waits: sound files of the controller, which are converted as prompts are, or a folder on the PBX."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .._asterisk import validators as asterisk
from .features.feature import WORDS

VARIABLE = "pbx_music"
#: What everybody hears who is put on hold: a name of VARIABLE, or a folder on the PBX, whose path begins with /.
HOLD = "pbx_hold_music"
FILE = "musiconhold.conf"
#: Sections of musiconhold.conf that are no music of the inventory's.
_RESERVED = ("default", "general")
#: The options whose rows may have music of their own.
_LISTENING = ("pbx_queues", "pbx_conferences")


def is_there(host: Mapping[str, Any]) -> bool:
    """Return whether a host plays any music."""
    return bool(host[HOLD] or host[VARIABLE])


def is_folder(name: str | None) -> bool:
    """Return whether it is a folder on the PBX that is named, and not music of the inventory."""
    return bool(name and name.startswith("/"))


def sounds(host: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a row for each sound file of a host's music, as those of prompts."""
    return [
        {"name": row["name"], "file": file, "text": "", "language": "", "translations": (),
         "source": f"{VARIABLE}[{index}].files[{at}]"}
        for index, row in enumerate(host[VARIABLE]) for at, file in enumerate(row["files"])]


def problems(host: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for everything that cannot be right in the music of a host, but for the files themselves."""
    first: dict[str, int] = {}
    for index, row in enumerate(host[VARIABLE]):
        place, name = f"{VARIABLE}[{index}]", row["name"]
        if name in _RESERVED:
            yield f"{place}.name must not be {name!r}, which is a name of Asterisk's own."
        elif name and not WORDS.pattern.fullmatch(name):
            yield f"{place}.name must be {WORDS.words}, not {name!r}."
        elif (other := first.setdefault(name, index)) != index:
            yield f"{place}.name repeats {VARIABLE}[{other}]: {name!r} is there twice."
        if not row["files"]:
            yield f"{place}.files is empty: name at least one sound file."
        for at, file in enumerate(row["files"] or ()):
            if not file.isprintable():
                yield f"{place}.files[{at}] must be a path on the controller, not {file!r}."
            elif file in row["files"][:at]:
                yield f"{place}.files[{at}] repeats {file!r}."
    known = {row["name"] for row in host[VARIABLE]}
    for place, name in _named(host):
        if place == HOLD and is_folder(name):
            yield from _wrong_folder(name)
        elif name not in known and place == HOLD:
            yield f"{place} must be a full path on the PBX, or the name of one of {VARIABLE}, not {name!r}."
        elif name not in known:
            yield f"{place} names music {name!r}, which is not in {VARIABLE}."


def _wrong_folder(path: str) -> Iterator[str]:
    try:
        asterisk.path(path)
    except ValueError as error:
        yield f"{HOLD} {error}."


def _named(host: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the music that each option names."""
    if host[HOLD]:
        yield HOLD, host[HOLD]
    for variable in _LISTENING:
        for index, row in enumerate(host[variable]):
            if row["music"]:
                yield f"{variable}[{index}].music", row["music"]
    if host["pbx_parking"] and host["pbx_parking"]["music"]:
        yield "pbx_parking.music", host["pbx_parking"]["music"]


def warnings(host: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each music that no option names."""
    named = {name for dummy, name in _named(host)}
    for index, row in enumerate(host[VARIABLE]):
        if row["name"] not in named:
            yield f"{VARIABLE}[{index}] {row['name']!r} is played to nobody."
