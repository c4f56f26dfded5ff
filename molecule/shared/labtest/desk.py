# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Desk phones of the lab: each dials, transfers, watches lamps and hangs up as a check orders (see `desk_phone`)."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import time
from pathlib import Path

import pytest

from . import desk_phone, devices
from .container import inside
from .waiting import until


class Desk:
    """A phone that is registered. `answers` is after how many seconds it answers calls, None for never."""

    def __init__(self, host, target: str, name: str, answers: float | None = None):
        script = Path(devices.__file__).read_text().partition('if __name__ == "__main__":')[0]
        script += re.sub(r"^from \.devices import .*$", "", Path(desk_phone.__file__).read_text(), flags=re.M)
        command = inside(host, "python3", "-c", script)
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._ask({
            "target": target, "user": name, "password": os.environ["TRUNKLINE_PHONE_PASSWORD"], "devices": [answers],
        }) == [200]

    def _ask(self, order):
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def dial(self, number: str) -> int:
        """Call a number, and return the final status. The calls of a phone count from 0."""
        return self._ask({"do": "dial", "number": number})["status"]

    def refer(self, call: int, to: str, replaces: int | None = None) -> int:
        """Transfer a call to a number, or with `replaces` into another call of this phone; return REFER's status."""
        return self._ask({"do": "refer", "call": call, "to": to, "replaces": replaces})["status"]

    def hang_up(self, call: int) -> int:
        return self._ask({"do": "hang_up", "call": call})["status"]

    def key(self, call: int, digits: str) -> list[int]:
        """Press keys within a call, as fast as a quick person, and return the status of each (INFO)."""
        found = []
        for digit in digits:
            found.append(self._ask({"do": "key", "call": call, "digit": digit})["status"])
            time.sleep(0.2)
        return found

    def say(self, call: int, ulaw: bytes) -> None:
        """Speak within a call, and return when all is said."""
        self._ask({"do": "say", "call": call, "ulaw": base64.b64encode(ulaw).decode()})

    def subscribe(self, to: str) -> int:
        """Watch the lamp of a number, and return SUBSCRIBE's status."""
        return self._ask({"do": "subscribe", "to": to})["status"]

    def hear(self) -> bytes:
        """Return the audio that came to the phone, as mu-law."""
        return base64.b64decode(self._ask({"do": "hear"})["ulaw"])

    def see(self) -> dict:
        return self._ask({"do": "see"})

    def wait(self, condition, seconds: float = 30) -> dict:
        """Return what the phone has seen, once `condition` of that is true."""
        deadline = time.monotonic() + seconds
        while not condition(seen := self.see()):
            assert time.monotonic() < deadline, seen
            time.sleep(0.2)
        return seen

    def stop(self) -> None:
        """Hang up all calls and unregister."""
        self._process.stdin.close()
        self._process.wait(timeout=60)


@pytest.fixture
def desk(phone, address):
    """Return desk(name, answers), which puts a phone of that name on the softphone's host until the check ends."""
    started = []
    phone.run("systemctl stop softphone")

    def start(name, answers=None):
        started.append(Desk(phone, address["pbx1"], name, answers))
        return started[-1]

    yield start
    for one in started:
        one.stop()


@pytest.fixture
def nothing_up(asterisk):
    """End what a check has left."""
    yield
    asterisk("channel request hangup all")
    until(lambda: "0 active channels" in asterisk("core show channels count"))


@pytest.fixture
def together(asterisk):
    """Return together(name, other), which waits until a phone and another, or the network's call, are in one bridge."""
    def bridges(name):
        lines = [line.split("!") for line in asterisk("core show channels concise").splitlines()]
        return {line[-2] for line in lines if line[0].startswith(f"PJSIP/{name}-")} - {""}

    return lambda name, other="twilio-inbound": until(lambda: bridges(other) & bridges(name))
