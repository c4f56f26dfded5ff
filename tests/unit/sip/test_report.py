# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the probes found, as a person and as a CI system read it."""

from __future__ import annotations

from xml.etree import ElementTree

from ansible_collections.trunkline.voice.plugins.module_utils._sip.report import junit, n8n_checks, report


def row(result: str, check: str = "call", **more) -> dict:
    return {"trunk": "Main", "check": check, "result": result, "cause": "", "detail": "as it is", "fix": "", **more}


FAILURE = row("failed", cause="address-not-listed", detail="Twilio said <no>.", fix="Add it & run again.")


def test_each_cause_is_told_once_and_the_first_comes_first():
    results = [{"checks": [row("failed", "OPTIONS", detail="It is down.", fix="Wait.")]},
               {"checks": [FAILURE, {**FAILURE, "check": "audio"}]}, {"skipped": True}]
    assert report(results, "+919876543210")["message"] == (
        "Main, OPTIONS: It is down. Wait.\nMain, call: Twilio said <no>. Add it & run again.")


def test_the_table_has_a_line_for_each_check():
    found = report([{"checks": [row("passed", "OPTIONS"), row("passed", seen="RTT 4 ms")]}], "")
    assert found["table"] == [
        "Main         OPTIONS  passed   as it is",
        "Main         call     passed   as it is [RTT 4 ms]",
        "every trunk  call     skipped  verify_number is not set, so no call was placed",
    ]
    assert found["message"] == "" and len(found["rows"]) == 3


def test_a_warning_is_in_the_table_and_in_junit_and_fails_nothing():
    old = row("warning", "version", detail="Asterisk 22.10.1 is old.")
    found = report([{"checks": [old]}], "1")
    assert found["table"] == ["Main  version  warning  Asterisk 22.10.1 is old."] and found["message"] == ""
    suite = ElementTree.fromstring(junit([("pbx1", found["rows"])]).encode())[0]
    assert suite.get("failures") == "0" and suite[0][0].text == "warning: Asterisk 22.10.1 is old."


def test_many_numbers_that_passed_are_one_line_and_those_that_failed_a_line_each():
    numbers = [row("passed", "number", trunk=f"+1775618{n:04}") for n in range(40)]
    lost = row("failed", "number", trunk="+17756199999", detail="A call reaches nothing.")
    found = report([{"checks": [*numbers, lost]}], "1")
    assert [" ".join(line.split()) for line in found["table"]] == [
        "+17756199999 number failed A call reaches nothing.",
        "40 numbers number passed each reaches what is declared; the JUnit report says what"]
    assert len(found["rows"]) == 41
    assert len(report([{"checks": numbers[:30]}], "1")["table"]) == 30


def test_junit_holds_every_host_and_any_text():
    text = junit([("pbx1", [row("passed"), FAILURE, row("skipped", detail="no \x07 bell")]), ("pbx2", None)])
    suite = ElementTree.fromstring(text.encode())[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("4", "2", "1")
    assert [(case.get("classname"), case.get("name"), case[0].tag) for case in suite] == [
        ("pbx1", "Main: call", "system-out"), ("pbx1", "Main: call", "failure"), ("pbx1", "Main: call", "skipped"),
        ("pbx2", "none: host", "failure")]
    assert suite[1][0].get("message") == "Twilio said <no>." and suite[1][0].text == "Add it & run again."
    assert suite[2][0].get("message") == "no \ufffd bell"


def test_what_n8n_answered_is_a_row_with_its_cause():
    said = ('[{"name": "a", "fault": "", "to": "menu main", "milliseconds": 42},'
            ' {"name": "b", "fault": "token refused: status 403", "to": "", "milliseconds": 7}]')
    found = report([n8n_checks(said, ["a", "b"])], "+919876543210")
    assert [(row["trunk"], row["result"], row["cause"]) for row in found["rows"]] == [
        ("n8n a", "passed", ""), ("n8n b", "failed", "n8n-token")]
    assert found["table"][0].endswith("it would send the call to menu main, after 42 ms")
    assert "X-Trunkline-Token" in found["message"]


def test_a_script_that_is_not_there_fails_each_row():
    (row,) = n8n_checks("", ["a"])["checks"]
    assert (row["result"], row["cause"]) == ("failed", "n8n-not-installed") and "role pbx" in row["fix"]
