# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the running Asterisk is asked after a change, and which answers agree."""

from __future__ import annotations

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


def test_a_list_agrees_where_it_has_the_same_names():
    def says(text):
        return lambda question: text

    row = "  Endpoint:  {}/1001   {}    0 of inf\n"
    here, busy, other = row.format(1001, "Not in use"), row.format(1001, "In use"), row.format(1002, "Not in use")
    expected = {"pjsip list endpoints": here}
    assert list(differences(expected, says(busy))) == []
    assert len(list(differences(expected, says(other)))) == 1
