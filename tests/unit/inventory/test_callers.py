# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory and the blocked callers: how numbers are read, and each wrong value by a sentence."""

from __future__ import annotations

import phonenumbers
import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.callers import WITHHELD, rows

from .features.test_wrong_values import RIGHT
from .whole import HOST, whole

TRUNK = RIGHT["trunkline_trunks"][0]
LONDON = {**TRUNK, "name": "London", "domain": "london.pstn.twilio.com", "caller_id": "+442079460000"}


def read(variables: dict) -> dict:
    inventory = whole({**RIGHT, **variables})
    assert (inventory.problems, inventory.warnings) == ([], [])
    return rows(inventory.hosts[HOST])


def problems(variables: dict) -> list[str]:
    return whole({**RIGHT, **variables}).problems


@pytest.mark.parametrize(("home", "written", "number"), [
    (None, "+442079460958", "+442079460958"),
    (None, "+44 (0)20 7946 0958", "+442079460958"),
    (None, "(202) 555-0143", "+12025550143"),
    (None, "202.555.0143", "+12025550143"),
    (None, "1-202-555-0143", "+12025550143"),
    (None, "011 44 20 7946 0958", "+442079460958"),
    ("GB", "020 7946 0958", "+442079460958"),
    ("GB", "00 1 202 555 0143", "+12025550143"),
    ("DE", "030/901820", "+4930901820"),
    ("FR", "01 42 68 53 00", "+33142685300"),
    ("IT", "06 698 1", "+39066981"),
])
def test_a_number_is_read_as_people_write_it_in_the_home_country(home, written, number):
    stated = {"pbx_home_country": home} if home else {}
    found = read({
        **stated, "pbx_directory": [{"number": written, "name": "Anna"}], "pbx_blocked_callers": [{"number": written}]})
    assert [row["number"] for row in found["names"]] == [number]
    assert [row["extension"] for row in found["blocked"]] == [number]


@pytest.mark.parametrize("name", [
    "Anna O'Neil", "Zürich, Büro (2. Stock)", "株式会社", "A & B | C = D", "x" * 64, "-", "100 %",
])
def test_an_odd_name_stays_as_it_is(name):
    (row,) = read({"pbx_directory": [{"number": "+12025550143", "name": name}]})["names"]
    assert row == {"source": "pbx_directory[0]", "number": "+12025550143", "name": name}


def test_who_withholds_a_number_is_what_twilio_may_send_for_one():
    found = read({"pbx_blocked_callers": [{"anonymous": "yes", "to": {"announcement": "closed"}}]})["blocked"]
    assert [row["extension"] for row in found] == ["anonymous", *WITHHELD]
    assert {str(row["destination"]) for row in found} == {"announcement closed"}


@pytest.mark.parametrize("number", WITHHELD)
def test_no_number_that_stands_for_none_can_be_anybodys(number):
    assert not phonenumbers.is_valid_number(phonenumbers.parse(number))


def test_a_prefix_may_have_what_people_put_between_digits():
    found = read({"pbx_blocked_callers": [{"prefix": "+44 871"}, {"prefix": "+1"}]})["blocked"]
    assert [row["extension"] for row in found] == ["_+44871!", "_+1!"]


def test_where_blocked_callers_go_is_reached_by_them():
    """Otherwise a warning would say that no number leads there."""
    announcement = [*RIGHT["pbx_announcements"], {"name": "gone", "prompt": "demo-thanks"}]
    read({"pbx_announcements": announcement, "pbx_blocked_callers": [
        {"anonymous": True, "to": {"announcement": "gone"}}]})


def named(number, name="Anna", **more) -> dict:
    return {"pbx_directory": [{"number": number, "name": name}], **more}


def blocked(*callers, **more) -> dict:
    return {"pbx_blocked_callers": list(callers), **more}


