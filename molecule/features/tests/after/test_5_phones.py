# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A phone with two devices, DTMF by SIP INFO, the caller ID of a phone that withholds its own, and recorded calls."""

from __future__ import annotations

import io
import json
import os
import re
import time
import wave

import numpy
import pytest

from labtest.audio import RATE, from_ulaw, recognised, samples
from labtest.incoming import SOUNDS, start_devices
from labtest.serving import serving
from labtest.softphone import Softphone
from labtest.twin import place_incoming_call
from labtest.waiting import until

NUMBER, CALLER_ID, DOMAIN = "+919876543210", "+17756187988", "asterisk-pbx1.pstn.twilio.com"
OTHERS, PORT = "+12025550143", 5678
PASSWORD = "{{ lookup('ansible.builtin.env', 'TRUNKLINE_PHONE_PASSWORD') }}"
DECLARED = {
    "verify_number": "",
    "verify_n8n": False,
    "pbx_phones": [
        {"name": "1001", "password": PASSWORD, "max_contacts": 2, "record": "always"},
        {"name": "1002", "password": PASSWORD}],
    "pbx_dids": [
        {"number": CALLER_ID, "phone": "1001", "record": "always"}, {"number": OTHERS, "to": {"menu": "main"}}],
    "pbx_menus": [{"name": "main", "prompt": "demo-congrats", "keys": {
        "1": {"ring_group": "sales"}, "2": {"queue": "support"}, "3": {"n8n": "reception"}}}],
    "pbx_ring_groups": [{"name": "sales", "members": ["1002"], "record": "always"}],
    "pbx_queues": [{"name": "support", "members": ["1002"], "record": "always"}],
    "pbx_n8n": [{
        "name": "reception", "token": "{{ lookup('ansible.builtin.env', 'TRUNKLINE_TRUNK_PASSWORD') }}",
        "may_record": True, "allow": [{"phone": "1002"}], "otherwise": {"hangup": "busy"}}],
    "pbx_recording": {"days": 30, "prompt": "queue-thankyou", "group": "auditors", "phones_pause": True},
}
RECORDS = "/var/log/asterisk/cdr-custom/calls.json"
FOLDER, UNFINISHED = "/var/spool/asterisk/recordings", "/var/spool/asterisk/recordings-open"
DTMF_LOG = "/var/log/asterisk/dtmf-of-a-check"
KEYS = [
    ["INFO", "application/dtmf-relay", "Signal=5\r\nDuration=160\r\n"], ["INFO", "application/dtmf", "7"],
    ["INFO", "", ""], ["OPTIONS", "", ""],
]


@pytest.fixture(scope="module", autouse=True)
def built(address, declare):
    """Run site.yml so that the phone may have two devices and is recorded."""
    DECLARED["pbx_n8n"][0]["url"] = f"http://{address['phone1']}:{PORT}/webhook"
    declare(DECLARED)


@pytest.fixture
def phones(phone, address):
    """Return phones(answers, **order): it starts devices of phone 1001, and returns a function for their report."""
    phone.run("systemctl stop softphone")
    return lambda answers, **order: start_devices(phone, address, devices=answers, **order)


def test_each_device_of_a_phone_rings(phones, twin, twilio, asterisk, detail):
    """A call in rings both devices of a phone; one answers, and the other's CANCEL says "elsewhere"."""
    before, seen = len(twin.calls()), phones([2, None], seconds=8)
    place_incoming_call(twilio, CALLER_ID, NUMBER)
    found = seen()
    asterisk("channel request hangup all")
    detail(f"rang {found['rang']}, {found['reasons'][1]}")
    assert found["rang"] == [1, 1]
    assert found["reasons"][0] == "" and "elsewhere" in found["reasons"][1]
    assert twin.call_to(CALLER_ID, before)["sip_status"] == 200


def test_keys_by_info_reach_the_telephone_network(phones, twin, twilio, detail):
    """DTMF that a phone sends by INFO reaches the telephone network, and the caller ID is the trunk's."""
    before = len(twin.calls())
    console = "asterisk -C /etc/twilio-twin/asterisk/asterisk.conf -rx"
    twilio.check_output(f"{console} 'logger add channel {DTMF_LOG} dtmf'")
    try:
        found = phones([None], dial=NUMBER, headers=["Privacy: id"], within=KEYS)()
        keyed = twilio.check_output(f"grep -o \"DTMF end '.' received\" {DTMF_LOG} || true").splitlines()
    finally:
        twilio.run(f"{console} 'logger remove channel {DTMF_LOG}'; rm -f {DTMF_LOG}")
    detail(f"{found['within']}, keyed {keyed}")
    assert (found["dialled"], found["within"]) == (200, [200] * len(KEYS))
    assert [line.split("'")[1] for line in keyed] == ["5", "7"]
    messages = twin.messages(twin.call_to(NUMBER, before)["sip_call_id"])
    sent = [message for message in messages if message.method == "INVITE" and not message.status]
    assert sent and "INFO" not in {message.method for message in messages}
    for invite in sent:
        assert invite.header("From").startswith(f'"Asterisk PBX" <sip:{CALLER_ID}@{DOMAIN}>;'), invite.text
        assert not invite.header("Privacy")


