# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Following a call by the manager's events."""

from __future__ import annotations

import array
import wave

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk import call
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.ami import AmiError
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.ami_framing import Message
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.call import Order, place

from .console import Manager

TRUNK = "PJSIP/twilio-asterisk-pbx1-00000001"
LOCAL = "Local/+919876543210@outbound-00000000;1"
RTCP = "ssrc=1;themssrc=2;lp=3;rxjitter=0.0;rxcount=250;txcount=200;rtt=0.002"


class Clock:
    """Time that passes only when somebody waits."""

    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


class Pbx(Manager):
    """A manager whose empty waits take their time."""

    version = "Asterisk 22.10.1+dfsg built by nobody"

    def __init__(self, clock, spool, events):
        super().__init__(
            commands={"core show version": [self.version]}, events=events,
            variables={"ASTSPOOLDIR": str(spool), "CHANNEL(rtcp,all)": RTCP})
        self.clock = clock

    def event(self, seconds):
        event = super().event(seconds)
        if event is None:
            self.clock.sleep(max(seconds, 0.01))
        return event

    @property
    def id(self):
        return self.actions[0][1]["ChannelId"]


def event(name, **fields):
    """An event; the value ID stands for the id that the call was given."""
    lines = [("Event", name), *fields.items()]
    return lambda pbx: Message((key, pbx.id if value == "ID" else value) for key, value in lines)


NEW_LOCAL = event("Newchannel", Channel=LOCAL, Uniqueid="ID", Linkedid="ID")
NEW_TRUNK = event("Newchannel", Channel=TRUNK, Uniqueid="t", Linkedid="ID")
OTHERS = event("Newchannel", Channel="PJSIP/1001-00000009", Uniqueid="x", Linkedid="x")
UP = event("Newstate", Channel=LOCAL, Uniqueid="ID", Linkedid="ID", ChannelStateDesc="Up")
GONE = event("Hangup", Channel=LOCAL, Uniqueid="ID", Linkedid="ID")
FAILED = event("OriginateResponse", ActionID="a1", Response="Failure", Uniqueid="<null>")


@pytest.fixture
def run(monkeypatch, tmp_path):
    """A function that places a call, given the manager's events; the recorder writes what it is given at once."""
    clock = Clock()
    monkeypatch.setattr(call, "time", clock)
    (tmp_path / "monitor").mkdir()

    def record(pbx, seconds):
        for name in ("heard", "sent"):
            with wave.open(str(tmp_path / "monitor" / f"{pbx.id}-{name}.wav"), "wb") as file:
                file.setparams((1, 2, 8000, 0, "NONE", ""))
                file.writeframes(array.array("h", [9000, -9000] * int(4000 * seconds)).tobytes())

    def start(*events, recorded=None):
        pbx = Pbx(clock, tmp_path, events)
        if recorded is not None:
            pbx.events.append(lambda pbx: record(pbx, recorded))
        start.pbx = pbx
        began = clock.now
        outcome = place(pbx, Order("+919876543210", "outbound", "demo-congrats", 20, 6))
        start.took = clock.now - began
        assert list((tmp_path / "monitor").iterdir()) == []
        return outcome

    return start


def test_what_is_asked_for(run):
    run(FAILED)
    name, fields = run.pbx.actions[0]
    assert name == "Originate"
    assert fields["Channel"] == "Local/+919876543210@outbound/n" and fields["Timeout"] == 20000
    assert (fields["Application"], fields["Data"], fields["Async"]) == ("Playback", "demo-congrats", "true")


def test_an_answered_call(run):
    outcome = run(NEW_LOCAL, OTHERS, NEW_TRUNK, UP, recorded=2)
    assert outcome.answered and outcome.channels == [TRUNK] and outcome.recorded
    assert outcome.seconds == pytest.approx(6, abs=0.6)
    assert (outcome.packets["rxcount"], outcome.packets["txcount"], outcome.packets["lp"]) == ("250", "200", "3")
    assert outcome.heard.loud_seconds == pytest.approx(2) and outcome.sent.loud_seconds == pytest.approx(2)
    assert f"channel request hangup {LOCAL}" in run.pbx.said
    recorder = [line for line in run.pbx.said if line.startswith("mixmonitor")]
    assert len(recorder) == 1 and recorder[0].startswith(f"mixmonitor start {TRUNK} ,r(")
    assert recorder[0].endswith("-sent.wav)n")


def test_asterisk_16_does_not_know_the_option_n(run, monkeypatch):
    monkeypatch.setattr(Pbx, "version", "Asterisk 16.28.0~dfsg-0+deb11u10 built by nobody")
    run(NEW_LOCAL, NEW_TRUNK, UP, recorded=2)
    recorder = [line for line in run.pbx.said if line.startswith("mixmonitor")]
    assert len(recorder) == 1 and recorder[0].endswith("-sent.wav)")


def test_the_far_end_hangs_up(run):
    outcome = run(NEW_LOCAL, NEW_TRUNK, UP, GONE)
    assert outcome.answered and not any("hangup" in line for line in run.pbx.said)
    assert run.took < 3 and not outcome.recorded


def test_a_refused_call(run):
    outcome = run(NEW_LOCAL, NEW_TRUNK, GONE)
    assert not outcome.answered and outcome.channels == [TRUNK] and outcome.seconds == 0
    assert run.took < 1


def test_a_call_that_cannot_be_placed(run):
    outcome = run(FAILED)
    assert not outcome.answered and outcome.channels == [] and run.took < 1


def test_nobody_answers_and_asterisk_says_nothing(run):
    outcome = run(NEW_LOCAL, NEW_TRUNK)
    assert not outcome.answered
    assert f"channel request hangup {LOCAL}" in run.pbx.said
    assert run.took < 20 + 3 * call.SLACK_SECONDS


def test_packets_are_counted_while_other_calls_make_noise(run):
    def noise(pbx):
        pbx.clock.sleep(0.05)
        return OTHERS(pbx)

    def channel_gone(pbx):
        pbx.variables.pop("CHANNEL(rtcp,all)")
        return GONE(pbx)

    outcome = run(NEW_LOCAL, NEW_TRUNK, UP, *[noise] * 50, channel_gone)
    assert outcome.packets["rxcount"] == "250"


def test_the_manager_goes_away(run):
    def lost(_pbx):
        raise AmiError("gone")

    with pytest.raises(AmiError, match="gone"):
        run(NEW_LOCAL, NEW_TRUNK, UP, lost)
