# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialplan as data: contexts, extensions and steps with their places. Pure.

Source: Asterisk 22, pbx/pbx_config.c and main/pbx.c (how patterns match), docs.asterisk.org "Pattern Matching".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Iterator, NamedTuple

from .conf import Conf, Fault, Place

#: Name, priority and the rest. A comma in a pattern's brackets divides nothing (Asterisk, pbx_config.c, pbx_strsep).
FIELDS = re.compile(r"((?:\[[^\]]*\]|[^,\[])*),([^,]*),(.*)", re.DOTALL)
PRIORITY = re.compile(
    r"(?P<number>[0-9]{1,9}|n|next|s|same|hint)\s*(?:\+\s*(?P<plus>[0-9]{1,9}))?\s*(?:\((?P<label>[^)]*)\))?")
#: What Asterisk counts a hint as.
HINT = -1
APPLICATION = re.compile(r"(?P<name>[A-Za-z_][\w-]*)\s*(?:\((?P<arguments>.*)\))?\s*", re.DOTALL)
NOT_CONTEXTS = ("general", "globals")
#: A set in brackets, whose hyphens count, or a hyphen, which does not.
HYPHENS = re.compile(r"\[[^\]]*\]|-")
CLASSES = {"X": "0123456789", "Z": "123456789", "N": "23456789"}


class Step(NamedTuple):
    """One priority of an extension. `number` is 0 for a hint."""

    number: int
    label: str
    application: str
    arguments: str
    place: Place


@dataclass
class Extension:
    """An extension.

    :param name: its name or pattern as it was first written.
    :param taken: the numbers and labels of its steps, none of which may repeat.
    """

    name: str
    steps: list[Step] = field(default_factory=list)
    taken: set[int | str] = field(default_factory=set)

    def answers(self, number: str) -> bool:
        """Return whether the extension, a pattern if it begins with `_`, matches a number."""
        number = number.replace("-", "")
        if not self.name.startswith("_"):
            return identity(self.name).partition("/")[0] == number
        return self._expression is not None and bool(self._expression.fullmatch(number))

    @cached_property
    def _expression(self) -> re.Pattern[str] | None:
        return expression(self.name)


@dataclass
class Context:
    """A context: its `extensions` by identity(), and the contexts that it `includes`, by name and place."""

    name: str
    place: Place
    extensions: dict[str, Extension] = field(default_factory=dict)
    includes: list[tuple[str, Place]] = field(default_factory=list)

    def answering(self, number: str) -> Iterator[Extension]:
        """Yield the extensions that match a number."""
        yield from self._literals.get(number.replace("-", ""), ())
        yield from (extension for extension in self._patterns if extension.answers(number))

    @cached_property
    def _literals(self) -> dict[str, list[Extension]]:
        found: dict[str, list[Extension]] = {}
        for key, extension in self.extensions.items():
            if not key.startswith("_"):
                found.setdefault(key.partition("/")[0], []).append(extension)
        return found

    @cached_property
    def _patterns(self) -> list[Extension]:
        return [extension for key, extension in self.extensions.items() if key.startswith("_")]


@dataclass
class Dialplan:
    """The contexts by name, and the faults met."""

    contexts: dict[str, Context] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def reached(self, name: str) -> list[Context]:
        """Return a context and all that it includes, each once, in the order in which Asterisk looks through them.

        What a context includes comes before the next one beside it (main/pbx.c, pbx_find_extension).
        """
        found: dict[str, Context] = {}
        ahead = [name]
        while ahead:
            context = self.contexts.get(ahead.pop(0))
            if context and context.name not in found:
                found[context.name] = context
                ahead = [*(included for included, _place in context.includes), *ahead]
        return list(found.values())

    def steps(self, context: str, extension: str) -> list[Step] | None:
        """Return the steps of every extension of a context that a number may reach, None where it reaches none."""
        found = [
            step for reached in self.reached(context) for one in reached.answering(extension) for step in one.steps]
        return found or None


def dialplan(conf: Conf) -> Dialplan:
    """Make the dialplan of a parsed `extensions.conf`."""
    plan = Dialplan()
    for section in conf.sections:
        if section.name in NOT_CONTEXTS or section.template:
            continue
        context = plan.contexts.setdefault(section.name, Context(section.name, section.place))
        steps, extension = _StepReader(plan, context), ""
        for setting in section.settings:
            name = setting.name.lower()
            if name == "include":
                context.includes.append((setting.value.split(",")[0].strip(), setting.place))
            elif name == "exten":
                extension = steps.read(setting.value, setting.place)
            elif name == "same":
                if extension:
                    steps.read(f"{extension},{setting.value}", setting.place)
                else:
                    steps.fault("'same' stands before any 'exten' of its context", setting.place)
            elif name not in ("ignorepat", "switch", "lswitch", "eswitch", "autohints"):
                steps.fault(f"a context has no setting {setting.name!r}", setting.place)
    return plan


