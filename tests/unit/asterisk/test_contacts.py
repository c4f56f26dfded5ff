# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Asterisk's console says of an endpoint and its contact."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.contacts import (
    Contact,
    ContactMissing,
    EndpointMissing,
    first_contact,
)

from .console import Manager, printed

ENDPOINT = printed("endpoint")


def manager(endpoint, aor="aor"):
    return Manager({"pjsip show endpoint": endpoint, "pjsip show aor": printed(aor)})


def test_a_contact_that_is_available():
    asterisk = manager(ENDPOINT)
    assert first_contact(asterisk, "twilio-asterisk-pbx1") == Contact("sip:asterisk-pbx1.pstn.twilio.com", "Avail", 0.9)
    assert asterisk.said == ["pjsip show endpoint twilio-asterisk-pbx1", "pjsip show aor twilio-asterisk-pbx1"]


@pytest.mark.parametrize("status, rtt, expected", [
    ("Unavail", "-nan", None), ("NonQual", "nan", None), ("Unknown", "0.000", 0.0), ("Avail", "557.123", 557.1)])
def test_its_state(status, rtt, expected):
    changed = [line.replace("Avail         0.860", f"{status:<13} {rtt}") for line in ENDPOINT]
    contact = first_contact(manager(changed), "x")
    assert (contact.status, contact.rtt_ms) == (status, expected)


def test_a_name_too_long_for_the_table():
    row = "      Contact:  twilio-a-very-long-label-of-a-domain-that-fills 00650fba88 Avail         1.000"
    changed = [row if line.strip().startswith("Contact:  twilio") else line for line in ENDPOINT]
    assert first_contact(manager(changed), "x").uri == "sip:asterisk-pbx1.pstn.twilio.com"


def test_no_such_endpoint():
    with pytest.raises(EndpointMissing):
        first_contact(manager(printed("endpoint_missing")), "nope")


def test_no_contact():
    with pytest.raises(ContactMissing):
        first_contact(manager([line for line in ENDPOINT if "Contact:" not in line or "<Aor/" in line]), "x")
