# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asterisk's configuration files, read as Asterisk reads them, with the place of every line. Pure.

Source: Asterisk 22, main/config.c: `;` begins a comment unless a backslash stands before it, `;--` to `--;` comments
out a block, `[name](!,parent)` is a template with a parent, `[name](+)` adds to a section above, `+=` adds to a value.
"""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass, field
from typing import Iterator, Mapping, Optional

SECTION = re.compile(r"\[(?P<name>[^\]]*)\]\s*(?:\((?P<how>[^)]*)\))?\s*(?P<rest>.*)")
SETTING = re.compile(r"(?P<name>[^=]*?)\s*(?P<sign>\+?=>?)\s*(?P<value>.*)")
DIRECTIVE = re.compile(r"#(?P<verb>include|tryinclude|exec)\s+[\"<]?(?P<target>[^\">]*)[\">]?\s*")
#: Where a line comes from in the inventory, as the templates write it: behind the line, or above it.
ORIGIN = re.compile(r";\s*from (?P<variable>[A-Za-z_][\w.\[\]'\" -]*)")
DEEPEST = 10  # includes within includes, more than which is a circle


@dataclass(frozen=True)
class Place:
    """A line of a file: `file` is its name below the configuration folder, `line` counts from 1 (0: the whole file)."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True)
class Setting:
    name: str
    value: str
    place: Place
    adds: bool = False


@dataclass
class Section:
    """`settings` has those of its templates first; `type` is that of PJSIP objects, "" where there is none."""

    name: str
    place: Place
    template: bool = False
    settings: list[Setting] = field(default_factory=list)

    def all(self, name: str) -> list[Setting]:
        return [setting for setting in self.settings if setting.name.lower() == name]

    def last(self, name: str) -> Optional[Setting]:
        return next(reversed(self.all(name)), None)

    @property
    def type(self) -> str:
        found = self.last("type")
        return found.value.lower() if found else ""


@dataclass(frozen=True)
class Fault:
    """Something that cannot be right: a sentence without its full stop, and its place, None where nobody knows it."""

    what: str
    place: Optional[Place] = None


@dataclass
class Conf:
    """A file with all that it includes: its `sections` in order, the `files` read, and the `faults` met."""

    sections: list[Section] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def named(self, name: str) -> list[Section]:
        return [section for section in self.sections if section.name == name]


def read(name: str, tree: Mapping[str, str]) -> Conf:
    """A configuration file and what it includes.

    :param tree: the text of each file, by its name below the configuration folder.
    """
    conf = Conf()
    if name in tree:
        _read(name, tree, conf, 0)
    return conf


def said(section: Optional[Section]) -> list:
    """What a section says, wherever it stands."""
    return [(setting.name, setting.value, setting.adds) for setting in section.settings] if section else []


def origin(place: Place, tree: Mapping[str, str]) -> str:
    """The inventory variable that a line was made from, "" where the line does not say.

    A line says it behind itself (`; from pbx_phones[0]`); else the nearest such comment above it in its section, or in
    the comments right above the section, tells.
    """
    lines = tree.get(place.file, "").splitlines()[: place.line]
    in_head = False
    for number, line in enumerate(reversed(lines)):
        bare, found = line.strip(), ORIGIN.search(line)
        if found and (number == 0 or bare.startswith(";")):
            return found["variable"].strip()
        if in_head and not bare.startswith(";"):
            return ""
        in_head = in_head or bare.startswith("[")
    return ""


def _read(name: str, tree: Mapping[str, str], conf: Conf, depth: int) -> None:
    conf.files.append(name)
    # A file that is included goes on with the section it is included in.
    current = conf.sections[-1] if conf.sections and depth else None
    for number, line in _lines(name, tree[name], conf):
        place = Place(name, number)
        if line.startswith("["):
            current = _open(line, place, conf)
        elif line.startswith("#"):
            _include(line, place, tree, conf, depth)
            current = conf.sections[-1] if conf.sections else current
        elif current is None:
            conf.faults.append(Fault("a setting before the first section is ignored by Asterisk", place))
        else:
            found = SETTING.fullmatch(line)
            if found and found["name"]:
                adds = found["sign"].startswith("+")
                current.settings.append(Setting(found["name"], found["value"], place, adds))
            else:
                conf.faults.append(Fault("this is neither a section, a setting nor an include", place))


def _lines(name: str, text: str, conf: Conf) -> Iterator[tuple[int, str]]:
    """The lines that say something, without comments."""
    depth, began = 0, 0
    for number, line in enumerate(text.splitlines(), 1):
        kept = ""
        while line:
            opened = re.search(r"(?<!\\);", line) if depth == 0 else None
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
        conf.faults.append(Fault("the comment that begins here with ;-- has no end", Place(name, began)))


def _open(line: str, place: Place, conf: Conf) -> Section:
    found = SECTION.fullmatch(line)
    if not found or not found["name"].strip() or found["rest"]:
        conf.faults.append(Fault("this is not a whole section name such as [name] or [name](template)", place))
        return Section("", place)
    name, how = found["name"].strip(), [part.strip() for part in (found["how"] or "").split(",") if part.strip()]
    if any(part.startswith("+") for part in how):
        target = next((section for section in reversed(conf.sections) if section.name == name), None)
        if target is None:
            conf.faults.append(Fault(f"there is no section [{name}] above to add to", place))
        else:
            # What follows belongs to it, as if it stood there.
            conf.sections.append(conf.sections.pop(_index(conf.sections, target)))
            return target
        how = []
    section = Section(name, place, template="!" in how)
    for parent in (part for part in how if part != "!"):
        found_parent = next((other for other in reversed(conf.sections) if other.name == parent), None)
        if found_parent is None:
            conf.faults.append(Fault(f"[{name}] is made from template [{parent}], which is not above it", place))
        else:
            section.settings.extend(found_parent.settings)
    conf.sections.append(section)
    return section


def _include(line: str, place: Place, tree: Mapping[str, str], conf: Conf, depth: int) -> None:
    found = DIRECTIVE.fullmatch(line)
    if not found:
        conf.faults.append(Fault("this is not a directive that Asterisk knows", place))
        return
    if found["verb"] == "exec":
        conf.faults.append(Fault("#exec would run a program to make configuration; write what it says", place))
        return
    target = found["target"].strip()
    names = sorted(name for name in tree if fnmatch.fnmatchcase(name, target))
    if not names and found["verb"] == "include" and "*" not in target:
        conf.faults.append(Fault(f"it includes {target}, which is not there", place))
    for name in names:
        if depth >= DEEPEST:
            conf.faults.append(Fault(f"it includes {name}, and that goes round in a circle", place))
            return
        _read(name, tree, conf, depth + 1)


def _index(sections: list, wanted: Section) -> int:
    return next(index for index, section in enumerate(sections) if section is wanted)

