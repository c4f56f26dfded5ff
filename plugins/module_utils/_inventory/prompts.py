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

from .._asterisk import validators as asterisk
from . import music
from .features.feature import WORDS
from .values import wrong

VARIABLE = "pbx_prompts"
#: Where they are on the PBX. Module asterisk_config removes what no configuration names any more.
FOLDER = "/var/lib/trunkline/prompts"
#: The format, by Asterisk's name, that is played to a call of each codec: its own, or for G.722, which sox does not
#: write, the samples that it is made from.
_FORMATS = {"ulaw": "ulaw", "alaw": "alaw", "g722": "sln16"}
#: Part of the digests: another number makes all prompts anew, after a change of how they are converted.
_CONVERSION = 1
_VOICE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8}){0,3}")
#: With this the names of the files of music begin, which no prompt has.
_OF_MUSIC = "music+"
_MOST_TEXT = 2000
#: What a call speaks that was given no language.
_ENGLISH = "en"


def problems(host: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for everything that cannot be right in the prompts of a host, but for the files themselves."""
    first: dict[str, int] = {}
    for index, row in enumerate(host[VARIABLE]):
        place, name = f"{VARIABLE}[{index}]", row["name"]
        if name and not WORDS.pattern.fullmatch(name):
            yield f"{place}.name must be {WORDS.words}, not {name!r}."
        elif (other := first.setdefault(name, index)) != index:
            yield f"{place}.name repeats {VARIABLE}[{other}]: {name!r} is there twice."
        yield from _wrong_sound(place, row)
        if not _VOICE.fullmatch(row["language"]):
            yield f"{place}.language must be a voice of espeak-ng, such as en, en-us or pt-br, not {row['language']!r}."
        yield from _wrong_translations(place, row["translations"])


def _wrong_translations(place: str, rows: list[dict[str, Any]]) -> Iterator[str]:
    first: dict[str, int] = {}
    for index, row in enumerate(rows):
        here, language = f"{place}.translations[{index}]", row["language"]
        yield from _wrong_sound(here, row)
        yield from wrong(f"{here}.language", asterisk.language, language)
        if language and (other := first.setdefault(language, index)) != index:
            yield f"{here}.language repeats {place}.translations[{other}]: {language!r} is there twice."
        if row["voice"] and row["file"]:
            yield f"{here}.voice is for a text, and there is a file: leave one of them out."
        elif row["voice"] and not _VOICE.fullmatch(row["voice"]):
            yield f"{here}.voice must be a voice of espeak-ng, such as en-us or pt-br, not {row['voice']!r}."


def _wrong_sound(place: str, row: Mapping[str, Any]) -> Iterator[str]:
    if bool(row["file"]) == bool(row["text"]):
        which = "both file and text" if row["text"] else "neither file nor text"
        yield f"{place} has {which}: give one of them."
    if row["file"] and not row["file"].isprintable():
        yield f"{place}.file must be a path on the controller, not {row['file']!r}."
    if row["text"] and not _is_speakable(row["text"]):
        yield f"{place}.text must be at most {_MOST_TEXT} characters, with a word among them and no control character."


def _is_speakable(text: str) -> bool:
    return len(text) <= _MOST_TEXT and "".join(text.split()).isprintable() and any(map(str.isalnum, text))


def warnings(host: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each prompt that no option names."""
    named = {row["prompt"] for row in _rows_with_prompts(host)}
    for index, row in enumerate(host[VARIABLE]):
        if row["name"] not in named:
            yield f"{VARIABLE}[{index}] {row['name']!r} is played by nothing."
    yield from _never_spoken(host)


def _never_spoken(host: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each language of numbers and menus that prompts are not in, though they are in others."""
    spoken = {one["language"] for row in host[VARIABLE] for one in row["translations"]}
    for variable in ("pbx_dids", "pbx_menus"):
        for index, row in enumerate(host[variable]):
            language = row["language"] or _ENGLISH
            parts = {language, language.partition("_")[0]}
            if spoken and not parts & {*spoken, _ENGLISH}:
                yield (
                    f"{variable}[{index}].language is {language}, and no prompt of {VARIABLE} has a translation to it:"
                    " callers hear those as they are.")


def _rows_with_prompts(host: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for value in host.values():
        for row in value if isinstance(value, list) else [value]:
            if isinstance(row, Mapping) and row.get("prompt"):
                yield row


def rows(host: Mapping[str, Any], sounds: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the prompts and the music of a host, a row for each sound, with the stem of its files.

    A translation is a row as well. Its files have the name of those that it translates, in a folder by the name of the
    language: there Asterisk looks first for a call that has the language (fileexists_core in main/file.c).

    :param sounds: the digest of each sound file's content, by its path as the inventory has it.
    """
    return [
        *(made for index, row in enumerate(host[VARIABLE]) for made in _versions(f"{VARIABLE}[{index}]", row, sounds)),
        *({**row, "stem": f"{_OF_MUSIC}{row['name']}-{_digest(row, sounds)}"} for row in music.sounds(host))]


def _versions(place: str, row: Mapping[str, Any], sounds: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    stem = f"{row['name']}-{_digest(row, sounds)}"
    yield {**row, "source": _place(place, row), "stem": stem}
    for index, one in enumerate(row["translations"]):
        yield {
            "name": row["name"], "file": one["file"], "text": one["text"], "language": _voice(one),
            "source": _place(f"{place}.translations[{index}]", one), "stem": f"{one['language']}/{stem}"}


def _place(place: str, row: Mapping[str, Any]) -> str:
    return f"{place}.{'file' if row['file'] else 'text'}"


def _voice(translation: Mapping[str, Any]) -> str:
    voice: str = translation["voice"] or translation["language"].replace("_", "-").lower()
    return voice


def sound_files(host: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the place of each sound file of prompts and music, and its path as the inventory has it."""
    yield from ((row["source"], row["file"]) for row in rows(host, {}) if row["file"])


def classes(host: Mapping[str, Any], sounds: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what musiconhold.conf has of each music: its name, its place, and the paths of its sounds."""
    made = [row for row in rows(host, sounds) if row["stem"].startswith(_OF_MUSIC)]
    return [
        {"name": row["name"], "source": f"{music.VARIABLE}[{index}]",
         "paths": [f"{FOLDER}/{one['stem']}" for one in made if one["name"] == row["name"]]}
        for index, row in enumerate(host[music.VARIABLE])]


def are_there(host: Mapping[str, Any]) -> bool:
    """Return whether a host has sounds that are made: prompts, or music."""
    return bool(host[VARIABLE] or host[music.VARIABLE])


def _digest(row: Mapping[str, Any], sounds: Mapping[str, str]) -> str:
    """Return what the name of a prompt's files has. It says what all of its translations were made from, too."""
    made_of: list[Any] = [_CONVERSION, _source(row, row["language"], sounds)]
    made_of += [[one["language"], _source(one, _voice(one), sounds)] for one in row["translations"]]
    return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()[:16]


def _source(row: Mapping[str, Any], voice: str, sounds: Mapping[str, str]) -> Any:
    return sounds.get(row["file"], row["file"]) if row["file"] else [row["text"], voice]


def formats(host: Mapping[str, Any]) -> list[str]:
    """Return the formats of a host's prompts, one for each codec that its calls may have."""
    return [_FORMATS[codec] for codec in host["pbx_codecs"]]


def files(host: Mapping[str, Any], sounds: Mapping[str, str]) -> list[str]:
    """Return the names of the files that a host's prompts consist of."""
    stems = dict.fromkeys(row["stem"] for row in rows(host, sounds))
    return [f"{stem}.{form}" for stem in stems for form in formats(host)]


def resolved(host: Mapping[str, Any], sounds: Mapping[str, str]) -> dict[str, Any]:
    """Return the options of a host in which each prompt that is its own is named by the path of its files."""
    paths = {
        row["name"]: f"{FOLDER}/{row['stem']}" for row in rows({**host, music.VARIABLE: []}, sounds)
        if "/" not in row["stem"]}

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
