# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What role pbx renders for queues: who is called and how, and that no queue calls out."""

from __future__ import annotations

import re

import pytest

from ansible_collections.trunkline.voice.plugins.action.configure_asterisk import FILES, files
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.feature_codes import CODES
from labtest.dialled import rendered

from ..inventory.features.test_wrong_queues import RIGHT, SUPPORT
from ..inventory.whole import whole
from .dialplan import find, read
from .test_incoming import reached

NAMES = ("extensions.conf", "modules.conf", "queues.conf")


@pytest.fixture(scope="module")
def tree():
    return rendered(RIGHT, *NAMES)


@pytest.fixture(scope="module")
def steps(tree):
    return read(tree["extensions.conf"])["queue-support"].extensions


def test_a_caller_waits_and_goes_where_the_queue_says(steps):
    assert steps["s"] == [
        "Answer()", "Playback(company/wait)", "Gosub(agent-seats,support,1)", "Set(CDR(queue)=support)",
        "Set(__IN_QUEUE=support)", "Set(__QUEUED=${EPOCH})",
        "Queue(support,Cir,,,600)", "Gosub(queue-left,s,1(${QUEUESTATUS}))",
        'GotoIf($["${QUEUESTATUS}" = "FULL"]?hangup,busy,1)',
        'GotoIf($["${QUEUESTATUS}" = "JOINEMPTY" | "${QUEUESTATUS}" = "LEAVEEMPTY"]?announcement-closed,s,1)',
        "Goto(ring-group-sales,s,1)"]


def test_a_member_is_called_by_its_devices_and_judged_by_its_endpoint(tree, steps):
    assert steps["1002"] == ["Gosub(ring,s,1(1002,20))", "Hangup(${CAUSE})"]
    members = re.findall(r"^member => (.*)$", tree["queues.conf"], re.M)
    assert members == ["Local/1001@phone-members/n,0,1001,PJSIP/1001"]
    assert "\nringinuse = no\n" in tree["queues.conf"]


def test_a_phone_is_the_same_member_in_each_of_its_queues_and_rings_as_the_queue_says():
    """Asterisk knows a member by its interface: one that has another in each queue would wrap up in one of them."""
    both = {**RIGHT, "pbx_queues": [{**SUPPORT, "seconds": 20}, {**SUPPORT, "name": "sales", "seconds": 40}]}
    tree = rendered(both, *NAMES)
    assert re.findall(r"^member => Local/(\S+?),", tree["queues.conf"], re.M) == ["1001@phone-members/n"] * 2
    contexts = read(tree["extensions.conf"])
    assert [contexts[f"queue-{name}"].extensions["1001"][0] for name in ("support", "sales")] == [
        "Gosub(ring,s,1(1001,20))", "Gosub(ring,s,1(1001,40))"]
    (steps,) = contexts["phone-members"].extensions.values()
    assert steps[1] == "GotoIf($[${DIALPLAN_EXISTS(queue-${QUEUE},${EXTEN},1)} = 1]?queue-${QUEUE},${EXTEN},1)"


def test_an_agent_is_no_member_of_the_file_and_is_seated_before_a_call_waits(tree):
    contexts = read(tree["extensions.conf"])
    assert contexts["agent-seats"].extensions["support"][1:3] == [
        "Gosub(agent-seat,s,1(support,1001))", "Gosub(agent-seat,s,1(support,1002,0))"]
    assert "persistentmembers = yes" in tree["queues.conf"] and "1002" not in tree["queues.conf"]


def test_only_phones_reach_the_codes_and_only_agents_log_in(tree):
    contexts = read(tree["extensions.conf"])
    assert set(contexts["agents"].extensions) == {"1002", "i"}
    assert set(contexts["agent-queues"].extensions) == {"1001", "1002"}
    assert contexts["agent-pause"].extensions["s"][0] == (
        "GotoIf($[${DIALPLAN_EXISTS(agent-queues,${PHONE},1)} = 0]?none)")
    codes = {"agents", "agent-log-in", "agent-pause"}
    refer = next(name for name in contexts if name.startswith("refer-"))
    assert not codes & (reached(contexts, "from-twilio") | reached(contexts, refer) | reached(contexts, "outbound"))
    phones = next(name for name in contexts if name.startswith("phones-"))
    assert find(contexts, phones, "*45")[0] == "codes" and codes <= reached(contexts, phones)
    assert not [step for name in codes for steps in contexts[name].extensions.values() for step in steps
                if "${EXTEN" in step or step.startswith("Dial(")]


def test_lamps_are_there_for_those_who_have_what_they_show():
    hints = read(rendered({**RIGHT, "pbx_busy_lamps": True}, NAMES[0])[NAMES[0]])["lamps"].hints
    assert {name: hint for name, hint in hints.items() if "queue" in hint} == {
        "*451002": "Custom:queue_agent-1002", "*461001": "Custom:queue_paused-1001",
        "*461002": "Custom:queue_paused-1002"}


