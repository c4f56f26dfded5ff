# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the patterns let through is what libphonenumber says of the number: held against each other over numbers of
every country and kind, example numbers and drawn ones."""

from __future__ import annotations

import functools
import itertools
import re

import phonenumbers
import pytest
from hypothesis import given, settings, strategies
from phonenumbers import PhoneNumberType as Kind

from ansible_collections.trunkline.voice.plugins.module_utils._numbers.ranges import countries, country_of, ranges

EXPENSIVE = {Kind.PREMIUM_RATE, Kind.SHARED_COST, Kind.PERSONAL_NUMBER}
KINDS = (
    "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number", "voip", "pager", "uan",
    "voicemail",
)
EVERYWHERE = frozenset(countries())
CHOICES = {
    "one": frozenset({"US"}),
    "its neighbour": frozenset({"CA"}),
    "an island with an area code": frozenset({"JM"}),
    "some": frozenset({"US", "CA", "GB", "IN", "DE", "KZ", "VA", "CN"}),
    "all": EVERYWHERE,
}


@functools.cache
def compiled(opened: frozenset, premium: frozenset = frozenset()) -> tuple[re.Pattern, re.Pattern]:
    """The patterns as two regular expressions: what is premium, what is open."""
    def expression(patterns):
        forms = (one.replace("+", r"\+").replace("X", "[0-9]").replace("!", "[0-9]*") for one in patterns)
        return re.compile("|".join(forms) or "(?!)")
    found = ranges(opened, premium)
    return expression(found.premium), expression(found.open)


def let_through(number: str, opened: frozenset, premium: frozenset = frozenset()) -> bool:
    expensive, plain = compiled(opened, premium)
    return not expensive.fullmatch(number) and bool(plain.fullmatch(number))


def may_be_called(number: phonenumbers.PhoneNumber, opened: frozenset) -> bool:
    """What libphonenumber says of a valid number, by its public functions alone."""
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[number.country_code]
    claiming = {region for region in regions if phonenumbers.is_valid_number_for_region(number, region)}
    return bool(claiming & opened) and phonenumbers.number_type(number) not in EXPENSIVE


def e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def patterns_of(region: str) -> list[tuple[int, str]]:
    plan = phonenumbers.PhoneMetadata.metadata_for_region(region)
    found = (getattr(plan, kind) for kind in KINDS)
    return [(plan.country_code, one.national_number_pattern) for one in found if one and one.national_number_pattern]


@functools.cache
def examples() -> list[phonenumbers.PhoneNumber]:
    """An example number of every kind that every country has."""
    found = (phonenumbers.example_number_for_type(region, kind)
             for region, kind in itertools.product(sorted(EVERYWHERE), Kind.values()))
    return [number for number in found if number]


@pytest.mark.parametrize("choice", CHOICES)
def test_example_numbers_of_every_country_and_kind(choice):
    opened = CHOICES[choice]
    numbers = examples()
    assert len(numbers) > 1200
    wrong = [e164(n) for n in numbers if let_through(e164(n), opened) != may_be_called(n, opened)]
    assert not wrong


@pytest.mark.parametrize("region", sorted(EVERYWHERE))
def test_a_country_lets_in_what_is_its_own_and_nothing_dear(region):
    """Only this country open: example numbers of all kinds of all countries that share its code."""
    opened = frozenset({region})
    code = phonenumbers.country_code_for_region(region)
    numbers = examples_by_code()[code]
    wrong = [e164(n) for n in numbers if let_through(e164(n), opened) != may_be_called(n, opened)]
    assert not wrong


@functools.cache
def examples_by_code() -> dict:
    return {code: list(group) for code, group in itertools.groupby(
        sorted(examples(), key=lambda number: number.country_code), key=lambda number: number.country_code)}


DRAWN = strategies.sampled_from(
    [pattern for region in sorted(EVERYWHERE) for pattern in patterns_of(region)]
).flatmap(lambda pair: strategies.from_regex(pair[1].replace(r"\d", "[0-9]"), fullmatch=True).map(
    lambda national: f"+{pair[0]}{national}"))


@settings(max_examples=60, deadline=None)
@given(DRAWN, strategies.sampled_from(sorted(CHOICES)))
def test_drawn_numbers(text, choice):
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return
    if e164(number) == text and phonenumbers.is_valid_number(number):
        assert let_through(text, CHOICES[choice]) == may_be_called(number, CHOICES[choice])


@pytest.mark.parametrize(
    ("number", "opened", "through"),
    [
        ("+12025550143", {"US"}, True),
        ("+14165550143", {"US"}, False),        # Toronto
        ("+18095550143", {"US", "CA"}, False),  # Dominican Republic
        ("+16585550143", {"US", "CA"}, False),  # Jamaica's second area code
        ("+12115550143", {"US", "CA"}, False),  # nobody's: it may become a country's that the library does not know yet
        ("+18005550143", {"CA"}, True),         # free of charge in all of North America
        ("+19005550143", {"US", "CA"}, False),
        ("+19765550143", {"US", "CA"}, False),
        ("+442079460000", {"GB"}, True),
        ("+441481960123", {"GB"}, False),       # Guernsey
        ("+449012345678", {"GB"}, False),
        ("+447012345678", {"GB"}, False),
        ("+77010001234", {"RU"}, False),        # Kazakhstan
        ("+919876543210", {"IN"}, True),
        ("+919876543210", {"US"}, False),
        *((f"+{code}12345678", EVERYWHERE, False) for code in (800, 808, 870, 878, 881, 882, 883, 888, 979)),
        ("+19005550143", frozenset(), False),
    ],
)
def test_numbers_that_a_person_would_look_at_first(number, opened, through):
    assert let_through(number, frozenset(opened)) == through


def test_premium_numbers_open_by_the_country():
    open_both = {"opened": frozenset({"US", "GB"}), "premium": frozenset({"GB"})}
    assert let_through("+449012345678", **open_both)
    assert not let_through("+19005550143", **open_both)


def test_all_countries_are_a_small_dialplan():
    found = ranges(EVERYWHERE)
    assert len(found.premium) + len(found.open) < 1000
    assert sum(map(len, found.premium + found.open)) < 10000


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+17756187988", "US"), ("+14165550143", "CA"), ("+441481960123", "GG"), ("+88161234567", ""), ("+1", ""),
        ("x", ""),
    ],
)
def test_the_country_of_a_number(number, country):
    assert country_of(number) == country
