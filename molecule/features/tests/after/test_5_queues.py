# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls that wait in queues: who rang, agents that log in and pause, where those went whom nobody took, and reloads."""

from __future__ import annotations

import copy
import json
import os
import re
import time

import pytest

from labtest.audio import stereo
from labtest.incoming import CALLER, SOUNDS, start_devices
from labtest.plays import play
from labtest.softphone import Softphone
from labtest.twin import place_incoming_call
from labtest.waiting import until

SUPPORT, SHORT = "+17756187988", "+12025550143"
PASSWORD = "{{ lookup('ansible.builtin.env', 'TRUNKLINE_PHONE_PASSWORD') }}"
FULL, NOBODY = "demo-congrats", "demo-thanks"
#: The music of everybody, and that of a queue of its own. It is so short that who waits hears it from its beginning.
MUSIC, MUSIC_SECONDS = {"waltz": "demo-nogo", "jazz": "demo-moreinfo"}, 4
QUEUES = {
    "pbx_phones": [{"name": "1001", "password": PASSWORD, "max_contacts": 2}, {"name": "1002", "password": PASSWORD}],
    "pbx_dids": [{"number": SUPPORT, "to": {"queue": "support"}}, {"number": SHORT, "to": {"queue": "short"}}],
    "pbx_queues": [
        {"name": "support", "members": ["1001", "1002"], "seconds": 10, "announce_position": True,
         "when_no_member": {"announcement": "nobody"}},
        {"name": "short", "members": ["1002"], "strategy": "leastrecent", "max_callers": 1, "max_wait_seconds": 12,
         "when_full": {"announcement": "full"}, "otherwise": {"announcement": "nobody"},
         "keys": {"1": {"announcement": "full"}}, "service_level_seconds": 20, "music": "jazz"},
        {"name": "agents", "agents": ["1001"], "seconds": 5, "when_no_member": {"announcement": "nobody"}},
        {"name": "turns", "members": ["1001", "1002"], "strategy": "rrmemory"},
        {"name": "fewest", "members": ["1001", "1002"], "strategy": "fewestcalls"},
        {"name": "wraps", "members": ["1001"], "wrap_up_seconds": 20},
        {"name": "ranks", "members": ["1001", "1002"], "strategy": "random", "penalties": {"1002": 1}, "seconds": 5,
         "join_needs": "not_paused", "stay_needs": "not_paused", "when_no_member": {"announcement": "nobody"}},
    ],
    "pbx_hold_music": "waltz",
    "pbx_announcements": [{"name": "full", "prompt": FULL}, {"name": "nobody", "prompt": NOBODY}],
    # Who is there while the configuration changes.
    "pbx_menus": [{
        "name": "main", "prompt": NOBODY, "seconds": 60, "attempts": 10,
        "keys": {"1": {"conference": "board"}, "2": {"phone": "1001"}}}],
    "pbx_conferences": [{"name": "board", "pin": "271828"}],
    "pbx_parking": {"number": "700", "slots": 2, "seconds": 900},
}
#: What callers try: an operator, a phone, the codes of phones, a number outside.
TRIED = "0*#1001#*97#*72919876543210#9011919876543210#"


@pytest.fixture(scope="module", autouse=True)
def built(pbx, tmp_path_factory, declare):
    """A run of site.yml by which calls go there, and a sound file for each music."""
    folder = tmp_path_factory.mktemp("music")
    for name, sound in MUSIC.items():
        (folder / f"{name}.wav").write_bytes(
            stereo(pbx.file(f"{SOUNDS}/{sound}.wav").content, MUSIC_SECONDS))
    QUEUES["pbx_music"] = [{"name": name, "files": [str(folder / f"{name}.wav")]} for name in MUSIC]
    declare(QUEUES)
    yield
    for family in ("queue_agent", "queue_paused", "Queue"):
        pbx.check_output(f"asterisk -rx 'database deltree {family}'")


@pytest.fixture
def waiting(asterisk):
    """Return waiting(queue), how many callers wait in a queue."""
    return lambda queue: int(re.search(rf"^{queue}\s+has (\d+) calls", asterisk(f"queue show {queue}"), re.M)[1])


