# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What role pbx renders for emergency calls: the call comes first, and what notifies of it is never in its way."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory import pbx
from labtest.dialled import rendered

from ..inventory.features.test_wrong_emergency import NOTIFY, NUMBER, RIGHT
from ..inventory.whole import whole
from .dialplan import call, find, read
from .test_incoming import reached

FILES = ("extensions.conf", "modules.conf", "pjsip.conf")
ORIGINATE = "Originate(Local/start@emergency-notify/n,app,Wait,900,,900,av(WHO=${PHONE}^DIALLED=911))"


@pytest.fixture(scope="module")
def tree():
    return rendered(RIGHT, *FILES)


@pytest.fixture(scope="module")
def contexts(tree):
    return read(tree["extensions.conf"])


def test_nothing_before_the_call_waits_or_may_end_it(contexts):
    """Each step before the call sets something, jumps on, or starts what goes its own way (option a)."""
    steps = contexts["emergency-twilio-main"].extensions["911"]
    assert steps[0].startswith("Log(WARNING,Emergency call to 911")
    assert steps[1:3] == ['GotoIf($["${IFMODULE(app_originate.so)}" != "1"]?call)', ORIGINATE]
    assert all(step.startswith(("Set(", "GotoIf(")) for step in steps[3:-1])
    assert steps[-1] == "Gosub(call,s,1(911,twilio-main))"


def test_each_emergency_number_of_each_class_notifies(contexts):
    for name in (one for one in contexts if one.startswith(("phones-", "refer-"))):
        for number in ("911", "933", "112"):
            context, steps = find(contexts, name, number)
            assert context == "emergency-twilio-main" and any(f"DIALLED={number})" in step for step in steps)
            assert call(contexts, name, number).number == number


def test_without_notification_the_call_is_all_there_is():
    text = rendered({**RIGHT, "pbx_emergency_notify": None}, *FILES)
    contexts = read(text["extensions.conf"])
    assert not {name for name in contexts if name.startswith("emergency")} - {"emergency-twilio-main"}
    assert "app_originate.so" not in text["modules.conf"] and "IFMODULE" not in text["extensions.conf"]


def test_a_phone_shows_its_own_number_where_it_has_one(tree, contexts):
    assert tree["pjsip.conf"].count(f"set_var = EMERGENCY_CALLER_ID={NUMBER}\n") == 1
    steps = contexts["emergency-twilio-main"].extensions["911"]
    at = steps.index("Set(CALLERID(num)=+17756187988)")
    assert steps[at + 1:at + 3] == [
        'GotoIf($["${EMERGENCY_CALLER_ID}" = ""]?named)', "Set(CALLERID(num)=${EMERGENCY_CALLER_ID})"]


def test_who_is_notified_knows_number_and_place(contexts):
    known = contexts["emergency-caller"].extensions
    assert known["p1001"][:3] == [
        f"Set(CALLBACK={NUMBER})", "Set(LOCATION=2nd floor, room 204 (Zürich))",
        "Set(SHOWN=1001: 2nd floor, room 204 (Zürich))"]
    assert known["p1002"][:2] == ["Set(CALLBACK=+17756187988)", f"Set(LOCATION={NOTIFY['location']})"]
    assert known["p"][0] == "Set(CALLBACK=+17756187988)"
    assert known["known"][0] == 'Set(WHAT=${IF($["${DIALLED}" = "933"]?Emergency test:Emergency)})'


def test_nobody_who_calls_in_or_dials_reaches_the_notification(contexts):
    for first in ("from-twilio", "phones-twilio-main-international", "refer-twilio-main-international"):
        assert not {name for name in reached(contexts, first) if name.startswith(
            ("emergency-notify", "emergency-ring", "emergency-heard", "emergency-caller"))}


def test_no_pattern_takes_the_end_of_a_call_for_a_phone(contexts):
    """Asterisk looks for extension h once a channel is hung up."""
    assert set(contexts["emergency-ring"].extensions) == set(NOTIFY["phones"])
    for name in (one for one in contexts if one.startswith("emergency")):
        assert contexts[name].steps("h") is None


def test_it_rings_in_spite_of_do_not_disturb(contexts):
    assert contexts["devices"].extensions["s"][0] == (
        'GotoIf($["${DB(do_not_disturb/${ARG1})}" = "1" & "${EMERGENCY}" = ""]?quiet)')
    assert "Set(EMERGENCY=1)" in contexts["emergency-ringing"].extensions["s"]


@pytest.mark.parametrize(("changes", "loaded", "mail"), [
    ({}, {"app_originate.so", "func_module.so", "res_speech.so", "res_agi.so"}, True),
    ({"emails": []}, {"app_originate.so", "func_module.so"}, False),
])
def test_modules_are_those_that_it_needs_each_once(changes, loaded, mail):
    inventory = {**RIGHT, "pbx_emergency_notify": {**NOTIFY, **changes}}
    text = rendered(inventory, *FILES)
    lines = text["modules.conf"].splitlines()
    for module in ("app_originate.so", "func_module.so", "res_speech.so", "res_agi.so"):
        assert lines.count(f"load = {module}") == (module in loaded)
    assert ("AGI(" in text["extensions.conf"]) == mail
    assert pbx.public(whole(inventory).hosts["pbx1"])["emergency_mail"] == mail


def test_modules_that_n8n_needs_as_well_are_there_once():
    row = {"name": "desk", "url": "https://n8n.example.com/x", "token": "x" * 24, "allow": [{"phone": "1001"}],
           "otherwise": {"phone": "1001"}}
    lines = rendered({**RIGHT, "pbx_n8n": [row]}, *FILES)["modules.conf"].splitlines()
    assert lines.count("load = res_agi.so") == 1
