# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads an extensions.conf and finds what Asterisk would find in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_SETS = {"X": "0123456789", "Z": "123456789", "N": "23456789"}


@dataclass
class Context:
    """`extensions`: pattern or name to its steps, in order; `includes` in order."""

    extensions: dict[str, list[str]] = field(default_factory=dict)
    includes: list[str] = field(default_factory=list)


def read(text: str) -> dict[str, Context]:
    """The contexts of the file by name."""
    found: dict[str, Context] = {}
    context, steps = Context(), []
    for line in (line.partition("  ;")[0] for line in text.splitlines()):
        if section := re.fullmatch(r"\[(\S+)\](?:\(\+\))?", line):
            context = found.setdefault(section.group(1), Context())
        elif include := re.fullmatch(r"include => (\S+)", line):
            context.includes.append(include.group(1))
        elif first := re.fullmatch(r"exten => ([^,]+),1,(.*)", line):
            steps = context.extensions.setdefault(first.group(1), [])
            steps.append(first.group(2))
        elif following := re.fullmatch(r" same => n(?:\(\w+\))?,(.*)", line):
            steps.append(following.group(1))
        else:
            assert not line or line.startswith((";", "#tryinclude ")) or " = " in line, line
    return found


def find(contexts: dict[str, Context], name: str, number: str) -> tuple[str, list[str]] | None:
    """The context and the steps that Asterisk takes for `number`: a context's own extensions, the most particular
    first, then its includes (https://docs.asterisk.org/Configuration/Dialplan/Pattern-Matching/)."""
    own = [(_rank(one), one) for one in contexts[name].extensions if _fits(one, number)]
    if own:
        return name, contexts[name].extensions[min(own)[1]]
    return next(filter(None, (find(contexts, included, number) for included in contexts[name].includes)), None)


def called(contexts: dict[str, Context], name: str, number: str) -> str:
    """The number in E.164 form that a number becomes in a context of numbers, empty where it has none."""
    found = find(contexts, name, number)
    if not found:
        return ""
    target = re.fullmatch(r"Goto\((.*),1\)", found[1][0])
    if target:
        return called(contexts, name, _filled(target[1], number))
    return number if re.fullmatch(r"\+[1-9][0-9]{6,14}", number) else ""


def _filled(text: str, number: str) -> str:
    """A text with what Asterisk puts for ${EXTEN:2} or ${EXTEN:0:3} in it."""
    def part(match: re.Match) -> str:
        rest = number[int(match[1] or 0):]
        return rest[:int(match[2])] if match[2] else rest

    return re.sub(r"\$\{EXTEN(?::(\d+))?(?::(\d+))?\}", part, text)


def _parts(pattern: str) -> list[str]:
    """A pattern's places: `[2-4]`, `X`, `7`."""
    return re.findall(r"\[[^]]*\]|.", pattern[1:])


def _fits(extension: str, number: str) -> bool:
    if not extension.startswith("_"):
        return extension == number
    forms = {**{one: f"[{digits}]" for one, digits in _SETS.items()}, ".": ".+", "!": ".*"}
    form = "".join(forms.get(part, part if part[0] == "[" else re.escape(part)) for part in _parts(extension))
    return bool(re.fullmatch(form, number))


def _rank(extension: str) -> tuple:
    if not extension.startswith("_"):
        return (0,)
    sizes = {**{one: len(digits) for one, digits in _SETS.items()}, ".": 1000, "!": 1001}
    return 1, *(sizes.get(part, len(part) - 2 if part[0] == "[" else 1) for part in _parts(extension))
