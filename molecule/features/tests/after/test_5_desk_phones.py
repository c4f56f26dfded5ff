# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What desk phones do with a call: take it from each other, park it, and what nobody else may do by that."""

from __future__ import annotations

import json
import os
import re
from urllib.parse import unquote

import pytest

from labtest import invites
from labtest.audio import RATE, recognised, samples, stereo
from labtest.container import ask
from labtest.incoming import CALLER, SOUNDS
from labtest.softphone import Softphone
from labtest.twin import place_incoming_call
from labtest.waiting import until

DID, NIGHT = "+17756187988", "+12025550143"
MOBILE, PREMIUM = "+919876543210", "+19005550143"
UNWANTED, SALESMAN, WITHHELD = "+12025550111", "+448719990001", "+266696687"
MUSIC, MUSIC_SECONDS = "demo-nogo", 4
PASSWORD = "{{ lookup('ansible.builtin.env', 'TRUNKLINE_PHONE_PASSWORD') }}"
SITE = {
    "pbx_phones": [
        {"name": name, "password": PASSWORD, "pickup_group": group, "class": may, "intercom": name == "1002"}
        for name, group, may in (
            ("1001", "front", "internal"), ("1002", "front", "internal"), ("1003", "back", "international"))],
    "pbx_speed_dials": [{"dial": "*01", "number": MOBILE}, {"dial": "81", "to": {"phone": "1002"}},
                        {"dial": "82", "to": {"queue": "support"}}],
    "pbx_queues": [{"name": "support", "members": ["1002"], "agents": ["1001"]}],
    "pbx_paging_groups": [
        {"name": "floor", "code": "*81", "phones": ["1001", "1002", "1003"], "callers": ["1003"]}],
    "pbx_dids": [{"number": DID, "phone": "1001"}, {"number": NIGHT, "to": {"hours": "always"}}],
    "pbx_hours": [{
        "name": "always", "timezone": "UTC", "open": ["mon-sun 00:00-24:00"], "override_code": "*28",
        "when_open": {"hangup": "busy"}, "when_closed": {"hangup": "refused"}}],
    "pbx_directory": [{"number": CALLER, "name": "Anna O'Neil, Zürich"}],
    "pbx_blocked_callers": [
        {"number": "(202) 555-0111"}, {"prefix": "+44871", "to": {"hours": "always"}},
        {"anonymous": True, "to": {"hangup": "unanswered"}}],
    "pbx_busy_lamps": True,
    "pbx_parking": {"number": "700", "slots": 2, "seconds": 10, "music": "waltz"},
    "verify_number": "",
}


pytestmark = pytest.mark.usefixtures("nothing_up")


@pytest.fixture(scope="module", autouse=True)
def built(pbx, declare, tmp_path_factory):
    """Run site.yml with three phones and a parking lot, which has music of its own."""
    file = tmp_path_factory.mktemp("music") / "waltz.wav"
    file.write_bytes(stereo(pbx.file(f"{SOUNDS}/{MUSIC}.wav").content, MUSIC_SECONDS))
    SITE["pbx_music"] = [{"name": "waltz", "files": [str(file)]}]
    declare(SITE)


@pytest.fixture
def answered(desk, twilio, together):
    """Return answered(), a phone 1001 that has just taken a call from the telephone network."""
    def take():
        phone = desk("1001", 0.5)
        place_incoming_call(twilio, DID, CALLER)
        phone.wait(lambda seen: seen["up"] == [True])
        # A phone is up a moment before Asterisk joins both sides, and till then it has no call to transfer (400).
        together("1001")
        return phone

    return take


@pytest.fixture
def parked(asterisk):
    """Return parked(slot), which waits until a call is there."""
    return lambda slot: until(lambda: re.search(rf"Space *: +{slot}\b", asterisk("parking show default")))


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


