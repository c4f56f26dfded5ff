# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each class of service may call, from what the inventory says."""

from __future__ import annotations

import functools
from typing import Iterable, Mapping, NamedTuple

from .ranges import Ranges, countries, country_of, ranges

#: Classes that every PBX has: nobody outside, the country of the trunk's caller ID, all that the PBX may call.
INTERNAL, NATIONAL, INTERNATIONAL = BUILT_IN = ("internal", "national", "international")

#: Twilio has one row for these two: https://www.twilio.com/docs/voice/api/dialingpermissions-country-resource
_AT_TWILIO = {"US": ("US", "CA")}


class Open(NamedTuple):
    """Countries by their two letters: those that may be called, and those of them whose premium numbers may."""

    countries: frozenset
    premium: frozenset


class CallClass(NamedTuple):
    """A class of service. `name` is the class's, with the country after `national`: `national-US`.

    `prefixes` are pairs of digits with their plus sign and whether what begins with them may be called; the longest
    decides, before `ranges` are looked at.
    """

    name: str
    prefixes: list[tuple[str, bool]]
    ranges: Ranges


def opened(declared: Mapping, caller_ids: Iterable[str]) -> Open:
    """What this PBX may call at all.

    :param declared: `countries` and `twilio_countries`, each None where the inventory does not say. The latter are rows
        of twilio_trunk_countries; they close what `countries` opens, as Twilio would refuse it.
    :param caller_ids: the trunks', whose countries are open where neither is given.
    """
    own, rows = declared.get("countries"), declared.get("twilio_countries")
    if rows is None:
        home = {country_of(number) for number in caller_ids}
        return Open(frozenset(home if own is None else own) & countries(), frozenset())
    plain, dear = at_twilio(rows)
    chosen = plain if own is None else plain & set(own)
    return Open(frozenset(chosen), frozenset(chosen & dear))


def at_twilio(rows: Iterable[Mapping]) -> tuple[frozenset, frozenset]:
    """The countries whose ordinary numbers are open at Twilio, and those whose special ones are."""

    def having(option: str) -> frozenset:
        codes = (row["iso_code"].upper() for row in rows if row.get(option))
        return frozenset(one for code in codes for one in _AT_TWILIO.get(code, (code,))) & countries()

    rows = list(rows)
    return having("low_risk_numbers"), having("high_risk_special_numbers")


def call_class(name: str, caller_id: str, declared: Mapping, caller_ids: Iterable[str]) -> CallClass:
    """One class of service, for calls on the trunk with this caller ID.

    :param name: a built-in class or one of `declared["classes"]`.
    :param declared: as `opened` takes it, with `allowed_prefixes`, `denied_prefixes` and `classes`, rows of `name`,
        `countries`, `allowed_prefixes` and `denied_prefixes`.
    :raises ValueError: where there is no such class.
    """
    if name == INTERNAL:
        return CallClass(name, [], Ranges([], []))
    may = opened(declared, caller_ids)
    chosen, rows = may.countries, [declared]
    if name == NATIONAL:
        home = country_of(caller_id)
        chosen, name = chosen & {home}, f"{name}-{home}" if home else name
    elif name != INTERNATIONAL:
        row = next((row for row in declared.get("classes") or () if row["name"] == name), None)
        if row is None:
            raise ValueError(f"no class of service has the name {name!r}")
        rows.append(row)
        if row.get("countries") is not None:
            chosen &= set(row["countries"])
    return CallClass(name, _prefixes(rows), _ranges(frozenset(chosen), frozenset(chosen & may.premium)))


def _prefixes(rows: Iterable[Mapping]) -> list[tuple[str, bool]]:
    """A class's own prefix counts before the same one of the PBX; what it denies, no longer one of the PBX opens."""
    found: dict = {}
    for row in rows:
        denied = tuple(row.get("denied_prefixes") or ())
        found = {prefix: may for prefix, may in found.items() if not (may and prefix.startswith(denied))}
        found.update(dict.fromkeys(row.get("allowed_prefixes") or (), True))
        found.update(dict.fromkeys(denied, False))
    return sorted(found.items())


_ranges = functools.lru_cache(maxsize=64)(ranges)
