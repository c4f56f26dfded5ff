# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan as data, as text and as Markdown."""

from __future__ import annotations

import json
import re

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.plan_report import plan_report
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.plan_text import LIMIT, markdown, text


def add(what: str, **fields) -> dict:
    return {"action": "add", "what": what, "fields": {name: {"before": None, "after": value}
                                                      for name, value in fields.items()}, "note": ""}


def change(what: str, **fields) -> dict:
    return {"action": "change", "what": what, "fields": {name: {"before": before, "after": after}
                                                         for name, (before, after) in fields.items()}, "note": ""}


def remove(what: str) -> dict:
    return {"action": "remove", "what": what, "fields": {}, "note": ""}


def at(where: str, *changes) -> dict:
    return {"where": where, "changes": list(changes)}


def inventory(before: dict, after: dict) -> dict:
    return {"action": "change", "what": "file /etc/asterisk/trunkline_inventory.json",
            "before": json.dumps(before), "after": json.dumps(after)}


@pytest.mark.parametrize(("places", "code", "summary"), [
    ([at("Twilio"), at("pbx1")], 0, "Nothing to change: 0 to add, 0 to change, 0 to remove."),
    (
        [at("Twilio", add("trunk A"), remove("trunk B")), at("pbx1", change("file x"))], 2,
        "Plan: 1 to add, 1 to change, 1 to remove. Nothing was changed yet; playbooks/site.yml does it.",
    ),
    ([at("Twilio", add("trunk A")), {"where": "pbx1", "error": "lost"}], 1,
     "No whole plan: 1 error. Nothing was changed."),
    ([at("Twilio", add("trunk A")), {"where": "pbx1", "skipped": "not looked at."}], 1,
     "No whole plan: 1 place was not looked at. Nothing was changed."),
    ([{"where": "pbx1", "error": "wrong"}, {"where": "pbx2", "error": "wrong"}], 1,
     "No whole plan: 2 errors. Nothing was changed."),
])
def test_the_code_and_the_summary(places, code, summary):
    report = plan_report(places)
    assert (report["code"], report["summary"]) == (code, summary)
    assert text(report).splitlines()[-1] == summary and f"## {summary}\n" in markdown(report)


def test_what_was_not_looked_at_is_told_with_its_reason():
    report = plan_report([{"where": "pbx1", "error": "wrong"}, {"where": "pbx2", "skipped": "not looked at"}])
    assert report["skipped"] == [{"where": "pbx2", "message": "not looked at"}] and len(report["errors"]) == 1
    assert "pbx2: not looked at\n" in text(report) and "pbx2: not looked at\n" in markdown(report)


def test_a_note_is_shown_also_where_nothing_changes_and_counts_for_nothing():
    report = plan_report([at("Twilio"), {**at("pbx1"), "notes": ["Asterisk 22.10.1 of 2026-06-25.", "a\nb"]}])
    assert report["code"] == 0 and report["notes"][1] == {"where": "pbx1", "message": "a b"}
    assert "\npbx1\n  (Asterisk 22.10.1 of 2026-06-25.)\n  (a b)\n  nothing to change" in text(report)
    assert "pbx1: Asterisk 22.10.1 of 2026-06-25." in markdown(report)
    lost = plan_report([{"where": "pbx1", "error": "lost", "notes": ["Asterisk"]}])
    assert lost["notes"] == []


def test_a_plan_without_a_pbx_says_so():
    assert "No PBX host was looked at." in text(plan_report([at("Twilio")]))
    assert "No PBX host was looked at." not in text(plan_report([at("Twilio"), at("pbx1")]))


