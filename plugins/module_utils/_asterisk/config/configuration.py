# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole configuration: the text of each file, and what it says, parsed on first use and kept. Pure."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Iterator, Mapping, Optional

from .conf import ORIGIN, Conf, Place, read
from .dialplan import Dialplan, dialplan
from .pjsip import Objects

WORD = re.compile(r"[\w-]+")


class Config(Mapping[str, str]):
    """The text of each file by its name below the configuration folder."""

    def __init__(self, files: Mapping[str, str]):
        self._files = dict(files)
        self._parsed: dict[str, Conf] = {}
        self._split: dict[str, list[str]] = {}

    def __getitem__(self, name: str) -> str:
        return self._files[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def conf(self, name: str) -> Conf:
        """A file with all that it includes; empty where there is none."""
        if name not in self._parsed:
            self._parsed[name] = read(name, self._files)
        return self._parsed[name]

    @cached_property
    def pjsip(self) -> Objects:
        return Objects(self.conf("pjsip.conf"))

    @cached_property
    def dialplan(self) -> Dialplan:
        return dialplan(self.conf("extensions.conf"))

    def lines(self, name: str) -> list[str]:
        if name not in self._split:
            self._split[name] = self._files.get(name, "").splitlines()
        return self._split[name]

    def line(self, place: Place) -> str:
        """The text of a line, "" where there is no such line."""
        lines = self.lines(place.file)
        return lines[place.line - 1] if 0 < place.line <= len(lines) else ""

    def origin(self, place: Place) -> str:
        """Return the inventory variable that a line was made from, "" where the line does not say.

        A line says it behind itself (`; from pbx_phones[0]`); else the nearest such comment above it in its section, or
        in the comments right above the section, tells.
        """
        lines, in_head = self.lines(place.file), False
        for index in range(min(place.line, len(lines)) - 1, -1, -1):
            bare, found = lines[index].strip(), ORIGIN.search(lines[index])
            if found and (index == place.line - 1 or bare.startswith(";")):
                return found["variable"].strip()
            if in_head and not bare.startswith(";"):
                return ""
            in_head = in_head or bare.startswith("[")
        return ""

    def only_place(self, word: str) -> Optional[Place]:
        """The one line that has a word outside of its comments, None where none has or several have it."""
        parts = WORD.findall(word)
        whole = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")
        found: list[Place] = []
        for place in self._places.get(parts[0], ()) if parts else ():
            if whole.search(self.line(place).split(";")[0]):
                found.append(place)
            if len(found) > 1:
                return None
        return found[0] if found else None

    @cached_property
    def _places(self) -> dict[str, list[Place]]:
        """The lines that have a word."""
        found: dict[str, list[Place]] = {}
        for name in self._files:
            for number, line in enumerate(self.lines(name), 1):
                for word in dict.fromkeys(WORD.findall(line.split(";")[0])):
                    found.setdefault(word, []).append(Place(name, number))
        return found
