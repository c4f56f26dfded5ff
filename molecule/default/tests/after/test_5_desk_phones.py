# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What desk phones do with a call: take it from each other, park it, and what nobody else may do by that."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from labtest import invites
from labtest.audio import recognised, samples
from labtest.incoming import CALLER, SOUNDS
from labtest.plays import play
from labtest.softphone import Softphone
from labtest.twin import place_incoming_call

DID, SAID = "+17756187988", "demo-thanks"       # what the twin's callers say
PASSWORD = "{{ lookup('ansible.builtin.env', 'TRUNKLINE_PHONE_PASSWORD') }}"
SITE = {
    "pbx_phones": [
        {"name": name, "password": PASSWORD, "pickup_group": group}
        for name, group in (("1001", "front"), ("1002", "front"), ("1003", "back"))],
    "pbx_dids": [{"number": DID, "phone": "1001"}],
    "pbx_parking": {"number": "700", "slots": 2, "seconds": 10},
    "verify_number": "",
}


@pytest.fixture(scope="module", autouse=True)
def built():
    """Run site.yml with three phones and a parking lot; undo it at the end."""
    run = play("site", variables=SITE)
    assert run.code == 0, run.output[-4000:]
    yield
    mended = play("site", variables={"verify_number": ""})
    assert mended.code == 0, mended.output[-4000:]


@pytest.fixture(autouse=True)
def nothing_up(asterisk):
    """End what a check has left."""
    yield
    asterisk("channel request hangup all")
    until(lambda: "0 active channels" in asterisk("core show channels count"))


def until(condition, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.3)


@pytest.fixture
def answered(desk, twilio):
    """Return answered(), a phone 1001 that has just taken a call from the telephone network."""
    def take():
        phone = desk("1001", 0.5)
        place_incoming_call(twilio, DID, CALLER)
        phone.wait(lambda seen: seen["up"] == [True])
        return phone

    return take


@pytest.fixture
def together(asterisk):
    """Return together(name), which waits until a phone and the call from the telephone network are in one bridge."""
    def bridges(name):
        lines = [line.split("!") for line in asterisk("core show channels concise").splitlines()]
        return {line[-2] for line in lines if line[0].startswith(f"PJSIP/{name}-")} - {""}

    return lambda name: until(lambda: bridges("twilio-inbound") & bridges(name))


def test_a_call_is_picked_up_within_the_group(desk, twilio, asterisk, together, detail):
    """A call that rings at 1001 is taken by 1002 with *8 or **1001, and by 1003 of another group with neither."""
    first, second, stranger = desk("1001"), desk("1002"), desk("1003")
    found = []
    for index, number in enumerate(("*8", "**1001")):
        place_incoming_call(twilio, DID, CALLER)
        first.wait(lambda seen, rang=index + 1: seen["rang"] == rang)
        found.append((stranger.dial(number), second.dial(number)))
        together("1002")
        second.hang_up(index)
        until(lambda: "0 active channels" in asterisk("core show channels count"))
    detail(f"of another group and of the same: {found}")
    assert all(other >= 400 and own == 200 for other, own in found)


def test_a_call_is_parked_and_taken(answered, asterisk, phone, address, pbx, detail):
    """1001 transfers a call to 700; 1002 dials 701 and hears who was parked."""
    assert answered().refer(0, "700") == 202
    until(lambda: "701" in asterisk("parking show default"))
    softphone = Softphone(phone, address["pbx1"])
    softphone.run("1002", os.environ["TRUNKLINE_PHONE_PASSWORD"], seconds=10, dial="701")
    said = samples(pbx.file(f"{SOUNDS}/{SAID}.wav").content)
    share = recognised(said, samples(softphone.heard()))
    detail(f"recognised {share:.0%} of what the caller said")
    assert share > 0.5


def test_a_parked_call_goes_back(answered, together):
    """A call that nobody took from its slot rings at the phone that parked it."""
    first = answered()
    assert first.refer(0, "700") == 202
    first.wait(lambda seen: seen["rang"] == 2 and seen["up"][-1])
    together("1001")


def test_a_call_is_parked_in_a_slot_of_choice(answered, desk, asterisk, together):
    """1001 transfers a call to 702, which is free; 1003 takes it from there."""
    assert answered().refer(0, "702") == 202
    until(lambda: "702" in asterisk("parking show default"))
    assert desk("1003").dial("702") == 200
    together("1003")


def test_nobody_outside_reaches_the_lot(twilio, address, pbx, detail):
    """INVITEs from Twilio's address to the lot, to a slot and to codes of pickup are refused."""
    pbx.run("systemctl stop trunkline-firewall")
    headers = [f"X-Twilio-AccountSid: {os.environ['TWILIO_ACCOUNT_SID']}"]
    order = {"target": address["pbx1"], "invites": [
        {"to": number, "from": caller, "headers": headers}
        for number in ("700", "701", "*8", "**1001") for caller in (CALLER, "1001")]}
    command = ["podman", "exec", "-i", twilio.backend.name, "python3", "-c", Path(invites.__file__).read_text()]
    done = subprocess.run(command, input=json.dumps(order), stdout=subprocess.PIPE, text=True, check=True, timeout=100)
    pbx.run("systemctl start trunkline-firewall")
    statuses = {status for status, dummy in json.loads(done.stdout)}
    detail(f"{statuses}")
    assert statuses == {404}
