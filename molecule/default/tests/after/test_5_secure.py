# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secure trunk beside a plain one: TLS and SRTP both ways, refusals, a renewal during a call, and a NAT."""

from __future__ import annotations

import copy
import os
import re
import time
from datetime import datetime

import pytest

from labtest.audio import RATE, recognised, samples
from labtest.nat import INSIDE, NETWORK, Nat
from labtest.plays import hosts, play
from labtest.softphone import Softphone
from labtest.twin import place_incoming_call

NUMBER, DID = "+919876543210", "+12025550143"
PLAIN, SECURE = "asterisk-pbx1.pstn.twilio.com", "secure-pbx1.pstn.twilio.com"
SOUNDS = "/usr/share/asterisk/sounds/en"
MADE = "/etc/twilio-twin/tls"


def declared() -> dict:
    """Return the lab's inventory with its trunk over TCP, and a second, secure trunk with a number."""
    trunk = copy.deepcopy(hosts()["pbx1"]["trunkline_trunks"][0])
    trunk["password"] = "{{ lookup('ansible.builtin.env', 'TRUNKLINE_TRUNK_PASSWORD') }}"
    secure = {**trunk, "name": "Secure-Trunk", "domain": SECURE, "caller_id": DID, "secure": True}
    trunk["transport"] = "tcp"
    number = {"number": DID, "phone": "1001", "trunk": "Secure-Trunk"}
    return {"trunkline_trunks": [trunk, secure], "pbx_dids": [*hosts()["pbx1"]["pbx_dids"], number]}


def trunk_at_twilio(account, domain):
    return next(trunk for trunk in account.trunking.v1.trunks.list() if trunk.domain_name == domain)


def last_call(twin, before: int, domain: str):
    """Return the messages of the first call after `before` whose INVITE was for `domain`, and the call."""
    for call in twin.calls()[before:]:
        messages = twin.messages(call["sip_call_id"])
        if domain in messages[0].text:
            return messages, call
    raise AssertionError(f"no call for {domain}: {twin.calls()[before:]}")


def media(messages, peer: str) -> list[str]:
    """Return the media profile of each SDP between the edge and the PBX."""
    between = [m for m in messages if peer in (m.source.split(":")[0], m.destination.split(":")[0])]
    return [profile for m in between for profile in re.findall(r"^m=audio \d+ (\S+)", m.text, re.M)]


def transports(messages, peer: str) -> set[str]:
    return {m.transport for m in messages if peer in (m.source.split(":")[0], m.destination.split(":")[0])}


