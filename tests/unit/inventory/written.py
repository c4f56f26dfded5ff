# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventories as users write them, for hypothesis: what was meant, and how it was written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import phonenumbers
from hypothesis import strategies as st
from phonenumbers import PhoneNumberType

from .test_spellings import Written

PASSWORD = "Canary-12345"
CALLER_IDS = {
    "US": "+17756187988", "CA": "+14165550143", "JM": "+18765550143", "GB": "+442079460000", "GG": "+441481256789",
    "DE": "+493012345678", "RU": "+74951234567", "KZ": "+77172123456", "IT": "+390612345678", "SG": "+6561234567",
    "FR": "+33123456789", "IN": "+911123456789",
}
COUNTRIES = list(CALLER_IDS)
PREFIXES = [
    "+1", "+1242", "+1416", "+1876", "+1900", "+1900555", "+19005550", "+1800", "+44", "+441481", "+4420", "+4470",
    "+44747", "+4490", "+49", "+4915", "+49900", "+7", "+77", "+7495", "+8", "+87", "+8816", "+883", "+88160", "+91",
    "+9198", "+91987", "+39", "+3906698", "+65", "+3389", "+979",
]
RULES = [
    {"pattern": "NXXNXXXXXX", "strip": 0, "prefix": "+1"}, {"pattern": "0Z.", "strip": 1, "prefix": "+44"},
    {"pattern": "9X.", "strip": 1, "prefix": "+"}, {"pattern": "ZXXXXXX", "prefix": "+1775"},
    {"pattern": "00Z.", "strip": 2, "prefix": "+"}, {"pattern": "8X.", "strip": 1, "prefix": "+1900"},
    {"pattern": "X.", "prefix": "+88"},
]


class Inventory(NamedTuple):
    """`meant`: native values. `written`: what is delivered. `faithful`: whether all of it says what is meant in a way
    that leaves no doubt. `seed`: any number, to choose by."""

    meant: dict
    written: dict
    faithful: bool
    seed: int


def _same(value: Any) -> Any:
    return value


def _one_or_all(form: Callable) -> Callable:
    """One text for a list of one; longer lists as `form` writes them."""
    return lambda value: value[0] if len(value) == 1 else form(value) if value else value


def _number(text: str) -> Any:
    """A text as YAML 1.1 reads it without quotes."""
    digits = text.lstrip("+")
    if not digits.isdigit():
        return text
    octal = text[0] == "0" and not set(digits) & set("89")
    found = Written(int(digits, 8 if octal else 10))
    found.text = text
    return found


#: Ways to write a list of texts that say the same, and ways that leave doubt: those may be refused, or mean the same.
LISTS = [
    _same, _same, tuple, _one_or_all(", ".join), _one_or_all(",".join), lambda value: [f" {one}\t" for one in value],
]
DOUBTFUL = [
    str, " ".join, ";".join, dict.fromkeys, lambda value: [value], lambda value: [*value, None],
    lambda value: [one.lower() for one in value], lambda value: [*value, ""], lambda value: "",
    lambda value: [one.lstrip("+") for one in value], lambda value: [False, *value], lambda value: "+",
    lambda value: "*", lambda value: True, lambda value: [_number(one) for one in value],
    lambda value: _number(value[0]) if value else {},
]
BOOLS = {
    True: [True, True, "yes", "on", "true", "1", 1, "True "], False: [False, False, "no", "off", "False", "0", 0, " n"],
}


