# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls from the telephone network that go to hours, menus, ring groups and announcements: who rang, what was heard.

The announcement's prompt is a sound file of the controller, and another one is spoken.
"""

from __future__ import annotations

import datetime
import time
import zoneinfo

import numpy
import pytest

from labtest.audio import RATE, from_ulaw, recognised, samples, stereo
from labtest.incoming import SOUNDS
from labtest.plays import play

OFFICE, SALES = "+17756187988", "+12025550143"
PASSWORD = "{{ lookup('ansible.builtin.env', 'TRUNKLINE_PHONE_PASSWORD') }}"
WELCOME, THANKS = "demo-congrats", "demo-thanks"
TIMEZONE = "America/New_York"
FEATURES = {
    "pbx_phones": [
        {"name": "1001", "password": PASSWORD, "when_busy": {"announcement": "thanks"}},
        {"name": "1002", "password": PASSWORD, "when_absent": {"announcement": "thanks"}},
    ],
    "pbx_dids": [{"number": OFFICE, "to": {"hours": "office"}}, {"number": SALES, "to": {"ring_group": "sales"}}],
    "pbx_hours": [{
        "name": "office", "timezone": TIMEZONE, "open": ["mon-fri 09:00-17:30", "sun 01:30-02:30"],
        "holidays": ["2026-12-25", "01-01"],
        "when_open": {"menu": "main"}, "when_closed": {"announcement": "thanks"}, "when_holiday": {"hangup": "busy"},
    }],
    "pbx_menus": [{
        "name": "main", "prompt": WELCOME, "seconds": 1, "attempts": 1, "otherwise": {"announcement": "thanks"},
        "keys": {
            "1": {"announcement": "thanks"}, "2": {"ring_group": "in-turn"}, "3": {"menu": "again"},
            "4": {"phone": "1002"}, "5": {"announcement": "spoken"}, "pound": {"hangup": "normal"}},
    }, {
        "name": "again", "prompt": THANKS, "seconds": 1, "attempts": 2, "keys": {"1": {"hangup": "normal"}},
    }],
    "pbx_ring_groups": [
        {"name": "sales", "members": ["1001", "1002"], "seconds": 10, "otherwise": {"announcement": "thanks"}},
        {"name": "in-turn", "members": ["1001", "1002"], "strategy": "in_order", "seconds": 3},
    ],
    "pbx_announcements": [{"name": "thanks", "prompt": "ours"}, {"name": "spoken", "prompt": "spoken"}],
}
FOLDER = "/var/lib/trunkline/prompts"
SPOKEN = {"name": "spoken", "text": "We're closed; please call again tomorrow, or write to us.", "language": "en-us"}


@pytest.fixture(scope="module")
def ours(pbx, tmp_path_factory):
    """The row of a prompt whose sound file is one of Asterisk's, as a user may have it."""
    file = tmp_path_factory.mktemp("prompts") / "Thanks, that's all – à bientôt.wav"
    file.write_bytes(stereo(pbx.file(f"{SOUNDS}/{THANKS}.wav").content))
    return {"name": "ours", "file": str(file)}


@pytest.fixture(scope="module", autouse=True)
def built(pbx, ours, declare):
    """A run of site.yml by which calls go there."""
    declare({**FEATURES, "pbx_prompts": [ours, SPOKEN]})
    yield
    pbx.check_output("asterisk -rx 'dialplan set global HOURS_NOW \"\"'")
    declare.undo()
    assert not pbx.file(FOLDER).exists


@pytest.fixture
def at(asterisk):
    """at("2026-11-25 12:00"): the moment that hours are looked up for, in the office's time zone or with its offset."""
    def set_now(moment):
        local = datetime.datetime.fromisoformat(moment)
        local = local if local.tzinfo else local.replace(tzinfo=zoneinfo.ZoneInfo(TIMEZONE))
        asterisk(f"dialplan set global HOURS_NOW {int(local.timestamp())}")

    return set_now


