# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A phone with two devices, DTMF by SIP INFO, and the caller ID of a phone that withholds its own."""

from __future__ import annotations

import pytest

from labtest.incoming import start_devices
from labtest.plays import play
from labtest.twin import place_incoming_call

NUMBER, CALLER_ID, DOMAIN = "+919876543210", "+17756187988", "asterisk-pbx1.pstn.twilio.com"
ON_TWO = [{
    "name": "1001", "password": "{{ lookup('ansible.builtin.env', 'TRUNKLINE_PHONE_PASSWORD') }}", "max_contacts": 2}]
DTMF_LOG = "/var/log/asterisk/dtmf-of-a-check"
KEYS = [
    ["INFO", "application/dtmf-relay", "Signal=5\r\nDuration=160\r\n"], ["INFO", "application/dtmf", "7"],
    ["INFO", "", ""], ["OPTIONS", "", ""],
]


@pytest.fixture(scope="module", autouse=True)
def built():
    """Run site.yml so that the phone may have two devices; undo it at the end."""
    run = play("site", variables={"pbx_phones": ON_TWO, "verify_number": ""})
    assert run.code == 0, run.output[-4000:]
    yield
    mended = play("site", variables={"verify_number": ""})
    assert mended.code == 0, mended.output[-4000:]


@pytest.fixture
def phones(phone, address):
    """Return phones(answers, **order): it starts devices of phone 1001, and returns a function for their report."""
    phone.run("systemctl stop softphone")
    return lambda answers, **order: start_devices(phone, address, devices=answers, **order)


def test_each_device_of_a_phone_rings(phones, twin, twilio, asterisk, detail):
    """A call in rings both devices of a phone; one answers, and the other's CANCEL says "elsewhere"."""
    before, seen = len(twin.calls()), phones([2, None], seconds=8)
    place_incoming_call(twilio, CALLER_ID, NUMBER)
    found = seen()
    asterisk("channel request hangup all")
    detail(f"rang {found['rang']}, {found['reasons'][1]}")
    assert found["rang"] == [1, 1]
    assert found["reasons"][0] == "" and "elsewhere" in found["reasons"][1]
    assert twin.call_to(CALLER_ID, before)["sip_status"] == 200


def test_keys_by_info_reach_the_telephone_network(phones, twin, twilio, detail):
    """DTMF that a phone sends by INFO reaches the telephone network, and the caller ID is the trunk's."""
    before = len(twin.calls())
    console = "asterisk -C /etc/twilio-twin/asterisk/asterisk.conf -rx"
    twilio.check_output(f"{console} 'logger add channel {DTMF_LOG} dtmf'")
    try:
        found = phones([None], dial=NUMBER, headers=["Privacy: id"], within=KEYS)()
        keyed = twilio.check_output(f"grep -o \"DTMF end '.' received\" {DTMF_LOG} || true").splitlines()
    finally:
        twilio.run(f"{console} 'logger remove channel {DTMF_LOG}'; rm -f {DTMF_LOG}")
    detail(f"{found['within']}, keyed {keyed}")
    assert (found["dialled"], found["within"]) == (200, [200] * len(KEYS))
    assert [line.split("'")[1] for line in keyed] == ["5", "7"]
    messages = twin.messages(twin.call_to(NUMBER, before)["sip_call_id"])
    sent = [message for message in messages if message.method == "INVITE" and not message.status]
    assert sent and "INFO" not in {message.method for message in messages}
    for invite in sent:
        assert invite.header("From").startswith(f'"Asterisk PBX" <sip:{CALLER_ID}@{DOMAIN}>;'), invite.text
        assert not invite.header("Privacy")
