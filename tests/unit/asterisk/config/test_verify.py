# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the running Asterisk is asked after a change, and which answers agree."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.configuration import Config
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.verify import (
    MAX_QUESTIONS,
    differences,
    questions,
)

PHONES = "[base](!)\ntype = aor\n" + "".join(f"[{number}](base)\n" for number in range(2 * MAX_QUESTIONS))
BEFORE = Config({"pjsip.conf": PHONES, "extensions.conf": "[a]\nexten => 1,1,Hangup()\n[b]\nexten => 1,1,Hangup()\n"})


def test_only_what_differs_is_asked():
    files = {**BEFORE, "pjsip.conf": PHONES + "max_contacts = 1\n"}
    files["extensions.conf"] = "; moves\n" + files["extensions.conf"]
    assert questions(BEFORE, Config(files)) == [f"pjsip show aor {2 * MAX_QUESTIONS - 1}"]
    files["extensions.conf"] += "exten => 2,1,Hangup()\n"
    assert questions(BEFORE, Config(files))[1:] == ["dialplan show b"]
    assert questions(BEFORE, BEFORE) == []


def test_of_very_many_objects_some_are_asked_and_all_are_listed():
    asked = questions(Config({}), Config({"pjsip.conf": PHONES}))
    assert len(asked) == MAX_QUESTIONS + 1 and asked[-1] == "pjsip list aors"


def says(text):
    return lambda question: text


def test_a_list_agrees_where_it_has_the_same_names():
    row = "  Endpoint:  {}/1001   {}    0 of inf\n"
    here, busy, other = row.format(1001, "Not in use"), row.format(1001, "In use"), row.format(1002, "Not in use")
    expected = {"pjsip list endpoints": here}
    assert list(differences(expected, says(busy))) == []
    assert len(list(differences(expected, says(other)))) == 1


QUEUES = """\
support has {calls} calls (max 50) in 'ringall' strategy (0s holdtime, 0s talktime), W:0, C:0, A:0, SL:0.0% within 0s
   Members: {dynamic}
      1001 (Local/1001@queue-support/n from PJSIP/1001) (ringinuse disabled) ({state}) has taken no calls yet
   {callers}
"""
IDLE = {"calls": 0, "state": "Unavailable", "callers": "No Callers", "dynamic": ""}


@pytest.mark.parametrize("busy", [
    {"calls": 1, "callers": "Callers: \n      1. PJSIP/twilio-inbound-00000001 (wait: 0:16, prio: 0)"},
    {"state": "In use"}, {"dynamic": "\n      Anna (PJSIP/1009) (dynamic) (Not in use) has taken 3 calls"},
])
def test_who_waits_in_a_queue_or_talks_is_no_difference(busy):
    here, there = QUEUES.format(**IDLE), QUEUES.format(**{**IDLE, **busy})
    assert here != there and list(differences({"queue show": here}, says(there))) == []


@pytest.mark.parametrize(("old", "new"), [
    ("support has", "sales has"), ("max 50", "max 9"), ("'ringall'", "'rrmemory'"), ("PJSIP/1001)", "PJSIP/1002)"),
    ("Local/1001", "Local/1002"),
])
def test_another_queue_or_member_is_a_difference(old, new):
    here = QUEUES.format(**IDLE)
    there = here.replace(old, new)
    assert here != there and len(list(differences({"queue show": here}, says(there)))) == 1
