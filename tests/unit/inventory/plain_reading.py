# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A second reading of what an inventory lets out, as simple as a person's: prefixes, countries, kinds of numbers.

It shares no code with the product and takes what was meant, in native types: an option that is not there or None was
not given. What libphonenumber says is asked of its public functions, number by number.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneNumberType

_DEAR = (PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.PERSONAL_NUMBER)
#: Numbers that go on so are valid in nearly every area that there is.
_RESTS = [rest[:length] for rest in ("2345678901", "5550143555", "8123456789", "0123456789") for length in range(3, 10)]
_EVERYWHERE = ("911", "933", "112", "999")


class Kind(NamedTuple):
    """Whose an E.164 number is, and whether it costs more than a call."""

    countries: frozenset
    expensive: bool


@functools.cache
def kind(number: str) -> Kind:
    try:
        parsed = phonenumbers.parse(_whole(number))
    except phonenumbers.NumberParseException:
        return Kind(frozenset(), False)
    regions = set(phonenumbers.region_codes_for_country_code(parsed.country_code)) - {"001"}
    if len(regions) > 1:
        regions = {one for one in regions if phonenumbers.is_valid_number_for_region(parsed, one)}
        area = 1 + len(str(parsed.country_code)) + 3
        regions = regions or _of_area(number[:area + 1]) or _of_area(number[:area])
    return Kind(frozenset(regions), phonenumbers.number_type(parsed) in _DEAR)


@functools.cache
def _of_area(beginning: str) -> set:
    """The countries that have valid numbers which begin so."""
    numbers = [beginning + rest for rest in _RESTS if is_valid(beginning + rest)]
    return set().union(*(kind(number).countries for number in numbers))


def _whole(number: str) -> str:
    """The longest valid number that the digits begin with, as exchanges ignore what comes after it."""
    return next((number[:end] for end in range(len(number), 6, -1) if is_valid(number[:end])), number)


def is_valid(number: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False


def open_countries(stated: dict) -> tuple[set, set]:
    """The countries that may be called, and those whose expensive numbers may be called as well."""
    own, rows = stated.get("pbx_countries"), stated.get("twilio_trunk_countries")
    if rows is None:
        home = set().union(*(kind(trunk["caller_id"]).countries for trunk in stated["trunkline_trunks"]))
        return (home if own is None else set(own)), set()
    plain = {one for row in rows if row.get("low_risk_numbers") for one in _at_twilio(row)}
    expensive = {one for row in rows if row.get("high_risk_special_numbers") for one in _at_twilio(row)}
    return (plain if own is None else plain & set(own)), expensive


def _at_twilio(row: dict) -> tuple:
    """Twilio's United States are Canada as well."""
    return ("US", "CA") if row["iso_code"].upper() == "US" else (row["iso_code"].upper(),)


def _longest(prefixes: Iterable[str] | None, number: str) -> int:
    return max((len(one) for one in prefixes or () if number.startswith(one)), default=0)


def _named(row: dict, number: str, before: str = "") -> tuple[int, int]:
    """How much of the number is named by a prefix that is allowed, and by one that is denied."""
    return _longest(row.get(f"{before}allowed_prefixes"), number), _longest(row.get(f"{before}denied_prefixes"), number)


def may_call(stated: dict, class_name: str, trunk: dict, number: str) -> bool:
    """Whether phones of a class may call an E.164 number on a trunk."""
    if class_name == "internal":
        return False
    own = next((row for row in stated.get("pbx_classes") or () if row["name"] == class_name), {})
    allowed, denied = _named(stated, number, "pbx_")
    own_allowed, own_denied = _named(own, number)
    if max(own_allowed, own_denied):        # a class has the last word, but for what the PBX denies in particular
        return own_allowed > own_denied and (own_allowed >= denied or allowed > denied)
    if max(allowed, denied):
        return allowed > denied
    countries, expensive = open_countries(stated)
    if class_name == "national":
        countries &= kind(trunk["caller_id"]).countries
    if own.get("countries") is not None:
        countries &= set(own["countries"])
    mine = kind(number).countries & countries
    return bool(mine & expensive if kind(number).expensive else mine)


def home_country(stated: dict, trunk: dict) -> str | None:
    return stated.get("pbx_home_country") or next(iter(kind(trunk["caller_id"]).countries), None)


def may_mean(stated: dict, trunk: dict, dialled: str) -> set[str]:
    """The E.164 numbers that somebody may mean who dials so on the trunk's phones."""
    found = set(_read_as_stated(stated, trunk, re.sub("[-.() ]", "", dialled)))
    return {after for one in found for after in _without_national_prefix(one)}


@functools.cache
def _without_national_prefix(number: str) -> list[str]:
    """The number, and what is left of it without the national prefix after its country code, which is not dialled."""
    found = [number]
    for region in _regions(number):
        prefix = phonenumbers.ndd_prefix_for_region(region, True)
        before = f"+{phonenumbers.country_code_for_region(region)}"
        while prefix and found[-1].startswith(before + prefix):
            found.append(before + found[-1][len(before + prefix):])
    return found


def _regions(number: str) -> list[str]:
    """The country whose code the number begins with; of those that share it, the first."""
    codes = [int(number[1:end]) for end in (2, 3, 4) if number[1:end].isdigit()]
    found = [phonenumbers.region_code_for_country_code(code) for code in codes]
    return [one for one in found if one not in ("ZZ", "001")]


def _read_as_stated(stated: dict, trunk: dict, dialled: str) -> Iterator[str]:
    home = home_country(stated, trunk)
    prefixes = stated.get("pbx_international_prefixes")
    if dialled.startswith("+"):
        yield dialled
    for prefix in prefixes if prefixes is not None else () if home else ("00", "011"):
        if dialled.startswith(prefix):
            yield "+" + dialled[len(prefix):]
    for rule in stated.get("pbx_national_rules") or ():
        if _fits(rule["pattern"], dialled):
            yield rule["prefix"] + dialled[rule.get("strip") or 0:]
    if home and prefixes is None and (abroad := re.match(_international_prefix(home), dialled)):
        yield "+" + dialled[abroad.end():]
    if home and dialled.isdigit():
        number = _as_libphonenumber_reads(dialled, home)
        code = phonenumbers.country_code_for_region(home)
        if prefixes is None or number.startswith(f"+{code}"):
            yield number


def _international_prefix(country: str) -> str:
    return phonenumbers.PhoneMetadata.metadata_for_region(country).international_prefix


@functools.cache
def _fits(pattern: str, dialled: str) -> bool:
    places = {"X": "[0-9]", "Z": "[1-9]", "N": "[2-9]", ".": "[0-9+]+"}
    return bool(re.fullmatch("".join(places.get(one, one) for one in pattern), dialled))


@functools.cache
def _as_libphonenumber_reads(dialled: str, home: str | None) -> str:
    try:
        return phonenumbers.format_number(
            phonenumbers.parse(dialled, home), phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        return ""


def is_for_help(stated: dict, trunk: dict, dialled: str) -> bool:
    """Whether what is dialled is an emergency number on the trunk's phones."""
    if stated.get("pbx_emergency_numbers") is not None:
        return dialled in stated["pbx_emergency_numbers"]
    home = home_country(stated, trunk)
    if dialled in _EVERYWHERE:
        return True
    return bool(home) and dialled.isdigit() and phonenumbers.is_emergency_number(dialled, home)
