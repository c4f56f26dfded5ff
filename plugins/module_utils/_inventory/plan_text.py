# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show a plan on a terminal, and as the Markdown of a pull request."""

from __future__ import annotations

import re
from typing import NamedTuple

from .options import Values

#: GitHub refuses a comment of more than 65,536 characters, and a pipeline may put a line before this. This is a number
#: of bytes, of which there are at least as many as characters.
LIMIT = 65000
#: A very long value would crowd out everything else.
MAX_LINE = 1000
ONE_SIDE = "No PBX host was looked at."
DRIFT = "`[drift]` marks what exists and differs from the inventory."
OPENS = "`⚠ opens` marks what lets in, or out, what was kept out before."


class Section(NamedTuple):
    """A part of the Markdown: a heading and lines in a fence, each with its rank. The lines with the highest ranks are
    left out first."""

    heading: str
    language: str
    lines: list[tuple[int, str]]


def text(report: Values) -> str:
    """Return a plan as text for a terminal."""
    lines = [""]
    for where in report["looked_at"]:
        lines += [where, *(f"  ({note})" for note in _notes(report, where))]
        lines += [f"  {line}" for dummy, line in _lines(report, where)] or ["  nothing to change"]
    lines += [f"{row['where']}: {row['message']}" for row in report["skipped"]]
    lines += [ONE_SIDE] if _is_one_sided(report) else []
    lines += [f"Error, {row['where']}: {row['message']}" for row in report["errors"]]
    return "\n".join([*lines, "", report["summary"]])


def markdown(report: Values) -> str:
    """Return a plan as the comment on a pull request: at most `LIMIT` bytes, and no value can end its fence."""
    sections = [
        *(Section(f"Error, {row['where']}", "text", [(0, row["message"])]) for row in report["errors"]),
        *(Section(where, "diff", _lines(report, where)) for where in report["looked_at"]),
    ]
    quiet = [section.heading for section in sections if not section.lines]
    sections = [
        section._replace(heading=_plain(section.heading), lines=[(rank, _short(line)) for rank, line in section.lines])
        for section in sections if section.lines
    ]
    ends = [
        *([f"Nothing to change: {_short(', '.join(map(_plain, quiet)))}."] if quiet else []),
        *(_short(f"{_plain(row['where'])}: {_plain(row['message'])}") for row in report["notes"][:20]),
        *(_short(f"{_plain(row['where'])}: {_plain(row['message'])}") for row in report["skipped"][:20]),
        *([ONE_SIDE] if _is_one_sided(report) else []),
        *([OPENS] if report["opens"] else []),
        *([DRIFT] if report["drift"] else []),
    ]
    fence = "`" * max(3, 1 + max((len(run) for section in sections for dummy, line in section.lines
                                  for run in re.findall("`+", line)), default=0))
    title = f"## {report['summary']}"
    if report["opens"]:
        title += f"\n\n⚠ {report['opens']} of this open{'s' if report['opens'] == 1 else ''} something."
    room = LIMIT - sum(_size(part) for part in [title, *ends]) - 500    # for the sentence that says so
    kept, left_out = _fitting(sections, fence, room)
    if left_out:
        ends.insert(0, f"**{left_out} more lines are not shown,** as a comment holds 65,536 characters. What the run"
                       " prints has all of them, and so has the JSON that it writes with `plan_json`.")
    return "\n\n".join([title, *kept, *ends]) + "\n"


def _notes(report: Values, where: str) -> list[str]:
    return [row["message"] for row in report["notes"] if row["where"] == where]


def _lines(report: Values, where: str) -> list[tuple[int, str]]:
    """Return the lines about one place with their ranks: what opens something first, then the inventory's own words."""
    words = [(1 if row["opens"] else 2, f"{'!' if row['opens'] else ' '} {row['line']}")
             for row in report["inventory"] if row["where"] == where]
    changes = [(1 if row["opens"] else 3, row["line"]) for row in report["changes"] if row["where"] == where]
    return words + changes


def _fitting(sections: list[Section], fence: str, room: int) -> tuple[list[str], int]:
    """Return the sections with as many of their lines as fit, and how many lines are left out."""
    order = sorted(
        (rank, at, index) for at, section in enumerate(sections) for index, (rank, dummy) in enumerate(section.lines)
    )
    kept: dict[int, set[int]] = {}
    for dummy, at, index in order:
        cost = _size(sections[at].lines[index][1])
        if at not in kept:
            cost += _size(_rendered(sections[at], fence, []))
        if cost <= room:
            room -= cost
            kept.setdefault(at, set()).add(index)
    shown = [
        _rendered(section, fence, [line for index, (dummy, line) in enumerate(section.lines) if index in kept[at]])
        for at, section in enumerate(sections) if at in kept
    ]
    return shown, len(order) - sum(map(len, kept.values()))


def _rendered(section: Section, fence: str, lines: list[str]) -> str:
    return "\n".join([f"### {section.heading}", "", fence + section.language, *lines, fence])


def _size(part: str) -> int:
    """Return the bytes of a part with the empty line after it."""
    return len(part.encode()) + 2


def _short(line: str) -> str:
    more = len(line) - MAX_LINE
    return line if more <= 0 else f"{line[:MAX_LINE]} … ({more} characters more)"


def _plain(text_: str) -> str:
    """Return text in which nothing is Markdown, a link or a mention, for use outside of a fence."""
    return re.sub(r"([\\`*_{}\[\]<>()|~&@])", r"\\\1", text_)


def _is_one_sided(report: Values) -> bool:
    return not [where for where in report["looked_at"] if where != "Twilio"] and not report["skipped"]
