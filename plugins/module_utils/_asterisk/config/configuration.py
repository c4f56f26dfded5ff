# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole configuration: the text of each file, parsed on first use and cached. Pure."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Iterator, Mapping

from .conf import ORIGIN, Conf, Place, lines_of, read
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
        """Return a parsed file with all that it includes; empty where there is no such file."""
        if name not in self._parsed:
            self._parsed[name] = read(name, self._files)
        return self._parsed[name]

    @cached_property
    def pjsip(self) -> Objects:
        """The objects of pjsip.conf."""
        return Objects(self.conf("pjsip.conf"))

    @cached_property
    def dialplan(self) -> Dialplan:
        """The dialplan of extensions.conf."""
        return dialplan(self.conf("extensions.conf"))

    def lines(self, name: str) -> list[str]:
        """Return the lines of a file, none where there is no such file."""
        if name not in self._split:
            self._split[name] = lines_of(self._files.get(name, ""))
        return self._split[name]

    def line(self, place: Place) -> str:
        """Return the text of a line, "" where there is no such line."""
        lines = self.lines(place.file)
        return lines[place.line - 1] if 0 < place.line <= len(lines) else ""

    def origin(self, place: Place) -> str:
        """Return the inventory variable that a line was made from, "" where no comment names it.

        The comment (`; from pbx_phones[0]`) stands behind the line, above it in its section, or right above the
        section; the nearest one counts.
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

    def only_place(self, word: str) -> Place | None:
        """Return the only line with a word outside of its comments, None where there are none or several."""
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
        """The lines that hold a word, by word."""
        found: dict[str, list[Place]] = {}
        for name in self._files:
            for number, line in enumerate(self.lines(name), 1):
                for word in dict.fromkeys(WORD.findall(line.split(";")[0])):
                    found.setdefault(word, []).append(Place(name, number))
        return found
