# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What role pbx renders for speed dials and paging: who reaches them, and how far they go."""

from __future__ import annotations

import pytest

from labtest.dialled import rendered

from .dialplan import find, read
from .test_incoming import INVENTORY, reached

DIALS = [
    {"dial": "*01", "number": "(202) 555-0143"}, {"dial": "81", "to": {"ring_group": "sales"}},
    {"dial": "*02", "number": "+12025550111", "phones": ["1001"]},
    {"dial": "*02", "to": {"phone": "1001"}, "phones": ["1002"]}]
FLOOR = {"name": "floor", "code": "*81", "phones": ["1001", "1002"], "callers": ["1001"]}
WITH = {**INVENTORY, "pbx_speed_dials": DIALS, "pbx_paging_groups": [FLOOR]}


@pytest.fixture(scope="module")
def contexts():
    return read(rendered(WITH, "extensions.conf")["extensions.conf"])


def test_a_number_goes_out_as_if_the_phone_had_dialled_it(contexts):
    steps = contexts["speed-dials"].extensions
    assert steps["*01"] == ["Set(TO=+12025550143)", "Set(CALLERID(dnid)=${TO})", "Goto(as-dialled,${PHONE},1)"]
    assert steps["81"] == ["Goto(ring-group-sales,s,1)"]
    assert steps["*02"] == ["Goto(speed-dial,*02_${PHONE},1)"]
    assert set(contexts["speed-dial"].extensions) == {"*02_1001", "*02_1002", "i"}
    assert contexts["speed-dial"].extensions["*02_1002"] == ["Goto(internal,1001,1)"]


def test_a_number_goes_out_where_there_are_no_codes():
    made = read(rendered({**WITH, "pbx_feature_codes": dict.fromkeys((
        "forward_always", "cancel_forward_always", "forward_busy", "cancel_forward_busy", "forward_unanswered",
        "cancel_forward_unanswered", "do_not_disturb", "cancel_do_not_disturb", "pickup_group", "pickup_phone",
        "intercom", "call_back", "redial"))}, "extensions.conf")["extensions.conf"])
    assert "codes" not in made and set(made["as-dialled"].extensions) == {"1001", "1002", "i"}


def test_only_phones_reach_them_and_emergency_numbers_come_first(contexts):
    new = {"speed-dials", "speed-dial", "paging", "paging-floor"}
    including = {name for name in contexts if {"speed-dials", "paging"} & {*contexts[name].includes}}
    assert including and all(name.startswith("phones-") for name in including)
    others = ["from-twilio", "outbound", "default", *(name for name in contexts if name.startswith("refer-"))]
    assert not any(new & reached(contexts, name) for name in others)
    name = sorted(including)[0]
    assert contexts[name].includes[0].startswith("emergency-")
    assert find(contexts, name, "81")[0] == "speed-dials" and find(contexts, name, "*81")[0] == "paging"


def test_a_page_is_for_those_who_may_and_rings_free_phones_only(contexts):
    steps = contexts["paging-floor"].extensions
    assert set(steps) == {"1001", "s", "i"} and steps["i"][0].startswith("Gosub(refuse,")
    asked = [step for step in steps["s"] if step.startswith("GosubIf")]
    assert len(asked) == 2 and all('}" = "NOT_INUSE"]?devices,s,1(' in step for step in asked)
    assert "Page(${RINGING:1},ib(auto-answer^s^1),10)" in steps["s"]      # no option d, by which others hear them


def test_modules_and_files_are_there_where_somebody_pages():
    there, none = (rendered(one, "modules.conf")["modules.conf"] for one in (WITH, INVENTORY))
    for module in ("app_page.so", "app_confbridge.so", "bridge_softmix.so", "func_devstate.so"):
        assert f"load = {module}" in there and f"load = {module}" not in none


def test_without_them_nothing_of_them_is_printed():
    made = read(rendered(INVENTORY, "extensions.conf")["extensions.conf"])
    assert not {name for name in made if name.startswith(("speed", "paging", "auto-answer"))}
