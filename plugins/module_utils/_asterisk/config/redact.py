# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the secrets of a configuration, and redact them in messages and diffs. Pure."""

from __future__ import annotations

import re
from difflib import unified_diff
from typing import Collection, Iterable, Iterator, Mapping

HIDDEN = "********"
MIN_SECRET_LENGTH = 4  # a shorter one would hide ordinary words
#: A line with a secret, also one that is commented out. A semicolon begins a comment unless a backslash precedes it.
SECRET = re.compile(
    r"^[\s;]*(?:password|secret|md5_cred|password_digest|oauth_secret|refresh_token|vmpassword|dbpass)\s*\+?=>?[ \t]*"
    r"(?P<value>(?:\\;|[^;\n])*)", re.IGNORECASE | re.MULTILINE)
#: A mailbox of voicemail.conf, `1001 => 4921,Anna`: its first field is the PIN, with a minus if only we may change it.
PIN = re.compile(r"^[\s;]*[0-9]+\s*=>?[ \t]*-?(?P<value>[0-9]+)[ \t]*(?:,|$)", re.MULTILINE)
CONTEXT = 3  # lines of a diff around a change
MAX_LINES = 1000  # of each side that a diff compares
HUNK = re.compile(r"@@ -(\d+)(\S*) \+(\d+)(\S*) @@")


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


def _diff(name: str, before: str, after: str) -> Iterator[str]:
    one, other = before.splitlines(), after.splitlines()
    start, end = _same(one, other), 0
    if start < min(len(one), len(other)):
        end = _same(reversed(one[start:]), reversed(other[start:]))
    first = max(0, start - CONTEXT)
    one, other = one[first: len(one) - max(0, end - CONTEXT)], other[first: len(other) - max(0, end - CONTEXT)]
    more = max(len(one), len(other)) - MAX_LINES
    names = f"before: {name}", f"after: {name}"
    for line in unified_diff(one[:MAX_LINES], other[:MAX_LINES], *names, lineterm="", n=CONTEXT):
        yield HUNK.sub(lambda found: _moved(found, first), line) if line.startswith("@@") else line
    if more > 0:
        yield f"(and up to {more} more lines)"


def _same(one: Iterable[str], other: Iterable[str]) -> int:
    """Count the equal lines at the beginning of both."""
    count = 0
    for mine, theirs in zip(one, other):
        if mine != theirs:
            break
        count += 1
    return count


def _moved(found: re.Match[str], by: int) -> str:
    return f"@@ -{int(found[1]) + by}{found[2]} +{int(found[3]) + by}{found[4]} @@"
