# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A configuration's secrets, and texts without them. Pure."""

from __future__ import annotations

import re
from difflib import unified_diff
from typing import Collection, Iterable, Iterator, Mapping

HIDDEN = "********"
SHORTEST = 4
#: A secret's line, also one that is commented out. A semicolon begins a comment unless a backslash stands before it.
SECRET = re.compile(
    r"^[\s;]*(?:password|secret|md5_cred|password_digest|oauth_secret|refresh_token|vmpassword|dbpass)\s*\+?=>?[ \t]*"
    r"(?P<value>(?:\\;|[^;\n])*)", re.IGNORECASE | re.MULTILINE)
CONTEXT = 3  # lines of a diff around a change
MOST_LINES = 1000  # of each side that a diff compares
HUNK = re.compile(r"@@ -(\d+)(\S*) \+(\d+)(\S*) @@")


def secrets(files: Mapping[str, str]) -> set[str]:
    """The values in a configuration that nobody should read."""
    found = {match["value"].strip().replace("\\;", ";") for text in files.values() for match in SECRET.finditer(text)}
    return {value for value in found if len(value) >= SHORTEST}


class Hider:
    """Take secrets out of texts, in one pass over each text however many secrets there are."""

    def __init__(self, values: Collection[str], by: str = HIDDEN):
        self._by = by
        spelled = {spelling for value in values for spelling in (value, value.replace(";", "\\;"))}
        self._pattern = re.compile(_pattern(sorted(spelled))) if spelled else None

    def __call__(self, text: str) -> str:
        return self._pattern.sub(self._by, text) if self._pattern else text


def _pattern(values: list[str], at: int = 0) -> str:
    """An expression that finds the longest of some values, which are sorted and agree before the character `at`.

    Values with a common beginning share it, so that a character of a text is looked at once and not once a value.
    """
    end = at
    while len(values[0]) > end and values[0][end] == values[-1][end: end + 1]:
        end += 1
    shared = re.escape(values[0][at:end])
    is_whole, longer = len(values[0]) == end, [value for value in values if len(value) > end]
    if not longer:
        return shared
    groups: dict[str, list[str]] = {}
    for value in longer:
        groups.setdefault(value[end], []).append(value)
    branches = "|".join(_pattern(group, end) for group in groups.values())
    return f"{shared}(?:{branches}){'?' if is_whole else ''}"


class Differ:
    """Unified diffs of the files of two configurations, without the secrets of both.

    A secret that changes can be told from one that stays: its new value is marked.
    """

    def __init__(self, before: Mapping[str, str], after: Mapping[str, str]):
        old = secrets(before)
        self._hide_old, self._hide_new = Hider(old), Hider(secrets(after) - old, f"{HIDDEN} (new)")

    def __call__(self, name: str, before: str, after: str) -> str:
        """What changes in a file, "" where nothing does."""
        lines = (self._hide_new(line) if line.startswith("+") else line for line in _diff(name, before, after))
        return "".join(f"{self._hide_old(line)}\n" for line in lines)


def _diff(name: str, before: str, after: str) -> Iterator[str]:
    one, other = before.splitlines(), after.splitlines()
    start, end = _same(one, other), 0
    if start < min(len(one), len(other)):
        end = _same(reversed(one[start:]), reversed(other[start:]))
    first = max(0, start - CONTEXT)
    one, other = one[first: len(one) - max(0, end - CONTEXT)], other[first: len(other) - max(0, end - CONTEXT)]
    more = max(len(one), len(other)) - MOST_LINES
    for line in unified_diff(one[:MOST_LINES], other[:MOST_LINES], name, name, lineterm="", n=CONTEXT):
        yield HUNK.sub(lambda found: _moved(found, first), line) if line.startswith("@@") else line
    if more > 0:
        yield f"(and up to {more} more lines)"


def _same(one: Iterable[str], other: Iterable[str]) -> int:
    """How many lines both begin with."""
    count = 0
    for mine, theirs in zip(one, other):
        if mine != theirs:
            break
        count += 1
    return count


def _moved(found: re.Match, by: int) -> str:
    return f"@@ -{int(found[1]) + by}{found[2]} +{int(found[3]) + by}{found[4]} @@"
