# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls that come in and go out again to numbers outside, alone, in groups and queues, and are taken by a key or not;
and emergency calls that the front desk is notified of."""

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
    "pbx_dids": [{"number": OFFICE, "to": {"outside_number": "busy"}}, {"number": NIGHT, "to": {"menu": "asked"}}],
    "pbx_menus": [{
        "name": "asked", "prompt": "demo-congrats", "keys": {"1": {"queue": "support"}, "2": {"ring_group": "asked"}}}],
    "pbx_queues": [{"name": "support", "members": ["1002"], "outside_members": ["asked"], "seconds": 30}],
    "pbx_outside_numbers": [
        {"name": "busy", "number": BUSY, "class": "national", "otherwise": {"ring_group": "sales"}},
        {"name": "mobile", "number": MOBILE, "max_calls": 1}, {"name": "asked", "number": MOBILE, "confirm": True}],
    "pbx_ring_groups": [
        {"name": "sales", "members": ["1002"], "outside_members": ["mobile"], "otherwise": {"hangup": "busy"}},
        {"name": "asked", "members": ["1002"], "outside_members": ["asked"], "seconds": 40}],
    # Nobody ever registers as 1003.
    "pbx_emergency_notify": {"phones": ["1003", "1002"], "location": "1 Main Street"},
    "pbx_send_diversion": True,
    "verify_number": "",
}


@pytest.fixture(scope="module", autouse=True)
def built(declare):
    """Run site.yml with numbers outside and a phone that is notified."""
    declare(SITE)


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


@pytest.fixture
def presses(twilio):
    """Return presses(keys): what the mobile presses when it has answered, a w is half a second."""
    def set_keys(keys=""):
        twilio.check_output(f"asterisk -rx 'dialplan set global KEYS_{MOBILE[1:]} \"{keys}\"'")

    yield set_keys
    set_keys()


def test_a_mobile_that_presses_1_takes_a_call_of_a_queue(presses, called, desk, likeness, detail):
    """The phone rings while the mobile is asked; once it has pressed 1 it has the call, and the phone rings no more."""
    presses("wwwwwwww1")
    phone = desk("1002")

    def taken():
        phone.wait(lambda now: now["rang"] == 1 and "elsewhere" in now["reason"], 60)
        time.sleep(5)       # as long as the mobile speaks

    heard = likeness(called(NIGHT, keys="www1", until=taken), SAID)
    detail(f"the caller recognised {heard:.0%} of what the mobile said")
    assert heard > 0.6


def test_a_mobile_that_presses_nothing_leaves_a_call_of_a_group_to_the_others(called, desk, twin, likeness, detail):
    """Its voicemail answers and hears what to press; the phone takes the call some seconds later."""
    before, phone = len(twin.calls()), desk("1002", answers=6)

    def taken():
        phone.wait(lambda now: now["up"] == [True])
        twin.call_to(MOBILE, before, seconds=30)
        assert phone.see()["up"] == [True]

    call = called(NIGHT, keys="www2", until=taken)
    mobile = twin.call_to(MOBILE, before)
    heard = likeness(mobile, "followme/options")
    detail(f"the mobile {mobile['sip_status']}, and {heard:.0%} of what to press")
    assert (call["sip_status"], mobile["sip_status"]) == (200, 200) and heard > 0.6


def test_a_queue_calls_a_mobile_that_declines_once_a_minute(presses, called, desk, twin, pbx, detail):
    """It presses 2, and the queue does not call it again at once; a phone that comes takes the call."""
    presses("wwww2")
    before, written = len(twin.calls()), int(pbx.check_output(f"wc -l < {LOG}"))

    def taken():
        said = f"A call to {MOBILE} was answered and not taken"
        until(lambda: said in pbx.check_output(f"tail -n +{written + 1} {LOG}"))
        time.sleep(4)       # in which the queue would have called it again
        desk("1002", answers=0).wait(lambda now: now["up"] == [True], 60)

    call = called(NIGHT, keys="www1", until=taken)
    out = [one["to"] for one in twin.calls()[before:]].count(MOBILE)
    detail(f"the mobile was called {out} times")
    assert (out, call["sip_status"]) == (1, 200)


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
