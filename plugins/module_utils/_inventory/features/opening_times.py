# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening times and holidays as people write them, turned into numbers that a dialplan can compare.

A moment is compared as it reads in its time zone: in a week as day and time (`%u%H%M`, Monday 09:30 is 10930), in a
year as month, day and time (`%m%d%H%M`), and on one date with the year before that. So no clock is computed with, and
the changes of daylight saving time are those of the host's time zone database.
"""

from __future__ import annotations

import datetime
import re
from typing import NamedTuple

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIMES = r"([0-9]{1,2}):([0-9]{2})-([0-9]{1,2}):([0-9]{2})"
_WEEKLY = re.compile(rf"([a-z,-]+)\s+{_TIMES}", re.IGNORECASE)
_HOLIDAY = re.compile(rf"(?:([0-9]{{4}})-)?([0-9]{{2}})-([0-9]{{2}})(?:\s+{_TIMES})?")
_MIDNIGHT = 2400
#: 2028 is a leap year: 29 February is a day of the year.
_ANY_YEAR = 2028


class Span(NamedTuple):
    """A span of time: `first` is in it, `end` is the first moment after it. Both are numbers of the same form."""

    first: int
    end: int


def weekly(text: str) -> list[Span]:
    """Read opening times such as `mon-fri 09:00-17:30` or `sat,sun 10:00-13:00`.

    :returns: a span for each day, as `%u%H%M`. :raises ValueError: with the end of a sentence.
    """
    found = _WEEKLY.fullmatch(text.strip())
    if not found:
        raise ValueError(f"must be days and times such as mon-fri 09:00-17:30, not {text!r}")
    begin, end = _times(found[2], found[3], found[4], found[5])
    return [Span(day * 10000 + begin, day * 10000 + end) for day in _days(found[1].lower())]


def holiday(text: str) -> tuple[str, Span]:
    """Read a holiday: a date (`2026-12-25`), a date of every year (`12-25`), or a part of one (`12-24 12:00-23:59`).

    :returns: the form of the moment it is compared with, as STRFTIME() takes it, and the span.
    :raises ValueError: with the end of a sentence.
    """
    found = _HOLIDAY.fullmatch(text.strip())
    if not found:
        raise ValueError(f"must be a date such as 2026-12-25 or, for every year, 12-25, not {text!r}")
    year, month, day = found[1], int(found[2]), int(found[3])
    try:
        datetime.date(int(year or _ANY_YEAR), month, day)
    except ValueError:
        raise ValueError(f"is no date: {text!r}") from None
    begin, end = _times(*found.group(4, 5, 6, 7)) if found[4] else (0, _MIDNIGHT)
    date = (int(year or 0) * 10000 + month * 100 + day) * 10000
    return ("%Y%m%d%H%M" if year else "%m%d%H%M"), Span(date + begin, date + end)


def overlapping(spans: list[tuple[str, Span]]) -> tuple[str, str] | None:
    """Find two spans that have a moment in common, given with what they were written as."""
    ordered = sorted(spans, key=lambda one: one[1])
    for (text, span), (following, after) in zip(ordered, ordered[1:]):
        if after.first < span.end:
            return text, following
    return None


def _times(*parts: str) -> tuple[int, int]:
    """Return begin and end as HHMM. 23:59 as an end is midnight: nobody means to open for the last minute."""
    hours_and_minutes = [int(part) for part in parts]
    begin, end = (hours_and_minutes[at] * 100 + hours_and_minutes[at + 1] for at in (0, 2))
    if max(hours_and_minutes[1::2]) > 59 or begin >= _MIDNIGHT or end > _MIDNIGHT:
        raise ValueError("has a time of day that there is not")
    if end == 2359:
        end = _MIDNIGHT
    if end <= begin:
        raise ValueError("must end after it begins: write what goes past midnight as two, to 24:00 and from 00:00")
    return begin, end


def _days(text: str) -> list[int]:
    """Return the days of `mon-fri,sun` as numbers, Monday is 1. A range may go past Sunday."""
    found: list[int] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if first not in DAYS or (dash and last not in DAYS):
            raise ValueError(f"must name days as mon, tue, wed, thu, fri, sat and sun, not {text!r}")
        begin, length = DAYS.index(first), (DAYS.index(last or first) - DAYS.index(first)) % 7
        found += [(begin + step) % 7 + 1 for step in range(length + 1)]
    return found
