# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parking: the number that a call is transferred to, and the slots in which calls wait for another phone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .._asterisk.config.dialplan import identity

#: The configuration file of Asterisk's module, which is there where calls are parked.
FILE = "res_parking.conf"
_VARIABLE = "pbx_parking"
_NUMBER = re.compile("[1-9][0-9]{1,4}")
_MAX_SLOTS = 99


def slots(host: Mapping[str, Any]) -> list[str]:
    """Return the numbers of the slots, which follow that of the lot; none where no call is parked."""
    lot = host[_VARIABLE]
    return [str(int(lot["number"]) + index) for index in range(1, lot["slots"] + 1)] if lot else []


def dialled(host: Mapping[str, Any]) -> list[str]:
    """Return every number that phones dial for it, none where the options are wrong by themselves."""
    return [host[_VARIABLE]["number"], *slots(host)] if host[_VARIABLE] and not list(_values(host[_VARIABLE])) else []


def problems(host: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for everything that cannot be right in the parking lot of a host.

    Emergency numbers are compared in `calls`. A code of `pbx_feature_codes` begins with * or # and hides none.
    """
    if not host[_VARIABLE]:
        return
    yield from _values(host[_VARIABLE])
    taken = set(dialled(host))
    for index, phone in enumerate(host["pbx_phones"]):
        if identity(phone["name"]) in taken:
            yield (
                f"{_VARIABLE} takes the number {phone['name']}, which is pbx_phones[{index}].name: nobody could call"
                " that phone. Give the parking lot other numbers."
            )


def _values(lot: Mapping[str, Any]) -> Iterator[str]:
    number = lot["number"] or ""
    if not _NUMBER.fullmatch(number):
        yield f"{_VARIABLE}.number must be 2 to 5 digits, the first of them not 0, such as \"700\", not {number!r}."
    if not 1 <= lot["slots"] <= _MAX_SLOTS:
        yield f"{_VARIABLE}.slots must be from 1 to {_MAX_SLOTS}, not {lot['slots']}."
    elif _NUMBER.fullmatch(number) and len(str(int(number) + lot["slots"])) > len(number):
        yield (
            f"{_VARIABLE}.slots is {lot['slots']}: the last slot would be {int(number) + lot['slots']}, which has more"
            f" digits than {number}. Take a lower number, or fewer slots."
        )
    if not 10 <= lot["seconds"] <= 3600:
        yield f"{_VARIABLE}.seconds must be from 10 to 3600, not {lot['seconds']}."
