# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Toll fraud: which calls must not reach the telephone network and which must, sent over SIP, checked on both sides."""

from __future__ import annotations

import json
import os
import random
import re
import time
from collections import Counter
from pathlib import Path

import phonenumbers
import pytest

from labtest import invites
from labtest.container import ask
from labtest.softphone import Softphone

DID, NUMBER, FOREIGN = "+17756187988", "+919876543210", "+12025550143"
TRUNK = "twilio-asterisk-pbx1"
OPEN = {"US", "IN"}
EXPENSIVE = {getattr(phonenumbers.PhoneNumberType, kind) for kind in ("PREMIUM_RATE", "SHARED_COST", "PERSONAL_NUMBER")}
ATTEMPTS = 5000
OURS = f"X-Twilio-AccountSid: {os.environ['TWILIO_ACCOUNT_SID']}"
THEIRS = f"X-Twilio-AccountSid: AC{'0' * 32}"
RECORDED = Path(__file__).parents[4] / "tests/contract/recorded/invites.json"
#: Headers that the sender makes itself.
DIALOGUE = ("From", "To", "Contact", "Call-ID", "Max-Forwards", "Record-Route")
LOG = "/var/log/asterisk/messages.log"
#: Injections that an attacker appends to a number, as they travel in a SIP URI.
INJECTIONS = (
    f"&PJSIP/{NUMBER}%40{TRUNK}", f"&Local/{NUMBER}%40outbound", ",1", ",1)", "%24%7BSHELL(id)%7D", "%24%7BEXTEN%7D",
    "%24%5B1+1%5D", "%22", "'", "%7C", "%0D%0AX-Twilio-AccountSid:%20AC", "()", "%5C", "%20", "%C3%A9", "!", ".", "_X",
    ";user=phone", "*", "%23", "a", "/n", "-", "%25", "=", "~", "0" * 100,
)
#: Separators that a phone may put into a number, which mean nothing.
SEPARATORS = ("()", ".", "-", "%20")


@pytest.fixture(scope="module", autouse=True)
def without_firewall(pbx):
    """Stop the firewall, which has tests of its own and would drop these floods before Asterisk sees them."""
    there = pbx.service("trunkline-firewall").is_running
    if there:
        pbx.check_output("systemctl stop trunkline-firewall")
    yield
    if there:
        pbx.check_output("systemctl start trunkline-firewall")


@pytest.fixture(scope="module")
def send(address):
    """Return send(host, invites, **order), which has a lab host send INVITEs to the PBX; see labtest/invites.py."""
    return lambda host, wanted, **order: ask(host, invites, {"target": address["pbx1"], "invites": wanted, **order})


@pytest.fixture(scope="module")
def as_phone():
    """Return the credentials of phone 1001, for its INVITEs."""
    return {"user": "1001", "password": os.environ["TRUNKLINE_PHONE_PASSWORD"]}


@pytest.fixture
def refused(pbx, twin, twilio):
    """Return refused(), which asserts that no call reached the twin or its PSTN and returns the PBX's new log lines."""
    lines = int(pbx.check_output(f"wc -l < {LOG}"))
    calls, carried = twin.calls(), processed(twilio)

    def look() -> list[str]:
        assert twin.calls() == calls
        assert processed(twilio) == carried
        return pbx.check_output(f"tail -n +{lines + 1} {LOG}").splitlines()

    return look


def processed(twilio) -> str:
    """Return how many calls the telephone network has carried."""
    return re.search(r"(\d+) calls? processed", twilio.check_output(
        "asterisk -C /etc/twilio-twin/asterisk/asterisk.conf -rx 'core show calls'")).group(1)


def check_all_refused(answers, wanted, lines, detail):
    statuses = Counter(status for status, dummy in answers)
    logged = sum("Refused a call " in line or " rejected because extension " in line for line in lines)
    detail(f"{len(answers)} attempts, {dict(sorted(statuses.items()))}, {logged} lines in the log")
    assert set(statuses) <= wanted
    assert logged == len(answers)


def test_unknown_source(send, phone, refused, pbx, detail):
    """An INVITE from an address that is not Twilio's, without a phone's password, reaches nothing."""
    before = pbx.check_output("cat /var/log/asterisk/security.log").count("InvalidAccountID")
    numbers = [DID, NUMBER, "1001", "911"]
    answers = send(phone, [{"to": number, "from": caller} for number in numbers for caller in (NUMBER, "1001", TRUNK)])
    assert {status for status, dummy in answers} == {401}
    after = pbx.check_output("cat /var/log/asterisk/security.log").count("InvalidAccountID")
    refused()
    detail(f"{len(answers)} attempts, 401, {after - before} security events")
    assert after - before >= 8


