# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records of real calls: a line of JSON each, which leads to Twilio's call, the trunk, the phone and quality."""

from __future__ import annotations

import json
import os
import re

import pytest

from labtest.softphone import Softphone
from labtest.twin import place_incoming_call
from labtest.waiting import until

NUMBER, ABROAD = "+17756187988", "+919876543210"
RECORDS = "/var/log/asterisk/cdr-custom/calls.json"
EVENTS = "/var/log/asterisk/cel-custom/events.json"
TRUNK, PASSWORD = "twilio-asterisk-pbx1", os.environ["TRUNKLINE_PHONE_PASSWORD"]
#: Whatever a phone's user may have written as its name: it must end neither the string nor the line.
NAME = 'Zoë "Z, O\'Hara\\'


@pytest.fixture
def records(pbx):
    """Return records(count), which waits for so many new lines and reads them: a record follows the call's end."""
    before = len(lines(pbx))

    def read(count):
        until(lambda: len(lines(pbx)) >= before + count)
        return [json.loads(line) for line in lines(pbx)[before:]]

    return read


@pytest.fixture
def talk(asterisk):
    """Return a function that waits until both legs of a call have had over a second of audio."""
    def both():
        counts = re.findall(r"^ *\S+ +\S+ +[0-9:]+ +ulaw +([0-9]+)", asterisk("pjsip show channelstats"), re.M)
        return len(counts) == 2 and min(map(int, counts)) > 60

    return lambda: until(both)


def lines(pbx):
    return pbx.run("cat %s", RECORDS).stdout.splitlines()


def events(pbx, linkedid):
    """Wait until both ends of a call are recorded, and return its events."""
    def found():
        rows = map(json.loads, pbx.check_output(f"cat {EVENTS}").splitlines())
        return [row for row in rows if row["linkedid"] == linkedid]

    until(lambda: [row["eventtype"] for row in found()].count("HANGUP") >= 2)
    return found()


def escaped(text):
    """Write a text as it stands between quotes, for the console and in Asterisk's own form of a caller."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def test_a_call_in(records, talk, pbx, asterisk, twin, twilio, phone, address, detail):
    """The record has Twilio's SID, the number, the trunk, the destination, the phone and the quality of both legs.

    It is the only one: the proof of the number before it leaves none. What the caller calls itself has quotes, commas,
    backslashes and accents. The events say who rang, answered, was joined with whom, and how it ended.
    """
    asterisk(f"channel originate Local/{NUMBER}@proof/n application Hangup")
    softphone, before = Softphone(phone, address["pbx1"]), len(twin.calls())
    softphone.start("1001", PASSWORD, options="regint=60;answermode=auto")
    place_incoming_call(twilio, NUMBER, ABROAD)
    talk()
    caller = re.search(r"^PJSIP/twilio-inbound-\w+", asterisk("core show channels concise"), re.M)[0]
    asterisk(f'dialplan set chanvar {caller} CALLERID(name) "{escaped(NAME)}"')
    softphone.stop()
    call = twin.call_to(NUMBER, before)
    (row,) = records(1)
    detail(json.dumps(row))
    assert row["twilio_sid"] == call["sid"] and row["direction"] == "in" and row["disposition"] == "ANSWERED"
    assert (row["number"], row["trunk"], row["phone"]) == (NUMBER, TRUNK, "1001")
    assert row["caller"].startswith(f'"{escaped(NAME)}" <') and row["destination"] == "phone 1001"
    assert int(row["trunk_received"]) > 50 and int(row["phone_received"] or 60) > 50 and row["trunk_lost"] == "0"
    assert float(row["end"]) >= float(row["answer"]) >= float(row["start"])
    steps = events(pbx, row["linkedid"])
    detail(json.dumps(steps))
    kinds = {channel: [step["eventtype"] for step in steps if step["channame"].startswith(f"PJSIP/{channel}-")]
             for channel in ("twilio-inbound", "1001")}
    assert all(kind == ["CHAN_START", "ANSWER", "BRIDGE_ENTER", "BRIDGE_EXIT", "HANGUP"] for kind in kinds.values())
    shown = NAME.replace('"', "").replace("\\", "")
    assert shown in {step["cid_name"] for step in steps} and steps[-1]["extra"][0]["hangupcause"] == 16
    assert {step["extra"][0]["bridge_id"] for step in steps if "BRIDGE" in step["eventtype"]} != {""}
    file = pbx.file(EVENTS)
    assert (file.user, file.group, file.mode) == ("asterisk", "asterisk", 0o640)


def test_a_call_that_nobody_takes(records, phones, called, pbx, asterisk, detail):
    """The phone rings until the caller hangs up. Its record has no phone, and is Asterisk's alone to read."""
    phones("1001", [None], 4)
    call = called(NUMBER, until=lambda: until(lambda: "!Ringing!" in asterisk("core show channels concise")))
    (row,) = records(1)
    detail(json.dumps(row))
    assert (row["twilio_sid"], row["phone"], row["disposition"]) == (call["sid"], "", "NO ANSWER")
    file = pbx.file(RECORDS)
    assert (file.user, file.group, file.mode) == ("asterisk", "asterisk", 0o640)


def test_a_call_out_after_a_rotation(pbx, talk, twin, phone, address, detail):
    """The record is in a new file, with the SID that Twilio answered with, the number, the phone and the quality."""
    pbx.check_output("logrotate --force /etc/logrotate.d/trunkline-asterisk")
    assert not pbx.file(RECORDS).exists and not pbx.file(EVENTS).exists
    softphone, before = Softphone(phone, address["pbx1"]), len(twin.calls())
    softphone.start("1001", PASSWORD, dial=ABROAD)
    talk()
    softphone.stop()
    call = twin.call_to(ABROAD, before)
    until(lambda: lines(pbx))
    (row,) = map(json.loads, lines(pbx))
    detail(json.dumps(row))
    assert row["twilio_out_sid"] == call["sid"] and row["direction"] == "out" and row["disposition"] == "ANSWERED"
    assert (row["number"], row["trunk"], row["phone"]) == (ABROAD, TRUNK, "1001")
    # That of the leg that was called may come too late for the record.
    assert int(row["phone_received"]) > 50 and int(row["trunk_sent"] or 60) > 50
    assert row["phone_lost"] == "0" and row["trunk_lost"] in ("0", "") and float(row["phone_jitter"]) < 1
    (kept,) = pbx.check_output(f"ls {RECORDS}-* | grep -v gz$").split()
    assert '"twilio_sid":"CA' in pbx.file(kept).content_string