WRONG = [
    (named(""), "pbx_directory[0].number is missing"),
    (named(None), "pbx_directory[0].number is missing"),
    (named("Anna"), "pbx_directory[0].number must be a telephone number of digits, such as +442079460958, not 'Anna'"),
    (named("1-800-FLOWERS"), "pbx_directory[0].number must be a telephone number of digits"),
    (named("+12025550143 ext 5"), "pbx_directory[0].number must be a telephone number of digits"),
    (named("+12025550143;ext=5"), "pbx_directory[0].number must be a telephone number of digits"),
    (named("+12025550143,1,Dial(PJSIP/1)"), "pbx_directory[0].number must be a telephone number of digits"),
    (named("+1202555014３"), "pbx_directory[0].number must be a telephone number of digits"),
    (named("++12025550143"), "pbx_directory[0].number must be a telephone number of digits"),
    (named("_+1X."), "pbx_directory[0].number must be a telephone number of digits"),
    (named("*69"), "pbx_directory[0].number must be a telephone number of digits"),
    (named("1001"), "pbx_directory[0].number is '1001', which is no whole telephone number in US"),
    (named("555-0143"), "pbx_directory[0].number is '555-0143', which is no whole telephone number in US"),
    (named("+1202"), "pbx_directory[0].number is '+1202', which is no whole telephone number."),
    (named("+9991234567"), "pbx_directory[0].number is '+9991234567', which is no whole telephone number."),
    (named("020 7946 0958"), "pbx_directory[0].number is '020 7946 0958', which is no whole telephone number in US"),
    (named("020 7946 0958", trunkline_trunks=[TRUNK, LONDON]),
     "pbx_directory[0].number must begin with + and the country code, not be '020 7946 0958'"),
    (named(12025550143.5), "pbx_directory[0].number must be text"),
    (named(["+12025550143"]), "pbx_directory[0].number must be one text, not a list"),
    (named("+12025550143", ""), "pbx_directory[0].name is missing"),
    (named("+12025550143", None), "pbx_directory[0].name is missing"),
    (named("+12025550143", True), "pbx_directory[0].name must be text"),
    (named("+12025550143", "x" * 65), "pbx_directory[0].name must have at most 64 characters"),
    (named("+12025550143", "Anna\nexten => 1"), "pbx_directory[0].name must be one line"),
    (named("+12025550143", "Anna;"), "pbx_directory[0].name must be one line without any of"),
    (named("+12025550143", "${SHELL(id)}"), "pbx_directory[0].name must be one line without any of"),
    (named("+12025550143", 'Anna" <sip:1>'), "pbx_directory[0].name must be one line without any of"),
    ({"pbx_directory": [{"number": "+12025550143", "nmae": "Anna"}]},
     "pbx_directory[0].nmae is no option: did you mean name?"),
    ({"pbx_directory": {"+12025550143": "Anna"}}, "pbx_directory must be a list of dicts"),
    ({"pbx_directory": "Anna"}, "pbx_directory must be a list of dicts"),
    ({"pbx_directory": ["Anna"]}, "pbx_directory[0] must be a dict of number, name"),
    ({"pbx_directory": [{"number": "+12025550143", "name": "Anna"}, {"number": "202 555 0143", "name": "Bob"}]},
     "pbx_directory[1].number repeats pbx_directory[0]: both are +12025550143."),
    (blocked({}), "pbx_blocked_callers[0] names no caller: give number, prefix or anonymous: true."),
    (blocked({"anonymous": False}), "pbx_blocked_callers[0] names no caller"),
    (blocked({"number": ""}), "pbx_blocked_callers[0] names no caller"),
    (blocked({"number": None, "to": {"phone": "1001"}}), "pbx_blocked_callers[0] names no caller"),
    (blocked({"number": "+12025550143", "prefix": "+1202"}),
     "pbx_blocked_callers[0] has number and prefix: give one of them."),
    (blocked({"prefix": "+1202", "anonymous": True}), "pbx_blocked_callers[0] has prefix and anonymous: give one of"),
    (blocked({"number": "anonymous"}), "pbx_blocked_callers[0].number must be a telephone number of digits"),
    (blocked({"number": "+44871*"}), "pbx_blocked_callers[0].number must be a telephone number of digits"),
    (blocked({"number": "911"}), "pbx_blocked_callers[0].number is 911, an emergency number: who answers there may"),
    (blocked({"number": "1-1-2"}), "pbx_blocked_callers[0].number is 1-1-2, an emergency number"),
    (blocked({"number": "999"}, pbx_home_country="GB"), "pbx_blocked_callers[0].number is 999, an emergency number"),
    (blocked({"number": "555"}, pbx_emergency_numbers=["555"]), "pbx_blocked_callers[0].number is 555, an emergency"),
    (blocked({"prefix": "871"}), "pbx_blocked_callers[0].prefix must be + and a country code"),
    (blocked({"prefix": "+"}), "pbx_blocked_callers[0].prefix must be + and a country code"),
    (blocked({"prefix": "+0"}), "pbx_blocked_callers[0].prefix must be + and a country code"),
    (blocked({"prefix": "+44 (0)871"}), "pbx_blocked_callers[0].prefix must be + and a country code"),
    (blocked({"prefix": "+44!"}), "pbx_blocked_callers[0].prefix must be + and a country code"),
    (blocked({"prefix": "+4４"}), "pbx_blocked_callers[0].prefix must be + and a country code"),
    (blocked({"prefix": "+123456789012345"}), "pbx_blocked_callers[0].prefix must be + and a country code"),
    (blocked({"prefix": 44}), "pbx_blocked_callers[0].prefix must be + and a country code"),
    (blocked({"anonymous": "maybe"}), "pbx_blocked_callers[0].anonymous must be true or false"),
    (blocked({"anonymous": True, "to": {"menu": "sales"}}),
     "pbx_blocked_callers[0].to names menu 'sales', which is not in pbx_menus; did you mean {ring_group: sales}?"),
    (blocked({"anonymous": True, "to": {}}), "pbx_blocked_callers[0].to is empty."),
    (blocked({"anonymous": True, "to": {"phone": "1001", "menu": "main"}}),
     "pbx_blocked_callers[0].to names 2 destinations"),
    (blocked({"anonymous": True, "to": "refused"}), "pbx_blocked_callers[0].to must be a dict of phone"),
    (blocked({"number": "202 555 0143"}, {"number": "+12025550143"}),
     "pbx_blocked_callers[1].number repeats pbx_blocked_callers[0]: both are +12025550143."),
    (blocked({"prefix": "+44871"}, {"prefix": "+44 871"}),
     "pbx_blocked_callers[1].prefix repeats pbx_blocked_callers[0]: both are +44871."),
    (blocked({"anonymous": True}, {"anonymous": True}), "pbx_blocked_callers[1].anonymous repeats pbx_blocked"),
    (blocked("+12025550143"), "pbx_blocked_callers[0] must be a dict of number, prefix, anonymous, to"),
    ({"pbx_blocked_callers": "+12025550143"}, "pbx_blocked_callers must be a list of dicts"),
]


@pytest.mark.parametrize(("variables", "sentence"), WRONG)
def test_a_wrong_value_is_refused_by_name(variables, sentence):
    found = problems(variables)
    assert any(one.startswith(sentence) for one in found), found