def test_other_account(send, twilio, refused, detail):
    """A call of another Twilio account, or of none, reaches none of our numbers."""
    headers = [[THEIRS], [], [THEIRS, OURS], [OURS, THEIRS], [f'{OURS}" = "'], [f"{OURS}0"], [OURS.lower()[:-1]]]
    answers = send(twilio, [{"to": DID, "from": NUMBER, "headers": one} for one in headers])
    lines = refused()
    check_all_refused(answers, {404}, lines, detail)
    assert all("it is of account" in line for line in lines if "Refused" in line)


def test_trunk_injections(send, twilio, refused, detail):
    """5,000 calls from Twilio to numbers that are not ours, injections among them, are refused and logged."""
    draw = random.Random(1)
    numbers = [FOREIGN, NUMBER, "1001", "911", "s", "h", "i", "t", "outbound", f"{DID}0", DID[:-1], DID[1:]]
    more = ATTEMPTS - len(numbers)
    texts = numbers + [draw.choice([DID, *numbers]) + draw.choice(INJECTIONS) for dummy in range(more)]
    callers = (NUMBER, "1001", "anonymous", "%24%7BSHELL(id)%7D", "a&b,c")
    names = ("", '"${SHELL(id)}, & $[1]" ', '"1001" ')
    answers = send(twilio, [
        {"to": text, "from": draw.choice(callers), "name": draw.choice(names), "headers": [OURS]} for text in texts
    ])
    check_all_refused(answers, {404}, refused(), detail)


def forbidden(draw: random.Random) -> list[str]:
    """Return numbers that a phone of class international may not call."""
    found = []
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in phonenumbers.PhoneNumberType.values():
            number = phonenumbers.example_number_for_type(region, kind)
            if number and not permitted(number):
                found.append(e164(number))
    found += [f"+{code}{draw.randrange(10**8, 10**9)}" for code in (800, 808, 870, 878, 881, 882, 883, 888, 979)]
    found += [f"+1{area}555{draw.randrange(1000, 10000)}" for area in (900, 976, 809, 876, 658, 500, 211)]
    return found


def e164(number) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def permitted(number) -> bool:
    """Ask libphonenumber whether a number may be called where the countries of OPEN are open."""
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[number.country_code]
    ours = any(phonenumbers.is_valid_number_for_region(number, region) for region in OPEN & set(regions))
    return ours and phonenumbers.number_type(number) not in EXPENSIVE


def test_forbidden_destinations(send, phone, as_phone, refused, detail):
    """5,000 calls of a phone to premium numbers, satellites, closed countries and injections are refused and logged."""
    draw = random.Random(2)
    numbers = forbidden(draw)
    numbers += [f"{prefix}{number[1:]}" for number in numbers for prefix in ("00", "011")]
    injections = [text for text in INJECTIONS if text not in SEPARATORS]
    numbers += [draw.choice([NUMBER, "+12025550111"]) + draw.choice(injections)
                for dummy in range(ATTEMPTS - len(numbers))]
    answers = send(phone, [{"to": number, "from": "1001"} for number in numbers], **as_phone)
    check_all_refused(answers, {403, 404, 484}, refused(), detail)


def test_policy_in_asterisk(pbx, detail):
    """Asterisk's own dialplan decides on a number of each kind and country as libphonenumber does."""
    numbers = [phonenumbers.example_number_for_type(region, kind)
               for region in ("US", "CA", "IN", "JM", "PR", "GB", "DE", "KZ", "GG", "AU")
               for kind in phonenumbers.PhoneNumberType.values()]
    numbers = {e164(number): permitted(number) for number in numbers if number}
    shown = pbx.check_output(" && ".join(
        f"asterisk -rx 'dialplan show {number}@class-international' && echo END" for number in numbers))
    first = [re.search(r"1\. (\w+)\(", one).group(1) for one in shown.split("END")[:-1]]
    detail(f"{len(numbers)} numbers, {sum(numbers.values())} of them open")
    assert [one == "Goto" for one in first] == list(numbers.values())


def reached(twin, before: int, number: str) -> list[dict]:
    return [call for call in twin.calls()[before:] if call["to"] == number]