def test_a_call_is_parked_and_taken(answered, parked, phone, address, twin, detail):
    """1001 transfers a call to 700; 1002 dials 701, and the caller hears what 1002 says."""
    before = len(twin.calls())
    assert answered().refer(0, "700") == 202
    parked("701")
    softphone = Softphone(phone, address["pbx1"])
    softphone.run("1002", os.environ["TRUNKLINE_PHONE_PASSWORD"], seconds=10, dial="701")
    call = twin.call_to(DID, before)
    share = recognised(samples(softphone.says)[:4 * RATE], samples(twin.recording(call["sid"])))
    detail(f"recognised {share:.0%} of what 1002 said")
    assert share > 0.5


def test_a_parked_call_goes_back(answered, together, asterisk, twin, likeness, detail):
    """A caller whom nobody took from the slot has heard its music, and rings at the phone that parked the call."""
    before, first = len(twin.calls()), answered()
    assert first.refer(0, "700") == 202
    first.wait(lambda seen: seen["rang"] == 2 and seen["up"][-1])
    together("1001")
    asterisk("channel request hangup all")
    heard = likeness(twin.call_to(DID, before), MUSIC, MUSIC_SECONDS)
    detail(f"{heard:.0%} of the music of the parking lot")
    assert heard > 0.8


def test_a_call_is_parked_in_a_slot_of_choice(answered, desk, parked, together):
    """1001 transfers a call to 702, which is free; 1003 takes it from there."""
    assert answered().refer(0, "702") == 202
    parked("702")
    assert desk("1003").dial("702") == 200
    together("1003")


def test_a_call_for_a_slot_that_is_taken_comes_back(answered, desk, together, asterisk, detail):
    """1001 transfers a call to where 1002 waits: it rings at 1001. One that is to go to the full lot stays there."""
    def wait_in_a_slot(name, count):
        phone = desk(name, 0.5)
        asterisk(f"channel originate PJSIP/{name} application Park default,t(600)")
        until(lambda: len(slots()) == count)
        return phone

    def slots():
        return re.findall(r"Space *: +([0-9]+)", asterisk("parking show default"))

    waiting, first = [wait_in_a_slot("1002", 1)], answered()
    (taken,) = slots()
    assert first.refer(0, taken) == 202
    first.wait(lambda seen: seen["rang"] == 2 and seen["up"][-1])
    together("1001")
    assert slots() == [taken]
    waiting.append(wait_in_a_slot("1003", 2))
    assert first.refer(1, "700") == 202
    first.wait(lambda seen: sum(body.startswith("SIP/2.0 200") for body in seen["notified"]) == 2)
    assert first.dial("700") == 200
    first.wait(lambda seen: not seen["up"][2])
    together("1001")
    detail(f"{taken} was taken; then {slots()} were")
    assert len(slots()) == 2 and all(phone.see()["up"] == [True] for phone in waiting)


def transferred(seen) -> bool:
    """Whether NOTIFY has said that a transfer is done (RFC 3515)."""
    return any(body.startswith("SIP/2.0 200") for body in seen["notified"])


def test_a_call_is_transferred_blind(answered, desk, together):
    """1001 transfers a call to 1002, which answers, and is out of it."""
    second, first = desk("1002", 0.5), answered()
    assert first.refer(0, "1002") == 202
    second.wait(lambda seen: seen["up"] == [True])
    together("1002")
    first.wait(transferred)
    assert first.hang_up(0) == 200
    together("1002")


def test_a_call_is_transferred_after_a_question(answered, desk, together):
    """1001 calls 1002, and transfers the first call into the second one (Replaces)."""
    second, first = desk("1002", 0.5), answered()
    assert first.dial("1002") == 200
    together("1001", "1002")
    assert first.refer(0, "1002", replaces=1) == 202
    first.wait(transferred)
    first.hang_up(0)
    together("1002")
    assert second.see()["up"] == [True]


