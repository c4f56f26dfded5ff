# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What role pbx renders for ring groups: turns, times of members, who is passed over, what phones show."""

from __future__ import annotations

import pytest

from labtest.dialled import rendered

from ..inventory.features.test_wrong_outside_numbers import RIGHT as OUTSIDE
from ..inventory.features.test_wrong_ring_groups import GROUP, RIGHT
from .dialplan import read
from .test_incoming import reached

MOBILE = "Set(RINGING=${RINGING}&Local/mobile@outside-numbers/n)"


def tree_of(**options):
    """The files for a group with these options."""
    group = {**GROUP, "member_times": [], **options}
    return rendered({**RIGHT, "pbx_ring_groups": [group]}, "extensions.conf", "modules.conf")


def contexts_of(**options):
    return read(tree_of(**options)["extensions.conf"])


def test_turns_begin_after_the_one_that_rang_first_for_the_call_before():
    """The place of the next one is kept once somebody rings: who is not there has had no turn."""
    group = contexts_of(strategy="round_robin")["ring-group-sales"].extensions
    assert group["s"] == [
        "Set(AT=$[0${GLOBAL(first-ring-group-sales)} % 3])", "Set(TRIED=0)", "Set(BEGUN=)", "Set(RINGING=)",
        "Gosub(member${AT},1)", "Set(AT=$[(${AT} + 1) % 3])",
        'GotoIf($["${BEGUN}" = "1" | ${LEN(${RINGING})} = 0]?call)', "Set(BEGUN=1)",
        "Set(GLOBAL(first-ring-group-sales)=${AT})", "Set(TRIED=$[${TRIED} + 1])", "Gosub(dial,s,1(20))",
        "GotoIf($[${TRIED} < 3]?next)", "Goto(outside-number-mobile,s,1)"]
    assert {name: steps[0] for name, steps in group.items() if name != "s"} == {
        "member0": "Gosub(devices,s,1(1001))", "member1": "Gosub(devices,s,1(1002))", "member2": MOBILE}


@pytest.fixture(scope="module")
def timed():
    times = [{"member": "1002", "delay_seconds": 5}, {"member": "mobile", "delay_seconds": 8, "seconds": 6},
             {"member": "1001", "seconds": 7}]
    return contexts_of(member_times=times)


def test_a_member_with_times_rings_on_a_channel_of_its_own(timed):
    assert timed["ring-group-sales"].extensions["s"] == [
        "Set(RINGING=)", "Gosub(member-later,s,1(1001,later-sales))", "Gosub(member-later,s,1(1002,later-sales))",
        "Set(RINGING=${RINGING}&Local/mobile@later-sales/n)", "Gosub(dial,s,1(20))", "Goto(outside-number-mobile,s,1)"]
    assert timed["later-sales"].extensions == {
        "1001": ["Set(RINGING=)", "Gosub(devices,s,1(1001))", "Gosub(dial,s,1(7))", "Hangup(${CAUSE})"],
        "1002": ["Set(RINGING=)", "Ringing()", "Wait(5)", "Gosub(devices,s,1(1002))", "Gosub(dial,s,1(15))",
                 "Hangup(${CAUSE})"],
        "mobile": ["Set(RINGING=)", "Ringing()", "Wait(8)", MOBILE, "Gosub(dial,s,1(6))", "Hangup(${CAUSE})"]}


def test_who_is_not_there_is_not_waited_for(timed):
    """A group whose phones are all absent ends at once, whatever their delay, so that Twilio tries another PBX."""
    steps = timed["member-later"].extensions["s"]
    assert steps[0] == "GotoIf($[${LEN(${PJSIP_DIAL_CONTACTS(${ARG1})})} = 0]?absent)"
    assert steps[1] == "Set(RINGING=${RINGING}&Local/${ARG1}@${ARG2}/n)"


def test_a_caller_stays_among_the_destinations(timed):
    inside = reached(timed, "from-twilio")
    assert "member-later" in inside and not {name for name in inside if name.startswith(("later-", "outside-numbers"))}
    assert not {name for name in reached(timed, "later-sales") if name.startswith(("outside-", "trunk-", "class-"))}


@pytest.mark.parametrize("strategy", ["all", "in_order", "round_robin"])
def test_a_phone_in_a_call_is_passed_over(strategy):
    tree = tree_of(strategy=strategy, skip_busy=True)
    contexts = read(tree["extensions.conf"])
    steps = sum(contexts["ring-group-sales"].extensions.values(), [])
    assert "Gosub(member-free,s,1(1001))" in steps and "Gosub(devices,s,1(1001))" not in steps
    told = 'Set(CAUSE=${IF($["${RANG}" = "absent" & "${PASSED}" = "1"]?17:${CAUSE})})'
    rings = [at for at, step in enumerate(steps) if step.startswith("Gosub(dial")]
    assert rings and all(steps[at + 1] == told for at in rings)
    free = contexts["member-free"].extensions["s"]
    assert free[0] == (
        'GotoIf(${REGEX("^(INUSE|BUSY|RINGINUSE|ONHOLD)$" ${DEVICE_STATE(PJSIP/${ARG1})})}?busy)')
    assert free[1] == "Gosub(devices,s,1(${ARG1}))" and "Set(PASSED=1)" in free
    assert tree["modules.conf"].count("load = func_devstate.so") == 1


def test_a_member_that_begins_later_is_passed_over_when_it_begins():
    later = contexts_of(member_times=[{"member": "1002", "delay_seconds": 5}], skip_busy=True)["later-sales"]
    steps = later.extensions["1002"]
    assert steps.index("Wait(5)") < steps.index("Gosub(member-free,s,1(1002))")


@pytest.mark.parametrize(("strategy", "prefix"), [("all", "Sales"), ("in_order", "Sales: "), ("round_robin", "Sales:")])
def test_phones_show_the_prefix_and_nobody_after_them(strategy, prefix):
    """The name is as it was once nobody took the call, before it goes anywhere else."""
    steps = sum(contexts_of(strategy=strategy, caller_name_prefix=prefix)["ring-group-sales"].extensions.values(), [])
    shown = steps.index(
        "Set(CALLERID(name)=Sales: ${IF($[${LEN(${CALLER_NAME})} = 0]?${CALLERID(num)}:${CALLER_NAME})})")
    assert steps[shown - 1] == "Set(CALLER_NAME=${CALLERID(name)})"
    assert shown < min(at for at, step in enumerate(steps) if step.startswith("Gosub(dial"))
    assert steps.index("Goto(outside-number-mobile,s,1)") == steps.index("Set(CALLERID(name)=${CALLER_NAME})") + 1


def test_a_number_outside_shows_the_name_of_the_trunk():
    """What a group shows its phones does not go to Twilio."""
    contexts = contexts_of(caller_name_prefix="Sales")
    assert "Set(CALLERID(name)=)" in contexts["trunk-twilio-main"].extensions["_+X."]


def test_without_these_options_nothing_of_them_is_there():
    tree = rendered(OUTSIDE, "extensions.conf", "modules.conf")
    assert not {name for name in read(tree["extensions.conf"]) if name.startswith(("member-", "later-"))}
    assert "devstate" not in tree["modules.conf"] and "CALLER_NAME" not in tree["extensions.conf"]
