# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manager's framing, on bytes as they come."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.ami_framing import (
    MAX_MESSAGE_BYTES,
    FramingError,
    Message,
    Reader,
    encode,
)

# Recorded from Asterisk 22.10.1: a login, an entry of the SIP history, an error whose text ends in LF, an event.
STREAM = (
    b"Asterisk Call Manager/11.0.0\r\n"
    b"Response: Success\r\nActionID: 1\r\nMessage: Authentication accepted\r\n\r\n"
    b"Response: Success\r\nActionID: 2\r\nMessage: Command output follows\r\n"
    b"Output: <--- History Entry 0 Sent to 10.99.0.14:5060 at 1795398195 --->\r\n"
    b"Output: OPTIONS sip:asterisk-pbx1.pstn.twilio.com SIP/2.0\r\r\n"
    b"Output: Content-Length:  0\r\r\nOutput: \r\r\nOutput: \r\n\r\n"
    b"Response: Error\r\nActionID: 4\r\nMessage: Unable to retrieve endpoint nope\n\r\n\r\n"
    b"Event: Hangup\r\nChannel: PJSIP/twilio-asterisk-pbx1-00000001\r\nCause-txt: Caf\xc3\xa9\r\n\r\n"
)


def check(messages):
    assert [message.get("response") or message.get("Event") for message in messages] == [
        "Success", "Success", "Error", "Hangup"]
    assert messages[0].get("Message") == "Authentication accepted"
    assert messages[1].all("Output") == [
        "<--- History Entry 0 Sent to 10.99.0.14:5060 at 1795398195 --->",
        "OPTIONS sip:asterisk-pbx1.pstn.twilio.com SIP/2.0",
        "Content-Length:  0",
        "",
        "",
    ]
    assert messages[2].get("Message") == "Unable to retrieve endpoint nope"
    assert messages[3].get("cause-TXT") == "Café" and messages[3].get("None", "x") == "x"


def test_all_at_once():
    check(Reader().feed(STREAM))


def test_byte_by_byte():
    reader = Reader()
    check([message for byte in STREAM for message in reader.feed(bytes([byte]))])


@given(st.lists(st.integers(0, len(STREAM)), max_size=8))
def test_in_pieces_of_any_size(cuts):
    reader, places = Reader(), [0, *sorted(cuts), len(STREAM)]
    check([message for start, end in zip(places, places[1:]) for message in reader.feed(STREAM[start:end])])


@pytest.mark.parametrize("data", [b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\r\n"])
def test_something_else_answers(data):
    with pytest.raises(FramingError, match="not Asterisk"):
        Reader().feed(data)


def test_a_message_without_end():
    reader = Reader()
    reader.feed(b"Asterisk Call Manager/11.0.0\r\n")
    with pytest.raises(FramingError, match="longer"):
        reader.feed(b"Output: x" * (MAX_MESSAGE_BYTES // 9 + 1))


def test_encode():
    assert encode("Originate", [("ActionID", 1), ("Variable", "a=1"), ("Variable", "b=2")]) == (
        b"Action: Originate\r\nActionID: 1\r\nVariable: a=1\r\nVariable: b=2\r\n\r\n")


@pytest.mark.parametrize("value", ["a\r\nAction: Command", "a\nb", "a\rb", "a\0"])
def test_no_second_header_is_smuggled_in(value):
    with pytest.raises(ValueError, match="Channel must not hold a line break"):
        encode("Originate", [("Channel", value)])


def test_a_message_shows_no_values():
    assert repr(Message([("Password", "Canary")])) == "Message(Password)"
