# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Three wrong values and a country closed at Twilio: each is named with its fix, and the next run mends it."""

from __future__ import annotations

import copy
import json

import pytest

from labtest.plays import hosts, play


def trunks(**changes) -> dict:
    """Return the inventory's trunks with values of the first changed.

    The password comes from the environment, as it does there.
    """
    made = copy.deepcopy(hosts()["pbx1"]["trunkline_trunks"])
    made[0].update(password="{{ lookup('ansible.builtin.env', 'TRUNKLINE_TRUNK_PASSWORD') }}", **changes)
    return {"trunkline_trunks": made}


MISTAKES = {
    "SIP domain instead of the termination URI": (
        trunks(termination="asterisk-pbx1.sip.twilio.com"), "404", "termination",
    ),
    "address not in the ACL": ({"trunkline_public_address": "203.0.113.99"}, "403", "Asterisk-Server"),
    "caller ID not owned": (trunks(caller_id="+15005550006"), "403", "caller_id"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_named_and_mended(mistake, detail):
    """A wrong value is named with its fix, and a run with the right value mends it."""
    variables, status, word = MISTAKES[mistake]
    broken = play("site", "--diff", "-vvv", variables=variables)
    detail(broken.failure.partition("Asterisk-SIP-Trunk, ")[2])
    assert broken.code != 0, broken.output
    assert status in broken.failure and word in broken.failure, broken.output
    again = play("verify", variables=variables)
    assert again.code != 0 and word in again.failure, again.output
    mended = play("site")
    assert mended.code == 0, mended.output


def test_country_closed_by_hand(account, detail):
    """A country that somebody closed at Twilio is named, and the next run opens it."""
    closed = {
        "iso_code": "IN",
        "low_risk_numbers_enabled": "false",
        "high_risk_special_numbers_enabled": "false",
        "high_risk_tollfraud_numbers_enabled": "false",
    }
    account.voice.v1.dialing_permissions.bulk_country_updates.create(update_request=json.dumps([closed]))
    broken = play("verify")
    detail(broken.failure.partition("Asterisk-SIP-Trunk, ")[2])
    assert broken.code != 0, broken.output
    assert "403" in broken.failure and "twilio_trunk_countries" in broken.failure, broken.output
    mended = play("site")
    assert mended.code == 0, mended.output
