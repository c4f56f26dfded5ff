# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers outside, such as a mobile: calls that come in go out again, within a class of service and limits.

What the class lets out is checked in `calls`, with all else that depends on countries and prefixes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..._core.validators import e164
from .feature import Exit, Feature, out_of_range, target_of, wrong_members

KIND, VARIABLE = "outside_number", "pbx_outside_numbers"
#: The context in which each row has an extension that calls out. A row that rings is a call to there.
CALLING = "outside-numbers"
#: The context in which queues call those that are their members.
QUEUED = "outside-members"


def _exits(row: Mapping[str, Any]) -> Iterator[Exit]:
    yield Exit("otherwise", row["otherwise"])


def _problems(row: Mapping[str, Any], host: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    try:
        e164(row["number"])
    except ValueError as error:
        yield "number", str(error)
    if row["number"] in [did["number"] for did in host["pbx_dids"]]:
        yield "number", (
            f"is {row['number']}, which is in pbx_dids: the call would come back here, at your cost; name"
            " where that number goes instead")
    if row["trunk"] and row["trunk"] not in [trunk["name"] for trunk in host["trunkline_trunks"]]:
        yield "trunk", f"names {row['trunk']!r}, which is not in trunkline_trunks"
    yield from out_of_range(row, seconds=(1, 60), max_calls=(1, 10000), calls_per_second=(1, 100))


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "number": row["number"],
        "seconds": row["seconds"],
        "max_calls": row["max_calls"],
        "calls_per_second": row["calls_per_second"],
        "otherwise": target_of(row["otherwise"]),
    }


def members(row: Mapping[str, Any]) -> Iterator[Exit]:
    """Yield the numbers outside that a row of ring groups or queues calls, each as a way out.

    What becomes of the call where nobody takes it is the row's to say, so that no circle leads through them.
    """
    for index, name in enumerate(row["outside_members"] or ()):
        yield Exit(f"outside_members[{index}]", {KIND: name}, by_caller=True)


def modules(host: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the modules of Asterisk that ask who answers outside whether he takes the call."""
    return ("app_read.so",) if any(row["confirm"] for row in host[VARIABLE]) else ()


def all_wrong_members(row: Mapping[str, Any], host: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Find what is wrong with `members` and `outside_members` of a row; either may be empty where the other is not."""
    outside = row["outside_members"]
    if row["members"] or not outside:
        yield from wrong_members(row, host)
    for index, name in enumerate(outside):
        if name in outside[:index]:
            yield f"outside_members[{index}]", f"repeats {name!r}"


OUTSIDE_NUMBER = Feature(KIND, VARIABLE, _exits, _problems, _row)
