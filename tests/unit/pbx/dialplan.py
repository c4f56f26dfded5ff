# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads an extensions.conf and finds what Asterisk would find in it."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from typing import NamedTuple

_SETS = {"X": "0123456789", "Z": "123456789", "N": "23456789"}


@dataclass
class Context:
    """`extensions`: pattern or name to its steps, in order; `includes` in order; `hints` by number."""

    extensions: dict[str, list[str]] = field(default_factory=dict)
    includes: list[str] = field(default_factory=list)
    hints: dict[str, str] = field(default_factory=dict)
    _known: dict = field(default_factory=dict)

    def steps(self, number: str) -> list[str] | None:
        """The steps of the most particular of this context's own extensions that `number` fits."""
        if number not in self._known:
            own = [one for one in self.extensions if _form(one).fullmatch(number)]
            self._known[number] = self.extensions[min(own, key=lambda one: (_rank(one), one))] if own else None
        return self._known[number]


class Call(NamedTuple):
    """A call that goes out: on which trunk, with which caller ID, to which number."""

    trunk: str
    caller_id: str
    number: str


def read(text: str) -> dict[str, Context]:
    """The contexts of the file by name."""
    found: dict[str, Context] = {}
    for section in re.split(r"^(?=\[)", text, flags=re.MULTILINE):
        name, context = _section(section)
        if name in found:
            context = Context(
                {**found[name].extensions, **context.extensions}, [*found[name].includes, *context.includes])
        found[name] = context
    return found


@functools.lru_cache(maxsize=5000)      # many inventories have most of their contexts in common
def _section(text: str) -> tuple[str, Context]:
    """The name, empty for what is before the first context, and what is in it."""
    name, context, steps = "", Context(), []
    for line in (line.partition("  ;")[0] for line in text.splitlines()):
        if section := re.fullmatch(r"\[(\S+)\](?:\(\+\))?", line):
            name = section.group(1)
        elif include := re.fullmatch(r"include => (\S+)", line):
            context.includes.append(include.group(1))
        elif watched := re.fullmatch(r"exten => ([^,]+),hint,(\S+)", line):
            context.hints[watched.group(1)] = watched.group(2)
        elif first := re.fullmatch(r"exten => ([^,]+),1,(.*)", line):
            steps = context.extensions.setdefault(first.group(1), [])
            steps.append(first.group(2))
        elif following := re.fullmatch(r" same => n(?:\(\w+\))?,(.*)", line):
            steps.append(following.group(1))
        else:
            assert not line or line.startswith((";", "#tryinclude ")) or " = " in line, line
    return name, context


def find(contexts: dict[str, Context], name: str, number: str) -> tuple[str, list[str]] | None:
    """The context and the steps that Asterisk takes for `number`: a context's own extensions, the most particular
    first, then its includes (https://docs.asterisk.org/Configuration/Dialplan/Pattern-Matching/)."""
    steps = contexts[name].steps(number)
    if steps:
        return name, steps
    for included in contexts[name].includes:
        if found := find(contexts, included, number):
            return found
    return None


def call(contexts: dict[str, Context], name: str, dialled: str) -> Call | None:
    """The call out that becomes of what is dialled in a context; None where it rings a phone or is refused."""
    number, variables = _digits(dialled), {}
    if number is None:
        return None
    while found := find(contexts, name, number):
        sets, target = _read_steps(tuple(found[1]))
        variables = {**variables, **sets}
        if target is None or target[0] == "call":
            return target and Call(target[2], variables["CALLERID(num)"], _filled(target[1], number))
        dummy, form, context, extension, otherwise = target
        if form and not form.search(number):
            context, extension = "", otherwise
        name, number = _filled(context, number, variables) or name, _filled(extension, number, variables)
    return None


@functools.cache
def _digits(dialled: str) -> str | None:
    """What is dialled without the separators that mean nothing; None where another character is in it."""
    number = re.sub("[-.() ]", "", dialled)
    return None if re.search("[^0-9+]", number) else number


@functools.cache
def _read_steps(steps: tuple[str, ...]) -> tuple[dict, tuple | None]:
    """The variables that steps set, and where they lead: to `call`, a number and a trunk; to `goto`, a form, context
    and extension for a number of that form, and an extension for any other; or nowhere."""
    sets = re.findall(r"^Set\(([\w()]+)=([^$\n]*)\)$", "\n".join(steps), re.MULTILINE)
    return dict(sets), next(filter(None, map(_target, steps)), None)


def _target(step: str) -> tuple | None:
    if out := re.fullmatch(r"Gosub\(call,s,1\((.*),(.*)\)\)", step):
        return "call", out[1], out[2]
    if always := re.fullmatch(r"Goto\((?:(.*),)?(.*),1\)", step):
        return "goto", None, always[1] or "", always[2], ""
    if digits := re.fullmatch(r"GotoIf\(\$\[\$\{LEN\(\$\{NUMBER\}\)\} = .*\]\?(.*),\$\{NUMBER\},1\)", step):
        return "goto", None, digits[1], "${EXTEN}", ""      # `call` has taken the rest out
    if e164 := re.fullmatch(r'GotoIf\(\$\[\$\{REGEX\("(.*)" \$\{EXTEN\}\)\}\]\?(.*),(.*),1:(\w),1\)', step):
        return "goto", re.compile(e164[1]), e164[2], e164[3], e164[4]
    return None


def called(contexts: dict[str, Context], name: str, number: str) -> str:
    """The number in E.164 form that a number becomes in a context of numbers, empty where it has none."""
    found = find(contexts, name, number)
    if not found:
        return ""
    target = re.fullmatch(r"Goto\((.*),1\)", found[1][0])
    if target:
        return called(contexts, name, _filled(target[1], number))
    return number if re.fullmatch(r"\+[1-9][0-9]{6,14}", number) else ""


def _filled(text: str, number: str, variables: dict | None = None) -> str:
    """A text with what Asterisk puts for ${EXTEN:2}, ${EXTEN:0:3} or ${CLASS} in it."""
    def part(match: re.Match) -> str:
        rest = number[int(match[1] or 0):]
        return rest[:int(match[2])] if match[2] else rest

    if "$" not in text:
        return text
    if text == "${EXTEN}":
        return number
    text = re.sub(r"\$\{EXTEN(?::(\d+))?(?::(\d+))?\}", part, text)
    return re.sub(r"\$\{(\w+)\}", lambda match: variables[match[1]], text) if variables else text


def _parts(pattern: str) -> list[str]:
    """A pattern's places: `[2-4]`, `X`, `7`."""
    return re.findall(r"\[[^]]*\]|.", pattern[1:])


@functools.cache
def _form(extension: str) -> re.Pattern:
    if not extension.startswith("_"):
        return re.compile(re.escape(extension))
    forms = {**{one: f"[{digits}]" for one, digits in _SETS.items()}, ".": ".+", "!": ".*"}
    return re.compile(
        "".join(forms.get(part, part if part[0] == "[" else re.escape(part)) for part in _parts(extension)))


@functools.cache
def _rank(extension: str) -> tuple:
    if not extension.startswith("_"):
        return (0,)
    sizes = {**{one: len(digits) for one, digits in _SETS.items()}, ".": 1000, "!": 1001}
    return 1, *(sizes.get(part, len(part) - 2 if part[0] == "[" else 1) for part in _parts(extension))
