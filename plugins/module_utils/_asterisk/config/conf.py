# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parse Asterisk's configuration files as Asterisk does, and keep the place of every line. Pure.

Source: Asterisk 22, main/config.c: `;` begins a comment unless a backslash stands before it, `;--` to `--;` comments
out a block, `[name](!,parent)` is a template with a parent, `[name](+)` adds to the first section of that name above,
`[name](+type=endpoint&context=x)` to the first that has such settings, `+=` adds to a value.
"""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Iterator, Mapping, NamedTuple

#: The configuration folder. Files are named by their path below it.
ROOT = "/etc/asterisk"

SECTION = re.compile(r"\[(?P<name>[^\]]*)\]\s*(?:\((?P<how>[^)]*)\))?\s*(?P<rest>.*)")
SETTING = re.compile(r"(?P<name>[^=]*?)\s*(?P<sign>\+?=>?)\s*(?P<value>.*)")
DIRECTIVE = re.compile(r"#(?P<verb>include|tryinclude|exec)\s+[\"<]?(?P<target>[^\">]*)[\">]?\s*")
#: The comment in which the templates note the inventory variable of a line: behind the line, or above it.
ORIGIN = re.compile(r";\s*from (?P<variable>[A-Za-z_][\w.\[\]'\" -]*)")
GLOB = re.compile(r"[*?\[]")
COMMENT = re.compile(r"(?<!\\);")
MAX_INCLUDE_DEPTH = 10  # of Asterisk (config.c, MAX_INCLUDE_LEVEL); a circle of includes exceeds it


#: Name, value, and whether the value is added, of each setting.
Content = list[tuple[str, str, bool]]


class Place(NamedTuple):
    """A line of a file: `file` is its name below the configuration folder, `line` counts from 1 (0: the whole file)."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


class Setting(NamedTuple):
    """A line `name = value`; `adds` where it is written with `+=`."""

    name: str
    value: str
    place: Place
    adds: bool = False


@dataclass
class Section:
    """A section with its settings, the ones of its templates first."""

    name: str
    place: Place
    template: bool = False
    settings: list[Setting] = field(default_factory=list)

    def all(self, name: str) -> list[Setting]:
        """Return the settings of a name, which is in lower case."""
        return [setting for setting in self.settings if setting.name.lower() == name]

    def last(self, name: str) -> Setting | None:
        """Return the last setting of a name, which is in lower case: the one that counts where Asterisk takes one."""
        return next((setting for setting in reversed(self.settings) if setting.name.lower() == name), None)

    def place_of(self, name: str) -> Place:
        """Return where the setting is that last() finds, or else the section."""
        found = self.last(name)
        return found.place if found else self.place

    @property
    def type(self) -> str:
        """The type of a PJSIP object in lower case, "" where it has none."""
        found = self.last("type")
        return found.value.lower() if found else ""

    @property
    def content(self) -> Content:
        """The settings without their places, to compare sections."""
        return [(setting.name, setting.value, setting.adds) for setting in self.settings]


class Fault(NamedTuple):
    """A fault in a configuration: a sentence without its full stop, and its place, None where that is unknown."""

    what: str
    place: Place | None = None


@dataclass
class Conf:
    """A parsed file with all that it includes: its `sections` in order, the `files` read, and the `faults` met."""

    sections: list[Section] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @cached_property
    def by_name(self) -> dict[str, list[Section]]:
        """The sections by name, of which several may have the same."""
        found: dict[str, list[Section]] = {}
        for section in self.sections:
            found.setdefault(section.name, []).append(section)
        return found

    def named(self, name: str) -> list[Section]:
        """Return the sections of a name, in order."""
        return self.by_name.get(name, [])

    @cached_property
    def content(self) -> list[tuple[str, bool, Content]]:
        """The sections without their places, to compare files."""
        return [(section.name, section.template, section.content) for section in self.sections]


def read(name: str, files: Mapping[str, str]) -> Conf:
    """Parse a configuration file and what it includes.

    :param files: the text of each file, by its name below the configuration folder.
    """
    reader = _Reader(files)
    if name in files:
        reader.read(name, ())
    return reader.conf


