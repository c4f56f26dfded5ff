# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the secrets of a configuration, and redact them in messages and diffs. Pure."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Any, Collection, Iterable, Iterator, Mapping

HIDDEN = "********"
MIN_SECRET_LENGTH = 4  # a shorter one would hide ordinary words
#: A line with a secret, also one that is commented out. A semicolon begins a comment unless a backslash precedes it.
SECRET = re.compile(
    r"^[\s;]*(?:password|secret|md5_cred|password_digest|oauth_secret|refresh_token|vmpassword|dbpass)\s*\+?=>?[ \t]*"
    r"(?P<value>(?:\\;|[^;\n])*)", re.IGNORECASE | re.MULTILINE)
#: A mailbox of voicemail.conf, `1001 => 4921,Anna`: its first field is the PIN, with a minus if only we may change it.
PIN = re.compile(r"^[\s;]*[0-9]+\s*=>?[ \t]*-?(?P<value>[0-9]+)[ \t]*(?:,|$)", re.MULTILINE)
CONTEXT = 3  # lines of a diff around a change
MAX_LINES = 1000  # that a diff shows
WINDOW = 2000  # lines of each side that are compared at a time


def secrets(files: Mapping[str, str]) -> set[str]:
    """Return the secret values in a configuration."""
    found = {
        match["value"].strip().replace("\\;", ";")
        for text in files.values() for pattern in (SECRET, PIN) for match in pattern.finditer(text)
    }
    return {value for value in found if len(value) >= MIN_SECRET_LENGTH}


class Hider:
    """Redact secrets in texts, in one pass over each text however many secrets there are."""

    def __init__(self, values: Collection[str], by: str = HIDDEN) -> None:
        self._by = by
        spelled = {spelling for value in values for spelling in (value, value.replace(";", "\\;"))}
        self._pattern = re.compile(_pattern(sorted(spelled))) if spelled else None

    def __call__(self, text: str) -> str:
        return self._pattern.sub(self._by, text) if self._pattern else text


def _pattern(values: list[str], at: int = 0) -> str:
    """Return an expression that matches the longest of some values, which are sorted and equal before character `at`.

    Values with a common prefix share it, so that a character of a text is matched once and not once a value.
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
    """Make unified diffs of the files of two configurations, with the secrets of both redacted.

    The new value of a secret that changes is marked as new.
    """

    def __init__(self, before: Mapping[str, str], after: Mapping[str, str]) -> None:
        old = secrets(before)
        self._hide_old, self._hide_new = Hider(old), Hider(secrets(after) - old, f"{HIDDEN} (new)")

    def __call__(self, name: str, before: str, after: str) -> str:
        """Return the diff of a file, "" where nothing changes."""
        lines = (self._hide_new(line) if line.startswith("+") else line for line in _diff(name, before, after))
        return "".join(f"{self._hide_old(line)}\n" for line in lines)


class _InWindows(SequenceMatcher[str]):
    """Compares so many lines at a time: all of many at once would take minutes."""

    def __init__(self, one: list[str], other: list[str]) -> None:
        super().__init__(None, one, other)
        self._sides = one, other

    def get_opcodes(self) -> list[tuple[Any, int, int, int, int]]:
        one, other = self._sides
        found: list[tuple[Any, int, int, int, int]] = []
        at = to = changed = 0
        while at < len(one) or to < len(other):
            if changed > MAX_LINES:
                # No more than those are shown.
                return [*found, ("replace", at, len(one), to, len(other))]
            parts = SequenceMatcher(None, one[at: at + WINDOW], other[to: to + WINDOW]).get_opcodes()
            if at + WINDOW < len(one) or to + WINDOW < len(other):
                # What differs at the end may go on beyond it, and is compared with the next lines.
                while len(parts) > 1 and parts[-1][0] != "equal":
                    parts.pop()
            for tag, begin, end, to_begin, to_end in parts:
                part = (tag, at + begin, at + end, to + to_begin, to + to_end)
                changed += 0 if tag == "equal" else end - begin + to_end - to_begin
                if found and found[-1][0] == tag:
                    before = found.pop()
                    part = (tag, before[1], part[2], before[3], part[4])
                found.append(part)
            at, to = found[-1][2], found[-1][4]
        return found


def _diff(name: str, before: str, after: str) -> Iterator[str]:
    one, other = before.splitlines(), after.splitlines()
    start, end = _same(one, other), 0
    if start == len(one) == len(other):
        return
    if start < min(len(one), len(other)):
        end = _same(reversed(one[start:]), reversed(other[start:]))
    first = max(0, start - CONTEXT)
    one, other = one[first: len(one) - max(0, end - CONTEXT)], other[first: len(other) - max(0, end - CONTEXT)]
    yield from (f"--- before: {name}", f"+++ after: {name}")
    shown = 0
    for group in _InWindows(one, other).get_grouped_opcodes(CONTEXT):
        ends = [_range(first + begin, first + stop) for begin, stop in (
            (group[0][1], group[-1][2]), (group[0][3], group[-1][4]))]
        yield f"@@ -{ends[0]} +{ends[1]} @@"
        for tag, at, at_end, to, to_end in group:
            removed = [f"-{line}" for line in one[at:at_end]] if tag != "equal" else []
            lines = removed + [f"{' ' if tag == 'equal' else '+'}{line}" for line in other[to:to_end]]
            yield from lines[: MAX_LINES - shown]
            if shown + len(lines) > MAX_LINES:
                there = max(0, MAX_LINES - shown - len(removed))
                yield f"(and up to {max(len(one) - at, len(other) - to) - there} more lines)"
                return
            shown += len(lines)


def _same(one: Iterable[str], other: Iterable[str]) -> int:
    """Count the equal lines at the beginning of both."""
    count = 0
    for mine, theirs in zip(one, other):
        if mine != theirs:
            break
        count += 1
    return count


def _range(start: int, end: int) -> str:
    """Return lines as the head of a hunk has them, counted from 1."""
    return f"{start + 1}" if end - start == 1 else f"{start + (end > start)},{end - start}"
