# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What calls to the numbers reach, and what module number_destinations makes of it."""

from __future__ import annotations

import contextlib
import json

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.trunkline.voice.plugins.module_utils._ansible import number_destinations
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.ami import AmiDenied, AmiUnreachable
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.ami_framing import Message

from .console import Manager

OFFICE, DESK = "+17756187988", "+17756187989"
NUMBERS = [{"number": OFFICE, "destination": "hours office"}, {"number": DESK, "destination": "phone 1001"}]


class Asterisk(Manager):
    """An Asterisk in which numbers reach what `reach` says."""

    def __init__(self, reach):
        super().__init__({"dialplan show proof": ["[ Context 'proof' created by 'pbx_config' ]"]})
        self.reach, self.most = reach, 0

    def action(self, name, *fields):
        super().action(name, *fields)
        number = dict(fields)["Channel"].removeprefix("Local/").removesuffix("@proof/n")
        self.events.append(Message([("Event", "OriginateResponse"), ("Response", "Failure")]))
        if number in self.reach:
            self.events.append(Message([
                ("Event", "UserEvent"), ("UserEvent", "NumberReached"), ("Number", number),
                ("Destination", self.reach[number])]))
        self.events.append(Message([("Event", "Hangup"), ("Uniqueid", dict(fields)["OtherChannelId"])]))
        self.most = max(self.most, sum(event.get("Event") == "Hangup" for event in self.events))
        return Message([("Response", "Success")])


@pytest.fixture
def run(monkeypatch, capsys):
    """Return run(asterisk, **changes), the module's result where this is its Asterisk, or an error of its manager."""
    def module(asterisk, check_mode=False, **changes):
        def manager(_module):
            if isinstance(asterisk, Exception):
                raise asterisk
            return contextlib.nullcontext(asterisk)

        monkeypatch.setattr(number_destinations, "manager", manager)
        options = {"numbers": NUMBERS, **changes, "_ansible_check_mode": check_mode}
        with patch_module_args(options), pytest.raises(SystemExit):
            number_destinations.main()
        return json.loads(capsys.readouterr().out)

    return module


def test_hours_are_reached_with_what_they_lead_to_now(run):
    result = run(Asterisk({OFFICE: "hours office (closed): mailbox 1001", DESK: "phone 1001"}))
    assert result["passed"] is True and not result["changed"]
    assert [(row["trunk"], row["check"], row["result"], row["detail"]) for row in result["checks"]] == [
        (OFFICE, "number", "passed", "hours office (closed): mailbox 1001"), (DESK, "number", "passed", "phone 1001")]


@pytest.mark.parametrize("reach, cause, words", [
    ({OFFICE: "hours office2 (open): menu main"}, "number-elsewhere", "reaches hours office2 (open): menu main, and"),
    ({OFFICE: "phone 1001"}, "number-elsewhere", "sends it to hours office."),
    ({}, "number-nowhere", f"A call to {OFFICE} reaches nothing"),
])
def test_another_destination_is_named_with_its_fix(run, reach, cause, words):
    result = run(Asterisk({DESK: "phone 1001", **reach}))
    row = result["checks"][0]
    assert result["passed"] is False and not result.get("failed")
    assert row["cause"] == cause and words in row["detail"] and "role pbx" in row["fix"]


def test_some_calls_are_placed_at_a_time(run):
    numbers = [{"number": f"+1775618{n:04}", "destination": "phone 1001"} for n in range(50)]
    asterisk = Asterisk({row["number"]: "phone 1001" for row in numbers})
    assert run(asterisk, numbers=numbers)["passed"] is True
    assert len(asterisk.actions) == 50 and asterisk.most == number_destinations.AT_ONCE


@pytest.mark.parametrize("error, cause", [
    (AmiUnreachable("Connection refused"), "asterisk-down"), (AmiDenied("Permission denied"), "manager-denied")])
def test_an_asterisk_that_cannot_be_asked_fails_once(run, error, cause):
    result = run(error)
    assert result["passed"] is False and [row["cause"] for row in result["checks"]] == [cause]


def test_a_dialplan_without_the_context_reaches_nothing(run):
    asterisk = Asterisk({OFFICE: "hours office", DESK: "phone 1001"})
    asterisk.commands = {"dialplan show": ["There is no existence of 'proof' context"]}
    assert {row["cause"] for row in run(asterisk)["checks"]} == {"number-nowhere"} and not asterisk.actions


def test_a_call_that_does_not_end_is_no_success(run):
    asterisk = Asterisk({})
    asterisk.action = lambda *_fields: Message([("Response", "Success"), ("ActionID", "lost")])
    assert [row["cause"] for row in run(asterisk)["checks"]] == ["manager-error"]


def test_check_mode_places_no_call(run):
    result = run(AssertionError("asked"), check_mode=True)
    assert result["passed"] is None and {row["result"] for row in result["checks"]} == {"skipped"}


def test_no_number_is_nothing_to_do(run):
    assert run(AssertionError("asked"), numbers=[]) == run(AssertionError("asked"), numbers=[]) | {"passed": True}


@pytest.mark.parametrize("number", ["17756187988", "+1&PJSIP/1001", "+1775\nAction: Command", ""])
def test_what_is_no_number_is_refused_before_anybody_is_asked(run, number):
    result = run(AssertionError("asked"), numbers=[{"number": number, "destination": "phone 1001"}])
    assert result["failed"] and "numbers[0].number must be a number in E.164 form" in result["msg"]