@pytest.mark.parametrize(("row", "line"), [
    (add("trunk A", domain_name="a.pstn.twilio.com", secure=True),
     '+ trunk A (domain_name "a.pstn.twilio.com", secure true)'),
    (add("phone number +1 to trunk A"), "+ phone number +1 to trunk A"),
    (add("IP address 192.0.2.1 of IP access control list S", name="x", ip_address="192.0.2.1"),
     '+ IP address 192.0.2.1 of IP access control list S (name "x") ⚠ opens'),
    (remove("IP address 192.0.2.1 of IP access control list S"),
     "- IP address 192.0.2.1 of IP access control list S [drift]"),
    (add("credential list U"), "+ credential list U"),
    (add("credential anna of credential list U"), "+ credential anna of credential list U ⚠ opens"),
    (remove("IP access control list S to trunk A"), "- IP access control list S to trunk A [drift] ⚠ opens"),
    (change("country US", low_risk_numbers=(False, True)),
     "~ country US (low_risk_numbers false → true) [drift] ⚠ opens"),
    (change("country US", low_risk_numbers=(True, False)), "~ country US (low_risk_numbers true → false) [drift]"),
    (change("trunk A", secure=(True, False)), "~ trunk A (secure true → false) [drift] ⚠ opens"),
    (change("trunk A", secure=(False, True)), "~ trunk A (secure false → true) [drift]"),
    (change("trunk A", transfer_mode=("disable-all", "sip-only")),
     '~ trunk A (transfer_mode "disable-all" → "sip-only") [drift] ⚠ opens'),
    ({"action": "change", "what": "service asterisk", "note": "restart"}, "~ service asterisk; restart [drift]"),
    (add("trunk a\n\x1b[31m\u202eb"), "+ trunk a \\u{1b}[31m\\u{202e}b"),
])
def test_the_line_of_a_change(row, line):
    (shown,) = plan_report([at("Twilio", row)])["changes"]
    assert shown["line"] == line and shown["opens"] == line.endswith("⚠ opens")


def test_an_inventory_that_changed_is_told_in_its_own_words_before_the_files():
    before = {"pbx_countries": ["US"], "pbx_phones": []}
    after = {"pbx_countries": ["US", "IN"], "pbx_phones": [{"name": "1002"}]}
    report = plan_report([at("Twilio"), at("pbx1", change("file /etc/asterisk/pjsip.conf"), inventory(before, after))])
    assert report["opens"] == 1 and report["change"] == 2
    wanted = (
        "! pbx_countries: IN added ⚠ opens\n"
        "  phone 1002 added\n"
        "~ file /etc/asterisk/pjsip.conf [drift]\n"
    )
    assert f"```diff\n{wanted}" in markdown(report)
    assert "⚠ 1 of this opens something." in markdown(report)
    assert "\npbx1\n  ! pbx_countries: IN added ⚠ opens\n" in text(report)


def fences(page: str) -> list[str]:
    """The lines that begin or end a block of code, as CommonMark has it; they must come in pairs."""
    found, ends = [], ""
    for line in page.splitlines():
        mark = re.fullmatch(r" {0,3}(`{3,})([^`]*)", line)
        if not mark:
            continue
        if not ends:
            ends = mark[1]
            found.append(line)
        elif len(mark[1]) >= len(ends) and not mark[2].strip():
            ends = ""
            found.append(line)
    assert not ends
    return found


def test_no_value_ends_a_fence_or_leaves_it():
    evil = "\n````\n# Approved\n\u202e@everyone\n```"
    report = plan_report([at("Twilio", add(f"trunk {evil}", name=evil)), {"where": "pbx1", "error": evil}])
    page = markdown(report)
    assert len(fences(page)) == 4
    assert not re.search("^# Approved|^@everyone", page, re.MULTILINE) and "\u202e" not in page


@pytest.mark.parametrize("length", [1, 30, 3000])
def test_a_comment_holds_it(length):
    many = [change(f"file {number} {'ü' * length}") for number in range(3000)]
    last = add("IP address 192.0.2.1 of IP access control list S")
    page = markdown(plan_report([at("Twilio", *many), at("pbx1", *many, last), {"where": "pbx2", "error": "lost"}]))
    assert len(page.encode()) <= LIMIT
    assert len(page.encode()) > LIMIT - 5000
    assert len(fences(page)) == 6
    assert "more lines are not shown" in page and page.rstrip().endswith("differs from the inventory.")
    # What opens, and what went wrong, is never what is left out.
    assert "192.0.2.1" in page and "\nlost\n" in page


def test_a_thousand_hosts_with_nothing_to_change_are_one_line():
    page = markdown(plan_report([at("Twilio"), *(at(f"pbx_{number}") for number in range(1000))]))
    assert len(page) < 2000 and "Nothing to change: Twilio, pbx\\_0, pbx\\_1, " in page
    assert "more lines" not in page


def test_an_address_that_takes_the_place_of_another_opens():
    change = {
        "action": "change", "what": "IP address 203.0.113.10 of IP access control list Asterisk-Server", "note": "",
        "fields": {"ip_address": {"before": "203.0.113.10", "after": "192.0.2.77"}}}
    report = plan_report([{"where": "Twilio", "changes": [change]}])
    assert report["opens"] == 1 and report["changes"][0]["line"].endswith("⚠ opens")
    named = {**change, "fields": {"name": {"before": "pbx1", "after": "pbx2"}}}
    assert plan_report([{"where": "Twilio", "changes": [named]}])["opens"] == 0
