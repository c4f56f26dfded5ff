# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a probe passed, from what was seen."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._sip.ladder import facts
from ansible_collections.trunkline.voice.plugins.module_utils._sip.verdict import (
    audio_problem,
    call_problem,
    options_problem,
)

from .recorded import ladder


@pytest.mark.parametrize("name, resolves, status, problem", [
    ("options", True, "Avail", None),
    ("options", True, "Unavail", "contact-not-avail"),
    ("options_sip_domain", True, "Avail", "refused"),
    (None, True, "Unavail", "options-not-sent"),
    (None, False, "Unavail", "dns"),
])
def test_options(name, resolves, status, problem):
    assert options_problem(facts(ladder(name) if name else []), resolves, status) == problem


def test_options_without_an_answer():
    assert options_problem(facts(ladder("options")[:1]), True, "Unavail") == "timeout"


@pytest.mark.parametrize("name, resolves, status, own, problem", [
    ("answered", True, "Avail", True, None),
    ("answered", True, "NonQual", True, None),
    ("answered", True, "Avail", False, "other-endpoint"),
    ("not_in_acl", True, "Avail", True, "refused"),
    ("asked_again", True, "Avail", True, "refused"),
    ("cancelled", True, "Avail", True, "not-answered"),
    ("unanswered", True, "Avail", True, "timeout"),
    (None, True, "Unavail", True, "contact-unreachable"),
    (None, True, "NonQual", True, "not-dialled"),
    (None, False, "Unavail", True, "dns"),
])
def test_call(name, resolves, status, own, problem):
    assert call_problem(facts(ladder(name) if name else []), resolves, status, own) == problem


def test_call_that_only_rang():
    assert call_problem(facts(ladder("cancelled")[:7]), True, "Avail", True) == "not-answered"


@pytest.mark.parametrize("recorded, received, sent, heard, played, problem", [
    (True, 300, 300, 5.0, 3.0, None),
    (True, 300, 300, 0.5, 0.5, None),
    (True, 0, 300, 0.0, 3.0, "nothing-received"),
    (True, 300, 0, 5.0, 0.0, "nothing-sent"),
    (False, 300, 300, 0.0, 0.0, "not-recorded"),
    (True, 300, 300, 0.48, 3.0, "heard-silence"),
    (True, 300, 300, 5.0, 0.0, "played-silence"),
])
def test_audio(recorded, received, sent, heard, played, problem):
    assert audio_problem(recorded, received, sent, heard, played) == problem