def identity(extension: str) -> str:
    """Return an extension without hyphens, which Asterisk ignores except in a range in brackets."""
    return HYPHENS.sub(lambda found: found.group() if found.group() != "-" else "", extension)


def expression(pattern: str) -> re.Pattern[str] | None:
    """Compile a pattern, None where a bracket is left open, is empty or has a range backwards."""
    made = _expression(pattern.partition("/")[0])
    try:
        return None if made is None else re.compile(made, re.DOTALL)
    except re.error:
        return None


def _expression(pattern: str) -> str | None:
    """Return the regular expression of a pattern, None where a bracket is left open or empty."""
    made, rest = "", pattern[1:].replace("-", "")
    sets = re.findall(r"\[([^\]]*)\]", pattern)
    while rest:
        character, rest = rest[0], rest[1:]
        if character == "[":
            _chosen, closed, rest = rest.partition("]")
            chosen = sets.pop(0) if sets else ""  # with its hyphens, which make a range here and nothing elsewhere
            if not closed or not chosen:
                return None
            made += f"[{re.escape(chosen).replace(chr(92) + '-', '-')}]"
        elif character in ".!":
            return made + ("." if character == "." else "") + ".*"
        else:
            made += f"[{CLASSES[character.upper()]}]" if character.upper() in CLASSES else re.escape(character)
    return made


class _StepReader:
    """Add the steps of one section of a context to it, and their faults to the dialplan.

    :ivar last: the priority in the line before, whatever extension that is of (pbx_config.c, lastpri).
    """

    def __init__(self, plan: Dialplan, context: Context) -> None:
        self.plan, self.context = plan, context
        self.last: int | None = None

    def read(self, text: str, place: Place) -> str:
        """Read a step, and return its extension's name ("" where there is none)."""
        fields = FIELDS.fullmatch(text)
        name = (fields[1] if fields else text).strip()
        if not fields or not name:
            self.fault("an extension is written name,priority,application(arguments)", place)
            return name
        priority = PRIORITY.fullmatch(fields[2].strip())
        if not priority:
            self.fault(f"{fields[2].strip()!r} is no priority; write 1, n or n(label)", place)
            return name
        if name.startswith("_") and expression(name) is None:
            self.fault(f"the pattern {name} has a bracket that is left open, is empty or has a range backwards", place)
        extension = self.context.extensions.setdefault(identity(name), Extension(name))
        if priority["number"] == "hint":
            self.last = HINT
            extension.steps.append(Step(0, "", "", fields[3].strip(), place))
        else:
            self._numbered(extension, priority, fields[3].strip(), place)
        return name

    def fault(self, what: str, place: Place) -> None:
        self.plan.faults.append(Fault(what, place))

    def _numbered(self, extension: Extension, priority: re.Match[str], text: str, place: Place) -> None:
        kind, label = priority["number"], (priority["label"] or "").strip()
        counts = kind in ("n", "next", "s", "same")
        number = self._number(kind)
        if counts and (self.last is None or number != 1 and not extension.taken):
            self.fault(f"extension {extension.name} begins with priority {kind}; its first one must be 1", place)
        elif number < 1:
            why = "counts from the hint before it" if counts else "is below 1"
            self.fault(f"priority {kind} {why}, so Asterisk leaves this line out; write a number from 1 on", place)
        if number < 1:
            return
        number += int(priority["plus"] or 0)
        self.last = number
        for what, value in (("priority", number), ("label", label)):
            if value in extension.taken:
                self.fault(f"extension {extension.name} of [{self.context.name}] has a {what} {value} already", place)
        application = APPLICATION.fullmatch(text)
        if not application:
            self.fault("this is no application with its arguments in brackets, such as Dial(...)", place)
            return
        extension.steps.append(Step(number, label, application["name"], application["arguments"] or "", place))
        extension.taken.update((number, label) if label else (number,))

    def _number(self, kind: str) -> int:
        """Return the number of a priority, and one below 1 where Asterisk counts from nothing or from a hint."""
        if kind in ("n", "next"):
            return (self.last or HINT) + 1
        return (self.last or HINT) if kind in ("s", "same") else int(kind)


def split(text: str, by: str, most: int = 0) -> list[str]:
    """Split at a character outside of brackets and quotes, into at most `most` pieces (0: no limit)."""
    pieces: list[str] = []
    start, depth, quoted = 0, 0, False
    for index, character in enumerate(text):
        if character == '"' and text[index - 1: index] != "\\":
            quoted = not quoted
        elif quoted or text[index - 1: index] == "\\":
            continue
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth = max(0, depth - 1)
        elif character == by and depth == 0 and (not most or len(pieces) < most - 1):
            pieces.append(text[start:index])
            start = index + 1
    return [*pieces, text[start:]]