def _maybe(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | strategy


_trunks = st.lists(st.sampled_from(COUNTRIES), min_size=1, max_size=3)
#: Neighbours that share a code, and countries that do not; the same ones again and again, since each costs time.
_SETS = [
    [], ["US"], ["US"], ["CA"], ["JM"], ["US", "CA"], ["GB"], ["GG", "GB"], ["GG"], ["DE"], ["KZ"], ["RU"],
    ["IT", "FR"], ["IN", "US"], ["SG", "DE", "GB"],
]
_countries = _maybe(st.sampled_from(_SETS))
_prefixes = st.lists(
    st.tuples(st.sampled_from(PREFIXES), st.sampled_from(["", "", "", "0", "5", "9"]), st.booleans()), max_size=5)
_at_twilio = _maybe(st.tuples(
    st.sampled_from(_SETS), st.sampled_from([True, True, True, False, None]), st.sampled_from([True, False, None]),
    st.sampled_from(_SETS)))
_class = st.sampled_from([None, None, None, "internal", "national", "international", "sales", "desk"])
#: Which number of `numbers`, its class and its trunk; in one of three inventories.
_outside = st.sampled_from([0, 0, 1]).flatmap(lambda count: st.lists(
    st.tuples(st.integers(0, 10**6), _class, st.integers(-1, 2)), min_size=count, max_size=2 * count))
_phones = st.lists(st.tuples(_class, st.integers(-1, 2)), min_size=1, max_size=3)
_dialling = st.tuples(
    st.sampled_from([None, None, None, *COUNTRIES]),
    st.sampled_from([None, None, None, ["00"], ["011", "9011"], ["0"], []]),
    st.lists(st.sampled_from(RULES), max_size=2), st.sampled_from([None, None, ["911"], ["112", "999"], []]))
_texts = st.sampled_from(["international", "national", "sales", "internal", None])


def _split(prefixes: list) -> tuple[list, list]:
    """Those that are allowed, and those that are denied. One that is both counts as it is met first."""
    found: dict = {}
    for prefix, digit, may in prefixes:
        found.setdefault(prefix + digit, may)
    return [one for one, may in found.items() if may], [one for one, may in found.items() if not may]


def _rows(drawn: tuple | None) -> list | None:
    """Rows of twilio_trunk_countries: a set of countries with what is open in them, and one with ordinary numbers."""
    if drawn is None:
        return None
    chosen, plain, expensive, others = drawn
    return [(code, plain, expensive) for code in chosen] + [(code, True, None) for code in others if code not in chosen]


def _of(chosen: list | None, may: set | None) -> list | None:
    """The countries that were chosen, of those that may be: any other is refused as a contradiction."""
    return chosen if chosen is None or may is None else [one for one in chosen if one in may]


@st.composite
def inventories(draw) -> Inventory:
    homes, rows = draw(_trunks), _rows(draw(_at_twilio))
    home, international, rules, emergency = draw(_dialling)
    at_twilio = None if rows is None else {
        one for code, plain, dummy in rows if plain for one in (("US", "CA") if code == "US" else (code,))}
    countries = _of(draw(_countries), at_twilio)
    may = set(countries) if at_twilio is None and countries is not None else at_twilio
    allowed, denied = _split(draw(_prefixes))
    classes = []
    for name in ("sales", "desk"):
        own_allowed, own_denied = _split(draw(_prefixes))
        classes.append({"name": name, "countries": _of(draw(_countries), may), "allowed_prefixes": own_allowed,
                        "denied_prefixes": own_denied})
    phones = [
        {"name": f"10{index:02}", "password": PASSWORD, "class": name,
         "trunk": f"T{at % len(homes)}" if at >= 0 else None}
        for index, (name, at) in enumerate(draw(_phones))]
    outside = [
        {"name": f"mobile{index}", "number": _NUMBERS[at % len(_NUMBERS)], "class": name,
         "trunk": f"T{trunk % len(homes)}" if trunk >= 0 else None}
        for index, (at, name, trunk) in enumerate(draw(_outside))]
    meant = {
        "trunkline_public_address": "203.0.113.10",
        "trunkline_trunks": [
            {"name": f"T{index}", "domain": f"t{index}.pstn.twilio.com", "caller_id": CALLER_IDS[code],
             "ip_access_control_list": "Office"} for index, code in enumerate(homes)],
        "twilio_trunk_countries": None if rows is None else [
            {"iso_code": code, "low_risk_numbers": plain, "high_risk_special_numbers": expensive}
            for code, plain, expensive in rows],
        "pbx_home_country": home, "pbx_international_prefixes": international, "pbx_national_rules": rules,
        "pbx_emergency_numbers": emergency, "pbx_countries": countries, "pbx_allowed_prefixes": allowed,
        "pbx_denied_prefixes": denied, "pbx_classes": classes, "pbx_phones": phones, "pbx_default_class": draw(_texts),
        "pbx_outside_numbers": outside,
    }
    return _written(draw, meant)


_TEXT_LISTS = (
    "pbx_countries", "pbx_allowed_prefixes", "pbx_denied_prefixes", "pbx_emergency_numbers",
    "pbx_international_prefixes")
_CLASS_LISTS = ("countries", "allowed_prefixes", "denied_prefixes")
_form, _doubtful = st.integers(0, 10**6), st.integers(0, 8 * (len(_TEXT_LISTS) + 2 * len(_CLASS_LISTS)) - 1)


def _written(draw, meant: dict) -> Inventory:
    """Write each value in some way; in one of four inventories one list in a way that leaves doubt."""
    form, doubtful, place = draw(_form), draw(_doubtful), 0

    def written(values: list | None) -> Any:
        nonlocal place, form
        place, form = place + 1, form * 7 + place
        forms = DOUBTFUL if place == doubtful + 1 else LISTS
        return None if values is None else forms[form % len(forms)](values)

    found = {**meant, **{name: written(meant[name]) for name in _TEXT_LISTS}}
    found["pbx_classes"] = [
        {**row, **{name: written(row[name]) for name in _CLASS_LISTS}} for row in meant["pbx_classes"]]
    found["pbx_phones"] = [
        {**row, "name": int(row["name"]) if form % 2 else row["name"], "class": row["class"] and f" {row['class']} "}
        for row in meant["pbx_phones"]]
    found["pbx_national_rules"] = [
        {**rule, "strip": str(rule["strip"])} if form % 3 and "strip" in rule else rule
        for rule in meant["pbx_national_rules"]]
    if meant["twilio_trunk_countries"]:
        found["twilio_trunk_countries"] = [
            {name: BOOLS[value][form % 8] if isinstance(value, bool) else value for name, value in row.items()}
            for row in meant["twilio_trunk_countries"]]
    return Inventory(meant, found, place <= doubtful, form)


def numbers() -> list[str]:
    """E.164 numbers of each kind in each of the countries and their neighbours, and those of no country."""
    kinds = [getattr(PhoneNumberType, name) for name in (
        "FIXED_LINE", "MOBILE", "TOLL_FREE", "PREMIUM_RATE", "SHARED_COST", "PERSONAL_NUMBER", "VOIP", "UAN")]
    found = [phonenumbers.example_number_for_type(one, of) for one in [*COUNTRIES, "VA", "BS", "JE"] for of in kinds]
    found += map(phonenumbers.example_number_for_non_geo_entity, phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS)
    texts = {phonenumbers.format_number(one, phonenumbers.PhoneNumberFormat.E164) for one in found if one}
    return sorted(texts | {
        "+881612345678", "+8835100012345", "+19005550143", "+4930", "+12025550143999", "+999123456789"})


#: Those in E.164 form; another is refused as no number.
_NUMBERS = [one for one in numbers() if 8 <= len(one) <= 16]