@pytest.mark.parametrize(("moment", "status"), [
    ("2026-11-25 09:00", 200), ("2026-11-25 08:59", 200), ("2026-12-25 12:00", 486), ("2027-01-01 12:00", 486),
    ("2026-12-26 12:00", 200),
])
def test_hours(at, called, moment, status, likeness, detail):
    """The clock decides: open is the menu's prompt, closed an announcement, a holiday busy."""
    at(moment)
    call = called(OFFICE)
    detail(f"{moment}: {call['sip_status']}")
    assert call["sip_status"] == status
    if status == 200:
        expected = WELCOME if moment == "2026-11-25 09:00" else THANKS
        assert likeness(call, expected) > 0.8


@pytest.mark.parametrize(("moment", "heard"), [
    ("2027-03-14 06:59+00:00", WELCOME),    # 01:59, and a minute later it is 03:00
    ("2027-03-14 07:00+00:00", THANKS),
    ("2027-11-07 06:00+00:00", THANKS),     # 01:00 again, after 01:59
    ("2027-11-07 06:30+00:00", WELCOME),    # 01:30 for the second time
])
def test_hours_when_the_clock_is_changed(at, called, moment, heard, likeness, asterisk, detail):
    """The hour that is skipped closes nothing late, and the hour that comes twice is open twice.

    The host's own zone has no such change.
    """
    at(moment)
    call = called(OFFICE, until=lambda: time.sleep(3))
    found = {prompt: likeness(call, prompt) for prompt in (WELCOME, THANKS)}
    detail(f"{moment}: {found}")
    assert found[heard] > 0.6 and min(found.values()) < 0.2


def test_a_text_is_spoken(at, called, twin, pbx, detail):
    """A caller hears what espeak-ng said, from the file in the codec of the call, and it is speech and not silence."""
    at("2026-11-25 12:00")
    (file,) = pbx.check_output(f"ls {FOLDER}/spoken-*.ulaw").split()
    content = numpy.frombuffer(pbx.file(file).content, dtype=numpy.uint8)
    heard = samples(twin.recording(called(OFFICE, keys="wwww5")["sid"]))
    said = from_ulaw(content)
    loudness, found = numpy.sqrt(numpy.mean(said**2)), recognised(said, heard)
    detail(f"{len(said) / RATE:.1f} s of loudness {loudness:.0f}, {found:.0%} recognised")
    assert found > 0.8 and loudness > 500 and len(said) > 2 * RATE


def test_each_kind_of_sound_file_is_converted(pbx):
    """What the packages of the inventory's first prompt brought reads each kind that is taken."""
    for kind in ("wav", "mp3", "ogg", "flac", "aiff", "au"):
        file = f"/tmp/of-a-test.{kind}"
        pbx.check_output(f"sox {SOUNDS}/{THANKS}.wav -r 44100 -c 2 {file} && sox {file} -n && rm {file}")


def test_a_plan_names_the_prompt_that_changes(ours, detail):
    """A second run would make nothing, and another text is another prompt. Nothing that is there is converted again."""
    changed = [ours, {**SPOKEN, "text": "We are open."}]
    plan = play("plan", variables={**FEATURES, "pbx_prompts": changed, "verify_number": ""})
    lines = [line.strip() for line in plan.output.splitlines() if "prompt" in line]
    detail("; ".join(lines))
    assert plan.code == 2, plan.output[-4000:]
    assert any(line.startswith("~ prompt spoken") for line in lines)
    assert not any("prompt ours" in line for line in lines)


def test_verify_says_what_each_number_reaches(at, asterisk, twin, ours, detail):
    """verify.yml places a call to each number from inside: it names what is reached now, and a number that is lost."""
    at("2026-12-25 12:00")
    before, values = len(twin.calls()), {**FEATURES, "pbx_prompts": [ours, SPOKEN], "verify_number": ""}
    proved = play("verify", variables=values)
    assert proved.code == 0, proved.failure
    rows = [" ".join(line.split()) for line in proved.output.splitlines() if " number " in line]
    detail("; ".join(rows))
    assert any(f"{OFFICE} number passed hours office (holiday): hangup busy" in row for row in rows), rows
    assert any(f"{SALES} number passed ring_group sales" in row for row in rows), rows
    asterisk(f"dialplan remove extension {SALES}@numbers")
    try:
        lost = play("verify", variables=values)
    finally:
        asterisk("dialplan reload")
    assert lost.code != 0
    assert f"A call to {SALES} reaches nothing, and the inventory sends it to ring_group sales." in lost.failure
    assert len(twin.calls()) == before


