# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What role pbx renders for numbers outside: the one way out of a call that comes in, and its limits."""

from __future__ import annotations

import pytest

from labtest.dialled import rendered

from ..inventory.features.test_wrong_outside_numbers import MOBILE, RIGHT
from .dialplan import Call, call, read
from .test_incoming import reached


@pytest.fixture(scope="module")
def contexts():
    return read(rendered(RIGHT, "extensions.conf")["extensions.conf"])


def test_it_rings_as_a_phone_does_and_goes_on(contexts):
    assert contexts["outside-number-mobile"].extensions["s"] == [
        "Set(RINGING=&Local/mobile@outside-numbers/n)", "Gosub(dial,s,1(30))", "Goto(internal,1001,1)"]


def test_its_calls_are_those_of_a_phone_of_its_own(contexts):
    steps = contexts["outside-numbers"].extensions["mobile"]
    assert steps == [
        "Set(PHONE=outside/mobile)", "Set(PHONE_MAX_CALLS=2)", "Set(PHONE_CALLS_PER_SECOND=1)",
        "Goto(outside-twilio-main-national,+12025550143,1)"]
    assert call(contexts, "outside-twilio-main-national", "+12025550143") == Call(
        "twilio-main", "+17756187988", "+12025550143")


def test_one_that_is_asked_has_not_taken_a_call_until_it_pressed_1():
    """A leg begins with GOSUB_RESULT=BUSY, by which Dial goes on where it hangs up; only the key takes that away."""
    row = {**RIGHT["pbx_outside_numbers"][0], "confirm": True}
    tree = rendered({**RIGHT, "pbx_outside_numbers": [row]}, "extensions.conf", "modules.conf")
    asked = read(tree["extensions.conf"])
    assert "Set(_GOSUB_RESULT=BUSY)" in asked["outside-numbers"].extensions["mobile"]
    taken = asked["taken-outside"].extensions["s"]
    assert taken[1:3] == [
        'GosubIf($["${ASKED_FOR}" != ""]?ask,s,1(${ARG1}))', 'GotoIf($["${GOSUB_RESULT}" = "BUSY"]?back)']
    steps = asked["ask"].extensions["s"]
    key, cleared = steps.index('GotoIf($["${KEY}" != "1"]?again)'), steps.index("Set(GOSUB_RESULT=)")
    assert steps[key + 1:cleared] == ["GotoIf($[${CHANNEL_EXISTS(${ASKED_FOR})} = 0]?no)"]
    assert sum("GOSUB_RESULT" in step for step in steps) == 1
    assert "\nload = app_read.so\n" in tree["modules.conf"]


def test_one_that_is_not_asked_has_a_call_by_answering(contexts):
    assert "ask" not in contexts
    assert not any("GOSUB_RESULT" in step for one in contexts.values() for step in sum(one.extensions.values(), []))


def test_its_channel_is_that_of_no_phone(contexts):
    """Who answers outside has no key for a recording, which a phone that takes a call gets there."""
    steps = contexts["taken"].extensions["s"]
    assert steps[0] == 'GotoIf($["${CHANNEL(channeltype)}" = "Local"]?back)' and steps[-1] == "Return()"
    assert "CDR(phone)" in steps[1]


def test_a_queue_calls_it_at_most_once_a_minute_unless_it_takes_the_call():
    queue = {"name": "support", "members": [], "outside_members": ["mobile"]}
    changed = {**RIGHT, "pbx_queues": [queue], "pbx_dids": [
        *RIGHT["pbx_dids"], {"number": "+12025550198", "to": {"queue": "support"}}]}
    tree = rendered(changed, "extensions.conf", "queues.conf")
    queued = read(tree["extensions.conf"])
    assert "\nmember => Local/mobile@outside-members/n,0,mobile\n" in tree["queues.conf"]
    assert queued["outside-members"].extensions == {"mobile": [
        "GotoIf($[${EPOCH} < 0${GLOBAL(rests-+12025550143)}]?rest)", "Set(GLOBAL(rests-+12025550143)=$[${EPOCH} + 60])",
        "Goto(outside-numbers,mobile,1)", "Set(CDR_PROP(disable)=1)", "Hangup(17)"]}
    assert "Set(GLOBAL(rests-${ARG1})=)" in queued["taken-outside"].extensions["s"]
    assert not {"outside-members", "outside-numbers"} & reached(queued, "from-twilio")


def test_a_group_rings_it_with_its_phones(contexts):
    assert contexts["ring-group-sales"].extensions["s"] == [
        "Set(RINGING=)", "Gosub(devices,s,1(1001))", "Set(RINGING=${RINGING}&Local/mobile@outside-numbers/n)",
        "Gosub(dial,s,1(20))", "Goto(outside-number-mobile,s,1)"]


def test_a_group_in_order_rings_it_after_its_phones():
    group = {**RIGHT["pbx_ring_groups"][0], "strategy": "in_order"}
    rounds = read(rendered({**RIGHT, "pbx_ring_groups": [group]}, "extensions.conf")["extensions.conf"])[
        "ring-group-sales"].extensions
    assert rounds["s"][1] == "Gosub(devices,s,1(1001))"
    assert rounds["round2"][1] == "Set(RINGING=${RINGING}&Local/mobile@outside-numbers/n)"


def test_no_context_of_a_caller_holds_the_way_out(contexts):
    """A caller's channel stays among the destinations; only the channel that was made for the number goes out."""
    inside = reached(contexts, "from-twilio")
    assert not {name for name in inside if name.startswith(("outside-twilio", "outbound", "trunk-", "class-"))}
    assert "outside-numbers" not in inside and "outside-number-mobile" in inside


def test_an_emergency_number_is_not_on_its_way(contexts):
    ways = reached(contexts, "outside-numbers")
    assert any(name.startswith("outside-twilio") for name in ways)
    assert not {name for name in ways if name.startswith(("emergency", "phones-", "internal", "codes"))}


def test_a_class_that_no_phone_has_gives_no_phone_a_context():
    changed = {**RIGHT, "pbx_default_class": "internal"}
    made = set(read(rendered(changed, "extensions.conf")["extensions.conf"]))
    assert "outside-twilio-main-national" in made and "phones-twilio-main-internal" in made
    assert not {"phones-twilio-main-national", "refer-twilio-main-national"} & made


def test_without_one_there_is_nothing_of_it():
    changed = {**RIGHT, "pbx_outside_numbers": [], "pbx_dids": RIGHT["pbx_dids"][:2],
               "pbx_ring_groups": [{"name": "sales", "members": ["1001"]}]}
    assert MOBILE["number"] not in (text := rendered(changed, "extensions.conf")["extensions.conf"])
    assert "outside-number" not in text