@pytest.fixture
def log(pbx):
    """Return log(), which gives what Asterisk logged of recordings since the test began."""
    path = "/var/log/asterisk/messages.log"
    lines = int(pbx.check_output(f"wc -l <{path}"))
    said = r"Recording ([\d.-]+) (begins|is paused)"
    return lambda: re.findall(said, pbx.check_output(f"tail -n +{lines + 1} {path}"))


@pytest.fixture
def record(pbx):
    """Return record(name), which waits for the record of a call that was recorded in the file of that name."""
    def found(name):
        lines = pbx.run("grep -F %s %s", name, RECORDS).stdout.splitlines()
        return json.loads(lines[0]) if lines else None

    def read(name):
        until(lambda: found(name))
        return found(name)

    return read


def channels(wav):
    """Return the samples of the left channel and of the right one."""
    with wave.open(io.BytesIO(wav)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (2, 2, RATE)
        both = numpy.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2").astype(float)
    return both[0::2], both[1::2]


def test_both_sides_of_a_call_are_recorded(log, record, phone, pbx, twin, address, detail):
    """The phone calls out and is on the left channel, the telephone network, which is told first, on the right one.

    The call's record names the file, and says how good the audio was.
    """
    softphone, before = Softphone(phone, address["pbx1"]), len(twin.calls())
    softphone.run("1001", os.environ["TRUNKLINE_PHONE_PASSWORD"], seconds=14, dial=NUMBER)
    call = twin.call_to(NUMBER, before)
    ((name, dummy),) = log()
    file = pbx.file(f"{FOLDER}/{name}.wav")
    until(lambda: file.exists)
    left, right = channels(file.content)
    told, theirs = (samples(pbx.file(f"{SOUNDS}/{one}.wav").content) for one in ("queue-thankyou", "demo-thanks"))
    # What they say while they are told of the recording is no part of it.
    ours, theirs = samples(softphone.says), theirs[5 * RATE // 2:]
    heard = samples(twin.recording(call["sid"]))
    found = [recognised(ours[: len(left)], left), recognised(theirs, right), recognised(told, heard)]
    crossed = [recognised(theirs, left), recognised(ours[: len(left)], right)]
    detail(f"left {found[0]:.0%}, right {found[1]:.0%}, told {found[2]:.0%}; crossed {crossed}")
    assert min(found) > 0.4 and max(crossed) < 0.2
    assert (file.user, file.group, file.mode) == ("asterisk", "auditors", 0o640)
    row = record(name)
    scores = {field: value for field, value in row.items() if field.endswith("mos")}
    detail(f"{row['recording']}, MOS {scores}")
    assert row["recording"] == f"{name}.wav" and 4 < float(row["phone_mos"]) < 4.5
    assert len(scores) == 4 and all(4 < float(value or 4.4) < 4.5 for value in scores.values())
    assert (pbx.file(FOLDER).mode, pbx.check_output(f"ls {UNFINISHED}")) == (0o2750, "")


def test_a_call_to_a_number_is_recorded_once_and_the_caller_told(log, phones, twin, twilio, asterisk, pbx):
    """The caller is told before the phone rings. The number and the phone want a recording, and there is one."""
    before, seen = len(twin.calls()), phones([1, None], seconds=8)
    place_incoming_call(twilio, CALLER_ID, NUMBER)
    seen()
    asterisk("channel request hangup all")
    heard = samples(twin.recording(twin.call_to(CALLER_ID, before)["sid"]))
    assert recognised(samples(pbx.file(f"{SOUNDS}/queue-thankyou.wav").content), heard) > 0.6
    assert [what for dummy, what in log()] == ["begins"]


def test_a_phone_pauses_its_recording(phones, log, record):
    """Its user keys *1: the recording pauses; *1 again: it goes on in a file of its own. The record names both.

    It has no MOS of what the phone sent, which was nothing.
    """
    star, one = (["INFO", "application/dtmf-relay", f"Signal={key}\r\nDuration=160\r\n"] for key in "*1")
    pause = ["wait", "", "3"]
    assert phones([None], dial=NUMBER, within=[pause, star, one, pause, star, one, pause])()["dialled"] == 200
    (first, begins), (paused, pauses), (second, goes_on) = log()
    assert (begins, pauses, goes_on) == ("begins", "is paused", "begins")
    assert first == paused and first != second and first.split("-")[0] == second.split("-")[0]
    row = record(second)
    assert row["recording"] == f"{first}.wav+{second}.wav"
    assert (row["phone_received"], row["phone_mos"]) == ("0", "")


def test_a_phone_pauses_the_recording_of_a_number(desk, log, record, pbx, twin, twilio, asterisk, detail):
    """Who takes the call keys *1, which pauses what the caller's channel records, and *1 again, which goes on.

    The phone hears beeps, and the caller none.
    """
    phone, before = desk("1001", 0.5), len(twin.calls())
    beep = samples(pbx.file(f"{SOUNDS}/beep.wav").content)

    def heard(sound):
        return recognised(beep, sound, size=RATE // 5)

    def waited(count):
        until(lambda: len(log()) == count)

    place_incoming_call(twilio, CALLER_ID, NUMBER)
    phone.wait(lambda seen: seen["up"] == [True])
    waited(1)
    for count in (2, 3):
        # The two are joined a moment after the phone has answered.
        until(lambda: re.search(r"^PJSIP/1001-.*![0-9a-f-]{36}!", asterisk("core show channels concise"), re.M))
        phone.key(0, "*1")
        waited(count)
    until(lambda: heard(from_ulaw(numpy.frombuffer(phone.hear(), dtype=numpy.uint8))) == 1)
    phone.hang_up(0)
    assert heard(samples(twin.recording(twin.call_to(CALLER_ID, before)["sid"]))) == 0
    (first, begins), (paused, pauses), (second, goes_on) = log()
    detail(f"{log()}")
    assert (begins, pauses, goes_on) == ("begins", "is paused", "begins") and first == paused != second
    row = record(second)
    assert row["recording"] == f"{first}.wav+{second}.wav" and row["twilio_sid"]


@pytest.mark.parametrize("key", ["1", "2", "3"], ids=["ring group", "queue", "n8n"])
def test_who_takes_a_recorded_call_pauses_it(desk, log, record, phone, pbx, twin, twilio, asterisk, detail, key):
    """A ring group, a queue, or a workflow of n8n has a call recorded, and the caller is on the left channel.

    The phone that takes it wants no recording of its own, and pauses that one.
    """
    taker, before = desk("1002", 0.5), len(twin.calls())
    answer = {"body": json.dumps({"version": 1, "action": "route", "to": {"phone": "1002"}, "record": True})}

    def waited(count):
        until(lambda: len(log()) == count)

    with serving(phone, port=PORT, answers=[answer], events=[{}]):
        place_incoming_call(twilio, OTHERS, NUMBER, "w" * 4 + key + "w" * 14)
        waited(1)
    time.sleep(8)       # the caller speaks once
    for count in (2, 3):
        taker.key(0, "*1")
        waited(count)
    taker.hang_up(0)
    twin.call_to(OTHERS, before)
    (first, begins), (paused, pauses), (second, goes_on) = log()
    assert (begins, pauses, goes_on) == ("begins", "is paused", "begins") and first == paused != second
    row, file = record(second), pbx.file(f"{FOLDER}/{first}.wav")
    until(lambda: file.exists)
    said = samples(pbx.file(f"{SOUNDS}/demo-thanks.wav").content)
    found = [recognised(said, side) for side in channels(file.content)]
    detail(f"{found[0]:.0%} of what the caller said on the left, {found[1]:.0%} on the right; {row['recording']}")
    assert found[0] > 0.4 and found[1] < 0.2
    assert (row["recording"], file.group) == (f"{first}.wav+{second}.wav", "auditors") and row["twilio_sid"]


def test_both_sides_of_a_call_from_a_queue_are_recorded(log, phone, pbx, twin, twilio, address, asterisk, detail):
    """Who takes a call from a queue is on the right channel, though the queue calls it by a channel of its own."""
    softphone, before = Softphone(phone, address["pbx1"]), len(twin.calls())
    softphone.start("1002", os.environ["TRUNKLINE_PHONE_PASSWORD"], "regint=60;answermode=auto")
    until(lambda: "Not in use" in asterisk("queue show support"))
    place_incoming_call(twilio, OTHERS, NUMBER, "wwww2")
    until(log)
    time.sleep(5)
    asterisk("channel request hangup all")
    twin.call_to(OTHERS, before)
    softphone.stop()
    ((name, dummy),) = log()
    file = pbx.file(f"{FOLDER}/{name}.wav")
    until(lambda: file.exists)
    right = channels(file.content)[1]
    found = recognised(samples(softphone.says)[: len(right)], right)
    detail(f"{found:.0%} of what the phone said in {len(right) / RATE:.0f} s")
    assert found > 0.4


def test_a_recording_goes_when_its_time_is_over(pbx):
    """The timer is on, and what it starts removes what is older than the days of the inventory."""
    old, young = f"{FOLDER}/old.wav", f"{UNFINISHED}/young.wav"
    pbx.check_output(f"touch -d '30 days ago' {old} && touch -d '29 days ago' {young}")
    assert pbx.service("trunkline-recordings.timer").is_running
    pbx.check_output("systemctl start trunkline-recordings.service")
    assert not pbx.file(old).exists and pbx.file(young).exists
    pbx.check_output(f"rm {young}")
