# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is nearest, and when an order that is in use changes."""

from __future__ import annotations

import random

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._sip.message import parse
from ansible_collections.trunkline.voice.plugins.module_utils._sip.ping import (
    Outcome,
    Target,
    merged,
    ranked,
    request,
    settled,
)


def outcome(name, *rtts, status=200, sent=3):
    target = Target(name, f"{name}.example", 5060, "udp", f"{name}.example", f"{name}.example")
    return Outcome(target, status=status if rtts else 0, sent=sent, rtts=list(rtts))


@pytest.mark.parametrize("branch, number, ours", [("", 7, True), ("x", 7, False), ("", 8, False)])
def test_an_answer_is_known_by_all_that_makes_it_ours(branch, number, ours):
    asked = request(outcome("a").target, "10.0.0.1", 40000, 7)
    text = f"SIP/2.0 200 OK\nVia: SIP/2.0/UDP 10.0.0.1:40000;branch={asked.branch}{branch};received=10.0.0.9\n"
    assert asked.answered_by(parse(f"{text}Call-ID: {asked.call_id}\nCSeq: {number} OPTIONS\n\n")) is ours


THREE = [outcome("far", 300, 301, 290), outcome("near", 90, 91, 10), outcome("mid", 80, 80, 82)]


def test_the_nearest_first_by_the_shortest_round_trip():
    assert ranked(THREE) == ["near", "mid", "far"]


def test_the_sick_after_the_sound_and_the_dead_last():
    sick = [outcome("dead"), outcome("busy", 1, 1, 1, status=503), outcome("lossy", 2), outcome("half", 99, sent=2)]
    assert ranked([*sick, *THREE]) == ["near", "mid", "half", "far", "busy", "lossy", "dead"]


def test_those_that_are_alike_stay_as_they_were_given():
    assert ranked([outcome("b", 5), outcome("a", 5), outcome("z"), outcome("y")]) == ["b", "a", "z", "y"]


@pytest.mark.parametrize("present, margin, order", [
    (("near", "mid", "far"), 0, ["near", "mid", "far"]),
    (("far", "mid", "near"), 5, ["near", "mid", "far"]),
    (("mid", "near", "far"), 69, ["near", "mid", "far"]),
    (("mid", "near", "far"), 70, ["mid", "near", "far"]),
    (("far", "mid", "near"), 1000, ["far", "mid", "near"]),
    (("mid", "gone", "mid"), 5, ["near", "mid", "far"]),
    (("far",), 1000, ["far", "near", "mid"]),
    (("gone",), 5, ["near", "mid", "far"]),
])
def test_an_order_in_use_changes_for_more_than_the_margin_only(present, margin, order):
    assert ranked(THREE, present, margin) == order


def test_one_that_is_silent_keeps_its_place_and_the_others_pass_it():
    rows = [outcome("a", 100), outcome("silent"), outcome("b", 10)]
    assert ranked(rows, ("a", "silent", "b"), 5) == ["b", "silent", "a"]
    assert ranked(rows, ("silent", "b", "a"), 5) == ["silent", "b", "a"]


def test_an_order_in_use_does_not_flap():
    """Round trips that wander by less than half the margin change nothing, whatever was chosen at first."""
    dice = random.Random(7)
    base = {name: dice.uniform(10, 300) for name in "abcdefgh"}

    def measured():
        return [outcome(name, *(rtt + dice.uniform(-2, 2) for dummy in range(3))) for name, rtt in base.items()]

    for dummy in range(100):
        order = ranked(measured())
        for dummy in range(10):
            assert ranked(measured(), order, 5) == order


LATER = [outcome("far", 295, 300), outcome("near", 4), outcome("mid", 200, status=503)]


def test_two_rounds_count_as_one():
    far, near, dummy = merged(THREE, LATER)
    assert (far.distance, far.sent, near.distance, near.sent) == (290, 6, 4, 6)
    assert [row.status for row in merged([outcome("a", 7)], [outcome("a")])] == [200]
    assert [row.status for row in merged([outcome("a")], [outcome("a", 7, status=503)])] == [503]


@pytest.mark.parametrize("margin, enough", [(10, True), (5, False)])
def test_another_round_is_asked_for_only_where_a_target_came_nearer(margin, enough):
    assert settled(THREE, merged(THREE, LATER), margin) is enough
    assert settled([outcome("a")], merged([outcome("a")], [outcome("a")]), margin)
    assert not settled([outcome("a")], merged([outcome("a")], [outcome("a", 500)]), margin)
