# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What role pbx renders for menus: keys of several digits, and phones that callers dial."""

from __future__ import annotations

import pytest

from labtest.dialled import rendered

from ..inventory.features.test_wrong_values import RIGHT
from ..inventory.test_spellings import as_written, octal
from ..inventory.whole import whole
from .dialplan import find, read
from .test_incoming import reached

KEYS = RIGHT["pbx_menus"][0]["keys"]
#: Names of phones that direct dialling does not take: they are not of digits, or too long for a key.
OTHERS = ("anna", "1001-2", "1234567", "10_1")


def inventory_of(names=("1001", "1002"), **options):
    phones = [{"name": name, "password": "Canary-12345"} for name in dict.fromkeys(("1001", "1002", *names))]
    return {**RIGHT, "pbx_phones": phones, "pbx_menus": [{**RIGHT["pbx_menus"][0], **options}]}


def contexts_of(names=(), **options):
    return read(rendered(inventory_of(names, **options), "extensions.conf")["extensions.conf"])


def test_a_key_of_several_digits_leads_somewhere_beside_its_beginning():
    """Asterisk waits for one more digit where there may be one, for as long as the menu says."""
    keys = {**KEYS, "12": {"phone": "1001"}, "012": {"phone": "1002"}}
    menu = contexts_of(keys=keys, next_key_seconds=3)["menu-main"]
    assert set(menu.extensions) == {"s", "i", "1", "2", "12", "012"}
    assert menu.extensions["12"] == ["Set(KEYS=${KEYS}12)", "Goto(internal,1001,1)"]
    assert menu.extensions["s"][1] == "Set(TIMEOUT(digit)=3)"


def test_keys_have_one_order_however_they_are_delivered():
    keys = {key: {"phone": "1001"} for key in ("12", "pound", "012", "2", "star", "0")}
    assert list(contexts_of(keys=keys)["menu-main"].extensions) == ["s", "i", "0", "2", "*", "#", "12", "012"]


def test_a_menu_of_single_keys_waits_for_no_second_one():
    assert not any("TIMEOUT" in step for step in contexts_of()["menu-main"].extensions["s"])
    star = contexts_of(keys={"star": {"phone": "1001"}})["menu-main"]
    assert not any("TIMEOUT" in step for step in star.extensions["s"])


def test_callers_dial_phones_and_nothing_else():
    contexts = contexts_of(OTHERS, direct_dialling=True)
    assert contexts["menu-main"].includes == ["dialled-phones"]
    assert contexts["dialled-phones"].includes == []
    assert contexts["dialled-phones"].extensions == {
        name: [f"Set(KEYS=${{KEYS}}{name})", f"Goto(internal,{name},1)"] for name in ("1001", "1002")}
    assert "Set(TIMEOUT(digit)=2)" in contexts["menu-main"].extensions["s"]
    assert not {name for name in reached(contexts, "menu-main") if name.startswith(
        ("codes", "outside", "trunk", "emergency", "phones-", "refer-", "speed-dial", "voicemail", "parking"))}


@pytest.mark.parametrize("dialled", ["*97", "*721002", "911", "933", "112", "700", "81", "+12025550143", "1003", "100"])
def test_codes_help_and_numbers_outside_are_none(dialled):
    """Not even where phones have codes, speed dials, a mailbox and a parking lot."""
    given = {
        **inventory_of(direct_dialling=True), "pbx_parking": {"number": "700"}, "pbx_forward_outside": True,
        "pbx_speed_dials": [{"dial": "81", "number": "+12025550143"}],
        "pbx_mailboxes": [{"name": "1001", "pin": "729416"}]}
    given["pbx_phones"][0]["mailbox"] = "1001"
    contexts = read(rendered(given, "extensions.conf")["extensions.conf"])
    assert find(contexts, "menu-main", dialled) is None
    assert find(contexts, "menu-main", "1002")[0] == "dialled-phones"


def test_only_menus_that_say_so_let_callers_dial():
    given = inventory_of(direct_dialling=True)
    given["pbx_menus"].append({"name": "other", "prompt": "demo-thanks", "keys": {"1": {"phone": "1001"}}})
    given["pbx_menus"][0]["keys"] = {"3": {"menu": "other"}, **KEYS}
    contexts = read(rendered(given, "extensions.conf")["extensions.conf"])
    assert contexts["menu-other"].includes == [] and "dialled-phones" not in contexts_of()


def test_a_key_that_is_a_phone_is_refused_by_name():
    (problem,) = whole(inventory_of(direct_dialling=True, keys={"1002": {"hangup": "busy"}})).problems
    assert problem == (
        "pbx_menus[0].keys.1002 is pbx_phones[1].name as well, which direct_dialling lets callers dial: change one.")


def test_a_menu_whose_phones_nobody_could_dial_is_refused():
    phones = [{"name": name, "password": "Canary-12345"} for name in ("anna", "bert")]
    (problem,) = whole({
        **RIGHT, "pbx_phones": phones, "pbx_dids": [{"number": "+17756187988", "to": {"menu": "main"}}],
        "pbx_ring_groups": [{"name": "sales", "members": ["anna"]}], "pbx_announcements": [], "pbx_hours": [],
        "pbx_menus": [{"name": "main", "prompt": "demo-thanks", "keys": {"1": {"ring_group": "sales"}},
                       "direct_dialling": True}]}).problems
    assert problem.startswith("pbx_menus[0].direct_dialling is true, and no phone's name is 2 to 6 digits")


def test_a_menu_may_have_no_key_but_phones():
    assert whole(inventory_of(direct_dialling=True, keys={})).problems == []


def test_a_key_that_yaml_misread_is_refused():
    """012 without quotes is 10: a caller who keys 012 would go nowhere, and one who keys 10 somewhere."""
    problems = whole(inventory_of(keys={octal(10): {"phone": "1001"}}), as_written).problems
    assert any(
        'pbx_menus[0].keys.10 is a number that YAML may have misread: write it in quotes, "012".' in one
        for one in problems), problems
    assert whole(inventory_of(keys={12: {"phone": "1001"}}), as_written).problems == []