@pytest.fixture
def dials(phone, address):
    """Return dials(name, code), which has a phone dial a code and returns the status that it got."""
    phone.run("systemctl stop softphone")
    return lambda name, code: start_devices(phone, address, user=name, devices=[None], dial=code)()["dialled"]


@pytest.fixture
def placed(asterisk):
    """Return placed(queue), which has a caller come to a queue from inside. Each caller is hung up at the end."""
    yield lambda queue: asterisk(f"channel originate Local/s@queue-{queue}/n application Wait 120")
    asterisk("channel request hangup all")


def talking(asterisk):
    """Return the phones that have taken a call."""
    return re.findall(r"^PJSIP/(100\d)-\w+!.*!Up!", asterisk("core show channels concise"), re.M)


def test_a_queue_rings_each_device_of_each_free_phone(called, phones, pbx, detail):
    """Two devices of one phone and another phone ring; one answers, and the rest lists no missed call.

    Each of the call's records has Twilio's SID.
    """
    found, first, second = [], phones("1001", [None, None], 8), phones("1002", [3], 8)
    call = called(SUPPORT, until=lambda: found.extend([first(), second()]))
    detail(f"rang {[one['rang'] for one in found]}, {found[0]['reasons']}")
    assert [one["rang"] for one in found] == [[1, 1], [1]]
    assert all("elsewhere" in reason for reason in found[0]["reasons"])
    assert call["sip_status"] == 200
    until(lambda: len(sids_of(pbx, call)) > 2)
    assert set(sids_of(pbx, call)) == {call["sid"]}


def sids_of(pbx, call):
    """Return the SID in each record of a call."""
    rows = records(pbx)
    linked = {row["linkedid"] for row in rows if row["twilio_sid"] == call["sid"]}
    return [row["twilio_sid"] for row in rows if row["linkedid"] in linked]


def test_a_queue_without_a_phone_sends_calls_on(called, likeness):
    """No phone of the queue is registered: the call goes where the queue says, at once."""
    call = called(SUPPORT)
    assert likeness(call, NOBODY) > 0.8


def test_a_phone_that_talks_does_not_ring_and_a_full_queue_sends_on(
        phones, twin, twilio, pbx, waiting, likeness, asterisk, detail):
    """While the phone talks the next caller waits, and goes on after his time; the third finds the queue full.

    A fourth one waits and hangs up. The records say so of each of them. Who waits hears the music of the queue.
    """
    before, phone = len(twin.calls()), phones("1002", [0], 30)

    def calls():
        return {call["from"]: call for call in twin.calls()[before:]}

    callers = [CALLER[:-1] + digit for digit in "1234"]
    place_incoming_call(twilio, SHORT, callers[0])
    until(lambda: "In use" in asterisk("queue show short"))
    place_incoming_call(twilio, SHORT, callers[1])
    until(lambda: waiting("short") == 1)
    place_incoming_call(twilio, SHORT, callers[2])
    until(lambda: all(caller in calls() and calls()[caller]["end_time"] for caller in callers[1:3]), 40)
    place_incoming_call(twilio, SHORT, callers[3])
    until(lambda: waiting("short") == 1)
    (left,) = re.findall(rf"^(PJSIP/[^!]+)!.*{re.escape(callers[3])}", asterisk("core show channels concise"), re.M)
    asterisk(f"channel request hangup {left}")
    rang = phone()["rang"]
    asterisk("channel request hangup all")
    heard = [likeness(calls()[callers[1]], MUSIC[name], MUSIC_SECONDS) for name in ("jazz", "waltz")]
    detail(f"the phone rang {rang} for three callers; {heard[0]:.0%} of the queue's music, {heard[1]:.0%} of the other")
    assert heard[0] > 0.8 and heard[1] == 0
    assert rang == [1]
    assert likeness(calls()[callers[2]], FULL) > 0.8
    assert likeness(calls()[callers[1]], NOBODY) > 0.8
    until(lambda: len(left_as(pbx, calls().values())) == 4)
    assert [left_as(pbx, calls().values())[caller] for caller in callers] == [
        "ANSWERED", "TIMEOUT", "FULL", "ABANDONED"]


