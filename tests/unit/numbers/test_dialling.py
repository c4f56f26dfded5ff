# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the inventory says of dialling comes before what the home country does."""

from __future__ import annotations

from ansible_collections.trunkline.voice.plugins.module_utils._numbers.dialling import dialling, emergency, home

RULE = {"pattern": "0Z.", "strip": 1, "prefix": "+44"}


def test_the_country_says_how_international_numbers_are_dialled():
    assert home("GB", None, []).own == (("_00Z.", "+${EXTEN:2}"),)
    assert home("US", None, []).own == (("_011Z.", "+${EXTEN:3}"),)


def test_the_inventorys_prefixes_come_in_place_of_the_countrys():
    assert home("GB", ["9011"], []).own == (("_9011X.", "+${EXTEN:4}"),)
    assert home("GB", [], []).own == ()


def test_the_inventorys_rules_come_beside_the_prefixes_and_before_the_countrys_numbers():
    assert home("GB", None, [RULE]).own == (("_00Z.", "+${EXTEN:2}"), ("_0Z.", "+44${EXTEN:1}"))
    assert home("GB", None, [RULE]).national == home("GB", None, []).national != ()


def test_a_rule_stands_once_where_a_prefix_has_its_pattern():
    rule = {"pattern": "00Z.", "strip": 2, "prefix": "+44"}
    assert home("GB", None, [rule]).own == (("_00Z.", "+44${EXTEN:2}"),)


def test_without_a_home_country_there_are_prefixes_only():
    assert home("", None, []) == ("number", (("_00X.", "+${EXTEN:2}"), ("_011X.", "+${EXTEN:3}")), ())


def test_a_trunk_has_the_home_of_its_caller_id_or_of_all():
    numbers = ["+17756187988", "+442079460000", "+442079460001", "+883510000000000"]
    found = dialling({}, numbers)
    assert found.contexts == ["number-US", "number-GB", "number-GB", "number"]
    assert [one.name for one in found.homes] == ["number-US", "number-GB", "number"]
    assert dialling({"home_country": "DE"}, numbers).contexts == ["number-DE"] * 4


def test_emergency_numbers_are_the_countrys_and_what_people_know_from_elsewhere():
    assert emergency(None, "DE", []) == ["110", "112", "911", "933", "999"]
    assert dialling({}, ["+493012345678", "+17756187988"]).emergency == [
        ["110", "112", "911", "933", "999"], ["112", "911", "933", "999"]]


def test_a_phone_keeps_its_name_before_a_number_of_elsewhere():
    assert emergency(None, "DE", ["999", "1001"]) == ["110", "112", "911", "933"]


def test_emergency_numbers_that_are_stated_are_all():
    assert emergency(["112", "112"], "DE", []) == ["112"]
    assert emergency([], "DE", []) == []
