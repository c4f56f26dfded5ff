# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The numbers of a parking lot: which slots it has, and each wrong value by a sentence."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.parking import slots

from .features.test_wrong_values import RIGHT
from .whole import HOST, whole


def problems(parking, **more) -> list[str]:
    return whole({**RIGHT, "pbx_parking": parking, **more}).problems


@pytest.mark.parametrize(("parking", "found"), [
    ({"number": "700", "slots": 2}, ["701", "702"]),
    ({"number": 70, "slots": "3"}, ["71", "72", "73"]),
    ({"number": "800", "slots": 99}, [str(number) for number in range(801, 900)]),
])
def test_slots_follow_the_number(parking, found):
    assert problems(parking) == []
    assert slots(whole({**RIGHT, "pbx_parking": parking}).hosts[HOST]) == found


@pytest.mark.parametrize("nothing", [None, ...])
def test_there_is_none_without_it(nothing):
    stated = {} if nothing is ... else {"pbx_parking": nothing}
    assert slots(whole({**RIGHT, **stated}).hosts[HOST]) == []


@pytest.mark.parametrize(("parking", "sentence"), [
    ({}, "pbx_parking.number is missing"),
    ("700", "pbx_parking must be a dict"),
    ([{"number": "700"}], "pbx_parking must be "),
    ({"number": "700", "slot": 3}, "pbx_parking.slot is no option"),
    ({"number": ""}, "pbx_parking.number is missing"),
    ({"number": None}, "pbx_parking.number is missing"),
    ({"number": "0700"}, "pbx_parking.number must be 2 to 5 digits, the first of them not 0"),
    ({"number": "7"}, "pbx_parking.number must be 2 to 5 digits"),
    ({"number": "700000"}, "pbx_parking.number must be 2 to 5 digits"),
    ({"number": "*70"}, "pbx_parking.number must be 2 to 5 digits"),
    ({"number": "_7X"}, "pbx_parking.number must be 2 to 5 digits"),
    ({"number": "700,1,Dial(PJSIP/1)"}, "pbx_parking.number must be 2 to 5 digits"),
    ({"number": "７００"}, "pbx_parking.number must be 2 to 5 digits"),
    ({"number": ["700"]}, "pbx_parking.number must be one text, not a list"),
    ({"number": "700", "slots": 0}, "pbx_parking.slots must be from 1 to 99, not 0"),
    ({"number": "700", "slots": 100}, "pbx_parking.slots must be from 1 to 99, not 100"),
    ({"number": "700", "slots": "many"}, "pbx_parking.slots must be "),
    ({"number": "95", "slots": 10}, "pbx_parking.slots is 10: the last slot would be 105, which has more digits than"),
    ({"number": "700", "seconds": 9}, "pbx_parking.seconds must be from 10 to 3600, not 9"),
    ({"number": "700", "seconds": 3601}, "pbx_parking.seconds must be from 10 to 3600, not 3601"),
    ({"number": "1001"}, "pbx_parking takes the number 1001, which is pbx_phones[0].name"),
    ({"number": "1000"}, "pbx_parking takes the number 1001, which is pbx_phones[0].name"),
    ({"number": "911"}, "pbx_parking takes the number 911, which is an emergency number"),
    ({"number": "900", "slots": 40}, "pbx_parking takes the number 933, which is an emergency number"),
    ({"number": "111", "slots": 1}, "pbx_parking takes the number 112, which is an emergency number"),
])
def test_a_wrong_value_is_refused_by_name(parking, sentence):
    found = problems(parking)
    assert any(one.startswith(sentence) for one in found), found


def test_emergency_numbers_that_are_stated_count_alone():
    stated = {"pbx_emergency_numbers": ["911"]}
    assert problems({"number": "900", "slots": 10}, **stated) == []
    assert problems({"number": "910", "slots": 1}, **stated) == [
        "pbx_parking takes the number 911, which pbx_emergency_numbers has. Give the parking lot other numbers."]