def test_an_agent_logs_in_pauses_and_logs_out(dials, phones, pbx, asterisk, placed, waiting, detail):
    """Who is no agent is refused. The agent rings, after a restart too, and not while it is paused.

    A caller who waits for the last agent goes on as that logs out.
    """
    def rang():
        report = phones("1001", [1], 8)
        placed("agents")
        found = report()["rang"]
        asterisk("channel request hangup all")
        return found

    answers = [dials("1002", "*45"), dials("1001", "*45")]
    pbx.check_output("systemctl restart asterisk && sleep 5")
    until(lambda: "(dynamic)" in asterisk("queue show agents"))
    found = [rang()]
    answers.append(dials("1001", "*46"))
    assert "(paused" in asterisk("queue show agents")
    found.append(rang())
    answers.append(dials("1001", "*46"))
    report = phones("1001", [None], 12)
    placed("agents")
    until(lambda: waiting("agents") == 1)
    answers.append(dials("1001", "*45"))
    until(lambda: "announcement-nobody" in asterisk("core show channels concise"))
    report()
    detail(f"answers {answers}, rang {found}")
    assert answers[0] >= 400 and answers[1:] == [200] * 4
    assert found == [[1], [0]] and "No Members" in asterisk("queue show agents")


@pytest.fixture
def pause(asterisk):
    """Return pause(phone), after which no queue calls it, until the check ends."""
    def one(name):
        asterisk(f"database put queue_paused {name} 1")
        asterisk(f"queue pause member Local/{name}@phone-members/n")

    yield one
    asterisk("database deltree queue_paused")


def test_a_penalty_waits_for_a_pause_and_callers_go_on_when_all_have_paused(phones, pause, asterisk, placed, detail):
    """The phone with a penalty rings when the other has paused. When both have, who waits goes on, and who comes."""
    def ringing():
        return set(re.findall(r"^PJSIP/(100\d)-.*!Ringing!", asterisk("core show channels concise"), re.M))

    def rings():
        until(lambda: found.append(ringing()) or found[-1])
        rang.append(found[-1])

    def over():
        until(lambda: "announcement-nobody" in asterisk("core show channels concise"))
        asterisk("channel request hangup all")

    reports, rang, found = [phones(name, [None], 30) for name in ("1001", "1002")], [], []
    placed("ranks")
    rings()
    asterisk("channel request hangup all")
    until(lambda: not ringing())
    pause("1001")
    placed("ranks")
    rings()
    pause("1002")
    over()
    placed("ranks")
    over()
    for report in reports:
        report()
    detail(f"{rang}")
    assert rang == [{"1001"}, {"1002"}]


def taken(asterisk, queue):
    """Return how many calls each phone of a queue has taken."""
    found = re.findall(r"^ +(100\d) .* has taken (\w+) calls", asterisk(f"queue show {queue}"), re.M)
    return {name: 0 if count == "no" else int(count) for name, count in found}


def test_phones_take_turns_and_wrap_up_in_all_of_their_queues(phones, asterisk, placed, detail):
    """Round robin, then the one with the fewest calls; who wraps up after the call of one queue rings for no other."""
    def take(queue):
        before = taken(asterisk, "fewest")      # Asterisk counts a call of one queue in all queues of its phone
        placed(queue)
        until(lambda: talking(asterisk))
        (name,) = talking(asterisk)
        asterisk("channel request hangup all")
        until(lambda: taken(asterisk, "fewest")[name] == before[name] + 1)
        return name, before[name] == min(before.values())

    reports = [phones(name, [0], 60) for name in ("1001", "1002")]
    turns = [take("turns")[0] for dummy in range(3)]
    fewest = [take("fewest") for dummy in range(2)]
    wrapped = [take(queue)[0] for queue in ("wraps", "turns", "turns")]
    detail(f"{turns}, {fewest}, {wrapped}")
    for report in reports:
        report()
    assert turns[0] != turns[1] and turns[0] == turns[2]
    assert [least for dummy, least in fewest] == [True, True]
    assert wrapped == ["1001", "1002", "1002"]


