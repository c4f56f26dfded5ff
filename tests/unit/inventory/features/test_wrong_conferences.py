# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conferences that cannot be: each wrong value is a sentence that names its variable, and shows no PIN."""

from __future__ import annotations

import pytest

from ..whole import whole
from .test_wrong_values import NOTHING, RIGHT as WITHOUT, changed

PIN, LEADER = "271828", "31415926"
BOARD = {"name": "board", "pin": PIN, "leader_pin": LEADER}
RIGHT = {**WITHOUT, "pbx_dids": [*WITHOUT["pbx_dids"], {"number": "+12025550143", "to": {"conference": "board"}}],
         "pbx_conferences": [BOARD]}
CONFERENCE, DID = ("pbx_conferences", 0), ("pbx_dids", 2, "to")
WRONG = [
    (("pbx_conferences",), "board", "pbx_conferences must be a list of dicts, not a text"),
    (("pbx_conferences",), [], "pbx_dids[2].to names conference 'board', which is not in pbx_conferences."),
    (("pbx_conferences", "+"), BOARD, "pbx_conferences[1].name repeats pbx_conferences[0]: 'board' is there twice."),
    (DID, {"conference": "bord"}, "pbx_dids[2].to names conference 'bord', which is not in pbx_conferences."),
    (DID, {"confrence": "board"}, "pbx_dids[2].to.confrence is no option: did you mean conference?"),
    (DID, {"conference": "board", "phone": "1001"}, "pbx_dids[2].to names 2 destinations"),
    ((*CONFERENCE, "name"), "Board", "pbx_conferences[0].name must be 1 to 32 of a-z"),
    ((*CONFERENCE, "name"), "board,1", "pbx_conferences[0].name must be 1 to 32 of a-z"),
    ((*CONFERENCE, "name"), NOTHING, "pbx_conferences[0].name is missing"),
    ((*CONFERENCE, "pin"), NOTHING, "pbx_conferences[0].pin is missing"),
    ((*CONFERENCE, "pin"), "", "pbx_conferences[0].pin is empty: a vault or an environment variable may not be set."),
    ((*CONFERENCE, "pin"), "12345", "pbx_conferences[0].pin must be 6 to 12 digits."),
    ((*CONFERENCE, "pin"), "1234567890123", "pbx_conferences[0].pin must be 6 to 12 digits"),
    ((*CONFERENCE, "pin"), "77777777", "pbx_conferences[0].pin must not be one digit throughout"),
    ((*CONFERENCE, "pin"), "123456", "pbx_conferences[0].pin must not be one digit throughout, nor count up or down."),
    ((*CONFERENCE, "pin"), "12345a", "pbx_conferences[0].pin must be 6 to 12 digits"),
    ((*CONFERENCE, "pin"), "12345#", "pbx_conferences[0].pin must be 6 to 12 digits"),
    ((*CONFERENCE, "pin"), "271828\nsecret = 1", "pbx_conferences[0].pin must be 6 to 12 digits"),
    ((*CONFERENCE, "pin"), "٢٧١٨٢٨", "pbx_conferences[0].pin must be 6 to 12 digits"),
    ((*CONFERENCE, "pin"), " 271828", "pbx_conferences[0].pin must not begin or end with a space"),
    ((*CONFERENCE, "pin"), True, "pbx_conferences[0].pin must be text"),
    ((*CONFERENCE, "pin"), [PIN], "pbx_conferences[0].pin must be one text, not a list"),
    ((*CONFERENCE, "leader_pin"), "", "pbx_conferences[0].leader_pin is empty: a vault or an environment variable may"),
    ((*CONFERENCE, "leader_pin"), "31415", "pbx_conferences[0].leader_pin must be 6 to 12 digits"),
    ((*CONFERENCE, "leader_pin"), "000000", "pbx_conferences[0].leader_pin must not be one digit throughout"),
    ((*CONFERENCE, "leader_pin"), PIN, "pbx_conferences[0].leader_pin must not be the pin of the others."),
    ((*CONFERENCE, "leader_pn"), LEADER, "pbx_conferences[0].leader_pn is no option: did you mean leader_pin?"),
    ((*CONFERENCE, "max_members"), 1, "pbx_conferences[0].max_members must be from 2 to 200, not 1."),
    ((*CONFERENCE, "max_members"), 201, "pbx_conferences[0].max_members must be from 2 to 200"),
    ((*CONFERENCE, "max_members"), "many", "pbx_conferences[0].max_members must be a whole number"),
    ((*CONFERENCE, "record"), True, "pbx_conferences[0].record "),
    ((*CONFERENCE, "record"), "yes", "pbx_conferences[0].record must be one of never, always"),
    ((*CONFERENCE, "record"), "on_demand", "pbx_conferences[0].record must be one of never, always"),
    ((*CONFERENCE, "record"), "always", "pbx_recording is missing, and pbx_conferences[0].record asks for it"),
    ((*CONFERENCE, "recording"), "always", "pbx_conferences[0].recording is no option"),
]


@pytest.mark.parametrize(("path", "value", "sentence"), WRONG, ids=lambda one: ascii(one)[:60])
def test_it_is_refused_by_name(path, value, sentence):
    problems = whole(changed(path, value, RIGHT)).problems
    assert any(sentence in problem for problem in problems), problems
    assert path[-1] not in ("pin", "leader_pin") or not value or not any(str(value) in problem for problem in problems)


def test_the_right_conference_is_right():
    inventory = whole(RIGHT)
    assert (inventory.problems, inventory.warnings) == ([], [])


@pytest.mark.parametrize(("path", "value"), [
    ((*CONFERENCE, "pin"), 271828), ((*CONFERENCE, "pin"), "000001"), ((*CONFERENCE, "leader_pin"), NOTHING),
])
def test_what_is_odd_and_right_is_taken(path, value):
    assert whole(changed(path, value, RIGHT)).problems == []