def wait_until(condition, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"it did not happen within {seconds} s"
        time.sleep(0.3)


def dial(asterisk, domain: str, sound: str) -> None:
    """Have the PBX call NUMBER on a trunk and play a sound into the call."""
    context = f"outbound-twilio-{domain.split('.')[0]}"
    asterisk(f"channel originate Local/{NUMBER}@{context}/n application Playback {sound}")


@pytest.fixture(scope="module")
def built(account, twin, pbx):
    """Run site.yml with the secure trunk; return the run and the number of calls before it; undo it at the end."""
    before = len(twin.calls())
    run = play("site", variables=declared())
    yield run, before
    trunk_at_twilio(account, SECURE).delete()
    mended = play("site", variables={"verify_number": ""})
    assert mended.code == 0, mended.output[-4000:]
    assert not pbx.file("/etc/ssl/asterisk.pem").exists


def test_both_trunks_are_proved(built, detail):
    """A run makes a secure trunk beside a plain one, and proves both with a call and its audio."""
    run = built[0]
    assert run.code == 0, run.output[-6000:]
    proved = re.findall(r"(Secure-Trunk|Asterisk-SIP-Trunk)\s+(OPTIONS|call|audio)\s+passed", run.output)
    assert len(set(proved)) == 6, run.output[-4000:]
    detail(re.search(r"Secure-Trunk\s+audio\s+passed\s+(.*?)\"", run.output)[1])


def test_firewall_guards_tls(built, pbx):
    """With a secure trunk Asterisk listens for TLS, and the firewall covers those ports too."""
    listening = pbx.check_output("ss -Hltn 'sport >= :5039'")
    assert {row.split()[3].rpartition(":")[2] for row in listening.splitlines()} == {"5060", "5061", "5062"}
    guarded = pbx.check_output("nft list chain inet trunkline input")
    assert "dport { 5060, 5061, 5062 } goto sip" in guarded, guarded


@pytest.mark.parametrize(
    ("domain", "transport", "profile"), [(SECURE, "tls", "RTP/SAVP"), (PLAIN, "tcp", "RTP/AVP")]
)
def test_outgoing_call(built, twin, address, pbx, domain, transport, profile, detail):
    """An outgoing call uses the transport and the media profile of its trunk, and is heard."""
    messages, call = last_call(twin, built[1], domain)
    detail(f"{transport}, {profile}")
    assert (call["status"], call["sip_status"]) == ("completed", 200)
    assert transports(messages, address["pbx1"]) == {transport}
    assert set(media(messages, address["pbx1"])) == {profile}
    heard = samples(twin.recording(call["sid"]))
    said = samples(pbx.file(f"{SOUNDS}/demo-congrats.wav").content)
    assert recognised(said[: len(heard) - RATE], heard) >= 0.8


@pytest.fixture(scope="module")
def incoming(built, twin, twilio, phone, address):
    """Call the secure trunk's number from the telephone network; the softphone answers and hangs up."""
    softphone = Softphone(phone, address["pbx1"])
    softphone.start("1001", os.environ["TRUNKLINE_PHONE_PASSWORD"], options="regint=60;answermode=auto")
    before = len(twin.calls())
    place_incoming_call(twilio, DID, NUMBER)
    time.sleep(8)
    softphone.stop()
    return twin.call_to(DID, before), softphone


def test_incoming_call(incoming, twin, twilio, address, detail):
    """An incoming call on the secure trunk takes TLS and SRTP, and both sides hear each other."""
    call, softphone = incoming
    messages = twin.messages(call["sip_call_id"])
    assert transports(messages, address["pbx1"]) == {"tls"}
    assert media(messages, address["pbx1"]) == ["RTP/SAVP", "RTP/SAVP"]
    thanks = samples(twilio.file(f"{SOUNDS}/demo-thanks.wav").content)
    hears = recognised(thanks, samples(softphone.heard()))
    heard = samples(twin.recording(call["sid"]))
    is_heard = recognised(samples(softphone.says)[: len(heard) - RATE], heard)
    detail(f"hears {hears:.0%}, is heard {is_heard:.0%}")
    assert hears >= 0.8 and is_heard >= 0.8
    # The PBX hung up: its BYE found the way back.
    assert (call["status"], call["sip_status"]) == ("completed", 200)


def test_incoming_call_over_tcp(incoming, twin, twilio, address):
    """A call to a number of the TCP trunk comes over TCP, and gets 480 since no phone is registered."""
    number, before = hosts()["pbx1"]["pbx_dids"][0]["number"], len(twin.calls())
    place_incoming_call(twilio, number, NUMBER)
    call = twin.call_to(number, before)
    assert transports(twin.messages(call["sip_call_id"]), address["pbx1"]) == {"tcp"}
    assert call["sip_status"] == 480


def test_incoming_call_in_the_clear(built, account, twin, twilio, pbx, detail):
    """A call without TLS to the secure trunk's number reaches no phone."""
    trunk = trunk_at_twilio(account, SECURE)
    trunk.update(secure=False)
    url = trunk.origination_urls.list()[0]
    url.update(sip_url=url.sip_url.replace(";transport=tls", ""))
    before = len(twin.calls())
    try:
        place_incoming_call(twilio, DID, NUMBER)
        call = twin.call_to(DID, before)
    finally:
        url.update(sip_url=url.sip_url)
        trunk.update(secure=True)
    detail(f"{call['sip_status']}")
    assert call["sip_status"] == 488
    log = pbx.file("/var/log/asterisk/messages.log").content_string
    assert f"Refused a call from Twilio without TLS to {DID}" in log


@pytest.fixture(scope="module")
def crossed(built, account):
    """Run verify.yml while Twilio has the plain trunk as secure and the secure one as plain."""
    sides = [(trunk_at_twilio(account, domain), domain == SECURE) for domain in (PLAIN, SECURE)]
    for trunk, secure in sides:
        trunk.update(secure=not secure)
    try:
        return play("verify", variables=declared())
    finally:
        for trunk, secure in sides:
            trunk.update(secure=secure)


@pytest.mark.parametrize(
    ("trunk", "code", "cause"),
    [
        ("Asterisk-SIP-Trunk", 32209, "is secure, and the PBX sent SIP without TLS"),
        ("Secure-Trunk", 32207, "the PBX offered SRTP on trunk Secure-Trunk, which is not secure"),
    ],
)
def test_one_side_secure_is_named(crossed, trunk, code, cause, detail):
    """Where only one side is secure, the call is refused, and verify.yml names the side."""
    found = re.search(rf"{trunk}, call: (Twilio refused the call \(488, {code}\).*?\.)", crossed.failure)
    assert crossed.code != 0 and found, crossed.output[-4000:]
    detail(found[1])
    assert cause in found[1]


def test_rtp_on_a_secure_trunk(built, pbx, asterisk, twin):
    """RTP that is offered over TLS to a secure trunk is refused with 488 and 32208."""
    config, before = "/etc/asterisk/pjsip.conf", len(twin.calls())
    pbx.check_output("cp %s /var/tmp/kept.conf", config)
    pbx.check_output("sed -i --follow-symlinks %s %s", "s/^media_encryption = sdes/;/", config)
    try:
        asterisk("module reload res_pjsip.so")
        dial(asterisk, SECURE, "demo-thanks")
        call = twin.call_to(NUMBER, before)
    finally:
        pbx.check_output("cp /var/tmp/kept.conf %s && rm /var/tmp/kept.conf", config)
        asterisk("module reload res_pjsip.so")
    assert (call["sip_status"], call["error_code"]) == (488, 32208)


def shake_hands(host, address: str, *options: str) -> str:
    """Return what openssl prints of a TLS handshake."""
    command = f"openssl s_client -connect {address}:5061 -servername {SECURE} {' '.join(options)} </dev/null 2>&1"
    return host.run(command).stdout


@pytest.mark.parametrize("side", ["twilio", "pbx1"])
def test_old_tls(built, pbx, address, side, detail):
    """TLS 1.1 is refused by both sides, and TLS 1.2 is not."""
    old = shake_hands(pbx, address[side], "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0")
    detail(re.search(r"alert [\w ]+|no protocols available", old)[0])
    assert "alert protocol version" in old, old
    assert "Verify return code: 0 (ok)" in shake_hands(pbx, address[side], "-tls1_2", "-verify_return_error")


def test_wrong_certificate(detail):
    """A certificate without the name that calls come to is refused before anything is touched."""
    run = play("site", variables={**declared(), "trunkline_public_name": "other.example.com"})
    detail(run.failure)
    assert run.code != 0 and "/etc/ssl/pbx1.crt is not for other.example.com" in run.failure, run.output[-4000:]
    assert "trunkline.voice.twilio_trunk" not in run.output


def serial(printed: str) -> str:
    """Return the certificate in openssl's output."""
    return re.search(r"-----BEGIN CERTIFICATE-----(.*?)-----END", printed, re.S)[1]


def test_renewal_during_a_call(built, pbx, twilio, asterisk, twin, address, detail):
    """A certificate that is renewed during a call is served at once, and the call goes on until it is hung up."""
    old, before = serial(shake_hands(pbx, address["pbx1"])), len(twin.calls())
    dial(asterisk, SECURE, "demo-congrats")
    wait_until(lambda: twin.calls()[before:] and twin.calls()[-1]["status"] == "in-progress", 10)
    twilio.check_output("sh /usr/lib/twilio-twin/certificate.sh %s pbx1 %s", MADE, f"IP:{address['pbx1']}")
    for name, path in (("pbx1.crt", "/etc/ssl/pbx1.crt"), ("pbx1.key", "/etc/ssl/private/pbx1.key")):
        pbx.check_output("printf %%s %s > %s", twilio.file(f"{MADE}/{name}").content_string, path)
    pbx.check_output("/usr/local/sbin/asterisk-certificate")
    renewed = time.monotonic()
    wait_until(lambda: serial(shake_hands(pbx, address["pbx1"])) != old, 5)
    time.sleep(3)
    assert twin.calls()[-1]["status"] == "in-progress"
    asterisk("channel request hangup all")
    call = twin.call_to(NUMBER, before)
    detail(f"on for {time.monotonic() - renewed:.0f} s after the renewal")
    assert (call["status"], call["sip_status"]) == ("completed", 200)
    heard = samples(twin.recording(call["sid"]))
    said = samples(pbx.file(f"{SOUNDS}/demo-congrats.wav").content)
    assert recognised(said[: len(heard) - RATE], heard) >= 0.8


@pytest.fixture(scope="module")
def behind(built, pbx, phone, twin, twilio, address):
    """The PBX behind a NAT: a call that comes in and stays for more than 40 s, and verify.yml while it is up."""
    # A router goes on with flows that it knows, and knows the usual port's from before it was one.
    softphone = Softphone(phone, address["pbx1"], port=5070, seconds=60)
    with Nat(pbx, address["pbx1"]) as nat:
        variables = {
            **declared(), "ansible_nsenter_pid": nat.process,
            "pbx_external_address": address["pbx1"], "pbx_local_networks": [NETWORK],
        }
        pbx.check_output("systemctl stop asterisk")
        made = play("site", variables={**variables, "verify_number": ""})
        softphone.start("1001", os.environ["TRUNKLINE_PHONE_PASSWORD"], options="regint=60;answermode=auto")
        before, begin = len(twin.calls()), time.monotonic()
        place_incoming_call(twilio, DID, NUMBER)
        proof = play("verify", variables=variables)
        time.sleep(max(0, 42 - (time.monotonic() - begin)))
        softphone.stop()
        return made, proof, twin.call_to(DID, before), softphone


def test_proof_behind_a_nat(behind, detail):
    """Behind a NAT both trunks are proved, the secure one and the other."""
    made, proof = behind[:2]
    assert made.code == 0, made.output[-4000:]
    assert proof.code == 0, proof.output[-4000:]
    proved = re.findall(r"(Secure-Trunk|Asterisk-SIP-Trunk)\s+(OPTIONS|call|audio)\s+passed", proof.output)
    assert len(set(proved)) == 6, proof.output[-4000:]


def test_incoming_call_behind_a_nat(behind, twin, twilio, address, detail):
    """Behind a NAT an incoming call gets its ACK, lives for more than 40 s, and both sides hear each other."""
    call, softphone = behind[2:]
    seconds = [datetime.fromisoformat(call[name]).timestamp() for name in ("start_time", "end_time")]
    assert seconds[1] - seconds[0] > 40, call
    messages = twin.messages(call["sip_call_id"])
    from_pbx = [m for m in messages if m.source.startswith(address["pbx1"]) and m.status == 200]
    assert from_pbx[0].header("Contact") == f"<sip:{address['pbx1']}:5061;transport=TLS>"
    assert len([m for m in from_pbx if m.method == "INVITE"]) == 1    # not repeated: its ACK arrived
    assert not [m for m in messages if INSIDE in m.text and m.source.startswith(address["pbx1"])]
    hears = recognised(samples(twilio.file(f"{SOUNDS}/demo-thanks.wav").content), samples(softphone.heard()))
    heard = samples(twin.recording(call["sid"]))
    said = samples(softphone.says)
    is_heard = recognised(said[: len(heard) - RATE], heard)
    detail(f"{seconds[1] - seconds[0]:.0f} s; hears {hears:.0%}, is heard {is_heard:.0%}")
    assert hears >= 0.8 and is_heard >= 0.8
    assert (call["status"], call["sip_status"]) == ("completed", 200)