def test_callers_hear_their_place_and_leave_by_a_key(called, phones, placed, asterisk, likeness, pbx, detail):
    """Who is not the first hears at once how many wait. A key leads where the queue says, and the record says so."""
    reports = [phones(name, [None], 30) for name in ("1001", "1002")]
    placed("support")
    # Nobody is free for the next caller, nor after the wrap-up of the check before.
    until(lambda: len(re.findall(r"^PJSIP/100\d-.*!Ringing!", asterisk("core show channels concise"), re.M)) == 2)
    place = called(SUPPORT, until=lambda: time.sleep(8))
    key = called(SHORT, keys="wwwwwwww1")
    for report in reports:
        report()
    alike = likeness(place, "queue-thereare"), likeness(key, FULL)
    until(lambda: left_as(pbx, [key]))
    detail(f"{alike}, {left_as(pbx, [key])}")
    assert min(alike) > 0.8 and left_as(pbx, [key]) == {CALLER: "KEY"}
    assert "20" in {row["queue_service_level"] for row in records(pbx) if row["twilio_sid"] == key["sid"]}


def records(pbx):
    """Return the records that are whole. A record is written after the call's end."""
    lines = pbx.run("cat /var/log/asterisk/cdr-custom/calls.json").stdout.splitlines()
    return [json.loads(line) for line in lines if '"uniqueid":"' in line]


def left_as(pbx, calls):
    """Return why each caller of these calls waits no longer, by the records."""
    rows = records(pbx)
    sids = {call["sid"] for call in calls}
    return {row["src"]: row["queue_left"] for row in rows if row["twilio_sid"] in sids and row["queue_left"]}


def others(asterisk):
    """Return where the calls are that a check has placed from inside, by the channel: an application, or a menu."""
    rows = [row.split("!") for row in asterisk("core show channels concise").splitlines()]
    placed = [row for row in rows if row[0].startswith("Local/s@menu-main-")]
    return {row[0]: row[1] if row[0].endswith(";2") else row[5] for row in placed}


def test_a_change_of_configuration_loses_no_caller(
        phone, address, phones, called, dials, waiting, asterisk, twin, twilio, likeness, detail):
    """A run changes a queue, adds one and removes one while a caller waits, who is answered afterwards.

    An agent that has logged in and a phone that has paused are so afterwards.
    Nor is one lost who is in a menu, parked, or in a conference while they change. No key of who waits leads anywhere.
    """
    assert [dials("1001", "*45"), dials("1002", "*46")] == [200, 200]
    before = len(twin.calls())
    for application in ("ConfBridge board,conference-board,member-conference-board", "Park"):
        asterisk(f"channel originate Local/s@menu-main/n application {application}")
    softphone = Softphone(phone, address["pbx1"])
    softphone.start("1001", os.environ["TRUNKLINE_PHONE_PASSWORD"])     # it rings, and nobody answers
    until(lambda: "Not in use" in asterisk("queue show support"))
    changed = copy.deepcopy(QUEUES)
    changed["pbx_dids"][1]["to"] = {"queue": "other"}
    changed["pbx_queues"][0]["wrap_up_seconds"] = 7
    changed["pbx_queues"][1]["name"] = "other"
    changed["pbx_menus"][0]["keys"]["3"] = {"phone": "1002"}
    changed["pbx_conferences"][0]["max_members"] = 9
    changed["pbx_parking"]["slots"] = 3
    taken = []

    def change():
        until(lambda: waiting("support") == 1)
        there = others(asterisk)
        assert sorted(there.values()) == ["ConfBridge", "Park", "menu-main", "menu-main"]
        # What the caller hears is recorded once all keys are pressed.
        until(lambda: twilio.run("ls /var/lib/twilio-twin/recordings/*.part.wav").rc == 0, 40)
        run = play("site", variables={**changed, "verify_number": ""})
        assert run.code == 0, run.output[-4000:]
        shown = asterisk("queue show")
        detail(next(line for line in shown.splitlines() if line.startswith("support")))
        assert waiting("support") == 1 and "\nother " in f"\n{shown}" and "\nshort " not in f"\n{shown}"
        assert others(asterisk) == there
        assert "(dynamic)" in asterisk("queue show agents")
        assert re.search(r"^ +1002 .*\(paused", asterisk("queue show support"), re.M)
        assert dials("1002", "*46") == 200
        taken.append(phones("1002", [0], 15)())

    call = called(SUPPORT, keys=f"wwww{TRIED}", until=change)
    softphone.stop()
    assert len(twin.calls()) == before + 1
    assert taken[0]["rang"] == [1] and call["sip_status"] == 200
    heard = likeness(call, MUSIC["waltz"], MUSIC_SECONDS)
    detail(f"{heard:.0%} of the music of a queue that has none of its own")
    assert heard > 0.8
