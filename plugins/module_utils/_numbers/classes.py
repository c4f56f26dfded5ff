# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The classes of service, and the numbers that each may call, from the inventory's options."""

from __future__ import annotations

import functools
from typing import Any, Iterable, Mapping, NamedTuple

from .ranges import Ranges, countries, country_of, ranges
from .shapes import fits

#: Classes that every PBX has: no outside calls, the country of the trunk's caller ID, everything the PBX may call.
INTERNAL, NATIONAL, INTERNATIONAL = BUILT_IN = ("internal", "national", "international")

#: Twilio has one row for both countries: https://www.twilio.com/docs/voice/api/dialingpermissions-country-resource
_AT_TWILIO = {"US": ("US", "CA")}


class Open(NamedTuple):
    """Countries by their two letters: the open ones, and the ones whose premium numbers are open as well."""

    countries: frozenset[str]
    premium: frozenset[str]


class CallClass(NamedTuple):
    """A class of service. `name` is the class's, with the country after `national`: `national-US`.

    `prefixes` are pairs of digits with their plus sign and whether numbers with that prefix may be called. The longest
    prefix that fits decides; `ranges` count where none fits.
    """

    name: str
    prefixes: list[tuple[str, bool]]
    ranges: Ranges

    def refusal(self, number: str) -> str:
        """Say why the class does not let an E.164 number out, empty if it does. The dialplan decides in this order."""
        named = [(len(prefix), prefix, may) for prefix, may in self.prefixes if number.startswith(prefix)]
        if named:
            dummy, prefix, may = max(named)
            return "" if may else f"{prefix} is denied"
        if any(fits(pattern, number) for pattern in self.ranges.premium):
            return "it is a premium number"
        if any(fits(pattern, number) for pattern in self.ranges.open):
            return ""
        return "it is not in a country open to this class"


def opened(declared: Mapping[str, Any], caller_ids: Iterable[str]) -> Open:
    """Return the countries that this PBX may call at all.

    :param declared: `countries` and `twilio_countries`, each None if the inventory does not set it. The latter are rows
        of twilio_trunk_countries; they close what `countries` opens, because Twilio would refuse it.
    :param caller_ids: of the trunks; their countries are open where neither is set.
    """
    own, rows = declared.get("countries"), declared.get("twilio_countries")
    if rows is None:
        home = {country_of(number) for number in caller_ids}
        return Open(frozenset(home if own is None else own) & countries(), frozenset())
    plain, expensive = at_twilio(rows)
    chosen = plain if own is None else plain & set(own)
    return Open(frozenset(chosen), frozenset(chosen & expensive))


def at_twilio(rows: Iterable[Mapping[str, Any]]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the countries whose ordinary numbers are open at Twilio, and those whose special numbers are."""

    def having(option: str) -> frozenset[str]:
        codes = (row["iso_code"].upper() for row in rows if row.get(option))
        return frozenset(one for code in codes for one in _AT_TWILIO.get(code, (code,))) & countries()

    rows = list(rows)
    return having("low_risk_numbers"), having("high_risk_special_numbers")


def call_class(name: str, caller_id: str, declared: Mapping[str, Any], caller_ids: Iterable[str]) -> CallClass:
    """Return a class of service, for calls on the trunk with this caller ID.

    :param name: a built-in class or one of `declared["classes"]`.
    :param declared: as `opened` takes it, with `allowed_prefixes`, `denied_prefixes` and `classes`, rows of `name`,
        `countries`, `allowed_prefixes` and `denied_prefixes`.
    :raises ValueError: no class has the name.
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


def _prefixes(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, bool]]:
    """Return the prefixes of the PBX and then of the class. A prefix of the class replaces the same one of the PBX, and
    a prefix that it denies also closes the longer ones that the PBX opens."""
    found: dict[str, bool] = {}
    for row in rows:
        denied = tuple(row.get("denied_prefixes") or ())
        found = {prefix: may for prefix, may in found.items() if not (may and prefix.startswith(denied))}
        found.update(dict.fromkeys(row.get("allowed_prefixes") or (), True))
        found.update(dict.fromkeys(denied, False))
    return sorted(found.items())


_ranges = functools.lru_cache(maxsize=64)(ranges)
