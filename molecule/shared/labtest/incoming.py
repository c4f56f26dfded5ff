# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of calls that come in: phones that ring, callers of the telephone network, and what a caller heard."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from . import devices
from .audio import RATE, recognised, samples
from .container import inside
from .twin import place_incoming_call

CALLER = "+919876543210"
SOUNDS = "/usr/share/asterisk/sounds/en"


def start_devices(phone, address, **order):
    """Start devices of a phone on its host, registered; return a function for their report (see `devices`)."""
    given = {
        "target": address["pbx1"], "user": "1001", "password": os.environ["TRUNKLINE_PHONE_PASSWORD"], "seconds": 0,
        "dial": "", "headers": [], "within": [], **order}
    command = inside(phone, "python3", "-c", Path(devices.__file__).read_text())
    started = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    started.stdin.write(json.dumps(given) + "\n")
    started.stdin.flush()
    assert json.loads(started.stdout.readline()) == [200] * len(given["devices"])

    def report():
        # Not by communicate(), which would lose a line that came with the first one.
        line = started.stdout.readline()
        started.communicate(timeout=60)
        return json.loads(line)

    return report


@pytest.fixture
def phones(phone, address):
    """Return phones(name, answers, seconds), which registers a phone on devices; it returns what says what they saw."""
    phone.run("systemctl stop softphone")
    return lambda name, answers, seconds: start_devices(
        phone, address, user=name, devices=answers, seconds=seconds)


@pytest.fixture
def called(twin, twilio, asterisk):
    """Return called(number, keys), which gives a call in once it is over; `until` returns where somebody who answered
    hangs up."""
    def call(number, keys="", until=None):
        before = len(twin.calls())
        place_incoming_call(twilio, number, CALLER, keys)
        if until:
            until()
            asterisk("channel request hangup all")
        return twin.call_to(number, before, seconds=60)

    return call


@pytest.fixture
def likeness(twin, pbx):
    """Return likeness(call, prompt): how much of it, or of its first seconds, the caller heard after the keys."""
    def compare(call, prompt, seconds=None):
        heard = samples(twin.recording(call["sid"]))
        sound = samples(pbx.file(f"{SOUNDS}/{prompt}.wav").content)[: seconds and seconds * RATE]
        return recognised(sound[: len(heard) - RATE // 2], heard)

    return compare
