# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Feature codes that phones dial: forwards and do not disturb, who rings then, and what stays closed."""

from __future__ import annotations

import os
import time

import pytest

from labtest import invites
from labtest.container import ask
from labtest.incoming import start_devices
from labtest.plays import play
from labtest.twin import place_incoming_call

DID, MOBILE, PREMIUM = "+17756187988", "+919876543210", "+19005550143"
PASSWORD = "{{ lookup('ansible.builtin.env', 'TRUNKLINE_PHONE_PASSWORD') }}"
LOG = "/var/log/asterisk/messages.log"
PHONES = {
    "pbx_phones": [{"name": name, "password": PASSWORD} for name in ("1001", "1002")],
    "pbx_dids": [{"number": DID, "phone": "1001"}], "verify_number": "",
}


def run_site(**variables):
    run = play("site", variables={**PHONES, **variables})
    assert run.code == 0, run.output[-4000:]


@pytest.fixture(scope="module", autouse=True)
def built(declare):
    """Run site.yml with two phones."""
    declare(PHONES)


@pytest.fixture(autouse=True)
def nothing_set(asterisk):
    """Clear what a check has set."""
    yield
    for family in ("forward_always", "forward_busy", "forward_unanswered", "do_not_disturb"):
        asterisk(f"database deltree {family}")


@pytest.fixture
def dials(phone, address):
    """Return dials(name, number), which has a phone call a number and returns the status that it got."""
    phone.run("systemctl stop softphone")
    return lambda name, number: start_devices(phone, address, user=name, devices=[None], dial=number)()["dialled"]


@pytest.fixture
def ringing(called, phones):
    """Return ringing(name), which calls the number in while a phone is there, and returns how often that phone rang."""
    def ring(name):
        found, report = [], phones(name, [1], 6)
        called(DID, until=lambda: found.append(report()))
        return found[0]["rang"]

    return ring


@pytest.fixture
def logged(pbx):
    """Return logged(), the lines that the log got since the check began."""
    before = int(pbx.check_output(f"wc -l < {LOG}"))
    return lambda: pbx.check_output(f"tail -n +{before + 1} {LOG}")


def test_a_forward_outlives_a_change_and_a_restart(dials, ringing, pbx, detail):
    """Phone 1001 forwards to 1002 by *72; 1002 rings, after a change of the configuration and a restart as well."""
    assert dials("1001", "*721002") == 200
    rang = []
    for change in (lambda: None, lambda: run_site(pbx_rtp_timeout_seconds=200),
                   lambda: pbx.check_output("systemctl restart asterisk && sleep 5")):
        change()
        rang.append(ringing("1002"))
    detail(f"rang {rang}")
    assert rang == [[1]] * 3


def test_a_forward_is_cancelled(dials, ringing):
    """After *73 the phone itself rings again."""
    assert [dials("1001", code) for code in ("*721002", "*73")] == [200, 200]
    assert ringing("1001") == [1]


def test_do_not_disturb(dials, called, phones, ringing, detail):
    """After *78 the phone does not ring and is busy (486); after *79 it rings."""
    assert dials("1001", "*78") == 200
    seen = phones("1001", [1], 5)
    quiet, rang = called(DID)["sip_status"], seen()["rang"]
    assert dials("1001", "*79") == 200
    again = ringing("1001")
    detail(f"{quiet}, rang {rang} and {again}")
    assert (quiet, rang, again) == (486, [0], [1])


def test_a_forward_while_busy_and_unanswered(dials, ringing):
    """Who is not to be disturbed is busy, which *90 forwards; who is not there is unanswered, which *52 forwards."""
    assert [dials("1001", code) for code in ("*901002", "*78")] == [200, 200]
    assert ringing("1002") == [1]
    assert [dials("1001", code) for code in ("*91", "*79", "*521002")] == [200] * 3
    assert ringing("1002") == [1]


