# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialplan of callers: who is looked up, who is blocked, and what neither may change."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.feature_codes import CODES
from labtest.dialled import rendered

from .dialplan import find, read
from .test_incoming import INVENTORY, reached

LONDON = {
    "name": "London", "domain": "london.pstn.twilio.com", "caller_id": "+442079460000", "secure": True,
    "ip_access_control_list": "PBXs"}
NAMED = {**INVENTORY, "pbx_directory": [{"number": "(202) 555-0143", "name": "Anna O'Neil, Büro :)"}]}
BLOCKING = {**NAMED, "pbx_blocked_callers": [
    {"number": "202 555 0144"}, {"prefix": "+44871"}, {"prefix": "+4487", "to": {"announcement": "closed"}},
    {"anonymous": True, "to": {"phone": "1002"}}]}


def contexts_of(inventory):
    return read(rendered(inventory, "extensions.conf")["extensions.conf"])


@pytest.fixture(scope="module")
def contexts():
    return contexts_of(BLOCKING)


def test_without_a_row_nothing_of_it_is_printed():
    found = contexts_of(INVENTORY)
    assert not {name for name in found if name.startswith(("caller", "directory", "blocked"))}
    assert "emergency/last" not in str(found)


def test_a_name_alone_blocks_nobody():
    found = contexts_of(NAMED)
    assert "caller" in found and "blocked" not in found and "blocked" not in str(found["caller"])
    assert "emergency/last" not in str(found)
    assert found["directory"].extensions["+12025550143"] == ["Set(CALLERID(name)=Anna O'Neil, Büro :))", "Return()"]


def test_each_number_of_ours_looks_the_caller_up_before_the_call_goes_anywhere(contexts):
    for number, steps in contexts["numbers"].extensions.items():
        if not number.startswith("_"):
            assert steps[-2] == "Gosub(caller,s,1(number-US))" and "Goto" in steps[-1], number


def test_a_call_without_tls_is_refused_before_and_one_with_it_looked_up():
    did = {"number": "+442079460000", "phone": "1001", "trunk": "London"}
    trunks = [*BLOCKING["trunkline_trunks"], LONDON]
    stated = {"trunkline_trunks": trunks, "pbx_dids": [*BLOCKING["pbx_dids"], did], "pbx_directory": [],
              "pbx_blocked_callers": [{"number": "+12025550144"}], "pbx_tls_certificate": "/etc/ssl/pbx.pem",
              "pbx_tls_private_key": "/etc/ssl/private/pbx.pem"}
    text = rendered({**BLOCKING, **stated}, "extensions.conf")["extensions.conf"]
    steps = read(text)["numbers"].extensions["+442079460000"]
    looked_up = steps.index("Gosub(caller,s,1(number-GB))")
    assert "plain)" in steps[looked_up - 1] and "internal,1001,1" in steps[looked_up + 1]
    assert " same => n(go),Gosub(caller," in text


def test_a_number_that_is_not_ours_is_refused_whoever_calls(contexts):
    dummy, steps = find(contexts, "numbers", "+12025550199")
    assert steps[0].startswith("Gosub(refuse,")


def test_the_proof_of_verify_is_nobodys_call(contexts):
    assert contexts["caller"].extensions["s"][0] == 'GotoIf($["${PROOF}" = "1"]?end)'


@pytest.mark.parametrize(("caller", "row"), [
    ("+12025550144", "pbx_blocked_callers[0]"),
    ("+448719990001", "pbx_blocked_callers[1]"),
    ("+44871", "pbx_blocked_callers[1]"),
    ("+448729990001", "goes to announcement closed: pbx_blocked_callers[2]"),
    ("anonymous", "A call from an anonymous caller to ${NUMBER} goes to phone 1002: pbx_blocked_callers[3]"),
    ("+266696687", "goes to phone 1002: pbx_blocked_callers[3]"),
])
def test_the_number_goes_before_the_prefix_and_the_longer_prefix_first(contexts, caller, row):
    dummy, steps = find(contexts, "blocked", caller)
    assert row in steps[0]
    assert steps[1:2] == (["StackPop()"] if "goes to" in row else [])


@pytest.mark.parametrize("caller", ["+12025550143", "+12025550145", "+442079460958", "+1448719990001", "2025550144"])
def test_nobody_else_is_blocked(contexts, caller):
    assert find(contexts, "blocked", caller) is None


@pytest.mark.parametrize(("home", "caller", "step"), [
    ("US", "2025550144", "Set(WHO=+1${EXTEN})"),
    ("US", "12025550144", "Set(WHO=+1${EXTEN:1})"),
    ("US", "442079460958", "Set(WHO=+${EXTEN})"),
    ("GB", "02079460958", "Set(WHO=+44${EXTEN:1})"),
    ("GB", "442079460958", "Set(WHO=+${EXTEN})"),
    ("GB", "0012025550144", "Set(WHO=+${EXTEN:2})"),
])
def test_a_number_without_plus_is_read_as_in_the_home_country(home, caller, step):
    found = contexts_of({**BLOCKING, "pbx_home_country": home, "pbx_directory": [], "pbx_blocked_callers": [
        {"anonymous": True}]})
    assert find(found, f"caller-number-{home}", caller)[1] == [step, "Return()"]


def test_nothing_of_it_calls_out(contexts):
    for first in ("caller", "blocked", "caller-number-US", "from-twilio"):
        found = reached(contexts, first)
        assert not {name for name in found if name.startswith(("outside-", "trunk-", "class-", "emergency-", "codes"))}


def test_after_an_emergency_call_nobody_is_blocked(contexts):
    steps = contexts["caller"].extensions["s"]
    over = steps.index("GotoIf($[${EPOCH} < 0${DB(emergency/last)} + 3600]?end)")
    assert [index for index, step in enumerate(steps) if "?blocked," in step] == [over + 1, over + 2]
    for name in contexts:
        for number, emergency in contexts[name].extensions.items() if name.startswith("emergency-") else ():
            assert "Set(DB(emergency/last)=${EPOCH})" in emergency[:3], number


def test_what_it_needs_is_loaded_where_nothing_else_needs_it():
    without = {**BLOCKING, "pbx_feature_codes": dict.fromkeys(CODES), "pbx_hours": [], "pbx_dids": [
        {"number": "+17756187988", "phone": "1001"}]}
    loaded = rendered(without, "modules.conf")["modules.conf"]
    assert {"load = func_db.so", "load = func_dialplan.so", "load = app_stack.so"} <= set(loaded.splitlines())