def test_a_transfer_goes_as_far_as_the_class_of_its_phone(answered, twin, asterisk):
    """1001, of class internal, transfers calls to a mobile and to a premium number: none goes out."""
    for number in (MOBILE, PREMIUM):
        before, phone = len(twin.calls()), answered()
        phone.refer(0, number)
        until(lambda: "0 active channels" in asterisk("core show channels count"))
        phone.stop()
        assert not [call for call in twin.calls()[before:] if DID not in call["to"]], number


def test_a_transfer_sets_no_code_for_who_is_transferred(desk, together, asterisk):
    """1001 takes a call of 1002 and transfers it to codes: neither a forward nor do not disturb is set for 1002."""
    first, second = desk("1001", 0.5), desk("1002")
    for index, number in enumerate(("*721003", "*78")):
        assert second.dial("1001") == 200
        first.wait(lambda seen, calls=index + 1: len(seen["up"]) == calls)
        together("1001", "1002")
        first.refer(index, number)
        second.wait(lambda seen, call=index: not seen["up"][call])
    assert all("0 results" in asterisk(f"database show {family}") for family in ("forward_always", "do_not_disturb"))


def test_what_phones_did_is_in_the_events(pbx, detail):
    """The checks before this one have left events of each kind, each a line of JSON."""
    rows = [json.loads(line) for line in pbx.check_output("cat /var/log/asterisk/cel-custom/events.json").splitlines()]
    kinds = {row["eventtype"]: row["extra"] for row in rows}
    detail(json.dumps(kinds))
    assert {"PICKUP", "PARK_START", "PARK_END", "BLINDTRANSFER", "ATTENDEDTRANSFER"} <= set(kinds)
    assert kinds["BLINDTRANSFER"][0]["extension"] and kinds["PARK_START"][0]["parking_lot"] == "default"


def test_lamps(desk, answered, twilio, asterisk, detail):
    """1003 watches a phone, a slot, an agent, a pause, do not disturb and the hours: each lamp goes on and off."""
    watcher, shown, numbers = desk("1003"), {}, ("1001", "701", "*781001", "*28", "*451001", "*461001")
    for number in numbers:
        assert watcher.subscribe(number) == 200

    def lamp(number, state):
        """Wait until the last NOTIFY about a number says a state."""
        def last(seen):
            bodies = [body for body in seen["notified"] if f'entity="sip:{number}@' in unquote(body)]
            found = re.search("<state>(.*?)</state>", bodies[-1]) if bodies else None
            return found and found[1] == state

        watcher.wait(last)
        shown.setdefault(number, []).append(state)

    for number in numbers:
        lamp(number, "terminated")
    phone = answered()
    lamp("1001", "confirmed")
    assert phone.refer(0, "701") == 202
    lamp("701", "confirmed")
    lamp("1001", "terminated")
    asterisk("channel request hangup all")
    lamp("701", "terminated")
    for on, off, number in (
            ("*78", "*79", "*781001"), ("*28", "*28", "*28"), ("*45", "*45", "*451001"), ("*46", "*46", "*461001")):
        for code, state in ((on, "confirmed"), (off, "terminated")):
            assert phone.dial(code) == 200
            lamp(number, state)
    detail(f"{shown}")
    assert watcher.subscribe("911") >= 400 and watcher.subscribe("+12025550111") >= 400


def test_who_called_last_is_called_back(desk, twilio, twin, asterisk, detail):
    """*69 calls the phone that called last; a caller from outside only as far as the class goes, and never 911."""
    first, second = desk("1001", 0.5), desk("1002", 0.5)
    asterisk("database del last_caller 1001")
    assert first.dial("*69") >= 400
    assert second.dial("1001") == 200 and second.hang_up(0) == 200
    assert first.dial("*69") == 200
    second.wait(lambda seen: seen["up"] == [False, True])
    before, statuses = len(twin.calls()), []
    for caller in (MOBILE, "911", "*721003"):
        asterisk(f"database put last_caller 1001 {caller}")
        statuses.append(first.dial("*69"))
    place_incoming_call(twilio, DID, CALLER)
    first.wait(lambda seen: seen["rang"] == 2)
    detail(f"{statuses}")
    assert CALLER in asterisk("database get last_caller 1001") and all(status >= 400 for status in statuses)
    assert not [call for call in twin.calls()[before:] if DID not in call["to"]]
    assert "0 results" in asterisk("database show forward_always")