class _Reader:
    """One pass over a file and its includes. An included file continues the section that includes it."""

    def __init__(self, files: Mapping[str, str]):
        self.files, self.conf = files, Conf()
        self._current: Section | None = None
        self._above: dict[str, list[Section]] = {}  # the sections of each name, in lower case
        self._circle = False

    def read(self, name: str, within: tuple[str, ...]) -> None:
        self.conf.files.append(name)
        for number, line in _lines(name, self.files[name], self.conf.faults):
            place = Place(name, number)
            if line.startswith("["):
                self._open(line, place)
            elif line.startswith("#"):
                self._include(line, place, (*within, name))
            elif self._current is None:
                self._fault("a setting before the first section is ignored by Asterisk", place)
            else:
                found = SETTING.fullmatch(line)
                if found and found["name"]:
                    adds = found["sign"].startswith("+")
                    self._current.settings.append(Setting(found["name"], found["value"], place, adds))
                else:
                    self._fault("this is neither a section, a setting nor an include", place)

    def _fault(self, what: str, place: Place) -> None:
        self.conf.faults.append(Fault(what, place))

    def _open(self, line: str, place: Place) -> None:
        found = SECTION.fullmatch(line)
        if not found or not found["name"].strip() or found["rest"]:
            self._fault("this is not a whole section name such as [name] or [name](template)", place)
            self._current = Section("", place)
            return
        name, how = found["name"].strip(), [part.strip() for part in (found["how"] or "").split(",") if part.strip()]
        additions = [part[1:] for part in how if part.startswith("+")]
        if additions:
            above = [section for section in self._above.get(name.lower(), []) if _fits(section, additions[-1])]
            if above:
                self._current = above[0]
                return
            which = f" with {additions[-1]}" if additions[-1] else ""
            self._fault(f"there is no section [{name}]{which} above to add to", place)
            how = []
        section = Section(name, place, template="!" in how)
        for parent in (part for part in how if part != "!"):
            if parent.lower() in self._above:
                section.settings.extend(self._above[parent.lower()][0].settings)
            else:
                self._fault(f"[{name}] is made from template [{parent}], which is not above it", place)
        self.conf.sections.append(section)
        self._above.setdefault(name.lower(), []).append(section)
        self._current = section

    def _include(self, line: str, place: Place, within: tuple[str, ...]) -> None:
        found = DIRECTIVE.fullmatch(line)
        if not found:
            self._fault("this is not a directive that Asterisk knows", place)
            return
        if found["verb"] == "exec":
            self._fault("#exec would run a program to make configuration; write its output instead", place)
            return
        target = included(line)
        for name in self._matching(target) if GLOB.search(target) else [target]:
            if self._circle:    # Asterisk reads nothing then, and a dozen such files would take hours
                return
            if name not in self.files:
                if found["verb"] == "include":
                    self._fault(f"it includes {target}, which does not exist", place)
            elif name in within:
                self._fault(f"it includes {name}, and that goes round in a circle", place)
                self._circle = True
                return
            elif len(within) > MAX_INCLUDE_DEPTH:
                self._fault(f"it includes {name}, and that is more than {MAX_INCLUDE_DEPTH} files deep", place)
            else:
                self.read(name, within)

    def _matching(self, pattern: str) -> list[str]:
        """Return the names that match a pattern, whose `*` does not match a slash."""
        found = fnmatch.filter(self.files, pattern)
        return sorted(name for name in found if name.count("/") == pattern.count("/"))


def lines_of(text: str) -> list[str]:
    """Return the lines of a text as Asterisk reads them: it knows no other end of a line than this one (config.c)."""
    return re.split(r"\r?\n", text.removesuffix("\n")) if text else []


def _fits(section: Section, wanted: str) -> bool:
    """Whether Asterisk adds to a section, by the filter behind the plus (main/config.c, does_category_match).

    :param wanted: conditions with `&` between them, each a pattern for the name and one for the value of a setting, or
        TEMPLATES=include.
    """
    conditions = [[part.strip() for part in one.partition("=")] for one in wanted.split("&") if one.strip()]
    templates = {value.lower() for name, _is, value in conditions if name == "TEMPLATES"}
    if not all(equals for _name, equals, _value in conditions) or (
            not templates if section.template else "restrict" in templates):
        return False
    try:
        return all(
            any(re.search(name, setting.name) and re.search(value, setting.value) for setting in section.settings)
            for name, _is, value in conditions if name != "TEMPLATES")
    except re.error:
        return False


def included(line: str) -> str:
    """Return the file that a line includes, by its path below ROOT if it lies there; "" for any other line."""
    found = DIRECTIVE.fullmatch(COMMENT.split(line, maxsplit=1)[0].strip())
    if not found or found["verb"] == "exec":
        return ""
    target = found["target"].strip()
    return target[len(ROOT) + 1:] if target.startswith(ROOT + "/") else target


def _lines(name: str, text: str, faults: list[Fault]) -> Iterator[tuple[int, str]]:
    """Yield the numbers and texts of the lines, without comments and blank lines."""
    depth, began = 0, 0
    for number, line in enumerate(lines_of(text), 1):
        kept = ""
        while line:
            opened = COMMENT.search(line) if depth == 0 else None
            if depth:
                closed = re.search(r"--;|;--(?!-)", line)
                if not closed:
                    break
                depth += 1 if closed.group() == ";--" else -1
                line = line[closed.end():]
            elif not opened:
                kept, line = kept + line, ""
            elif re.match(r";--(?!-)", line[opened.start():]):
                kept, line, depth, began = kept + line[: opened.start()], line[opened.start() + 3:], 1, number
            else:
                kept, line = kept + line[: opened.start()], ""
        kept = kept.replace("\\;", ";").strip()
        if kept:
            yield number, kept
    if depth:
        faults.append(Fault("the comment that begins here with ;-- has no end", Place(name, began)))
