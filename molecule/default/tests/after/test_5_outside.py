# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls that come in and go out again to numbers outside, and emergency calls that the front desk is notified of."""

from __future__ import annotations

import time

import pytest

from labtest.audio import recognised, samples
from labtest.incoming import SOUNDS, start_devices
from labtest.plays import play
from labtest.waiting import until

OFFICE, NIGHT = "+17756187988", "+12025550143"
MOBILE, BUSY, PREMIUM = "+919876543210", "+12025550111", "+19005550143"
PASSWORD = "{{ lookup('ansible.builtin.env', 'TRUNKLINE_PHONE_PASSWORD') }}"
LOG = "/var/log/asterisk/messages.log"
SAID = "demo-thanks"        # what the twin's callers, and whom they call, say
SITE = {
    "pbx_phones": [
        {"name": "1001", "password": PASSWORD, "class": "internal", "emergency_location": "room 204, 2nd floor",
         "emergency_caller_id": NIGHT},
        {"name": "1002", "password": PASSWORD}, {"name": "1003", "password": PASSWORD}],
    "pbx_dids": [{"number": OFFICE, "to": {"outside_number": "busy"}}, {"number": NIGHT, "to": {"hangup": "busy"}}],
    "pbx_outside_numbers": [
        {"name": "busy", "number": BUSY, "class": "national", "otherwise": {"ring_group": "sales"}},
        {"name": "mobile", "number": MOBILE, "max_calls": 1}],
    "pbx_ring_groups": [
        {"name": "sales", "members": ["1002"], "outside_members": ["mobile"], "otherwise": {"hangup": "busy"}}],
    # Nobody ever registers as 1003.
    "pbx_emergency_notify": {"phones": ["1003", "1002"], "location": "1 Main Street"},
    "pbx_send_diversion": True,
    "verify_number": "",
}


@pytest.fixture(scope="module", autouse=True)
def built():
    """Run site.yml with numbers outside and a phone that is notified; undo it at the end."""
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


def test_a_call_goes_out_again_and_both_sides_hear_each_other(called, desk, twin, pbx, detail):
    """The first number is busy, so the call goes on to a group of a phone and a mobile; the mobile takes it."""
    before, phone = len(twin.calls()), desk("1002")

    def heard_each_other():
        until(lambda: [call["status"] for call in twin.calls()[before:] if call["to"] == MOBILE] == ["in-progress"])
        time.sleep(6)       # as long as they speak

    call = called(OFFICE, until=heard_each_other)
    busy, mobile = (twin.call_to(number, before) for number in (BUSY, MOBILE))
    said = samples(pbx.file(f"{SOUNDS}/{SAID}.wav").content)
    heard = [recognised(said[:3 * 8000], samples(twin.recording(one["sid"]))) for one in (call, mobile)]
    detail(f"{BUSY} {busy['sip_status']}, {MOBILE} {mobile['sip_status']}; the caller recognised {heard[0]:.0%}, the"
           f" mobile {heard[1]:.0%}")
    assert (busy["sip_status"], mobile["sip_status"], call["sip_status"]) == (486, 200, 200)
    assert min(heard) > 0.6
    assert [one["from"] for one in (busy, mobile)] == [OFFICE, OFFICE]     # and not who called
    assert phone.see()["rang"] == 1
    invite = next(one for one in twin.messages(mobile["sip_call_id"]) if one.method == "INVITE")
    assert invite.header("Diversion") == f"<sip:{OFFICE}@twilio.com>"


def test_a_second_call_is_one_too_many(twin, asterisk, pbx):
    """The mobile has max_calls: 1, so that while one call is up another does not go out."""
    before = len(twin.calls())
    asterisk("channel originate Local/s@outside-number-mobile application Wait 60")
    until(lambda: [call["status"] for call in twin.calls()[before:]] == ["in-progress"])
    asterisk("channel originate Local/s@outside-number-mobile application Wait 60")
    until(lambda: "phone outside/mobile has 1 calls up" in pbx.check_output(f"tail -n 20 {LOG}"))
    assert len(twin.calls()) == before + 1


def test_a_premium_number_is_refused_before_anything_is_touched(twin):
    """The run ends with a sentence that names the number; nothing was called."""
    before, rows = len(twin.calls()), [{**SITE["pbx_outside_numbers"][1], "number": PREMIUM}]
    run = play("site", variables={**SITE, "pbx_outside_numbers": [SITE["pbx_outside_numbers"][0], *rows]})
    assert run.code != 0 and not run.changed.get("pbx1")
    assert f"pbx_outside_numbers[1].number is {PREMIUM}, which class international does not let out" in run.output
    assert len(twin.calls()) == before


def test_the_front_desk_rings_while_an_emergency_call_is_up(desk, twin, asterisk, detail):
    """A phone that may call nobody outside dials 933; the front desk rings, though it is not to be disturbed, and shows
    who dialled and where that is. Another phone that is notified is not there."""
    before, front, caller = len(twin.calls()), desk("1002", answers=1), desk("1001")
    asterisk("database put do_not_disturb 1002 1")
    assert caller.dial("933") == 200
    seen = front.wait(lambda now: now["up"] == [True])
    asterisk("database del do_not_disturb 1002")
    detail(seen["from"])
    assert '"Emergency test 1001: room 204, 2nd floor" <sip:1001@' in seen["from"]
    assert caller.see()["up"] == [True]
    (call,) = twin.calls()[before:]
    assert (call["to"], call["from"], call["status"]) == ("933", NIGHT, "in-progress")
    # It goes on after the caller has hung up, which may be a reason to look.
    caller.hang_up(0)
    assert front.see()["up"] == [True]


@pytest.mark.parametrize(("broken", "mended"), [
    ("module unload app_originate.so", "module load app_originate.so"),
    ("dialplan remove context emergency-notify", "dialplan reload"),
])
def test_an_emergency_call_does_not_need_the_notification(phone, address, twin, asterisk, broken, mended):
    """Whatever is missing of the notification, and with no phone to be notified there, the call goes out."""
    before = len(twin.calls())
    phone.run("systemctl stop softphone")
    asterisk(broken)
    try:
        seen = start_devices(phone, address, user="1001", devices=[None], dial="911")()
    finally:
        asterisk(mended)
    assert seen["dialled"] == 200
    assert [call["to"] for call in twin.calls()[before:]] == ["911"]