def test_a_phone_is_spoken_at_where_it_allows_that(desk, detail):
    """*801002 is a call with the headers of an intercom, as 1002 is not; 1001 allows none; who talks is busy."""
    first, second = desk("1001"), desk("1002", 0.5)
    assert second.dial("*801001") >= 400 and first.see()["rang"] == 0
    assert first.dial("*801002") == 200
    second.wait(lambda seen: seen["up"] == [False, True])
    assert desk("1003").dial("*801002") == 486 and second.see()["rang"] == 1
    first.hang_up(0)
    second.wait(lambda seen: seen["up"] == [False, False])
    assert first.dial("1002") == 200
    headers = second.wait(lambda seen: len(seen["intercom"]) == 2)["intercom"]
    detail(f"{headers}")
    assert headers == [
        ["<http://127.0.0.1>;info=alert-autoanswer;delay=0", "<sip:127.0.0.1>;answer-after=0", "Auto"], ["", "", ""]]


def test_speed_dials_go_as_far_as_the_class_of_who_dials(desk, twin, asterisk, detail):
    """*01 calls a mobile from 1003 and is refused at 1001, of class internal; 81 is phone 1002; *66 calls it again."""
    before, first, second, third = len(twin.calls()), desk("1001"), desk("1002", 0.5), desk("1003")
    asterisk("database deltree last_dialled")
    statuses = [first.dial("*01"), first.dial("*66"), first.dial("81"), third.dial("*01"), third.dial("*66")]
    detail(f"{statuses}")
    assert statuses == [403, 403, 200, 200, 200] and second.see()["rang"] == 1
    assert [call["to"] for call in twin.calls()[before:]] == [MOBILE, MOBILE]


def test_a_group_is_paged(desk, asterisk, together, detail):
    """1003 pages: 1001 answers by itself and is not heard. Who talks or wants no calls is left alone; 1001 may not."""
    first, second, third = desk("1001", 0.5), desk("1002", 0.5), desk("1003")
    assert second.dial("1001") == 200
    together("1001", "1002")
    assert third.dial("*81") == 486 and first.see()["rang"] == 1
    assert second.hang_up(0) == 200
    until(lambda: "0 active channels" in asterisk("core show channels count"))
    assert [second.dial("*78"), first.dial("*81")] == [200, 403]
    assert third.dial("*81") == 200
    seen = first.wait(lambda now: now["up"][-1] and now["rang"] == 2)
    heard = {}

    def both():
        conference = asterisk("confbridge list").splitlines()[-1].split()[0]
        lines = asterisk(f"confbridge list {conference}").splitlines()
        heard.update({line.split("/")[1][:4]: line.split()[1] for line in lines if line.startswith("PJSIP/")})
        return {"1001", "1003"} <= set(heard)

    until(both)
    detail(f"{heard}")
    assert "m" in heard["1001"] and "m" not in heard["1003"]
    assert seen["intercom"][-1][0] == "<http://127.0.0.1>;info=alert-autoanswer;delay=0"
    assert second.dial("*79") == 200 and second.see()["rang"] == 0


