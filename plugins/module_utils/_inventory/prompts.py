# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prompts of the user's own: sound files of the controller, and texts that the PBX speaks.

A prompt is converted once, to files whose name has a digest of what they were made from. The configuration names those
files, so a prompt changes with the configuration, at once, and a rollback brings the former one back.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from .features.feature import WORDS

VARIABLE = "pbx_prompts"
#: Where they are on the PBX. Module asterisk_config removes what no configuration names any more.
FOLDER = "/var/lib/trunkline/prompts"
#: The format, by Asterisk's name, that is played to a call of each codec: its own, or for G.722, which sox does not
#: write, the samples that it is made from.
_FORMATS = {"ulaw": "ulaw", "alaw": "alaw", "g722": "sln16"}
#: Part of the digests: another number makes all prompts anew, after a change of how they are converted.
_CONVERSION = 1
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8}){0,3}")
_MOST_TEXT = 2000


def problems(host: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for everything that cannot be right in the prompts of a host, but for the files themselves."""
    first: dict[str, int] = {}
    for index, row in enumerate(host[VARIABLE]):
        place, name = f"{VARIABLE}[{index}]", row["name"]
        if name and not WORDS.pattern.fullmatch(name):
            yield f"{place}.name must be {WORDS.words}, not {name!r}."
        elif (other := first.setdefault(name, index)) != index:
            yield f"{place}.name repeats {VARIABLE}[{other}]: {name!r} is there twice."
        if bool(row["file"]) == bool(row["text"]):
            which = "both file and text" if row["text"] else "neither file nor text"
            yield f"{place} has {which}: give one of them."
        if row["file"] and not row["file"].isprintable():
            yield f"{place}.file must be a path on the controller, not {row['file']!r}."
        if row["text"] and not _is_speakable(row["text"]):
            yield (
                f"{place}.text must be at most {_MOST_TEXT} characters, with a word among them and no control"
                " character.")
        if not _LANGUAGE.fullmatch(row["language"]):
            yield f"{place}.language must be a voice of espeak-ng, such as en, en-us or pt-br, not {row['language']!r}."


def _is_speakable(text: str) -> bool:
    return len(text) <= _MOST_TEXT and "".join(text.split()).isprintable() and any(map(str.isalnum, text))


def warnings(host: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each prompt that no option names."""
    named = {row["prompt"] for row in _rows_with_prompts(host)}
    for index, row in enumerate(host[VARIABLE]):
        if row["name"] not in named:
            yield f"{VARIABLE}[{index}] {row['name']!r} is played by nothing."


def _rows_with_prompts(host: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for value in host.values():
        for row in value if isinstance(value, list) else [value]:
            if isinstance(row, Mapping) and row.get("prompt"):
                yield row


def rows(host: Mapping[str, Any], sounds: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the prompts of a host, each with the stem of its files.

    :param sounds: the digest of each sound file's content, by its path as the inventory has it.
    """
    return [{**row, "source": f"{VARIABLE}[{index}]", "stem": f"{row['name']}-{_digest(row, sounds)}"}
            for index, row in enumerate(host[VARIABLE])]


def _digest(row: Mapping[str, Any], sounds: Mapping[str, str]) -> str:
    made_of = sounds.get(row["file"], row["file"]) if row["file"] else [row["text"], row["language"]]
    return hashlib.sha256(json.dumps([_CONVERSION, made_of]).encode()).hexdigest()[:16]


def formats(host: Mapping[str, Any]) -> list[str]:
    """Return the formats of a host's prompts, one for each codec that its calls may have."""
    return [_FORMATS[codec] for codec in host["pbx_codecs"]]


def files(host: Mapping[str, Any], sounds: Mapping[str, str]) -> list[str]:
    """Return the names of the files that a host's prompts consist of."""
    return [f"{row['stem']}.{form}" for row in rows(host, sounds) for form in formats(host)]


def resolved(host: Mapping[str, Any], sounds: Mapping[str, str]) -> dict[str, Any]:
    """Return the options of a host in which each prompt that is its own is named by the path of its files."""
    paths = {row["name"]: f"{FOLDER}/{row['stem']}" for row in rows(host, sounds)}

    def named(value: Any) -> Any:
        if isinstance(value, list):
            return [named(row) for row in value]
        if isinstance(value, Mapping) and value.get("prompt") in paths:
            return {**value, "prompt": paths[value["prompt"]]}
        return value

    return {name: named(value) if paths else value for name, value in host.items()}


#: What the first bytes of a sound file are, by the name that sox has for its kind.
_KINDS = {
    "wav": re.compile(rb"RIFF....WAVE", re.S),
    "mp3": re.compile(rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]"),
    "ogg": re.compile(rb"OggS.{24}\x01vorbis", re.S),
    "flac": re.compile(rb"fLaC"),
    "aiff": re.compile(rb"FORM....AIF[FC]", re.S),
    "au": re.compile(rb"\.snd"),
}
KINDS = "WAV, MP3, Ogg Vorbis, FLAC, AIFF or AU"


def kind_of(beginning: bytes) -> str:
    """Return the kind of a sound file, by its first 64 bytes: "" where it is none that is converted."""
    return next((kind for kind, pattern in _KINDS.items() if pattern.match(beginning)), "")
