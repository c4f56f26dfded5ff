# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a class may call, from what the inventory says, and what it says when it says nothing."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._numbers.classes import call_class, opened
from ansible_collections.trunkline.voice.plugins.module_utils._numbers.ranges import ranges

CALLERS = ["+17756187988"]


def row(code, plain=True, expensive=None):
    return {"iso_code": code, "low_risk_numbers": plain, "high_risk_special_numbers": expensive}


@pytest.mark.parametrize(
    ("declared", "countries", "premium"),
    [
        ({}, {"US"}, set()),
        ({"countries": ["GB", "IN"]}, {"GB", "IN"}, set()),
        ({"countries": []}, set(), set()),
        ({"twilio_countries": [row("US"), row("gb")]}, {"US", "CA", "GB"}, set()),
        ({"twilio_countries": [row("US"), row("GB", None), row("IN", False)]}, {"US", "CA"}, set()),
        ({"twilio_countries": []}, set(), set()),
        ({"twilio_countries": [row("GB", expensive=True), row("IN", None, True)]}, {"GB"}, {"GB"}),
        ({"twilio_countries": [row("US", expensive=True)], "countries": ["US", "GB"]}, {"US"}, {"US"}),
        ({"twilio_countries": [row("AQ")]}, set(), set()),      # no numbers of its own
    ],
)
def test_what_is_open(declared, countries, premium):
    assert opened(declared, CALLERS) == (countries, premium)


def test_without_a_word_each_trunk_opens_its_own_country():
    assert opened({}, [*CALLERS, "+442079460000", "+88161234567"]).countries == {"US", "GB"}


DECLARED = {
    "countries": ["US", "GB", "IN"],
    "allowed_prefixes": ["+8816", "+4490"],
    "denied_prefixes": ["+9198"],
    "classes": [
        {"name": "sales", "countries": ["GB", "DE"], "allowed_prefixes": ["+9198"], "denied_prefixes": ["+4490"]},
        {"name": "all", "countries": None},
    ],
}


@pytest.mark.parametrize(
    ("name", "made", "countries"),
    [
        ("international", "international", {"US", "GB", "IN"}),
        ("national", "national-US", {"US"}),
        ("internal", "internal", set()),
        ("sales", "sales", {"GB"}),
        ("all", "all", {"US", "GB", "IN"}),
    ],
)
def test_a_class_never_opens_more_than_the_pbx(name, made, countries):
    found = call_class(name, CALLERS[0], DECLARED, CALLERS)
    assert found.name == made
    assert found.ranges == ranges(countries)


def test_a_class_has_the_last_word_on_a_prefix():
    assert call_class("sales", CALLERS[0], DECLARED, CALLERS).prefixes == [
        ("+4490", False), ("+8816", True), ("+9198", True)
    ]
    assert call_class("national", CALLERS[0], DECLARED, CALLERS).prefixes == [
        ("+4490", True), ("+8816", True), ("+9198", False)
    ]


def test_what_a_class_denies_the_pbx_does_not_open_in_it():
    declared = {
        "allowed_prefixes": ["+1900555", "+8816"],
        "denied_prefixes": ["+4474"],
        "classes": [
            {"name": "lobby", "denied_prefixes": ["+1900", "+8"], "allowed_prefixes": ["+19005551", "+44"]}],
    }
    assert call_class("lobby", CALLERS[0], declared, CALLERS).prefixes == [
        ("+1900", False), ("+19005551", True), ("+44", True), ("+4474", False), ("+8", False)
    ]


def test_the_class_internal_has_no_prefix_either():
    assert call_class("internal", CALLERS[0], DECLARED, CALLERS).prefixes == []


def test_an_unknown_class_is_an_error():
    with pytest.raises(ValueError, match="no class of service has the name 'boss'"):
        call_class("boss", CALLERS[0], DECLARED, CALLERS)
