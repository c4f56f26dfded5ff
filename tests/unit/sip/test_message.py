# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading SIP messages, and hiding what must not be shown."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._sip.message import NotSip, parse, redacted, uri_of

from .recorded import entries

INVITE = "\r\n".join(
    (
        "INVITE sip:+919876543210@asterisk-pbx1.pstn.twilio.com SIP/2.0",
        "v: SIP/2.0/UDP 10.99.0.10:5060;rport;branch=z9hG4bK1",
        "f: \"Asterisk PBX\" <sip:+17756187988@asterisk-pbx1.pstn.twilio.com>;tag=a",
        "i: one@two",
        "CSeq: 7 INVITE",
        "Proxy-Authorization: Digest username=\"Asterisk\", realm=\"sip.twilio.com\",",
        "  cnonce=\"c0ffee\", response=\"0123456789abcdef0123456789abcdef\", qop=auth",
        "",
        "v=0",
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0a2V5|2^31",
    )
)


def response(*headers: str, first: str = "SIP/2.0 403 Forbidden"):
    return parse("\n".join((first, *headers, "", "")))


def test_a_request_with_compact_and_folded_headers():
    message = parse(INVITE)
    assert (message.method, message.uri, message.status) == (
        "INVITE", "sip:+919876543210@asterisk-pbx1.pstn.twilio.com", 0)
    assert (message.call_id, message.cseq, message.credentials) == ("one@two", (7, "INVITE"), True)
    assert uri_of(message.header("From")).user == "+17756187988"
    assert "response=" in message.header("proxy-authorization")
    assert message.seen_address == ""


@pytest.mark.parametrize("first, status, reason", [
    ("SIP/2.0 100 trying -- your call is important to us", 100, "trying -- your call is important to us"),
    ("SIP/2.0 407 Proxy Authentication required", 407, "Proxy Authentication required"),
    ("SIP/2.0 200 ", 200, ""),
    ("SIP/2.0 200", 200, ""),
])
def test_a_status_line(first, status, reason):
    assert (response(first=first).status, response(first=first).reason) == (status, reason)


@pytest.mark.parametrize("text", [
    "", "hello", "HTTP/1.1 200 OK\n\n", "SIP/2.0 20 OK", "INVITE sip:a@b", "invite sip:a@b SIP/2.0"])
def test_what_is_no_sip(text):
    with pytest.raises(NotSip):
        parse(text)


@pytest.mark.parametrize("via, address", [
    ("SIP/2.0/UDP 10.0.0.5:5060;rport=1025;received=203.0.113.10;branch=z", "203.0.113.10"),
    ("SIP/2.0/UDP 203.0.113.7:5060;branch=z", "203.0.113.7"),
    ("SIP/2.0/TLS pbx.example:5061;branch=z;received=2001:db8::1", "2001:db8::1"),
    ("SIP/2.0/UDP 10.0.0.5;branch=z, SIP/2.0/UDP 10.0.0.6;received=10.0.0.7", "10.0.0.5"),
    ("nonsense", ""),
])
def test_the_address_that_the_far_end_saw(via, address):
    assert response(f"Via: {via}").seen_address == address


@pytest.mark.parametrize("header, expected", [
    ("32201 Authentication failure - bad address", (32201, "Authentication failure - bad address")),
    ("10001", (10001, "")),
    ("32204: Invalid Caller ID", (32204, "Invalid Caller ID")),
    ("no code", (0, "")),
])
def test_twilios_error(header, expected):
    assert response(f"X-Twilio-Error: {header}").twilio_error == expected
    assert response().twilio_error == (0, "")


@pytest.mark.parametrize("text, user, host", [
    ("sip:asterisk-pbx1.pstn.twilio.com", "", "asterisk-pbx1.pstn.twilio.com"),
    ("OPTIONS sip:asterisk-pbx1.pstn.twilio.com:5060;transport=tcp SIP/2.0", "", "asterisk-pbx1.pstn.twilio.com"),
    ("INVITE sips:+1@[2001:db8::1]:5061 SIP/2.0", "+1", "[2001:db8::1]"),
    ("tel:+1", "", ""),
])
def test_uris(text, user, host):
    assert (uri_of(text).user, uri_of(text).host) == (user, host)


def test_nothing_to_guess_a_password_from_is_left():
    text = redacted(INVITE.replace("\r\n", "\n"))
    for secret in ("0123456789abcdef", "c0ffee", "c2VjcmV0a2V5"):
        assert secret in INVITE and secret not in text
    assert 'username="Asterisk"' in text and "realm=" in text and parse(text).credentials


def test_nothing_but_credentials_is_changed_in_a_recording():
    def others(text):
        return [line for line in text.splitlines() if not line.startswith("Proxy-Authorization")]

    for entry in entries("answered"):
        assert others(redacted(entry.text)) == others(entry.text)
