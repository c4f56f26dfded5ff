# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Speed dials: what is right, and each wrong value by a sentence that names its variable."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.speed_dials import rows

from .features.test_wrong_values import RIGHT
from .whole import HOST, whole

BANK, SALES = {"dial": "*01", "number": "+12025550143"}, {"dial": "81", "to": {"ring_group": "sales"}}


def problems(*dials, **more) -> list[str]:
    return whole({**RIGHT, "pbx_speed_dials": list(dials), **more}).problems


@pytest.mark.parametrize("dials", [
    [BANK, SALES], [{"dial": 81, "number": "(202) 555-0143", "name": "O'Neil, Zürich"}], [{**BANK, "dial": "#1"}],
    [{**BANK, "phones": ["1001"]}, {**BANK, "number": "+12025550144", "phones": "1002"}], [{**BANK, "to": None}],
    [{**SALES, "number": ""}], [{**BANK, "dial": "1"}], [{**BANK, "phones": None}],
])
def test_right_values_are_taken(dials):
    assert problems(*dials) == []


def test_a_number_is_read_as_people_write_it():
    host = whole({**RIGHT, "pbx_speed_dials": [{"dial": "81", "number": "(202) 555-0143"}]}).hosts[HOST]
    assert rows(host)["shared"][0]["number"] == "+12025550143"


@pytest.mark.parametrize(("row", "sentence"), [
    ({}, "pbx_speed_dials[0].dial is missing"),
    ({"dial": "*01"}, "pbx_speed_dials[0] has neither number nor to: give one of them."),
    ({**BANK, **SALES}, "pbx_speed_dials[0] has both number and to: give one of them."),
    ({**BANK, "dial": "2025550143"}, "pbx_speed_dials[0].dial must be 1 to 4 digits, or * or # and 1 to 5 of 0-9"),
    ({**BANK, "dial": "*"}, "pbx_speed_dials[0].dial must be 1 to 4 digits, or * or #"),
    ({**BANK, "dial": "+1"}, "pbx_speed_dials[0].dial must be 1 to 4 digits, or * or #"),
    ({**BANK, "dial": "_X."}, "pbx_speed_dials[0].dial must be 1 to 4 digits, or * or #"),
    ({**BANK, "dial": "81,1,Dial(x)"}, "pbx_speed_dials[0].dial must be 1 to 4 digits, or * or #"),
    ({**BANK, "dial": "s"}, "pbx_speed_dials[0].dial must be 1 to 4 digits, or * or #"),
    ({**BANK, "dial": "1001"}, "pbx_speed_dials[0].dial is 1001, which is pbx_phones[0].name: nobody could call"),
    ({**BANK, "dial": "911"}, "pbx_speed_dials[0].dial is 911, which is an emergency number"),
    ({**BANK, "dial": "112"}, "pbx_speed_dials[0].dial is 112, which is an emergency number"),
    ({**BANK, "dial": "701"}, "pbx_speed_dials[0].dial is 701, which is a number of pbx_parking"),
    ({**BANK, "dial": "*78"}, "pbx_speed_dials[0].dial is *78, which pbx_feature_codes.do_not_disturb (*78) hides"),
    ({**BANK, "dial": "*721"}, "pbx_speed_dials[0].dial is *721, which pbx_feature_codes.forward_always (*72) hides"),
    ({**BANK, "number": "911"}, "pbx_speed_dials[0].number is '911', which is no whole telephone number"),
    ({**BANK, "number": "0143"}, "pbx_speed_dials[0].number is '0143', which is no whole telephone number"),
    ({**BANK, "number": "+12025550143&PJSIP/1"}, "pbx_speed_dials[0].number must be a telephone number of digits"),
    ({**BANK, "number": ["+12025550143"]}, "pbx_speed_dials[0].number must be one text"),
    ({**BANK, "number": "+17756187988"}, "pbx_speed_dials[0].number is +17756187988, which is in pbx_dids: the call"),
    ({**BANK, "number": "+19005550143"}, "pbx_speed_dials[0].number is +19005550143, which no phone that has it may"),
    ({**BANK, "number": "+442079460958"}, "pbx_speed_dials[0].number is +442079460958, which no phone that has it"),
    ({**BANK, "name": "a;b"}, "pbx_speed_dials[0].name must be one line"),
    ({**BANK, "phones": ["1009"]}, "pbx_speed_dials[0].phones[0] names '1009', which is not in pbx_phones."),
    ({**BANK, "phones": ["1001", "1001"]}, "pbx_speed_dials[0].phones[1] repeats '1001'."),
    ({**BANK, "phones": []}, "pbx_speed_dials[0].phones names no phone: name one, or leave it out"),
    ({**BANK, "phones": ""}, "pbx_speed_dials[0].phones"),
    ({**BANK, "phone": "1001"}, "pbx_speed_dials[0].phone is no option"),
    ({**SALES, "to": {"ring_group": "gone"}}, "pbx_speed_dials[0].to names ring_group 'gone', which is not in"),
    ({**SALES, "to": {"phone": "1001", "ring_group": "sales"}}, "pbx_speed_dials[0].to names 2 destinations"),
    ({**SALES, "to": {"outside_number": "mobile"}}, "pbx_speed_dials[0].to names outside_number 'mobile', which has a"),
])
def test_a_wrong_value_is_refused_by_name(row, sentence):
    found = problems(row, pbx_parking={"number": "700", "slots": 3})
    assert any(one.startswith(sentence) for one in found), found


@pytest.mark.parametrize(("dials", "sentence"), [
    ([BANK, BANK], "pbx_speed_dials[1].dial is *01, which a phone has by pbx_speed_dials[0] as well."),
    ([BANK, {**BANK, "phones": ["1001"]}], "pbx_speed_dials[1].dial is *01, which a phone has by pbx_speed_dials[0]"),
    ([{**BANK, "phones": ["1001", "1002"]}, {**BANK, "phones": ["1002"]}],
     "pbx_speed_dials[1].dial is *01, which phone 1002 has by pbx_speed_dials[0] as well."),
])
def test_a_phone_has_no_speed_dial_twice(dials, sentence):
    found = problems(*dials)
    assert any(one.startswith(sentence) for one in found), found


def test_one_phone_that_may_call_the_number_is_enough():
    phones = [{**RIGHT["pbx_phones"][0], "class": "internal"}, RIGHT["pbx_phones"][1]]
    assert problems(BANK, pbx_phones=phones) == []
    found = problems({**BANK, "phones": ["1001"]}, pbx_phones=phones)
    assert found == ["pbx_speed_dials[0].number is +12025550143, which no phone that has it may call: it is not in a"
                     " country open to this class."]


def test_a_group_that_only_a_speed_dial_reaches_is_reached():
    groups = [*RIGHT["pbx_ring_groups"], {"name": "lab", "members": ["1001"]}]
    dials = [{"dial": "81", "to": {"ring_group": "lab"}}]
    inventory = whole({**RIGHT, "pbx_ring_groups": groups, "pbx_speed_dials": dials})
    assert (inventory.problems, inventory.warnings) == ([], [])


def test_a_hyphen_in_the_name_of_a_phone_means_nothing_to_asterisk():
    """A speed dial 1003 would hide phone 10-03."""
    phones = [*RIGHT["pbx_phones"], {"name": "10-03", "password": "a-Password-of-10-03"}]
    found = whole({**RIGHT, "pbx_phones": phones, "pbx_speed_dials": [{**SALES, "dial": "1003"}]}).problems
    assert any(one.startswith("pbx_speed_dials[0].dial is 1003, which is pbx_phones[2].name") for one in found), found
