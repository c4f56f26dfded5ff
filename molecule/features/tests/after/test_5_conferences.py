# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls from the telephone network that join a conference by a PIN, or do not."""

from __future__ import annotations

import json
import time

import pytest

from labtest.audio import RATE, recognised, samples
from labtest.incoming import CALLER, SOUNDS
from labtest.twin import place_incoming_call
from labtest.waiting import until

BOARD, OPEN = "+17756187988", "+12025550143"
FOLDER = "/var/spool/asterisk/recordings"
PIN, LEADER = "271828", "31415926"
SAID, MUSIC, ALL, MUSIC_FOLDER = "demo-thanks", "demo-congrats", "demo-nogo", "/var/lib/asterisk/music-of-a-test"
FEATURES = {
    "pbx_dids": [{"number": BOARD, "to": {"conference": "board"}}, {"number": OPEN, "to": {"conference": "open"}}],
    "pbx_conferences": [
        {"name": "board", "pin": PIN, "leader_pin": LEADER, "music": "waltz"},
        {"name": "open", "pin": PIN, "max_members": 2, "record": "always"},
    ],
    "pbx_recording": {"days": 30, "prompt": "beep", "group": "auditors"},
    "pbx_hold_music": MUSIC_FOLDER,
}


@pytest.fixture(scope="module", autouse=True)
def built(pbx, declare, tmp_path_factory):
    """A run of site.yml by which calls go there. One conference has music of its own."""
    pbx.check_output(f"install -d -o asterisk {MUSIC_FOLDER} && cp {SOUNDS}/{ALL}.wav {MUSIC_FOLDER}")
    file = tmp_path_factory.mktemp("music") / "waltz.wav"
    file.write_bytes(pbx.file(f"{SOUNDS}/{MUSIC}.wav").content)
    declare({**FEATURES, "pbx_music": [{"name": "waltz", "files": [str(file)]}]})
    yield
    pbx.check_output(f"rm -r {MUSIC_FOLDER}")


@pytest.fixture
def join(twilio, asterisk):
    """Return join(number, pin, digit, conference, members): a caller keys a PIN, and so many are in then."""
    def call(number, pin, digit, conference, members):
        place_incoming_call(twilio, number, CALLER[:-1] + digit, f"wwwwwwww{pin}#")
        until(lambda: len(users(asterisk, conference)) == members)

    return call


def users(asterisk, conference: str) -> list[str]:
    return [line for line in asterisk(f"confbridge list {conference}").splitlines() if "PJSIP/" in line]


def test_three_wrong_pins_end_the_call(called, pbx, asterisk):
    """Each PIN is wrong, one of them empty: the call ends, and the conference is not there.

    What the console shows at verbose level 5 has each step, and none of the PINs.
    """
    def logged():
        return pbx.check_output("cat /var/log/asterisk/messages.log").count("Wrong PIN for conference board")

    pause, before = "w" * 12, logged()
    asterisk("logger add channel trace verbose(5)")
    call = called(BOARD, keys=f"{pause}111111#{pause}#{pause}{PIN[:-1]}#")
    asterisk("logger remove channel trace")
    assert call["sip_status"] == 200
    trace = pbx.check_output("cat /var/log/asterisk/trace; rm /var/log/asterisk/trace")
    assert trace.count("conf-getpin") >= 3 and "111111" not in trace and PIN[:-1] not in trace
    assert logged() == before + 3
    assert "board" not in asterisk("confbridge list")


def test_the_others_wait_for_the_leader_with_music(join, twin, asterisk, likeness, detail):
    """A caller with the PIN hears the conference's music until the one with the leader's PIN joins."""
    before = len(twin.calls())
    join(BOARD, PIN, "1", "board", 1)
    assert "w" in users(asterisk, "board")[0].split()[1]
    time.sleep(6)
    join(BOARD, LEADER, "2", "board", 2)
    flags = [user.split()[1] for user in users(asterisk, "board")]
    asterisk("channel request hangup all")
    until(lambda: len([call for call in twin.calls()[before:] if call["end_time"]]) == 2)
    first = next(call for call in twin.calls()[before:] if call["from"] == CALLER[:-1] + "1")
    heard = likeness(first, MUSIC)
    detail(f"flags {flags}, {heard:.0%} of the music")
    assert not any("w" in flag for flag in flags)
    assert heard > 0.2      # it was on for a part of the music's length


def test_two_callers_hear_each_other_and_a_third_finds_it_full(join, twin, twilio, pbx, asterisk, detail):
    """Both callers hear what the other says, and the conference takes no more than its most people.

    It is recorded: each hears so, both are in the one file, and the record of each call names it.
    """
    before = len(twin.calls())
    place_incoming_call(twilio, OPEN, CALLER[:-1] + "1", f"wwwwwwww{PIN}#")
    time.sleep(0.7)     # callers speak once, as soon as they have keyed the PIN
    join(OPEN, PIN, "2", "open", 2)
    place_incoming_call(twilio, OPEN, CALLER[:-1] + "3", f"wwwwwwww{PIN}#")
    until(lambda: [call for call in twin.calls()[before:]
                   if call["from"] == CALLER[:-1] + "3" and call["end_time"]], 30)
    assert len(users(asterisk, "open")) == 2
    asterisk("channel request hangup all")
    until(lambda: len([call for call in twin.calls()[before:] if call["end_time"]]) == 3)
    both = [call for call in twin.calls()[before:] if call["from"][-1] in "12"]
    said = samples(pbx.file(f"{SOUNDS}/{SAID}.wav").content)
    heard = [recognised(said, samples(twin.recording(call["sid"]))) for call in both]
    detail(f"each recognised {heard[0]:.0%} and {heard[1]:.0%} of what the other said")
    # Nothing is recognised of what was not said; who joins later misses the beginning.
    assert min(heard) > 0.1
    beep = samples(pbx.file(f"{SOUNDS}/beep.wav").content)
    told = [recognised(beep, samples(twin.recording(call["sid"])), size=RATE // 5) for call in both]
    until(lambda: len(recordings(pbx, both)) == 2)
    (name,) = set(recordings(pbx, both).values())
    file = pbx.file(f"{FOLDER}/{name}")
    until(lambda: file.exists)
    both_said = recognised(said, samples(file.content))
    detail(f"told {told}, {both_said:.0%} of what was said is in {name}, {file.mode:o}")
    assert told == [1, 1] and both_said > 0.4
    assert (file.user, file.group, file.mode) == ("asterisk", "auditors", 0o640)
    assert pbx.check_output(f"ls {FOLDER}-open") == ""


def recordings(pbx, calls):
    """Return what the record of each of these calls names as its recording, by the call's SID."""
    lines = pbx.run("cat /var/log/asterisk/cdr-custom/calls.json").stdout.splitlines()
    rows = [json.loads(line) for line in lines if '"recording":"' in line]
    sids = {call["sid"] for call in calls}
    return {row["twilio_sid"]: row["recording"] for row in rows if row["twilio_sid"] in sids and row["recording"]}