def test_a_key_of_who_waits_leads_where_the_queue_says_and_no_other_does_anything():
    """app_queue goes on at an extension of this context, which may have no pattern and nothing that it includes."""
    keys = {"1": {"announcement": "closed"}, "star": {"phone": "1001"}}
    tree = rendered({**RIGHT, "pbx_queues": [{**SUPPORT, "keys": keys}]}, *NAMES)
    contexts = read(tree["extensions.conf"])
    assert "\ncontext = leave-support\n" in tree["queues.conf"]
    leave = contexts["leave-support"]
    assert set(leave.extensions) == {"1", "*"} and leave.includes == []
    assert leave.extensions["1"] == [
        "Set(KEYS=${KEYS}1)", "Gosub(queue-left,s,1(KEY))", "Goto(announcement-closed,s,1)"]
    assert leave.extensions["*"][-1] == "Goto(internal,1001,1)"
    assert not {name for name in reached(contexts, "leave-support") if name.startswith((
        "codes", "agents", "agent-log", "agent-pause", "phones-", "refer-", "outside-", "trunk-", "emergency-"))}


def test_without_keys_a_queue_has_no_context_for_them(tree):
    assert "context =" not in tree["queues.conf"] and "leave-support" not in tree["extensions.conf"]


def test_penalties_are_of_members_in_the_file_and_of_agents_as_they_log_in():
    tree = rendered({**RIGHT, "pbx_queues": [{**SUPPORT, "penalties": {1001: 3, "1002": "10"}}]}, *NAMES)
    assert "\nmember => Local/1001@phone-members/n,3,1001,PJSIP/1001\n" in tree["queues.conf"]
    contexts = read(tree["extensions.conf"])
    assert contexts["agent-seats"].extensions["support"][1:3] == [
        "Gosub(agent-seat,s,1(support,1001))", "Gosub(agent-seat,s,1(support,1002,10))"]
    assert "AddQueueMember(${ARG1},${MEMBER},${ARG3},,${ARG2},PJSIP/${ARG2})" in contexts["agent-seat"].extensions["s"]


@pytest.mark.parametrize(("given", "printed"), [
    ({}, {"joinempty": "unavailable,invalid,unknown", "leavewhenempty": "unavailable,invalid,unknown",
          "announce-frequency": "30", "announce-position": "yes", "announce-holdtime": "no"}),
    ({"join_needs": "not_paused", "stay_needs": "nobody"},
     {"joinempty": "unavailable,invalid,unknown,paused", "leavewhenempty": "no"}),
    ({"join_needs": "nobody", "stay_needs": "not_paused"},
     {"joinempty": "yes", "leavewhenempty": "unavailable,invalid,unknown,paused"}),
    ({"announce_wait": True, "announce_position": False, "announce_seconds": 60},
     {"announce-frequency": "60", "announce-position": "no", "announce-holdtime": "yes"}),
    ({"announce_position": False, "announce_seconds": 60}, {"announce-frequency": "0"}),
    ({"service_level_seconds": 20}, {"servicelevel": "20"}),
    ({"strategy": "wrandom"}, {"strategy": "wrandom"}),
])
def test_what_a_queue_says_is_what_asterisk_reads(given, printed):
    text = rendered({**RIGHT, "pbx_queues": [{**SUPPORT, **given}]}, *NAMES)["queues.conf"]
    read_back = dict(re.findall("^([a-z-]+) = (.*)$", text, re.M))
    assert {name: read_back[name] for name in printed} == printed


def test_the_service_level_is_in_the_records_of_those_who_have_one(tree):
    queue = {**SUPPORT, "service_level_seconds": 20}
    with_one = rendered({**RIGHT, "pbx_queues": [queue]}, NAMES[0], "cdr_custom.conf")
    assert "Set(CDR(queue_service_level)=20)" in with_one[NAMES[0]]
    assert '"queue_service_level":' in with_one["cdr_custom.conf"]
    assert "service_level" not in rendered(RIGHT, "cdr_custom.conf")["cdr_custom.conf"] + tree[NAMES[0]]


def test_without_codes_a_queue_has_its_members():
    none = {**RIGHT, "pbx_feature_codes": dict.fromkeys(CODES), "pbx_queues": [{**SUPPORT, "agents": []}]}
    contexts = read(rendered(none, NAMES[0])[NAMES[0]])
    assert not {"agents", "agent-log-in", "agent-pause", "agent-queues"} & set(contexts) and "phone-members" in contexts


def test_neither_a_caller_nor_a_member_reaches_what_calls_out(tree):
    contexts = read(tree["extensions.conf"])
    assert {name for name in reached(contexts, "queue-support") if "trunk" in name or "out" in name} == set()
    # Neither of them transfers by a key, and a phone that answers with another address is not followed.
    assert not set("tThHcxXwWkK") & set(re.search(r"Queue\(support,(\w*),", tree["extensions.conf"])[1])


def test_music_takes_the_place_of_the_ringing_tone():
    assert "Queue(support,Ci,,,600)" in rendered({**RIGHT, "pbx_hold_music": "/srv/music"}, NAMES[0])[NAMES[0]]


def test_without_a_queue_there_is_nothing_of_it(tree):
    without = {**RIGHT, "pbx_queues": [], "pbx_dids": RIGHT["pbx_dids"][1:]}
    assert "\nload = app_queue.so\n" in tree["modules.conf"]
    assert "queue" not in rendered(without, NAMES[1])[NAMES[1]]
    assert files(whole(RIGHT).hosts["pbx1"]) == (*FILES, "queues.conf")
    assert files(whole(without).hosts["pbx1"]) == FILES
