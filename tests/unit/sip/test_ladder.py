# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What recorded ladders tell."""

from __future__ import annotations

import re

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._sip.ladder import Facts, facts, settled, steps

from .recorded import FOLDER, entries, ladder

CHALLENGED = ["INVITE", "100", "407", "ACK", "INVITE with credentials", "100"]
BRIEF = {
    "answered": [*CHALLENGED, "183", "200", "ACK", "BYE", "200"],
    "not_in_acl": ["INVITE", "100", "403", "ACK"],
    "bad_credentials": [*CHALLENGED, "403", "ACK"],
    "caller_id": [*CHALLENGED, "403", "ACK"],
    "asked_again": [*CHALLENGED[:1], *CHALLENGED[2:], *CHALLENGED[2:], "407", "ACK"],
    "cancelled": [*CHALLENGED, "180", "CANCEL", "200", "487", "ACK"],
    "unanswered": ["INVITE (4 times)"],
    "options": ["OPTIONS", "200"],
    "options_sip_domain": ["OPTIONS", "404"],
}


@pytest.mark.parametrize("name", sorted(BRIEF))
def test_steps(name):
    assert [step.brief for step in ladder(name)] == BRIEF[name]


def test_every_recording_is_used():
    assert sorted(path.stem for path in FOLDER.iterdir()) == sorted(BRIEF)


@pytest.mark.parametrize("name", sorted(BRIEF))
def test_no_digest_is_kept(name):
    recorded = "".join(entry.text for entry in entries(name))
    kept = "".join(step.text for step in ladder(name))
    for digest in re.findall(r'(?:response|cnonce)="([^"]+)"', recorded):
        assert digest not in kept


def test_a_label_and_its_direction():
    lines = [step.line for step in ladder("answered")]
    assert lines[:5] == [
        "-> INVITE",
        "<- 100 trying -- your call is important to us",
        "<- 407 Proxy Authentication required",
        "-> ACK",
        "-> INVITE with credentials",
    ]


@pytest.mark.parametrize("name, expected", [
    ("answered", {"status": 200, "provisional": 183, "challenged": True, "credentials": True, "cancelled": False}),
    ("not_in_acl", {"status": 403, "twilio": 32201, "challenged": False, "credentials": False, "provisional": 100}),
    ("bad_credentials", {"status": 403, "twilio": 32202, "challenged": True, "credentials": True, "provisional": 100}),
    ("caller_id", {"status": 403, "twilio": 32204, "reason": "Invalid Caller ID", "caller": "+15005550006"}),
    ("asked_again", {"status": 407, "challenged": True, "credentials": True}),
    ("cancelled", {"status": 487, "cancelled": True, "provisional": 180}),
    ("unanswered", {"status": 0, "reason": "", "provisional": 0, "address_seen": "", "peer": "10.99.0.14:5060"}),
    ("options", {"method": "OPTIONS", "status": 200, "number": "", "request_host": "asterisk-pbx1.pstn.twilio.com"}),
    ("options_sip_domain", {"status": 404, "request_host": "asterisk-pbx1.sip.twilio.com"}),
])
def test_facts(name, expected):
    seen = facts(ladder(name))
    assert {name: getattr(seen, name) for name in expected} == expected


def test_facts_of_every_refusal():
    for name in ("not_in_acl", "bad_credentials", "caller_id"):
        seen = facts(ladder(name))
        assert seen.number.startswith("+9198765432") and seen.caller_host == "asterisk-pbx1.pstn.twilio.com"
        assert seen.address_seen == "10.99.0.13"


def test_nothing_sent():
    assert facts([]) == Facts() and not Facts().sent and not settled([])
    received = [entry for entry in entries("answered") if not entry.sent]
    assert facts(steps(received)) == Facts()


@pytest.mark.parametrize("name, whole", [(name, name != "unanswered") for name in sorted(BRIEF)])
def test_settled(name, whole):
    recorded = entries(name)
    assert settled(steps(recorded)) is whole
    assert not settled(steps(recorded[:1]))
    if name == "answered":
        # The BYE's answer is missing, then the call's own; the first INVITE's 407 alone settles nothing that follows.
        assert not settled(steps(recorded[:-1])) and not settled(steps(recorded[:7]))
