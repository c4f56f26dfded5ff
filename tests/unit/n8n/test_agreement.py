# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What n8n_flows and pbx_n8n contradict each other in is a warning, and what they agree in is not."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory import n8n

TOKEN, OLDER = "a-token-that-is-secret", "an-older-token-that-is"
FLOW = {
    "name": "reception", "path": "calls", "token": TOKEN, "otherwise": {"ring_group": "sales"},
    "callers": [{"number": "+919876543210", "to": {"phone": 1001}}],
    "crm": {"url": "https://crm.example.com/{number}", "routes": [{"field": "vip", "to": {"queue": "vip"}}]},
}
NOTES = {"name": "notes", "token": TOKEN, "path": "events", "events": {}}
ROUTE = {
    "name": "reception", "url": "http://127.0.0.1:5678/webhook/calls", "token": TOKEN,
    "events_url": "http://127.0.0.1:5678/webhook/events", "otherwise": {"phone": "1001"},
    "allow": [{"ring_group": "sales"}, {"phone": "1001", "queue": None}, {"queue": "vip"}],
}


def warnings(*routes, **change):
    values, problems = n8n.read({"n8n_flows": [{**FLOW, **change}, NOTES]}, ["n8n_flow"])
    assert problems == []
    found = n8n.warnings([values, values], [{"pbx_n8n": list(routes)}] * 2)
    assert not any(TOKEN in one or OLDER in one for one in found)
    return found


def test_sides_that_agree_are_not_warned_of():
    assert warnings(ROUTE) == []
    assert warnings({**ROUTE, "token": OLDER, "previous_token": TOKEN}) == []


@pytest.mark.parametrize(("route", "change", "sentence"), [
    ({"url": "http://127.0.0.1:5678/webhook/call"}, {}, "n8n_flows[0] answers at /webhook/calls, where no url"),
    ({"url": "http://[/webhook/calls"}, {}, "n8n_flows[0] answers at /webhook/calls, where no url"),
    ({"events_url": None}, {}, "n8n_flows[1] answers at /webhook/events, where no url"),
    ({"allow": [{"ring_group": "sales"}, {"phone": 1001}]}, {}, "n8n_flows[0].crm.routes[0].to is queue vip, which"),
    ({}, {"callers": [{"number": "+919876543210", "to": {"phone": "2"}}]}, "n8n_flows[0].callers[0].to is phone 2, wh"),
    ({}, {"otherwise": {"hangup": "busy"}}, "n8n_flows[0].otherwise is hangup busy, which is not in allow of recepti"),
])
def test_a_contradiction_is_named(route, change, sentence):
    (found,) = warnings({**ROUTE, **route}, **change)
    assert found.startswith(sentence)


def test_another_token_is_named_for_each_webhook():
    assert [one.split(" is ")[0] for one in warnings({**ROUTE, "token": OLDER})] == [
        "n8n_flows[0].token", "n8n_flows[1].token"]


def test_an_inventory_without_a_pbx_that_asks_n8n_has_nothing_to_compare():
    """The PBXs may be in another inventory."""
    assert warnings() == []


@pytest.mark.parametrize("wrong", ["reception", ["reception"], [{**ROUTE, "allow": 5}]])
def test_what_is_wrong_on_a_pbx_is_left_to_its_own_run(wrong):
    values, dummy = n8n.read({"n8n_flows": [FLOW]}, ["n8n_flow"])
    assert n8n.warnings([values], [{"pbx_n8n": wrong}]) == []