def test_a_clock_that_was_set_is_logged(at, called, pbx):
    """The log names the hours whose clock somebody set for a trial."""
    at("2026-12-25 12:00")
    called(OFFICE)
    assert "Hours office are looked up for HOURS_NOW" in pbx.check_output("tail -50 /var/log/asterisk/messages.log")


def test_a_key_of_a_menu_leads_somewhere(at, called, likeness, detail):
    """A key that the caller presses while the prompt plays, from the telephone network through the trunk (RFC 4733)."""
    at("2026-11-25 12:00")
    call = called(OFFICE, keys="wwww1")
    heard = likeness(call, THANKS)
    detail(f"{heard:.0%} of the announcement recognised")
    assert heard > 0.8


def test_silence_plays_the_prompt_again(at, called, twin, pbx, detail):
    """A caller who presses nothing hears the prompt as often as the menu says."""
    at("2026-11-25 12:00")
    # Without its beginning, which the first time may come before the key's end.
    prompt = samples(pbx.file(f"{SOUNDS}/{THANKS}.wav").content)[RATE:]
    heard = samples(twin.recording(called(OFFICE, keys="wwww3")["sid"]))
    middle, margin = len(heard) // 2, RATE // 2
    twice = recognised(prompt, heard[:middle + margin]), recognised(prompt, heard[middle - margin:])
    detail(f"{twice[0]:.0%} and {twice[1]:.0%} of the prompt")
    assert min(twice) >= 0.8


def test_a_key_that_leads_nowhere(at, called, likeness):
    """A wrong key, with which a phone or a number would begin, counts as an attempt."""
    at("2026-11-25 12:00")
    assert likeness(called(OFFICE, keys="wwww9"), THANKS) > 0.8


def test_a_key_hangs_up(at, called, detail):
    """The key # is one as any other, and ends the call."""
    at("2026-11-25 12:00")
    before = time.monotonic()
    call = called(OFFICE, keys="wwww#")
    detail(f"over after {time.monotonic() - before:.0f} s")
    assert call["sip_status"] == 200 and time.monotonic() - before < 20


def test_a_ring_group_rings_together(called, phones, detail):
    """Both phones ring; one answers, and the other is told that it was answered elsewhere."""
    found, first, second = [], phones("1001", [2], 6), phones("1002", [None], 6)
    call = called(SALES, until=lambda: found.extend([first(), second()]))
    detail(f"rang {[one['rang'] for one in found]}, {found[1]['reasons']}")
    assert [one["rang"] for one in found] == [[1], [1]]
    assert "elsewhere" in found[1]["reasons"][0]
    assert call["sip_status"] == 200


def test_a_ring_group_that_nobody_took_goes_on(called, phones, likeness):
    """Nobody answers: the call goes where the group says."""
    seen = phones("1001", [None], 14)
    call = called(SALES)
    assert seen()["rang"] == [1]
    assert likeness(call, THANKS) > 0.8


def test_a_ring_group_rings_in_turn(at, called, phones, detail):
    """The second phone rings once the first one was called long enough, which rings no more then."""
    at("2026-11-25 12:00")
    found, first, second = [], phones("1001", [None], 12), phones("1002", [1], 12)
    called(OFFICE, keys="wwww2", until=lambda: found.extend([first(), second()]))
    detail(f"rang {[one['rang'] for one in found]}, {found[0]['reasons']}")
    assert [one["rang"] for one in found] == [[1], [1]]
    assert "elsewhere" not in found[0]["reasons"][0]


def test_a_phone_that_is_absent_sends_its_calls_on(at, called, likeness):
    """No device of the phone is registered: its calls go where it says."""
    at("2026-11-25 12:00")
    call = called(OFFICE, keys="wwww4")
    assert likeness(call, THANKS) > 0.8
