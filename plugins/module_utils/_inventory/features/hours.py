# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hours: where a call goes depends on the day and the time."""

from __future__ import annotations

import functools
import zoneinfo
from collections.abc import Iterator, Mapping
from typing import Any

from ..._asterisk import validators as asterisk
from .feature import Exit, Feature, context_of, destination
from .opening_times import Span, holiday, overlapping, weekly

#: Areas of the time zone database. Names without one of them, such as US/Eastern, are old ones that Debian 13 and later
#: do not have without another package, and Asterisk takes a zone that it does not find for UTC.
_AREAS = frozenset({
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"})

#: The first is where calls go at all other times.
_OUTCOMES = ("closed", "open", "holiday")


def _exits(row: Mapping[str, Any]) -> Iterator[Exit]:
    for outcome in _OUTCOMES:
        yield Exit(f"when_{outcome}", row[f"when_{outcome}"])


def _problems(row: Mapping[str, Any], host: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if row["timezone"] and not _is_timezone(row["timezone"]):
        yield "timezone", (
            f"must be a time zone by its area and city, such as America/New_York, or UTC, not {row['timezone']!r}")
    if not row["open"]:
        yield "open", "is empty: it never opens. State when it does"
    spans = []
    for index, text in enumerate(row["open"]):
        try:
            spans += [(text, span) for span in weekly(text)]
        except ValueError as error:
            yield f"open[{index}]", str(error)
    if both := overlapping(spans):
        yield "open", f"states a time twice: {both[0]!r} and {both[1]!r} overlap"
    for index, text in enumerate(row["holidays"]):
        try:
            holiday(text)
        except ValueError as error:
            yield f"holidays[{index}]", str(error)
        if text in row["holidays"][:index]:
            yield f"holidays[{index}]", f"repeats {text!r}"
    if row["override_code"]:
        try:
            asterisk.feature_code(row["override_code"])
        except ValueError as error:
            yield "override_code", str(error)
    if row["holidays"] and row["when_holiday"] is None:
        yield "when_holiday", "is missing: holidays are given, and nothing says where calls go then"


def _is_timezone(name: str) -> bool:
    if name == "UTC":
        return True
    known = _zones()
    return name.partition("/")[0] in _AREAS and "/" in name and (not known or name in known)


@functools.cache    # each of the database's six hundred files is opened
def _zones() -> set[str]:
    return zoneinfo.available_timezones()


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    week = sorted(span for text in row["open"] for span in weekly(text))
    return {
        "timezone": row["timezone"],
        "override_code": row["override_code"],
        "holidays": [(form, *span) for form, span in map(holiday, row["holidays"])],
        "open": _joined(week),
        "outcomes": [(when, found) for when in _OUTCOMES if (found := destination(row[f"when_{when}"]))],
    }


def _joined(spans: list[Span]) -> list[Span]:
    """Join spans of one day that touch each other."""
    found: list[Span] = []
    for span in spans:
        if found and found[-1].end == span.first:
            found[-1] = Span(found[-1].first, span.end)
        else:
            found.append(span)
    return found


def switches(host: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return a row for each code by which phones close hours, with the name and the context of those."""
    return [
        {"source": f"pbx_hours[{index}]", "code": row["override_code"], "name": row["name"],
         "context": context_of("hours", row["name"])}
        for index, row in enumerate(host["pbx_hours"]) if row["override_code"]
    ]


HOURS = Feature("hours", "pbx_hours", _exits, _problems, _row)
