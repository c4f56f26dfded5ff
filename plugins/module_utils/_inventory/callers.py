# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who calls from the telephone network: a directory of names, and callers who are not let through."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .._asterisk import validators as asterisk
from .._numbers.dialling import KNOWN_EVERYWHERE, home_country
from .._numbers.plan import emergency_numbers
from .._numbers.ranges import countries
from .._numbers.written import e164
from .features.feature import destination

DIRECTORY, BLOCKED = "pbx_directory", "pbx_blocked_callers"
#: What Twilio sends for a caller without a number: the letters of a word on a telephone's keys, as anonymous,
#: restricted, blocked, unknown and unavailable. None of them is a number that can be called.
WITHHELD = ("+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253")
_ANONYMOUS = "anonymous"
_PREFIX = re.compile(r"\+[1-9][0-9]{0,13}")
_MAX_NAME_LENGTH = 64


def problems(host: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for everything that cannot be right in the directory and among the blocked callers of a host.

    Where blocked callers go is checked with all destinations in `features`.
    """
    yield from _wrong_names(host)
    yield from _wrong_callers(host)


def _wrong_names(host: Mapping[str, Any]) -> Iterator[str]:
    first: dict[str, int] = {}
    for index, row in enumerate(host[DIRECTORY]):
        place = f"{DIRECTORY}[{index}]"
        try:
            asterisk.text(row["name"] or "")
            if len(row["name"] or "") > _MAX_NAME_LENGTH:
                raise ValueError(f"must have at most {_MAX_NAME_LENGTH} characters")
        except ValueError as error:
            yield f"{place}.name {error}."
        if row["number"]:
            yield from _read_once(f"{place}.number", number_of, host, row["number"], first, DIRECTORY, index)


def _wrong_callers(host: Mapping[str, Any]) -> Iterator[str]:
    first: dict[str, int] = {}
    for index, row in enumerate(host[BLOCKED]):
        place = f"{BLOCKED}[{index}]"
        given = [option for option in ("number", "prefix", _ANONYMOUS) if row[option]]
        if len(given) != 1:
            fault = f"has {' and '.join(given)}: give one of them" if given else (
                "names no caller: give number, prefix or anonymous: true")
            yield f"{place} {fault}."
        elif given[0] == "number":
            yield from _read_once(f"{place}.number", _blocked_number, host, row["number"], first, BLOCKED, index)
        elif given[0] == "prefix":
            yield from _read_once(f"{place}.prefix", _prefix, host, row["prefix"], first, BLOCKED, index)
        elif (other := first.setdefault(_ANONYMOUS, index)) != index:
            yield f"{place}.anonymous repeats {BLOCKED}[{other}]."


def _read_once(
    where: str, read: Any, host: Mapping[str, Any], text: str, first: dict[str, int], variable: str, index: int
) -> Iterator[str]:
    """Yield why a text cannot be read, or which earlier row means the same."""
    try:
        found = read(host, text)
    except ValueError as error:
        yield f"{where} {error}."
        return
    if (other := first.setdefault(found, index)) != index:
        yield f"{where} repeats {variable}[{other}]: both are {found.rstrip('!')}."


def number_of(host: Mapping[str, Any], text: str) -> str:
    """Return a number as people write it, in E.164 form. :raises ValueError: with the end of a sentence."""
    at = homes(host)
    return e164(text, at[0] if len(at) == 1 else "")


def _blocked_number(host: Mapping[str, Any], text: str) -> str:
    if re.sub("[^0-9]", "", text) in _emergency_numbers(host):
        raise ValueError(f"is {text}, an emergency number: who answers there may have to call back")
    return number_of(host, text)


def _prefix(host: Mapping[str, Any], text: str) -> str:
    prefix = re.sub("[ .-]", "", text)
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"must be + and a country code, with further digits if need be, such as +44871, not {text!r}")
    return f"{prefix}!"


def homes(host: Mapping[str, Any]) -> list[str]:
    """Return the home countries of the trunks that are known."""
    found = [home_country(host["pbx_home_country"], trunk["caller_id"]) for trunk in host["trunkline_trunks"]]
    return [country for country in dict.fromkeys(found) if country in countries()]


def _emergency_numbers(host: Mapping[str, Any]) -> set[str]:
    own = [number for country in homes(host) for number in emergency_numbers(country)]
    return {*KNOWN_EVERYWHERE, *own, *(host["pbx_emergency_numbers"] or ())}


def rows(host: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return what the template prints: the `names` of numbers, and who is `blocked`, by extensions of the dialplan."""
    return {
        "names": [
            {"source": f"{DIRECTORY}[{index}]", "number": number_of(host, row["number"]), "name": row["name"]}
            for index, row in enumerate(host[DIRECTORY])],
        "blocked": [
            {"source": f"{BLOCKED}[{index}]", "extension": extension, "destination": destination(row["to"]),
             "who": "an anonymous caller" if row[_ANONYMOUS] else "${WHO}"}
            for index, row in enumerate(host[BLOCKED]) for extension in _extensions(host, row)],
    }


def _extensions(host: Mapping[str, Any], row: Mapping[str, Any]) -> tuple[str, ...]:
    if row[_ANONYMOUS]:
        return (_ANONYMOUS, *WITHHELD)
    return (number_of(host, row["number"]) if row["number"] else f"_{_prefix(host, row['prefix'])}",)
