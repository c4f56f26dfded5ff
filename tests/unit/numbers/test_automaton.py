# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The automaton accepts what Python's own regular expressions accept."""

from __future__ import annotations

import re

import phonenumbers
import pytest
from hypothesis import given, settings, strategies

from ansible_collections.trunkline.voice.plugins.module_utils._numbers.automaton import Automaton, ends, marks


def accepts(pattern: str, text: str) -> bool:
    made = Automaton()
    made.add(pattern, 7)
    states = made.start
    for digit in text:
        states = made.steps(states)[int(digit)]
    assert marks(states) <= {7}
    return ends(states) == {7}


PATTERNS = [
    "900[2-9]\\d{6}",
    "3\\d{6}|[2-9]\\d{9}",
    "8(?:00|33)?1{2,4}",
    "(?:1[13-57]|2(?:0[1-9]|4)){1,2}\\d?",
    "",
]


@settings(max_examples=400, deadline=None)
@given(strategies.sampled_from(PATTERNS), strategies.data())
def test_it_accepts_what_a_regular_expression_accepts(pattern, data):
    plain = pattern.replace("\\d", "[0-9]")
    text = data.draw(strategies.from_regex(plain, fullmatch=True) | strategies.text("0123456789", max_size=10))
    assert accepts(pattern, text) == bool(re.fullmatch(plain, text))


def test_it_reads_every_pattern_of_the_library():
    made = Automaton()
    for region in phonenumbers.SUPPORTED_REGIONS:
        plan = phonenumbers.PhoneMetadata.metadata_for_region(region)
        made.add(plan.general_desc.national_number_pattern, 1)
    assert made.start


@pytest.mark.parametrize("pattern", ["1+", "1*", "(1)", "(?:1", "1)", "[1", "[1-]", "[a]", "a", "1{2", "1{a}", "\\w"])
def test_it_refuses_what_it_does_not_know(pattern):
    with pytest.raises(ValueError, match="cannot read"):
        Automaton().add(pattern, 1)


def test_a_number_of_two_patterns_has_both_marks():
    made = Automaton()
    made.add("12", 1)
    made.add("1\\d", 2)
    one = made.steps(made.start)[1]
    assert (marks(one), ends(one)) == ({1, 2}, frozenset())
    assert ends(made.steps(one)[2]) == {1, 2}
    assert ends(made.steps(one)[3]) == {2}
    assert made.steps(one)[2] is made.steps(one)[2]
