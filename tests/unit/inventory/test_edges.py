# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Edges and timers of an inventory: what is right, and a sentence for what cannot be."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory import edges, rules
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.options import of_pbx

from .test_rules import RIGHT

TRUNK = RIGHT["trunkline_trunks"][0]
OTHER = {**TRUNK, "name": "Other", "domain": "asterisk-pbx1-dublin.pstn.twilio.com"}


def faults(*trunks, **options):
    """The problems of an inventory with these changes of its trunk."""
    return rules.problems({**RIGHT, "trunkline_trunks": [{**TRUNK, **trunk} for trunk in trunks], **options})


@pytest.mark.parametrize("value", [None, ["auto"], ["dublin"], ["sao-paulo", "ashburn"], list(edges.INTERCONNECT)])
def test_edges_that_are_right(value):
    assert faults({"edges": value}) == []


@pytest.mark.parametrize("value, sentence", [
    ([], "trunkline_trunks[0].edges is empty: name edges, or auto, or leave it out"),
    (["dublin", "frankfrut"], "trunkline_trunks[0].edges[1] must be auto or one of ashburn, umatilla, dublin,"),
    (["Dublin"], "trunkline_trunks[0].edges[0] must be auto or one of"),
    (["pstn.dublin.twilio.com"], "trunkline_trunks[0].edges[0] must be auto or one of"),
    (["roaming"], "trunkline_trunks[0].edges[0] must be auto or one of"),
    (["dublin\\;lr\nx=y"], "trunkline_trunks[0].edges[0] must be auto or one of"),
    (["dublin", "tokyo", "dublin"], "trunkline_trunks[0].edges[2] repeats dublin."),
    (["auto", "dublin"], "trunkline_trunks[0].edges must be auto alone, or names of edges."),
])
def test_edges_that_cannot_be_right(value, sentence):
    problems = faults({"edges": value})
    assert len(problems) == 1 and problems[0].startswith(sentence), problems


def test_edges_and_a_termination_of_its_own():
    assert faults({"edges": ["dublin"], "termination": "pstn.dublin.twilio.com"}) == [
        "trunkline_trunks[0].termination cannot be given beside edges, which say where calls are sent."]


def test_two_trunks_do_not_share_an_endpoint():
    wrong = faults({"edges": ["auto"]}, OTHER)
    assert wrong == [
        "trunkline_trunks[1].domain and trunkline_trunks[0].domain would both make endpoint"
        " twilio-asterisk-pbx1-dublin of their edges."]
    assert faults({"edges": ["ashburn"]}, OTHER) == faults({"edges": ["auto"]}, {**OTHER, "edges": ["dublin"]}) == []


@pytest.mark.parametrize("t1, b", [(None, None), (100, None), (100, 6400), (250, 20000), (4000, 256000)])
def test_timers_that_are_right(t1, b):
    assert faults({}, pbx_timer_t1=t1, pbx_timer_b=b) == []


@pytest.mark.parametrize("t1, b, sentence", [
    (99, None, "pbx_timer_t1 must be from 100 to 4000 milliseconds, not 99."),
    (4001, None, "pbx_timer_t1 must be from 100 to 4000 milliseconds, not 4001."),
    (None, 32000, "pbx_timer_b needs pbx_timer_t1 beside it"),
    (250, 15999, "pbx_timer_b must be at least 64 times pbx_timer_t1, 16000 milliseconds, and at most 256000, not"),
    (250, 256001, "pbx_timer_b must be at least 64 times pbx_timer_t1"),
])
def test_timers_that_cannot_be_right(t1, b, sentence):
    problems = faults({}, pbx_timer_t1=t1, pbx_timer_b=b)
    assert len(problems) == 1 and problems[0].startswith(sentence), problems


def test_each_edge_has_a_network_that_calls_come_from():
    assert len(of_pbx()["pbx_twilio_signalling_networks"]["default"]) == len(edges.PUBLIC)


FAR = {"ranked": list(reversed(edges.PUBLIC)), "targets": [{"rtt_ms": {"min": 95.0}}, {"rtt_ms": None}]}


def test_the_order_is_what_was_measured_where_edges_are_auto():
    auto, named = {**TRUNK, "edges": ["auto"]}, {**TRUNK, "edges": ["dublin", "tokyo"]}
    assert edges.in_order(auto, FAR) == FAR["ranked"]
    assert edges.in_order(auto, {}) == list(edges.PUBLIC)
    assert edges.in_order(named, FAR) == ["dublin", "tokyo"]
    assert edges.in_order(TRUNK, FAR) == []


@pytest.mark.parametrize("nearest, before, t1", [
    (None, None, 250), (None, 100, 100),        # nothing was measured: what is in use stays
    (70, None, 100), (95, None, 250), (300, None, 500), (900, None, 500),
    (80, 250, 250),                             # 100 would serve now, but not if the way were 10 ms longer
    (95, 100, 250), (95, 250, 250), (70, 250, 100),
])
def test_t1_is_the_least_step_that_serves_and_stays_within_the_margin(nearest, before, t1):
    probe = {"targets": [{"rtt_ms": {"min": nearest} if nearest else None}]}
    assert edges.measured_t1(probe, {"timer_t1": before} if before else {}) == t1


def test_b_follows_from_t1_and_what_is_given_counts():
    host = {"pbx_timer_t1": None, "pbx_timer_b": None}
    assert edges.timers(host, {}, {}) == (250, 16000)
    assert edges.timers({**host, "pbx_timer_t1": 500}, FAR, {}) == (500, 32000)
    assert edges.timers({"pbx_timer_t1": 100, "pbx_timer_b": 9000}, FAR, {}) == (100, 9000)
