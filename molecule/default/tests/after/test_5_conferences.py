# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls from the telephone network that join a conference by a PIN, or do not."""

from __future__ import annotations

import time

import pytest

from labtest.incoming import CALLER
from labtest.plays import play
from labtest.twin import place_incoming_call

BOARD = "+17756187988"
PIN, LEADER = "271828", "31415926"
FEATURES = {
    "pbx_dids": [{"number": BOARD, "to": {"conference": "board"}}],
    "pbx_conferences": [{"name": "board", "pin": PIN, "leader_pin": LEADER}],
}


@pytest.fixture(scope="module", autouse=True)
def built():
    """A run of site.yml by which calls go there; undone at the end."""
    run = play("site", variables={**FEATURES, "verify_number": ""})
    assert run.code == 0, run.output[-4000:]
    yield
    mended = play("site", variables={"verify_number": ""})
    assert mended.code == 0, mended.output[-4000:]


def until(condition, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.3)


def test_three_wrong_pins_end_the_call(called, pbx, asterisk):
    """Each PIN is wrong, one of them empty: the call ends, and the conference is not there."""
    pause = "w" * 12
    call = called(BOARD, keys=f"{pause}111111#{pause}#{pause}{PIN[:-1]}#")
    assert call["sip_status"] == 200
    assert pbx.check_output("tail -n 60 /var/log/asterisk/messages.log").count("Wrong PIN for conference board") == 3
    assert "board" not in asterisk("confbridge list")


def test_the_others_wait_for_the_leader(twin, twilio, asterisk, detail):
    """A caller with the PIN waits; the one with the leader's PIN joins, and both are in the conference."""
    def users():
        return [line for line in asterisk("confbridge list board").splitlines() if "PJSIP/" in line]

    before = len(twin.calls())
    place_incoming_call(twilio, BOARD, CALLER, f"wwwwwwww{PIN}#")
    until(lambda: len(users()) == 1)
    assert "w" in users()[0].split()[1]
    place_incoming_call(twilio, BOARD, CALLER[:-1] + "1", f"wwwwwwww{LEADER}#")
    until(lambda: len(users()) == 2)
    detail(" ".join(users()[1].split()[:2]))
    assert not any("w" in user.split()[1] for user in users())
    asterisk("channel request hangup all")
    until(lambda: all(call["end_time"] for call in twin.calls()[before:]))
