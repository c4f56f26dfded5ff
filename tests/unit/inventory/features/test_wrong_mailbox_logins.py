# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access to mailboxes from outside that cannot be: each wrong value is a sentence that names its variable."""

from __future__ import annotations

import pytest

from ..whole import whole
from .test_wrong_mailboxes import BOX as SHORT, RIGHT as WITHOUT
from .test_wrong_values import NOTHING, changed

PIN = "729416"
LOGIN = {"name": "remote", "mailboxes": ["1001"]}
RIGHT = {
    **WITHOUT, "pbx_dids": [*WITHOUT["pbx_dids"], {"number": "+12025550144", "to": {"mailbox_login": "remote"}}],
    "pbx_mailboxes": [{**SHORT, "pin": PIN}], "pbx_mailbox_logins": [LOGIN]}
ROW, DID = ("pbx_mailbox_logins", 0), ("pbx_dids", 3, "to")
LONG = "pbx_mailbox_logins[0].mailboxes[0] names mailbox '1001', whose pin has fewer than 6 digits"
WRONG = [
    (("pbx_mailbox_logins",), "remote", "pbx_mailbox_logins must be a list of dicts, not a text"),
    (("pbx_mailbox_logins",), [], "pbx_dids[3].to names mailbox_login 'remote', which is not in pbx_mailbox_logins."),
    (("pbx_mailbox_logins", "+"), LOGIN, "pbx_mailbox_logins[1].name repeats pbx_mailbox_logins[0]"),
    (DID, {"mailbox_login": "1001"}, "pbx_dids[3].to names mailbox_login '1001', which is not in pbx_mailbox_logins;"),
    (DID, {"mailbox_login": ["remote"]}, "pbx_dids[3].to.mailbox_login must be one text, not a list"),
    (DID, {"mailbox_logn": "remote"}, "pbx_dids[3].to.mailbox_logn is no option: did you mean mailbox_login?"),
    ((*ROW, "name"), "Remote", "pbx_mailbox_logins[0].name must be 1 to 32 of a-z"),
    ((*ROW, "name"), "1001", "pbx_mailbox_logins[0].name must be 1 to 32 of a-z"),
    ((*ROW, "name"), "remote,1", "pbx_mailbox_logins[0].name must be 1 to 32 of a-z"),
    ((*ROW, "name"), NOTHING, "pbx_mailbox_logins[0].name is missing"),
    ((*ROW, "mailboxes"), NOTHING, "pbx_mailbox_logins[0].mailboxes is missing"),
    ((*ROW, "mailboxes"), [], "pbx_mailbox_logins[0].mailboxes is empty: name at least one mailbox."),
    ((*ROW, "mailboxes"), ["1002"], "pbx_mailbox_logins[0].mailboxes[0] names mailbox '1002', which is not in pbx_ma"),
    ((*ROW, "mailboxes"), ["1001", "1001"], "pbx_mailbox_logins[0].mailboxes[1] repeats '1001'."),
    ((*ROW, "mailboxes"), ["1001@other"], "pbx_mailbox_logins[0].mailboxes[0] names mailbox '1001@other', which is n"),
    ((*ROW, "mailboxes"), ["_X."], "pbx_mailbox_logins[0].mailboxes[0] names mailbox '_X.', which is not in"),
    ((*ROW, "mailboxes"), [None], "pbx_mailbox_logins[0].mailboxes"),
    ((*ROW, "mailboxes"), {"1001": True}, "pbx_mailbox_logins[0].mailboxes must be"),
    ((*ROW, "wrong_pins"), 0, "pbx_mailbox_logins[0].wrong_pins must be from 1 to 20, not 0."),
    ((*ROW, "wrong_pins"), 21, "pbx_mailbox_logins[0].wrong_pins must be from 1 to 20"),
    ((*ROW, "wrong_pins"), "never", "pbx_mailbox_logins[0].wrong_pins must be a whole number"),
    ((*ROW, "lock_minutes"), 9, "pbx_mailbox_logins[0].lock_minutes must be from 10 to 10080, not 9."),
    ((*ROW, "lock_minutes"), 10081, "pbx_mailbox_logins[0].lock_minutes must be from 10 to 10080"),
    ((*ROW, "pin"), PIN, "pbx_mailbox_logins[0].pin is no option"),
    (("pbx_mailboxes", 0, "pin"), "7294", LONG),
    (("pbx_mailboxes", 0, "pin"), "72941", LONG),
    (("pbx_mailboxes", 0, "pin"), "777777", "pbx_mailboxes[0].pin must not be one digit throughout"),
    (("pbx_mailboxes", 0, "pin"), "987654", "pbx_mailboxes[0].pin must not be one digit throughout, nor count up or d"),
]


@pytest.mark.parametrize(("path", "value", "sentence"), WRONG, ids=lambda one: ascii(one)[:60])
def test_it_is_refused_by_name(path, value, sentence):
    problems = whole(changed(path, value, RIGHT)).problems
    assert any(sentence in problem for problem in problems), problems
    assert path[-1] != "pin" or not any(str(value) in problem for problem in problems)


def test_the_right_login_is_right():
    inventory = whole(RIGHT)
    assert (inventory.problems, inventory.warnings) == ([], [])


def test_a_login_that_no_number_leads_to_is_a_warning():
    assert whole({**RIGHT, "pbx_dids": WITHOUT["pbx_dids"]}).warnings == [
        "pbx1: pbx_mailbox_logins[0] 'remote' is reached by no number."]


@pytest.mark.parametrize(("path", "value"), [
    ((*ROW, "mailboxes"), "1001"), ((*ROW, "mailboxes"), [1001]), (("pbx_mailboxes", 0, "pin"), "000729"),
    ((*ROW, "wrong_pins"), "1"), ((*ROW, "lock_minutes"), 10080),
])
def test_what_is_odd_and_right_is_taken(path, value):
    assert whole(changed(path, value, RIGHT)).problems == []
