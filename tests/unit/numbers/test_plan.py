# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows that a country's numbers have: libphonenumber reads each number that fits one as the row does."""

from __future__ import annotations

import functools
import random
import re

import phonenumbers
import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._numbers import plan

COUNTRIES = sorted(phonenumbers.SUPPORTED_REGIONS)
#: Argentina's 15 stands between an area code and a number, and becomes a 9 before both.
WITH_A_RULE = {("AR", "mobile")}
SETS = {"X": "0123456789", "Z": "123456789", "N": "23456789"}


def places(pattern: str) -> list[str]:
    return [SETS.get(part, part.strip("[]")) for part in re.findall(r"\[[^]]*\]|.", pattern[1:])]


def number_of(row: plan.Row, draw: random.Random) -> str:
    return "".join(draw.choice(place) for place in places(row.pattern))


def made(row: plan.Row, number: str) -> str:
    prefix, strip = re.fullmatch(r"(\+\d*)\$\{EXTEN(?::(\d+))?\}", row.target).groups()
    return prefix + number[int(strip or 0):]


def read(number: str, country: str) -> str:
    return phonenumbers.format_number(phonenumbers.parse(number, country), phonenumbers.PhoneNumberFormat.E164)


@functools.cache
def form(pattern: str) -> re.Pattern:
    return re.compile("".join(".+" if place == "." else f"[{place}]" for place in places(pattern)))


def dialled(rows, number: str) -> set[str]:
    return {made(row, number) for row in rows if form(row.pattern).fullmatch(number)}


@pytest.mark.parametrize("country", COUNTRIES)
def test_libphonenumber_reads_national_numbers_so(country):
    draw = random.Random(country)
    for row in plan.national(country):
        for number in {number_of(row, draw) for dummy in range(5)}:
            assert made(row, number) == read(number, country), (row, number)


@pytest.mark.parametrize("country", COUNTRIES)
def test_libphonenumber_reads_international_numbers_so(country):
    for row in plan.international(country):
        for of, abroad in {"GB": "442079460958", "US": "12125550123", "JP": "81312345678"}.items():
            # The last two places are the beginning of the number abroad.
            number = "".join(random.Random(of).choice(place) for place in places(row.pattern)[:-2]) + abroad
            if dialled([row], number):
                assert made(row, number) == read(number, country) == f"+{abroad}", (row, number)


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_number_fits_one_row_at_most(country):
    draw = random.Random(country)
    for row in plan.national(country):
        number = number_of(row, draw)
        assert dialled(plan.national(country), number) == {made(row, number)}
        assert not dialled(plan.international(country), number), (row, number)


@pytest.mark.parametrize("country", COUNTRIES)
def test_valid_numbers_can_be_dialled(country):
    """As libphonenumber writes them for people at home."""
    for kind in ("fixed_line", "mobile", "toll_free", "uan"):
        desc = getattr(phonenumbers.PhoneMetadata.metadata_for_region(country), kind)
        if not desc or not desc.example_number or (country, kind) in WITH_A_RULE:
            continue
        number = phonenumbers.parse(f"+{phonenumbers.country_code_for_region(country)}{desc.example_number}")
        written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
        found = dialled(plan.national(country), re.sub(r"\D", "", written))
        assert found == {read(f"+{number.country_code}{desc.example_number}", country)}, written


@pytest.mark.parametrize(
    ("country", "number", "expected"),
    [
        ("GB", "01134960123", {"+441134960123"}),
        ("GB", "1134960123", set()),
        ("DE", "030123456", {"+4930123456"}),
        ("DE", "123456", set()),
        ("IT", "0612345678", {"+390612345678"}),
        ("US", "2125550123", {"+12125550123"}),
        ("US", "5550123", set()),
        ("US", "3101234", set()),
        ("CA", "3101234", {"+13101234"}),
        ("JE", "01134960123", {"+441134960123"}),
        ("JE", "712345", {"+441534712345"}),
        ("AG", "4641234", {"+12684641234"}),
        ("IN", "9876543210", {"+919876543210"}),
        ("AU", "131114", {"+61131114"}),
        ("AU", "98765432", set()),
        ("AU", "18310298765432", set()),
        ("BR", "0151123456789", {"+551123456789"}),
        ("BR", "90151123456789", set()),
        ("BR", "40041234", {"+5540041234"}),
        ("BR", "32345678", set()),
        ("NL", "14020", {"+3114020"}),
        ("JP", "0112111234", {"+81112111234"}),
        ("JP", "0101234567", set()),     # 010 is the international prefix
    ])
def test_national_numbers(country, number, expected):
    assert dialled(plan.national(country), number) == expected


@pytest.mark.parametrize(
    ("country", "number", "expected"),
    [
        ("GB", "0034960123", {"+34960123"}),
        ("GB", "01134960123", set()),
        ("US", "011442079460958", {"+442079460958"}),
        ("US", "00442079460958", set()),
        ("BR", "0021442079460958", {"+442079460958"}),
        ("BR", "00442079460958", set()),
        ("SG", "001442079460958", {"+442079460958"}),
        ("SG", "00442079460958", set()),
        ("HK", "00442079460958", {"+442079460958"}),
        ("HK", "00112125550123", set()),    # 00 and 1 121 255 50123, or 001 and 1 212 555 0123
    ])
def test_international_numbers(country, number, expected):
    assert dialled(plan.international(country), number) == expected


def test_a_national_prefix_that_is_written_after_the_country_code_goes():
    found = {row.pattern: row.target for row in plan.written()}
    assert found["_+4[013469]0Z."] == "${EXTEN:0:3}${EXTEN:4}"
    assert not any(pattern.startswith(("_+390", "_+3[29]", "_+7")) for pattern in found)


@pytest.mark.parametrize(
    ("country", "numbers"),
    [("GB", ["112", "999"]), ("DE", ["110", "112"]), ("AU", ["000", "106", "112"]), ("JP", ["110", "119"]),
     ("US", ["112", "911", "933"]), ("CA", ["112", "911", "933"]), ("GN", [])])
def test_emergency_numbers(country, numbers):
    assert plan.emergency_numbers(country) == numbers
