# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Speed dials: short numbers and codes by which phones call a number outside, or a destination of the PBX.

A number goes out as if the phone had dialled it. What classes let out is checked in `calls`, and codes that hide each
other in `feature_codes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .._asterisk import validators as asterisk
from .._asterisk.config.dialplan import identity
from . import callers, parking
from .features.feature import destination
from .features.outside_number import KIND as OUTSIDE
from .values import wrong

VARIABLE = "pbx_speed_dials"
#: Short, so that it hides no telephone number that people dial.
_DIAL = re.compile("[*#][*#0-9]{1,5}|[0-9]{1,4}")


def dialled(host: Mapping[str, Any]) -> dict[str, str]:
    """Return what phones dial, each with the place of the first row that has it. What has not the form is left out."""
    found: dict[str, str] = {}
    for index, row in enumerate(host[VARIABLE]):
        if _DIAL.fullmatch(row["dial"] or ""):
            found.setdefault(row["dial"], f"{VARIABLE}[{index}].dial")
    return found


def problems(host: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for everything that cannot be right in the speed dials of a host.

    Where they lead to is checked with all destinations in `features`.
    """
    names = {identity(phone["name"]): index for index, phone in enumerate(host["pbx_phones"])}
    lot = parking.dialled(host)
    for index, row in enumerate(host[VARIABLE]):
        place = f"{VARIABLE}[{index}]"
        yield from _of_row(place, row, host)
        dial = row["dial"] or ""
        if dial and not _DIAL.fullmatch(dial):
            yield f"{place}.dial must be 1 to 4 digits, or * or # and 1 to 5 of 0-9, * and #, in quotes, not {dial!r}."
        elif dial in names:
            yield f"{place}.dial is {dial}, which is pbx_phones[{names[dial]}].name: nobody could call that phone."
        elif dial in lot:
            yield f"{place}.dial is {dial}, which is a number of pbx_parking: change one of them."
    yield from _repeated(host)


def _of_row(place: str, row: Mapping[str, Any], host: Mapping[str, Any]) -> Iterator[str]:
    if bool(row["number"]) == bool(row["to"]):
        yield f"{place} has {'both number and to' if row['to'] else 'neither number nor to'}: give one of them."
    to = destination(row["to"])
    if to and to.kind == OUTSIDE:
        yield (
            f"{place}.to names {OUTSIDE} {to.name!r}, which has a class of its own: give number, and the class of who"
            " dials decides.")
    yield from wrong(f"{place}.name", asterisk.text, row["name"])
    if row["number"]:
        try:
            number = callers.number_of(host, row["number"])
        except ValueError as error:
            yield f"{place}.number {error}."
        else:
            if number in [did["number"] for did in host["pbx_dids"]]:
                yield (
                    f"{place}.number is {number}, which is in pbx_dids: the call would come back here, at your cost;"
                    " give to, and name where that number goes.")
    if row["phones"] == []:
        yield f"{place}.phones names no phone: name one, or leave it out, and every phone has it."
    known = {phone["name"] for phone in host["pbx_phones"]}
    for index, name in enumerate(_own(row)):
        if name not in known:
            yield f"{place}.phones[{index}] names {name!r}, which is not in pbx_phones."
        elif name in _own(row)[:index]:
            yield f"{place}.phones[{index}] repeats {name!r}."


def _own(row: Mapping[str, Any]) -> list[str]:
    """Return the phones that alone have a row, none where every phone has it."""
    return row["phones"] or []


def _repeated(host: Mapping[str, Any]) -> Iterator[str]:
    """Find rows that a phone could not tell apart: the same number, for all phones or for one that both name."""
    rows = host[VARIABLE]
    for index, row in enumerate(rows):
        for other in range(index):
            mine, others = _own(row), _own(rows[other])
            same = {*mine} & {*others}
            if row["dial"] == rows[other]["dial"] and (same or not mine or not others):
                who = f"phone {sorted(same)[0]}" if same else "a phone"
                yield f"{VARIABLE}[{index}].dial is {row['dial']}, which {who} has by {VARIABLE}[{other}] as well."
                break


def rows(host: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the template prints: the rows of all phones, those of some phones, and what these dial."""
    made = [_row(index, row, host) for index, row in enumerate(host[VARIABLE])]
    own = [row for row in made if row["phones"]]
    return {
        "shared": [row for row in made if not row["phones"]],
        "own": own,
        "dials": list(dict.fromkeys(row["dial"] for row in own)),
    }


def _row(index: int, row: Mapping[str, Any], host: Mapping[str, Any]) -> dict[str, Any]:
    to = destination(row["to"])
    return {
        "source": f"{VARIABLE}[{index}]",
        "dial": row["dial"],
        "phones": _own(row),
        "number": callers.number_of(host, row["number"]) if row["number"] else "",
        "target": to.target if to else "",
        "shown": row["name"] or row["number"] or str(to).replace("_", " "),
    }


def shown(host: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what is dialled and whom it calls, as the card says it."""
    found = [_row(index, row, host) for index, row in enumerate(host[VARIABLE])]
    return [
        (row["dial"], f"Call {row['shown']}" + (f" (at {', '.join(row['phones'])})" if row["phones"] else ""))
        for row in found]
