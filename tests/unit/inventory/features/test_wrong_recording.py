# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recordings that cannot be: each wrong value is a sentence that names its variable."""

from __future__ import annotations

import pytest

from ..whole import whole
from .test_wrong_values import NOTHING, RIGHT as WITHOUT, changed

RIGHT = {**WITHOUT, "pbx_recording": {"days": 30, "prompt": "company/recorded", "group": "auditors", "code": "*1"},
         "pbx_phones": [{**WITHOUT["pbx_phones"][0], "record": "always"}, WITHOUT["pbx_phones"][1]],
         "pbx_dids": [{**WITHOUT["pbx_dids"][0], "record": "always"}, WITHOUT["pbx_dids"][1]]}
OPTIONS, DID, PHONE = "pbx_recording", ("pbx_dids", 0), ("pbx_phones", 0)
WRONG = [
    ((OPTIONS,), NOTHING, "pbx_recording is missing, and pbx_dids[0].record asks for it: say how long"),
    ((OPTIONS,), {}, "pbx_recording.days is missing"),
    ((OPTIONS,), [], "pbx_recording must be a dict"),
    ((OPTIONS,), "always", "pbx_recording must be a dict"),
    ((OPTIONS, "days"), NOTHING, "pbx_recording.days is missing"),
    ((OPTIONS, "days"), 0, "pbx_recording.days must be from 1 to 3650, not 0."),
    ((OPTIONS, "days"), 3651, "pbx_recording.days must be from 1 to 3650, not 3651."),
    ((OPTIONS, "days"), -30, "pbx_recording.days must be from 1 to 3650"),
    ((OPTIONS, "days"), "30d", "pbx_recording.days must be a whole number"),
    ((OPTIONS, "days"), True, "pbx_recording.days "),
    ((OPTIONS, "prompt"), "recorded.wav", "pbx_recording.prompt must be the name of a sound file"),
    ((OPTIONS, "prompt"), "a)U(outbound", "pbx_recording.prompt must be the name of a sound file"),
    ((OPTIONS, "prompt"), "../etc/passwd", "pbx_recording.prompt must be the name of a sound file"),
    ((OPTIONS, "group"), "the auditors", "pbx_recording.group must be the name of a group"),
    ((OPTIONS, "group"), "0", "pbx_recording.group must be the name of a group"),
    ((OPTIONS, "group"), "a\nb", "pbx_recording.group must be the name of a group"),
    ((OPTIONS, "code"), "1", "pbx_recording.code must be * or #"),
    ((OPTIONS, "code"), "*", "pbx_recording.code must be * or #"),
    ((OPTIONS, "code"), "*1,peer", "pbx_recording.code must be * or #"),
    ((OPTIONS, "keep"), 30, "pbx_recording.keep is no option"),
    ((*DID, "record"), "yes", "pbx_dids[0].record must be one of never, always"),
    ((*DID, "record"), "on_demand", "pbx_dids[0].record must be one of never, always"),
    (("pbx_ring_groups", 0, "record"), "on_demand", "pbx_ring_groups[0].record must be one of never, always"),
    (("pbx_ring_groups", 0, "record"), "yes", "pbx_ring_groups[0].record must be one of never, always"),
    ((*DID, "record"), True, "pbx_dids[0].record "),
    ((*PHONE, "record"), "sometimes", "pbx_phones[0].record must be one of never, on_demand, always"),
    ((*PHONE, "record"), ["always"], "pbx_phones[0].record "),
    ((*PHONE, "recording"), "always", "pbx_phones[0].recording is no option"),
]


@pytest.mark.parametrize(("path", "value", "sentence"), WRONG, ids=lambda one: str(one)[:60])
def test_it_is_refused_by_name(path, value, sentence):
    problems = whole(changed(path, value, RIGHT)).problems
    assert any(sentence in problem for problem in problems), problems


def test_what_is_right_is_right():
    inventory = whole(RIGHT)
    assert (inventory.problems, inventory.warnings) == ([], [])


@pytest.mark.parametrize(("path", "value"), [
    ((OPTIONS, "days"), "365"), ((OPTIONS, "group"), ""), ((OPTIONS, "prompt"), None), ((OPTIONS, "code"), "#99"),
    ((*PHONE, "record"), "never"), ((*PHONE, "record"), None), ((*PHONE, "record"), "on_demand"),
])
def test_what_is_odd_and_right_is_taken(path, value):
    assert whole(changed(path, value, RIGHT)).problems == []
