# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real calls, judged by the SIP on the wire at the twin and by the audio that each side heard."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path

import pytest

from labtest.audio import RATE, recognised, samples
from labtest.plays import play
from labtest.softphone import Softphone
from labtest.twin import place_incoming_call
from labtest.waiting import until

NUMBER = "+919876543210"
CALLER_ID = "+17756187988"
CALLER_NAME = "Asterisk PBX"
DOMAIN = "asterisk-pbx1.pstn.twilio.com"
RECORDED = Path(__file__).parents[4] / "tests/contract/recorded/wire.json"
SOUNDS = "/usr/share/asterisk/sounds/en"
LADDER = ["INVITE", "407", "ACK", "INVITE+digest", "183", "200", "ACK", "BYE", "200"]


@pytest.fixture(scope="module")
def congratulation(pbx):
    return samples(pbx.file(f"{SOUNDS}/demo-congrats.wav").content)


@pytest.fixture(scope="module")
def thanks(twilio):
    return samples(twilio.file(f"{SOUNDS}/demo-thanks.wav").content)


def on_the_wire(twin, call, peer):
    """Return the messages between the edge and `peer`, and their ladder without retransmissions, 100 and 180."""
    messages = [
        m
        for m in twin.messages(call["sip_call_id"])
        if peer in (m.source.split(":")[0], m.destination.split(":")[0])
    ]
    ladder = [message.step for message in messages if message.step not in ("100", "180")]
    return messages, [step for index, step in enumerate(ladder) if step != (ladder[index - 1] if index else "")]


def check_call(twin, call, peer, detail):
    # The row of a call is over with its BYE, and the response to that is on record a moment later.
    until(lambda: on_the_wire(twin, call, peer)[1][-2:] == LADDER[-2:])
    messages, ladder = on_the_wire(twin, call, peer)
    detail(" ".join(ladder))
    assert ladder == LADDER
    invites = [message for message in messages if message.step in ("INVITE", "INVITE+digest")]
    for invite in invites:
        assert invite.first_line == f"INVITE sip:{NUMBER}@{DOMAIN} SIP/2.0"
        caller = invite.header("From")
        assert caller.startswith(f'"{CALLER_NAME}" <sip:{CALLER_ID}@{DOMAIN}>'), caller
    assert (call["status"], call["sip_status"], call["from"]) == ("completed", 200, CALLER_ID)


@pytest.fixture(scope="module")
def proof(twin):
    """Run verify.yml; return the run and the call that it placed."""
    before = len(twin.calls())
    run = play("verify")
    return run, twin.call_to(NUMBER, before)


def test_proof(proof, detail):
    """verify.yml succeeds, changes nothing, and prints the round trip and the call."""
    run = proof[0]
    assert run.code == 0, run.output
    assert set(run.changed.values()) == {0}
    found = re.search(r"OPTIONS\b.*?([0-9.]+ ms)", run.output)
    assert found, run.output
    detail(f"OPTIONS {found.group(1)}")


def test_local_channel_call(proof, twin, address, detail):
    """A Local channel calls +91: INVITE, 407, INVITE with credentials, 183, 200, BYE."""
    check_call(twin, proof[1], address["pbx1"], detail)


def test_answers_are_as_recorded(proof, twin, detail):
    """The challenge, the provisional response and the 200 match published captures of Twilio."""
    cases = {
        (case["method"], f"SIP/2.0 {case['status']}"): case
        for case in json.loads(RECORDED.read_text())["cases"] if "headers" in case
    }
    seen = set()
    for message in twin.messages(proof[1]["sip_call_id"]):
        case = cases.get((message.method, message.first_line)) if message.direction == "out" else None
        if case:
            seen.add(case["id"])
            for name, pattern in case["headers"].items():
                assert re.fullmatch(pattern or "", message.header(name)), (case["id"], message.text)
    detail(" ".join(sorted(seen)))
    assert seen == {"W01", "W02", "W05"}


def test_pstn_hears_the_congratulation(proof, twin, congratulation, detail):
    """The telephone network hears the congratulation that Asterisk plays."""
    heard = samples(twin.recording(proof[1]["sid"]))
    likeness = recognised(congratulation[: len(heard) - RATE], heard)
    detail(f"{likeness:.0%} of {len(heard) / RATE:.0f} s recognised")
    assert len(heard) > 3 * RATE
    assert likeness >= 0.8


@pytest.fixture(scope="module")
def phone_call(twin, phone, address, pbx):
    """Call from the softphone; return the call, the softphone and its output."""
    softphone = Softphone(phone, address["pbx1"])
    before = len(twin.calls())
    printed = softphone.run("1001", os.environ["TRUNKLINE_PHONE_PASSWORD"], seconds=12, dial=NUMBER)
    return twin.call_to(NUMBER, before), softphone, printed


def test_phone_call(phone_call, twin, address, detail):
    """The softphone calls +91: INVITE, 407, INVITE with credentials, 183, 200, BYE."""
    check_call(twin, phone_call[0], address["pbx1"], detail)


def test_pstn_hears_the_phone(phone_call, twin, detail):
    """The telephone network hears what the softphone says."""
    heard = samples(twin.recording(phone_call[0]["sid"]))
    said = samples(phone_call[1].says)
    # It speaks from the early media on; the recording begins with the answer, about a second later.
    likeness = recognised(said[2 * RATE: len(heard)], heard)
    detail(f"{likeness:.0%} of {len(heard) / RATE:.0f} s recognised")
    assert likeness >= 0.8


def test_phone_hears_the_pstn(phone_call, thanks, detail):
    """The softphone hears what the called side says."""
    heard = samples(phone_call[1].heard())
    likeness = recognised(thanks, heard)
    detail(f"{likeness:.0%} of {len(thanks) / RATE:.0f} s recognised")
    assert likeness >= 0.8


@pytest.fixture(scope="module")
def incoming_call(twin, twilio, phone, address):
    """Call the trunk's number from the telephone network; the softphone answers."""
    softphone = Softphone(phone, address["pbx1"])
    softphone.start("1001", os.environ["TRUNKLINE_PHONE_PASSWORD"], options="regint=60;answermode=auto")
    before = len(twin.calls())
    place_incoming_call(twilio, CALLER_ID, NUMBER)
    time.sleep(10)
    softphone.stop()
    return twin.call_to(CALLER_ID, before), softphone


def test_incoming_call_rings_the_phone(incoming_call, thanks, detail):
    """A call from the telephone network to the DID rings the softphone, which hears the caller."""
    call, softphone = incoming_call
    likeness = recognised(thanks, samples(softphone.heard()))
    detail(f"{likeness:.0%} of {len(thanks) / RATE:.0f} s recognised")
    assert (call["direction"], call["from"]) == ("trunking-originating", NUMBER)
    assert call["to"].startswith(f"sip:{CALLER_ID}@")
    assert likeness >= 0.8
