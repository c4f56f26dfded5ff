# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of feature codes: its defaults, what an inventory changes, and each wrong value by a sentence."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.feature_codes import CODES, rows

from .features.test_wrong_values import RIGHT
from .whole import HOST, whole


def codes(stated) -> dict[str, str]:
    phones = [{**phone, "pickup_group": "front", "intercom": True} for phone in RIGHT["pbx_phones"]]
    queue = {"name": "support", "agents": ["1001"]}
    found = whole({**RIGHT, "pbx_phones": phones, "pbx_queues": [queue], "pbx_feature_codes": stated})
    assert not found.problems
    return {row["name"]: row["code"] for row in rows(found.hosts[HOST])}


def test_the_defaults_are_those_that_users_know():
    assert codes({}) == {name: code.default for name, code in CODES.items()}
    assert len(set(codes({}).values())) == len(CODES)


@pytest.mark.parametrize("nothing", [None, ""])
def test_null_takes_a_code_away(nothing):
    assert set(CODES) - set(codes({"do_not_disturb": nothing})) == {"do_not_disturb"}


def test_codes_may_change_places():
    changed = codes({"do_not_disturb": "*79", "cancel_do_not_disturb": "*78"})
    assert (changed["do_not_disturb"], changed["cancel_do_not_disturb"]) == ("*79", "*78")


def test_codes_of_european_networks_are_possible():
    assert codes({"forward_always": "*21*", "cancel_forward_always": "#21#"})["forward_always"] == "*21*"


@pytest.mark.parametrize(("stated", "sentence"), [
    ({"forward_alway": "*72"}, "pbx_feature_codes.forward_alway is no feature: did you mean forward_always?"),
    ({"coffee": "*72"}, "pbx_feature_codes.coffee is no feature: it must be one of forward_always, "),
    ({"do_not_disturb": 6.6}, "pbx_feature_codes has do_not_disturb, which must be text"),
    ({"do_not_disturb": "78"}, "pbx_feature_codes.do_not_disturb must be * or # and 1 to 5 more of 0-9, * and #"),
    ({"do_not_disturb": 911}, "pbx_feature_codes.do_not_disturb must be * or # and 1 to 5 more"),
    ({"do_not_disturb": "1001"}, "pbx_feature_codes.do_not_disturb must be * or #"),
    ({"do_not_disturb": "*"}, "pbx_feature_codes.do_not_disturb must be * or # and 1 to 5 more"),
    ({"do_not_disturb": "*1234567"}, "pbx_feature_codes.do_not_disturb must be * or # and 1 to 5 more"),
    ({"do_not_disturb": "*7X"}, "pbx_feature_codes.do_not_disturb must be * or #"),
    ({"do_not_disturb": "*78,1,Dial(PJSIP/1)"}, "pbx_feature_codes.do_not_disturb must be * or #"),
    ({"do_not_disturb": ["*78"]}, "pbx_feature_codes must have a text for do_not_disturb, not a list"),
    ({"do_not_disturb": False}, "pbx_feature_codes.do_not_disturb must be * or #"),
    ("*78", "pbx_feature_codes must be a dict"),
    ({"do_not_disturb": "*79"}, "is *79, which is the code of do_not_disturb as well: change one of them."),
    ({"do_not_disturb": "*72"}, "pbx_feature_codes.do_not_disturb is *72, which is the code of forward_always as well"),
    ({"do_not_disturb": "*725"}, "pbx_feature_codes.do_not_disturb is *725, which begins with *72, the code of forw"),
    ({"forward_busy": "*7"}, "pbx_feature_codes.forward_always is *72, which begins with *7, the code of forward_busy"),
])
def test_a_wrong_code_is_refused_by_name(stated, sentence):
    problems = whole({**RIGHT, "pbx_feature_codes": stated}).problems
    assert any(sentence in one for one in problems), problems


def test_what_is_no_code_is_one_fault_and_clashes_with_nothing():
    stated = {"intercom": "*", "do_not_disturb": False, "call_back": False}
    problems = whole({**RIGHT, "pbx_feature_codes": stated}).problems
    assert len(problems) == 3, problems
    assert all("in quotes, or null for no code, not" in one for one in problems)


def with_hours(*codes) -> list[str]:
    first = RIGHT["pbx_hours"][0]
    hours = [{**first, "name": f"office{index}", "override_code": code} for index, code in enumerate(codes)]
    numbers = [{"number": f"+1775618798{index}", "to": {"hours": row["name"]}} for index, row in enumerate(hours)]
    return whole({**RIGHT, "pbx_hours": hours, "pbx_dids": numbers}).problems


@pytest.mark.parametrize("code", ["*28", "#1", None, ""])
def test_hours_have_a_code_or_none(code):
    assert with_hours(code) == []


@pytest.mark.parametrize(("codes", "sentence"), [
    (["28"], "pbx_hours[0].override_code must be * or #, and 1 to 5 of 0-9, * and #, not '28'."),
    ([1001], "pbx_hours[0].override_code must be * or #"),
    (["*28,1"], "pbx_hours[0].override_code must be * or #"),
    (["*"], "pbx_hours[0].override_code must be * or #"),
    ([["*28"]], "pbx_hours[0].override_code must be one text"),
    (["*78"], "pbx_hours[0].override_code is *78, which pbx_feature_codes.do_not_disturb (*78) hides: change one of"),
    (["*721"], "pbx_hours[0].override_code is *721, which pbx_feature_codes.forward_always (*72) hides: change one of"),
    (["*28", "*28"], "pbx_hours[1].override_code is *28, which is pbx_hours[0].override_code as well: change one of"),
])
def test_a_wrong_code_of_hours_is_refused_by_name(codes, sentence):
    found = with_hours(*codes)
    assert any(one.startswith(sentence) for one in found), found


def keys_of(inventory) -> set[str]:
    return {row["key"] for row in rows(whole(inventory).hosts[HOST])}


def test_codes_of_pickup_need_a_group_that_of_intercom_a_phone_that_allows_it_and_those_of_queues_a_queue():
    of_queues = {"queue_agent", "queue_paused"}
    assert keys_of(RIGHT) == {code.key for code in CODES.values()} - {"pickup", "intercom"} - of_queues
    queue = {"name": "support", "members": ["1001"]}
    assert keys_of({**RIGHT, "pbx_queues": [queue]}) & of_queues == {"queue_paused"}
    assert keys_of({**RIGHT, "pbx_queues": [{"name": "support", "agents": ["1001"]}]}) >= of_queues


def test_a_code_of_queues_hides_nothing_where_there_is_no_queue():
    hours = {**RIGHT["pbx_hours"][0], "override_code": "*45"}
    assert whole({**RIGHT, "pbx_hours": [hours]}).problems == []


@pytest.mark.parametrize("name", ["Front desk", "1", "a,b", "x" * 33, "a\nb"])
def test_a_wrong_group_is_refused_by_name(name):
    phones = [{**RIGHT["pbx_phones"][0], "pickup_group": name}, *RIGHT["pbx_phones"][1:]]
    problems = whole({**RIGHT, "pbx_phones": phones}).problems
    assert any(one.startswith("pbx_phones[0].pickup_group must be 1 to 32 of a-z") for one in problems), problems


def test_a_switch_that_is_none_is_refused():
    problems = whole({**RIGHT, "pbx_forward_outside": "perhaps"}).problems
    assert any(one.startswith("pbx_forward_outside must be") for one in problems), problems