def test_what_twilio_says_of_a_call_is_kept(desk, twilio, address, pbx):
    """The caller's name is shown without what phones misread; the log has the call's SID and who forwarded it."""
    phone = desk("1001", 0.5)
    headers = [f"X-Twilio-AccountSid: {os.environ['TWILIO_ACCOUNT_SID']}", "X-Twilio-CallSid: CA0123",
               f"Diversion: <sip:{DID}@twilio.com>", f"Diversion: <sip:{SALESMAN}@example.com>"]
    send(pbx, twilio, address, [
        {"to": DID, "from": "+12025550112", "name": '"CORP <1> ; Zürich\\" ${X}" ', "headers": headers}])
    assert phone.see()["callers"][0].startswith('"CORP 1  Zürich X" <sip:+12025550112@')
    lines = pbx.check_output("tail -n 50 /var/log/asterisk/messages.log")
    assert f"Call from +12025550112 to {DID}, forwarded by {SALESMAN}: CA0123 at Twilio" in lines


def test_a_caller_is_shown_by_the_name_of_the_directory(desk, twilio, detail):
    """The phone that rings gets the name in From, with its apostrophe, comma and umlaut; other callers have none."""
    phone, shown = desk("1001"), []
    for index, caller in enumerate((CALLER, CALLER.lstrip("+"), "+12025550112")):
        place_incoming_call(twilio, DID, caller)
        shown = phone.wait(lambda seen, rang=index + 1: len(seen["callers"]) == rang)["callers"]
    detail(f"{shown}")
    assert all(one.startswith("\"Anna O'Neil, Zürich\" <sip:") and "919876543210@" in one for one in shown[:2])
    assert "Anna" not in shown[2] and "+12025550112@" in shown[2]


def test_a_blocked_caller_rings_nobody_but_after_an_emergency_call(desk, twin, twilio, asterisk, detail):
    """A number is refused (403), a prefix and who is anonymous go where they are sent; after 933 all come through."""
    phone = desk("1001")

    def statuses():
        found = []
        for caller in (UNWANTED, SALESMAN, WITHHELD, "anonymous"):
            before = len(twin.calls())
            place_incoming_call(twilio, DID, caller)
            found.append(twin.call_to(DID, before, seconds=60)["sip_status"])
        return found

    asterisk("database del emergency last")
    refused, rang = statuses(), phone.see()["rang"]
    before = len(twin.calls())
    phone.dial("933")
    assert "933" in [call["to"] for call in twin.calls()[before:]]
    place_incoming_call(twilio, DID, UNWANTED)
    phone.wait(lambda seen: seen["rang"] == 1)
    asterisk("database del emergency last")
    detail(f"{refused}, rang {rang}, then {phone.see()['callers']}")
    assert (refused, rang) == ([403, 486, 480, 480], 0)


def test_hours_are_closed_by_hand(desk, called, detail):
    """After *28 a call to hours that are always open goes where they are closed (403), and after a second one not."""
    phone, statuses = desk("1003"), []
    for dummy in range(2):
        assert phone.dial("*28") == 200
        statuses.append(called(NIGHT)["sip_status"])
    detail(f"{statuses}")
    assert statuses == [403, 486]


def send(pbx, twilio, address, wanted) -> set[int]:
    """Send INVITEs from Twilio's address, past the firewall, and return their statuses."""
    pbx.run("systemctl stop trunkline-firewall")
    statuses = {status for status, dummy in ask(twilio, invites, {"target": address["pbx1"], "invites": wanted})}
    pbx.run("systemctl start trunkline-firewall")
    return statuses


def test_nobody_outside_reaches_the_lot(twilio, address, pbx, detail):
    """INVITEs from Twilio's address to the lot, to a slot, to codes and to speed dials are refused."""
    headers = [f"X-Twilio-AccountSid: {os.environ['TWILIO_ACCOUNT_SID']}"]
    statuses = send(pbx, twilio, address, [
        {"to": number, "from": caller, "headers": headers}
        for number in ("700", "701", "*8", "**1001", "*66", "*81", "*01", "81") for caller in (CALLER, "1001")])
    detail(f"{statuses}")
    assert statuses == {404}
