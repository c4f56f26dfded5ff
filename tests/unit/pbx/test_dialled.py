# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers as people write and dial them in seventeen countries, through the rendered dialplan."""

from __future__ import annotations

import re

import phonenumbers
import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._numbers.plan import emergency_numbers
from labtest.dialled import CALLER_IDS, inventory, rendered, table
from labtest.plays import ROOT

from .dialplan import called, find, read

ROWS = [row for country in CALLER_IDS for row in table(country)]
SEPARATORS = "-.() "


@pytest.fixture(scope="module")
def contexts():
    """Of a PBX with a trunk in each of the countries."""
    return read(rendered(inventory(*CALLER_IDS), "extensions.conf")["extensions.conf"])


def becomes(contexts, country: str, dialled: str) -> str:
    """Where a phone's call goes that is on a trunk of the country."""
    number = re.sub(f"[{SEPARATORS}]", "", dialled)
    where, steps = find(contexts, f"phones-twilio-{country.lower()}-international", number)
    if where.startswith("emergency-"):
        return "emergency"
    (context,) = re.findall(r"\?(number[\w-]*),\$\{NUMBER\},1", "\n".join(steps))
    return "" if re.search("[^0-9+]", number) else called(contexts, context, number)


@pytest.mark.parametrize("country", CALLER_IDS)
def test_numbers_go_where_people_mean(contexts, country):
    rows = table(country)
    found = {row.dialled: becomes(contexts, country, row.dialled) or "refused" for row in rows}
    assert found == {row.dialled: row.becomes for row in rows}


def test_leeds_is_not_in_spain(contexts):
    assert becomes(contexts, "GB", "0113 496 0123") == "+441134960123"


def test_there_are_thirty_numbers_of_each_country():
    for country in CALLER_IDS:
        assert len({row.dialled for row in table(country)}) >= 30, country


@pytest.mark.parametrize("country", CALLER_IDS)
def test_what_goes_out_is_what_libphonenumber_reads(country):
    for row in table(country):
        if row.becomes.startswith("+"):
            assert as_libphonenumber_reads(row) == row.becomes, row


@pytest.mark.parametrize("country", CALLER_IDS)
def test_what_is_refused_is_no_number_or_says_why(country):
    for row in table(country):
        if row.becomes == "refused" and not row.what.startswith("not so: "):
            assert not as_libphonenumber_reads(row, valid=True), row


def test_the_documentation_tells_what_is_so():
    text = (ROOT / "docs" / "calls.md").read_text()
    lines = re.findall(r"^\| ([A-Z]{2}) \| (.*) \| (.*) \| (.*) \| (.*) \| (.*) \|$", text, re.M)
    assert [line[0] for line in lines] == ["GB", "DE", "FR", "IN", "AU", "JP", "BR"]
    for country, home, becomes, abroad, becomes_abroad, emergency in lines:
        known = {row.dialled: row.becomes for row in table(country)}
        assert (known[home], known[abroad]) == (becomes, becomes_abroad)
        assert emergency.split(", ") == emergency_numbers(country)


def as_libphonenumber_reads(row, valid: bool = False) -> str:
    try:
        number = phonenumbers.parse(row.dialled, row.country)
    except phonenumbers.NumberParseException:
        return ""
    if valid and not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
