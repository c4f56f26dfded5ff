# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mailboxes that cannot be: each wrong value is a sentence that names its variable, and shows no PIN."""

from __future__ import annotations

import pytest

from ..whole import whole
from .test_wrong_values import NOTHING, RIGHT as WITHOUT, changed

PIN = "7294"
BOX = {"name": "1001", "pin": PIN, "owner": "Anna Müller", "email": "anna@example.com"}
PHONES = WITHOUT["pbx_phones"]
RIGHT = {**WITHOUT, "pbx_dids": [*WITHOUT["pbx_dids"], {"number": "+12025550143", "to": {"mailbox": "1001"}}],
         "pbx_phones": [{**PHONES[0], "mailbox": "1001"}, *PHONES[1:]], "pbx_mailboxes": [BOX]}
MAILBOX, DID = ("pbx_mailboxes", 0), ("pbx_dids", 2, "to")
SHAPE = "pbx_mailboxes[0].pin must be 4 to 12 digits."
EASY = "pbx_mailboxes[0].pin must not be one digit throughout, nor count up or down."
WRONG = [
    (("pbx_mailboxes",), "1001", "pbx_mailboxes must be a list of dicts, not a text"),
    (("pbx_mailboxes",), [], "pbx_dids[2].to names mailbox '1001', which is not in pbx_mailboxes; did you mean {ph"),
    (("pbx_mailboxes",), [], "pbx_phones[0].mailbox names '1001', which is not in pbx_mailboxes."),
    (("pbx_mailboxes", "+"), BOX, "pbx_mailboxes[1].name repeats pbx_mailboxes[0]: '1001' is there twice."),
    (DID, {"mailbox": "1009"}, "pbx_dids[2].to names mailbox '1009', which is not in pbx_mailboxes."),
    (DID, {"mailbx": "1001"}, "pbx_dids[2].to.mailbx is no option: did you mean mailbox?"),
    (("pbx_phones", 0, "mailbox"), "1009", "pbx_phones[0].mailbox names '1009', which is not in pbx_mailboxes."),
    ((*MAILBOX, "name"), "anna", "pbx_mailboxes[0].name must be 2 to 10 digits, not 'anna'."),
    ((*MAILBOX, "name"), "1", "pbx_mailboxes[0].name must be 2 to 10 digits"),
    ((*MAILBOX, "name"), "1001@other", "pbx_mailboxes[0].name must be 2 to 10 digits"),
    ((*MAILBOX, "name"), "1001&1002", "pbx_mailboxes[0].name must be 2 to 10 digits"),
    ((*MAILBOX, "name"), "../1001", "pbx_mailboxes[0].name must be 2 to 10 digits"),
    ((*MAILBOX, "name"), NOTHING, "pbx_mailboxes[0].name is missing"),
    ((*MAILBOX, "pin"), NOTHING, "pbx_mailboxes[0].pin is missing"),
    ((*MAILBOX, "pin"), "", SHAPE),
    ((*MAILBOX, "pin"), "729", SHAPE),
    ((*MAILBOX, "pin"), "7294729472947", SHAPE),
    ((*MAILBOX, "pin"), "-7294", SHAPE),
    ((*MAILBOX, "pin"), "72 94", SHAPE),
    ((*MAILBOX, "pin"), "7294,Anna", SHAPE),
    ((*MAILBOX, "pin"), "7294\n1002 => 1", SHAPE),
    ((*MAILBOX, "pin"), "٧٢٩٤", SHAPE),
    ((*MAILBOX, "pin"), "0000", EASY),
    ((*MAILBOX, "pin"), "1234", EASY),
    ((*MAILBOX, "pin"), "567890", EASY),
    ((*MAILBOX, "pin"), "8765", EASY),
    ((*MAILBOX, "pin"), "1001", "pbx_mailboxes[0].pin must not be the mailbox's own number."),
    ((*MAILBOX, "pin"), True, "pbx_mailboxes[0].pin must be text"),
    ((*MAILBOX, "owner"), "Müller, Anna", "pbx_mailboxes[0].owner must be one line of at most 79 characters without"),
    ((*MAILBOX, "owner"), "Anna|delete=yes", "pbx_mailboxes[0].owner must be one line"),
    ((*MAILBOX, "owner"), "Anna\n[general]", "pbx_mailboxes[0].owner must be one line"),
    ((*MAILBOX, "owner"), "${SHELL(id)}", "pbx_mailboxes[0].owner must be one line"),
    ((*MAILBOX, "email"), "anna", "pbx_mailboxes[0].email must be one address, such as anna@example.com, not 'anna'."),
    ((*MAILBOX, "email"), "anna@example.com,ben@example.com", "pbx_mailboxes[0].email must be one address"),
    ((*MAILBOX, "email"), "a@example.com\nBcc: b@example.com", "pbx_mailboxes[0].email must be one address"),
    ((*MAILBOX, "email"), "-oQ/tmp@example.com", "pbx_mailboxes[0].email must be one address"),
    ((*MAILBOX, "email"), "Anna <anna@example.com>", "pbx_mailboxes[0].email must be one address"),
    (MAILBOX, {"name": "1001", "pin": PIN, "delete_after_mail": True}, "pbx_mailboxes[0].delete_after_mail needs an e"),
    ((*MAILBOX, "delete_after_mail"), "perhaps", "pbx_mailboxes[0].delete_after_mail must be"),
    ((*MAILBOX, "prompt"), "/etc/passwd", "pbx_mailboxes[0].prompt must be the name of a sound file"),
    ((*MAILBOX, "prompt"), "away.wav", "pbx_mailboxes[0].prompt must be the name of a sound file"),
    ((*MAILBOX, "max_messages"), 0, "pbx_mailboxes[0].max_messages must be from 1 to 9999, not 0."),
    ((*MAILBOX, "max_messages"), 10000, "pbx_mailboxes[0].max_messages must be from 1 to 9999"),
    ((*MAILBOX, "max_seconds"), 9, "pbx_mailboxes[0].max_seconds must be from 10 to 3600"),
    ((*MAILBOX, "max_seconds"), "long", "pbx_mailboxes[0].max_seconds must be a whole number"),
    ((*MAILBOX, "callback"), "outbound", "pbx_mailboxes[0].callback is no option"),
    (("pbx_voicemail_code",), "1001", "pbx_voicemail_code must be * or #, and 1 to 5 of 0-9, * and #, not '1001'."),
    (("pbx_voicemail_code",), "*", "pbx_voicemail_code must be * or #"),
    (("pbx_voicemail_code",), "*97,1,System(id)", "pbx_voicemail_code must be * or #"),
    (("pbx_voicemail_code",), "*78", "pbx_voicemail_code is *78, which pbx_feature_codes.do_not_disturb (*78) hides"),
    (("pbx_voicemail_code",), "*721", "pbx_voicemail_code is *721, which pbx_feature_codes.forward_always (*72) hides"),
    (("pbx_voicemail_code",), "911", "pbx_voicemail_code must be * or #"),
    (("pbx_voicemail_sender",), "pbx", "pbx_voicemail_sender must be one address, such as anna@example.com"),
]


