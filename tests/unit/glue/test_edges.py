# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Edges and timers of an inventory: what is right, and a sentence for what cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ansible_collections.trunkline.voice.plugins.module_utils._glue import declaration, edges

from .test_declaration import RIGHT

ROLE = Path(__file__).parents[3] / "roles" / "pbx" / "vars" / "main"
TRUNK = RIGHT["trunkline_trunks"][0]
OTHER = {**TRUNK, "name": "Other", "domain": "asterisk-pbx1-dublin.pstn.twilio.com"}


def told(*trunks, **options):
    """The problems of an inventory with these changes of its trunk."""
    return declaration.problems({**RIGHT, "trunkline_trunks": [{**TRUNK, **trunk} for trunk in trunks], **options})


@pytest.mark.parametrize("value", [None, ["auto"], ["dublin"], ["sao-paulo", "ashburn"], list(edges.INTERCONNECT)])
def test_edges_that_are_right(value):
    assert told({"edges": value}) == []


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
    problems = told({"edges": value})
    assert len(problems) == 1 and problems[0].startswith(sentence), problems


def test_edges_and_a_termination_of_its_own():
    assert told({"edges": ["dublin"], "termination": "pstn.dublin.twilio.com"}) == [
        "trunkline_trunks[0].termination cannot be given beside edges, which say where calls are sent."]


def test_two_trunks_do_not_share_an_endpoint():
    wrong = told({"edges": ["auto"]}, OTHER)
    assert wrong == [
        "trunkline_trunks[1].domain and trunkline_trunks[0].domain would both make endpoint"
        " twilio-asterisk-pbx1-dublin of their edges."]
    assert told({"edges": ["ashburn"]}, OTHER) == told({"edges": ["auto"]}, {**OTHER, "edges": ["dublin"]}) == []


@pytest.mark.parametrize("t1, b", [(None, None), (100, None), (100, 6400), (250, 20000), (4000, 256000)])
def test_timers_that_are_right(t1, b):
    assert told({}, pbx_timer_t1=t1, pbx_timer_b=b) == []


@pytest.mark.parametrize("t1, b, sentence", [
    (99, None, "pbx_timer_t1 must be from 100 to 4000 milliseconds, not 99."),
    (4001, None, "pbx_timer_t1 must be from 100 to 4000 milliseconds, not 4001."),
    (None, 32000, "pbx_timer_b needs pbx_timer_t1 beside it"),
    (250, 15999, "pbx_timer_b must be at least 64 times pbx_timer_t1, 16000 milliseconds, and at most 256000, not"),
    (250, 256001, "pbx_timer_b must be at least 64 times pbx_timer_t1"),
])
def test_timers_that_cannot_be_right(t1, b, sentence):
    problems = told({}, pbx_timer_t1=t1, pbx_timer_b=b)
    assert len(problems) == 1 and problems[0].startswith(sentence), problems


def test_the_role_measures_the_edges_that_are_known():
    networks = yaml.safe_load((ROLE / "twilio_networks.yml").read_text())["__pbx_twilio_networks"]
    assert set(networks) == set(edges.PUBLIC)