def test_phone_limit_and_emergency(send, phone, as_phone, twin, pbx, detail):
    """Of twenty calls of a phone at once two go out and eighteen are refused; 911 goes out all the same."""
    before = len(twin.calls())
    orders = [{"to": NUMBER, "from": "1001"}] * 20 + [{"to": "911", "from": "1001"}]
    answers = send(phone, orders, at_once=len(orders), hold=4, **as_phone)
    statuses = Counter(status for status, dummy in answers[:-1])
    assert statuses == {200: 2, 503: 18}
    assert len(reached(twin, before, NUMBER)) == 2
    (emergency,) = reached(twin, before, "911")
    invite = next(m for m in twin.messages(emergency["sip_call_id"]) if m.step == "INVITE")
    detail(f"{dict(statuses)}; {invite.first_line}")
    assert f"<sip:{DID}@" in invite.header("From")
    log = pbx.check_output(f"tail -n 60 {LOG}")
    assert log.count("phone 1001 has 2 calls up") == 18 and "Emergency call to 911" in log


def test_trunk_rate(pbx, twin, detail):
    """Of nine calls at once on the trunk Twilio gets one a second; a longer wait than five seconds is refused."""
    before = len(twin.calls())
    originate = "asterisk -rx 'channel originate Local/+12025550111@outbound application Wait 1'"
    pbx.check_output(" & ".join([originate] * 9) + " & wait")
    deadline = time.monotonic() + 15
    while len(reached(twin, before, "+12025550111")) < 5 and time.monotonic() < deadline:
        time.sleep(0.5)
    time.sleep(2)
    calls = reached(twin, before, "+12025550111")
    log = pbx.check_output(f"tail -n 60 {LOG}").splitlines()
    ended = "\n".join(line for line in log if "Call to +12025550111" in line)
    clock = re.findall(r"[ T](\d\d):(\d\d):(\d\d\.\d+)", ended)
    seconds = [int(hours) * 3600 + int(minutes) * 60 + float(rest) for hours, minutes, rest in clock]
    gaps = [later - earlier for earlier, later in zip(seconds, seconds[1:])]
    detail(f"{len(calls)} reached Twilio, {min(gaps):.1f} s or more apart")
    assert len(calls) in (5, 6)     # as long as the five seconds and the burst itself last
    assert sum("more than 1 calls a second on trunk" in line for line in log) == 9 - len(calls)
    assert min(gaps) > 0.9


def recorded():
    """Return (INVITE, expected status) by title, for the recorded INVITEs that no other test replays."""
    found = {}
    for case in json.loads(RECORDED.read_text())["cases"]:
        caller = re.search("sip:(?:([^@>]*)@)?", case["headers"]["From"])[1] or ""
        if "held" not in case:
            lines = [
                f"{name}: {value}" for name, values in case["headers"].items() if name not in DIALOGUE
                for value in (values if isinstance(values, list) else [values])
            ]
            text = "\n".join(lines).replace("{AC}", os.environ["TWILIO_ACCOUNT_SID"])
            text = re.sub(r"(\d+) bytes$", lambda size: "x" * int(size[1]), text, flags=re.M)
            headers = text.split("\n")
            found[case["title"]] = {"to": DID, "from": caller, "headers": headers}, case["status"]
    return found


def test_recorded_invites(send, twilio, desk, detail):
    """INVITEs recorded from Twilio at other PBXs, and variants that must not ring, each get the expected status."""
    desk("1001", 0)     # baresip has crashed on so many short calls
    cases = recorded()
    answers = send(twilio, [order for order, _status in cases.values()], hold=1, at_once=1)
    assert {name: status for name, (status, _refer) in zip(cases, answers)} == {
        name: status for name, (_order, status) in cases.items()
    }
    detail(f"{len(cases)} INVITEs")


def test_an_edge_called_by_its_address(send, pbx, address, detail):
    """Twilio's edge answers 403 to a call whose Request-URI has the edge's address instead of a trunk's domain."""
    answers = send(pbx, [{"to": NUMBER, "from": DID}], target=address["twilio"])
    detail(f"INVITE {answers[0][0]}")
    assert answers[0][0] == 403


def test_refer_from_the_trunk(send, twilio, phone, address, refused, detail):
    """A REFER from the trunk transfers nothing."""
    softphone = Softphone(phone, address["pbx1"])
    softphone.start("1001", os.environ["TRUNKLINE_PHONE_PASSWORD"], options="regint=60;answermode=auto")
    target = f"sip:{FOREIGN}@{address['pbx1']}"
    answers = send(twilio, [{"to": DID, "from": NUMBER, "headers": [OURS], "refer": target}], hold=2)
    softphone.stop()
    refused()
    detail(f"INVITE {answers[0][0]}, REFER {answers[0][1]}")
    assert answers[0][0] == 200
    assert answers[0][1] >= 400
