# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Places one call through a Local channel, follows it to its end and measures what was heard. Bounded in time."""

from __future__ import annotations

import contextlib
import os
import time
import uuid
import wave
from dataclasses import dataclass, field

from . import sound
from .ami import Ami, AmiError

# Packet counts are read this often: the channel takes the last ones with it.
POLL_SECONDS = 0.5
# What a call may take beyond ringing and talking: set-up, hanging up, the recorder's last write.
SLACK_SECONDS = 10
# How long the recorder may take to close its files.
CLOSING_SECONDS = 2


@dataclass(frozen=True)
class Order:
    """The call to place. Times in seconds."""

    number: str
    context: str
    sound: str
    answer_seconds: int
    call_seconds: int


@dataclass
class Outcome:
    """What happened. `channels` are the trunk's channels in the order they were made, `packets` the RTP counters of the
    last one as CHANNEL(rtcp,all) names them, `dial_status` what Dial made of it."""

    answered: bool = False
    seconds: float = 0.0
    dial_status: str = ""
    channels: list = field(default_factory=list)
    packets: dict = field(default_factory=dict)
    heard: sound.Sound = field(default_factory=sound.Sound)
    sent: sound.Sound = field(default_factory=sound.Sound)


def place(ami: Ami, order: Order) -> Outcome:
    """Places the call and returns when it is over.

    :raises AmiError: Asterisk refuses to place it, or goes away.
    """
    return _Call(ami, order).run()


class _Call:
    def __init__(self, ami: Ami, order: Order):
        self.ami = ami
        self.order = order
        self.outcome = Outcome()
        self.id = f"trunkline-{uuid.uuid4().hex[:12]}"
        self.local = ""
        self.over = False
        self.spool = ami.variable("ASTSPOOLDIR") or "/var/spool/asterisk"

    def run(self) -> Outcome:
        try:
            self._originate()
            self._follow()
        finally:
            try:
                self._hang_up()
                self._measure()
            finally:
                self._clean()
        return self.outcome

    def _originate(self) -> None:
        order = self.order
        longest = order.answer_seconds + order.call_seconds + SLACK_SECONDS
        self.ami.action(
            "Originate",
            ("Channel", f"Local/{order.number}@{order.context}/n"),
            ("ChannelId", self.id),
            ("OtherChannelId", f"{self.id}-dialplan"),
            ("Application", "Playback"),
            ("Data", order.sound),
            ("Timeout", order.answer_seconds * 1000),
            # Asterisk ends the call itself should this program die.
            ("Variable", f"TIMEOUT(absolute)={longest}"),
            ("Async", "true"),
        )

    def _follow(self) -> None:
        now = time.monotonic()
        deadline = now + self.order.answer_seconds + SLACK_SECONDS
        answered_at = None
        while not self.over and now < deadline:
            event = self.ami.event(min(POLL_SECONDS, deadline - now))
            if event:
                self._see(event)
            now = time.monotonic()
            if self.outcome.answered:
                if answered_at is None:
                    answered_at, deadline = now, now + self.order.call_seconds
                self.outcome.seconds = round(now - answered_at, 1)
            if not event:
                self._count()

    def _see(self, event) -> None:
        kind, mine = event.get("Event"), event.get("Linkedid") == self.id
        if kind == "Newchannel" and event.get("Uniqueid") == self.id:
            self.local = event.get("Channel")
        elif kind == "Newchannel" and mine and event.get("Channel").startswith("PJSIP/"):
            self.outcome.channels.append(event.get("Channel"))
            self._record(event.get("Channel"))
        elif kind == "DialEnd" and event.get("DestChannel") in self.outcome.channels:
            self.outcome.dial_status = event.get("DialStatus")
        elif kind == "Newstate" and event.get("Uniqueid") == self.id and event.get("ChannelStateDesc") == "Up":
            self.outcome.answered = True
        elif kind == "Hangup" and event.get("Uniqueid") == self.id:
            self.over = True
        elif kind == "OriginateResponse" and event.get("Uniqueid") == self.id and event.get("Response") == "Failure":
            self.over = True

    def _record(self, channel: str) -> None:
        # A call that is refused at once has no channel any more: nothing to record then.
        with contextlib.suppress(AmiError):
            self.ami.action(
                "MixMonitor",
                ("Channel", channel),
                ("File", ""),
                ("Options", f"r({self._file('heard')})t({self._file('sent')})"),
            )

    def _count(self) -> None:
        if self.outcome.channels:
            text = self.ami.variable("CHANNEL(rtcp,all)", self.outcome.channels[-1])
            pairs = (item.partition("=") for item in text.split(";"))
            counters = {name: value for name, equals, value in pairs if equals}
            self.outcome.packets = counters or self.outcome.packets

    def _hang_up(self) -> None:
        self._count()
        if not self.over and self.local:
            with contextlib.suppress(AmiError):
                self.ami.action("Hangup", ("Channel", self.local), ("Cause", 16))
        deadline = time.monotonic() + SLACK_SECONDS
        while not self.over and self.local and time.monotonic() < deadline:
            event = self.ami.event(deadline - time.monotonic())
            if event:
                self._see(event)

    def _measure(self) -> None:
        for name in ("heard", "sent"):
            setattr(self.outcome, name, self._finished(self._file(name)))

    def _finished(self, path: str) -> sound.Sound:
        """Waits a moment for the recorder, which writes the length into the file's head when it closes it."""
        deadline = time.monotonic() + CLOSING_SECONDS
        while os.path.exists(path):
            with contextlib.suppress(wave.Error, EOFError):
                measured, whole = sound.measure_file(path)
                if whole or time.monotonic() > deadline:
                    return measured
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        return sound.Sound()

    def _file(self, name: str) -> str:
        return os.path.join(self.spool, "monitor", f"{self.id}-{name}.wav")

    def _clean(self) -> None:
        for name in ("heard", "sent"):
            with contextlib.suppress(FileNotFoundError):
                os.remove(self._file(name))
