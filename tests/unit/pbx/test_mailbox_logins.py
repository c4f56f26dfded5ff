# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What role pbx renders for access to mailboxes from outside: only a right PIN leads in, and nothing calls out."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory import pbx
from labtest.dialled import rendered

from ..inventory.features.test_wrong_mailbox_logins import PIN, RIGHT, WITHOUT
from ..inventory.whole import whole
from .dialplan import read
from .test_incoming import reached

NAMES = ("extensions.conf", "modules.conf", "voicemail.conf")


@pytest.fixture(scope="module")
def tree():
    return rendered(RIGHT, *NAMES)


@pytest.fixture(scope="module")
def contexts(tree):
    return read(tree["extensions.conf"])


def test_only_a_right_pin_leads_to_the_mailboxes_of_the_row(contexts):
    steps = contexts["mailbox-login-remote"].extensions
    assert list(steps) == ["s", "1001"]
    assert steps["1001"] == ["VoiceMailMain(1001@default,s)", "Goto(hangup,normal,1)"]
    ways_in = [step for one in contexts.values() for step in sum(one.extensions.values(), []) if "${BOX},1" in step]
    assert [step for step in ways_in if "Goto" in step] == ["Goto(${BOX},1)"]
    last = steps["s"].index("Goto(${BOX},1)")
    assert steps["s"][last - 2].startswith("Gosub(refuse,s,1(")    # nothing falls through to it
    asked = steps["s"].index('GotoIf($["${JUDGED}" = "right"]?in)')
    assert steps["s"][asked - 2] == "Gosub(judge-pin,s,1(5,60))"


def test_three_attempts_a_call(contexts):
    assert "GotoIf($[${ATTEMPT} > 3]?over)" in contexts["mailbox-login-remote"].extensions["s"]


def test_a_locked_caller_is_not_answered(contexts):
    steps = contexts["mailbox-login-remote"].extensions["s"]
    assert steps.index("GotoIf($[${WRONG} >= 5]?closed)") < steps.index("Answer()")


def test_a_pin_is_compared_after_the_locks_and_after_what_is_tried_first(contexts):
    steps = contexts["judge-pin"].extensions["s"]
    compared = steps.index('GotoIf($["${PIN}" = "${VM_INFO(${BOX}@default,password)}"]?right)')
    assert steps[1] == 'GotoIf($["${LOCK(wrong-pins)}" != "1"]?over)' and steps[-2].startswith("Set(UNLOCKED=")
    assert [step for step in steps[:compared] if step.endswith("?locked)")] == [
        "GotoIf($[${BY_CALLER} >= ${ARG1}]?locked)", "GotoIf($[${WRONG} >= ${ARG1}]?locked)"]
    assert len([step for step in steps[:compared] if step.endswith("?wrong)")]) == 4
    assert steps[compared + 1] == "Set(JUDGED=wrong)"       # where the PIN is another, no step lies between


def test_a_caller_reaches_nothing_else(contexts):
    assert reached(contexts, "mailbox-login-remote") == {
        "mailbox-login-remote", "wrong-pins", "judge-pin", "refuse", "hangup"}
    assert "voicemail" not in reached(contexts, "from-twilio")


def test_no_pin_that_is_keyed_is_shown_on_the_console(contexts):
    """Asterisk's console shows the digits of Read and each Set at `core set verbose 3`."""
    steps = [step for one in contexts.values() for step in sum(one.extensions.values(), [])]
    assert [step for step in steps if "(PIN" in step] == ["ReadExten(PIN,vm-password,pin,p,15)", "Set(PIN=)"]
    assert not any("${PIN}" in step for step in steps if not step.startswith("GotoIf("))
    assert list(contexts["pin"].extensions) == ["_[0-9*]."]


def test_no_pin_is_in_the_dialplan_or_in_what_is_logged(tree, contexts):
    assert PIN not in "".join(tree.values()) + str(pbx.public(whole(RIGHT).hosts["pbx1"]))
    logged = [step for one in contexts.values() for step in sum(one.extensions.values(), []) if step.startswith("Log(")]
    assert logged and not any("${PIN}" in step for step in logged)


def test_owners_choose_a_pin_of_six_digits_where_somebody_may_listen_from_outside(tree):
    assert "\nminpassword = 6\n" in tree["voicemail.conf"]
    assert "\nminpassword = 4\n" in rendered(WITHOUT, *NAMES)["voicemail.conf"]


def test_without_one_there_is_nothing_of_it(tree):
    assert "\nload = app_read.so\n" in tree["modules.conf"]
    without = rendered(WITHOUT, *NAMES)
    assert "app_read" not in without["modules.conf"] and "judge-pin" not in without["extensions.conf"]
