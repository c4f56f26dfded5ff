# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Place one call through a Local channel, follow it to its end, and measure its audio. Bounded in time."""

from __future__ import annotations

import contextlib
import os
import time
import uuid
import wave
from dataclasses import dataclass, field

from . import loudness
from .ami import Ami, AmiError
from .ami_framing import Message

# Packet counts are read this often, since a channel takes them with it when it goes.
POLL_SECONDS = 0.5
# The time that a call may take beyond ringing and talking: set-up, hanging up, the recorder's last write.
SLACK_SECONDS = 10
# The time that the recorder may take to close its files.
CLOSING_SECONDS = 2


class ExtensionMissing(AmiError):
    """The dialplan has no extension for the number."""

    problem = "extension-missing"


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
    """The result of a call.

    :param channels: the trunk's channels, in the order in which they were made.
    :param packets: the RTP counters of the last channel, as CHANNEL(rtcp,all) names them.
    :param recorded: whether Asterisk recorded the call.
    :param heard: the audio that came from the trunk.
    :param sent: the audio that went to it.
    """

    answered: bool = False
    seconds: float = 0.0
    channels: list[str] = field(default_factory=list)
    packets: dict[str, str] = field(default_factory=dict)
    recorded: bool = False
    heard: loudness.Sound = field(default_factory=loudness.Sound)
    sent: loudness.Sound = field(default_factory=loudness.Sound)


def place(ami: Ami, order: Order) -> Outcome:
    """Place the call, and return when it is over.

    :raises AmiError: Asterisk refuses to place the call, or the connection is lost.
    """
    return _Call(ami, order).run()


class _Call:
    def __init__(self, ami: Ami, order: Order) -> None:
        self.ami = ami
        self.order = order
        self.outcome = Outcome()
        self.id = f"trunkline-{uuid.uuid4().hex[:12]}"
        self.action = ""
        self.local = ""
        self.over = False
        self.spool = ami.variable("ASTSPOOLDIR") or "/var/spool/asterisk"
        # To keep both directions in step, Asterisk would drop audio that a busy machine brings late, and an audible
        # call would look silent. Asterisk 16 does so only on request; later versions do unless option n is set.
        version = " ".join(ami.command("core show version")[1])
        self.unsynchronised = "" if version.startswith("Asterisk 16.") else "n"

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
        answer = self.ami.action(
            "Originate",
            ("Channel", f"Local/{order.number}@{order.context}/n"),
            ("ChannelId", self.id),
            ("OtherChannelId", f"{self.id}-dialplan"),
            ("Application", "Playback"),
            ("Data", order.sound),
            ("Timeout", order.answer_seconds * 1000),
            ("Async", "true"),
        )
        self.action = answer.get("ActionID")

    def _follow(self) -> None:
        deadline = time.monotonic() + self.order.answer_seconds + SLACK_SECONDS
        answered_at = counted_at = 0.0
        while not self.over and time.monotonic() < deadline:
            event = self.ami.event(min(POLL_SECONDS, deadline - time.monotonic()))
            if event:
                self._handle(event)
            now = time.monotonic()
            if self.outcome.answered and not answered_at:
                answered_at, deadline = now, now + self.order.call_seconds
            if now - counted_at > POLL_SECONDS:
                self._count()
                counted_at = now
        if answered_at:
            self.outcome.seconds = round(time.monotonic() - answered_at, 1)

    def _handle(self, event: Message) -> None:
        kind, mine = event.get("Event"), event.get("Linkedid") == self.id
        failed = event.get("ActionID") == self.action and event.get("Response") == "Failure"
        if kind == "Newchannel" and event.get("Uniqueid") == self.id:
            self.local = event.get("Channel")
        elif kind == "Newchannel" and mine and event.get("Channel").startswith("PJSIP/"):
            self.outcome.channels.append(event.get("Channel"))
            self._record(event.get("Channel"))
        elif kind == "Newstate" and event.get("Uniqueid") == self.id and event.get("ChannelStateDesc") == "Up":
            self.outcome.answered = True
        elif kind == "Hangup" and event.get("Uniqueid") == self.id:
            self.over = True
        elif kind == "OriginateResponse" and failed:
            self.over = True

    def _record(self, channel: str) -> None:
        # By console command, since the manager's own action takes a permission that no other step needs. A call that
        # is refused at once has no channel any more, and is not recorded.
        files = f"r({self._file('heard')})t({self._file('sent')})"
        self.ami.command(f"mixmonitor start {channel} ,{files}{self.unsynchronised}")

    def _count(self) -> None:
        # Before the answer there may be no media yet, and Asterisk would log a warning for each query.
        if self.outcome.answered and self.outcome.channels:
            text = self.ami.variable("CHANNEL(rtcp,all)", self.outcome.channels[-1])
            pairs = (item.partition("=") for item in text.split(";"))
            counters = {name: value for name, equals, value in pairs if equals}
            self.outcome.packets = counters or self.outcome.packets

    def _hang_up(self) -> None:
        self._count()
        if not self.over and self.local:
            self.ami.command(f"channel request hangup {self.local}")
        deadline = time.monotonic() + SLACK_SECONDS
        while not self.over and self.local and time.monotonic() < deadline:
            event = self.ami.event(deadline - time.monotonic())
            if event:
                self._handle(event)

    def _measure(self) -> None:
        self.outcome.recorded = os.path.exists(self._file("heard"))
        self.outcome.heard = self._finished(self._file("heard"))
        self.outcome.sent = self._finished(self._file("sent"))

    def _finished(self, path: str) -> loudness.Sound:
        """Measure a recording once the recorder has closed it, which writes the length into the file's header."""
        deadline = time.monotonic() + CLOSING_SECONDS
        while os.path.exists(path):
            with contextlib.suppress(wave.Error, EOFError):
                measured, whole = loudness.measure_file(path)
                if whole or time.monotonic() > deadline:
                    return measured
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        return loudness.Sound()

    def _file(self, name: str) -> str:
        return os.path.join(self.spool, "monitor", f"{self.id}-{name}.wav")

    def _clean(self) -> None:
        for name in ("heard", "sent"):
            with contextlib.suppress(FileNotFoundError):
                os.remove(self._file(name))