@pytest.mark.parametrize(("path", "value", "sentence"), WRONG, ids=lambda one: ascii(one)[:60])
def test_it_is_refused_by_name(path, value, sentence):
    problems = whole(changed(path, value, RIGHT)).problems
    assert any(sentence in problem for problem in problems), problems
    shown = path[-1] == "pin" and len(str(value)) > 3 and any(str(value) in problem for problem in problems)
    assert not shown or value == "1001"


def test_the_right_mailbox_is_right():
    inventory = whole(RIGHT)
    assert (inventory.problems, inventory.warnings) == ([], [])


def test_a_mailbox_that_neither_a_number_nor_a_phone_has_is_a_warning():
    assert whole({**RIGHT, "pbx_mailboxes": [BOX, {"name": "2002", "pin": PIN}]}).warnings == [
        "pbx1: pbx_mailboxes[1] '2002' is reached by no number."]
    assert whole({**RIGHT, "pbx_dids": WITHOUT["pbx_dids"]}).warnings == []


@pytest.mark.parametrize(("path", "value"), [
    ((*MAILBOX, "pin"), 7294), ((*MAILBOX, "pin"), "0729"), ((*MAILBOX, "owner"), "Séan O'Neill-Łoś"),
    ((*MAILBOX, "email"), NOTHING), ((*MAILBOX, "owner"), NOTHING), ((*MAILBOX, "email"), "anna+pbx@localhost"),
    (("pbx_voicemail_code",), "#7*"),
])
def test_what_is_odd_and_right_is_taken(path, value):
    assert whole(changed(path, value, RIGHT)).problems == []
