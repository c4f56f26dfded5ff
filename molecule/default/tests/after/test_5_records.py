# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records of real calls: a line of JSON each, which leads to Twilio's call, the trunk, the phone and quality."""

from __future__ import annotations

import json
import os
import re
import time

import pytest

from labtest.softphone import Softphone
from labtest.twin import place_incoming_call

NUMBER, ABROAD = "+17756187988", "+919876543210"
RECORDS = "/var/log/asterisk/cdr-custom/calls.json"
TRUNK, PASSWORD = "twilio-asterisk-pbx1", os.environ["TRUNKLINE_PHONE_PASSWORD"]
#: Whatever a phone's user may have written as its name: it must end neither the string nor the line.
NAME = 'Zoë "Z, O\'Hara\\'


@pytest.fixture
def records(pbx):
    """Return records(count), which waits for so many new lines and reads them: a record follows the call's end."""
    before = len(lines(pbx))

    def read(count):
        deadline = time.monotonic() + 60
        while len(lines(pbx)) < before + count and time.monotonic() < deadline:
            time.sleep(0.5)
        return [json.loads(line) for line in lines(pbx)[before:]]

    return read


def lines(pbx):
    return pbx.run("cat %s", RECORDS).stdout.splitlines()


def escaped(text):
    """Write a text as it stands between quotes, for the console and in Asterisk's own form of a caller."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def test_a_call_in(records, asterisk, twin, twilio, phone, address, detail):
    """The record has Twilio's SID, the number, the trunk, the destination, the phone and the quality of both legs.

    It is the only one: the proof of the number before it leaves none.
    """
    asterisk(f"channel originate Local/{NUMBER}@proof/n application Hangup")
    softphone, before = Softphone(phone, address["pbx1"]), len(twin.calls())
    softphone.start("1001", PASSWORD, options="regint=60;answermode=auto")
    place_incoming_call(twilio, NUMBER, ABROAD)
    time.sleep(6)
    softphone.stop()
    call = twin.call_to(NUMBER, before)
    (row,) = records(1)
    detail(json.dumps(row))
    assert row["twilio_sid"] == call["sid"] and row["direction"] == "in" and row["disposition"] == "ANSWERED"
    assert (row["number"], row["trunk"], row["phone"]) == (NUMBER, TRUNK, "1001")
    assert row["destination"] == "phone 1001"
    assert int(row["trunk_received"]) > 50 and int(row["phone_received"]) > 50 and row["trunk_lost"] == "0"
    assert float(row["end"]) >= float(row["answer"]) >= float(row["start"])


def test_a_call_out(records, twin, phone, address, detail):
    """The record has the SID that Twilio answered with, the number, the phone and what both sides measured."""
    softphone, before = Softphone(phone, address["pbx1"]), len(twin.calls())
    softphone.run("1001", PASSWORD, seconds=8, dial=ABROAD)
    call = twin.call_to(ABROAD, before)
    (row,) = records(1)
    detail(json.dumps(row))
    assert row["twilio_out_sid"] == call["sid"] and row["direction"] == "out" and row["disposition"] == "ANSWERED"
    assert (row["number"], row["trunk"], row["phone"]) == (ABROAD, TRUNK, "1001")
    assert int(row["phone_received"]) > 50 and int(row["trunk_sent"]) > 50
    assert row["phone_lost"] == row["trunk_lost"] == "0" and float(row["trunk_jitter"]) < 1


def test_what_a_caller_calls_itself_breaks_no_line(records, called, phones, asterisk, detail):
    """Quotes, commas, backslashes and accents in the caller's name, in a call that nobody takes."""
    def name():
        deadline = time.monotonic() + 30
        while not (ringing := re.search(r"^PJSIP/twilio-inbound-\w+", asterisk("core show channels concise"), re.M)):
            assert time.monotonic() < deadline
            time.sleep(0.2)
        asterisk(f'dialplan set chanvar {ringing[0]} CALLERID(name) "{escaped(NAME)}"')

    phones("1001", [None], 15)
    called(NUMBER, until=name)
    # Another one for each device of an earlier test whose registration has not expired yet.
    row, *dummy = records(1)
    detail(row["caller"])
    assert row["caller"].startswith(f'"{escaped(NAME)}" <') and row["phone"] == "" and row["disposition"] == "NO ANSWER"


def test_a_rotation_loses_no_record(pbx, called, phones):
    """The records are for Asterisk's user and group alone, and the one after a rotation stands in a new file."""
    pbx.check_output("logrotate --force /etc/logrotate.d/trunkline-asterisk")
    assert not pbx.file(RECORDS).exists
    seen = phones("1001", [1], 4)
    called(NUMBER, until=seen)
    deadline = time.monotonic() + 30
    while not lines(pbx) and time.monotonic() < deadline:
        time.sleep(0.5)
    assert [json.loads(line)["destination"] for line in lines(pbx)] == ["phone 1001"]
    file = pbx.file(RECORDS)
    assert (file.user, file.group, file.mode) == ("asterisk", "asterisk", 0o640)
    (kept,) = pbx.check_output(f"ls {RECORDS}-* | grep -v gz$").split()
    assert '"twilio_sid":"CA' in pbx.file(kept).content_string