def test_a_circle_of_forwards_ends(dials, called, logged, detail):
    """Two phones forward to each other: the call is refused at once, and logged."""
    assert [dials(*one) for one in (("1001", "*721002"), ("1002", "*721001"))] == [200, 200]
    begun = time.monotonic()
    call = called(DID)
    detail(f"{call['sip_status']} after {time.monotonic() - begun:.1f} s")
    assert call["sip_status"] >= 400 and "forwarded from phone to phone too often" in logged()


def test_a_forward_to_outside_is_closed(dials, twin, asterisk, called, logged, detail):
    """Unless it is opened no forward to outside is set, and none is followed that was set while it was open."""
    before = len(twin.calls())
    statuses = [dials("1001", f"*72{number}") for number in (MOBILE, PREMIUM, "911", "1001", "1009")]
    asterisk(f"database put forward_always 1001 {MOBILE}")
    called(DID)
    detail(f"{statuses}")
    assert all(status >= 400 for status in statuses)
    assert "which is not open to it any more" in logged()
    assert not [call for call in twin.calls()[before:] if call["to"] != DID and DID not in call["to"]]


def test_a_forward_to_outside_has_the_limits_of_its_phone(dials, twin, twilio, asterisk, called, logged, detail):
    """Where it is opened a call goes on to a mobile; premium and emergency numbers stay closed, set or followed."""
    run_site(pbx_forward_outside=True)
    try:
        statuses = [dials("1001", f"*72{number}") for number in (PREMIUM, "911", "112", MOBILE)]
        detail(f"premium, 911, 112, mobile: {statuses}")
        assert all(status >= 400 for status in statuses[:3]) and statuses[3] == 200
        before = len(twin.calls())
        place_incoming_call(twilio, DID, "+12025550111")
        time.sleep(6)
        asterisk("channel request hangup all")
        out = twin.call_to(MOBILE, before)
        assert out["sip_status"] == 200
        for number in (PREMIUM, "911"):
            before = len(twin.calls())
            asterisk(f"database put forward_always 1001 {number}")
            assert called(DID)["sip_status"] >= 400
            assert not [call for call in twin.calls()[before:] if number in call["to"]]
        assert "a premium number" in logged()
    finally:
        run_site()


def test_the_number_dialled_last_is_dialled_again(dials, twin, asterisk, pbx, detail):
    """*66 calls what a phone dialled last, after a restart too, and as far as the phone may call: never an emergency
    number, nor a premium number, of which a phone's database may say anything."""
    asterisk("database deltree last_dialled")
    assert dials("1001", "*66") >= 400      # nothing yet
    before = len(twin.calls())
    assert [dials("1001", number) for number in ("+91(98765)43210", "*66", "911")] == [200] * 3
    pbx.check_output("systemctl restart asterisk && asterisk -rx 'core waitfullybooted'")
    statuses = [dials("1001", "*66"), dials("1002", "*66")]
    again = [call["to"] for call in twin.calls()[before:]]
    for number in (PREMIUM, "911", "*721002"):
        asterisk(f"database put last_dialled 1001 {number}")
        statuses.append(dials("1001", "*66"))
    detail(f"{again}, {statuses}")
    assert again == [MOBILE, MOBILE, "911", MOBILE]
    assert statuses[0] == 200 and all(status >= 400 for status in statuses[1:])
    assert len(twin.calls()) == before + 4 and "0 results" in asterisk("database show forward_always")


def test_nobody_outside_reaches_a_code(twilio, address, asterisk, pbx, detail):
    """INVITEs from Twilio's address to feature codes are refused, and nothing is set."""
    pbx.run("systemctl stop trunkline-firewall")
    headers = [f"X-Twilio-AccountSid: {os.environ['TWILIO_ACCOUNT_SID']}"]
    order = {"target": address["pbx1"], "invites": [
        {"to": code, "from": caller, "headers": headers}
        for code in ("*721002", "*78", "*73", "%2a78", "*72+19005550143") for caller in (MOBILE, "1001")]}
    statuses = {status for status, dummy in ask(twilio, invites, order)}
    pbx.run("systemctl start trunkline-firewall")
    detail(f"{statuses}")
    assert statuses == {404} and "0 results" in asterisk("database show do_not_disturb")
