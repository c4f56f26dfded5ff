# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialplan of an inventory with every kind of destination: where calls in go, and that none of them calls out."""

from __future__ import annotations

import re

import pytest

from labtest.dialled import rendered

from ..inventory.features.test_wrong_values import RIGHT
from .dialplan import read

SALES = {"name": "1002", "password": "Canary-12345", "when_busy": {"menu": "main"}, "when_absent": {"hangup": "busy"}}
INVENTORY = {**RIGHT, "pbx_phones": [RIGHT["pbx_phones"][0], SALES]}


@pytest.fixture(scope="module")
def text():
    return rendered(INVENTORY, "extensions.conf")["extensions.conf"]


@pytest.fixture(scope="module")
def contexts(text):
    return read(text)


def targets(contexts, name: str) -> set[str]:
    """The contexts that the steps of one lead to."""
    steps = "\n".join(step for steps in contexts[name].extensions.values() for step in steps)
    named = re.findall(r"(?:Goto|Gosub)\(([a-z][^,()]*),[^()]*,1|\?([a-z][\w-]*),[^:)]*,1", steps)
    return {first or second for first, second in named} | set(contexts[name].includes)


def reached(contexts, first: str) -> set[str]:
    """The contexts that a call may come to which is in the first one."""
    found, new = set(), {first}
    while new:
        found |= new
        new = {target for name in new for target in targets(contexts, name)} - found
    return found


def test_a_call_in_reaches_what_is_declared_and_nothing_that_calls_out(contexts):
    assert reached(contexts, "from-twilio") == {
        "from-twilio", "numbers", "internal", "ring", "devices", "refuse", "hangup", "hours-office", "menu-main",
        "ring-group-sales", "announcement-closed"}


def test_a_number_goes_where_the_inventory_says(contexts):
    numbers = contexts["numbers"].extensions
    assert numbers["+17756187988"] == ["Goto(hours-office,s,1)"]
    assert numbers["+17756187989"] == ["Goto(internal,1001,1)"]


def test_a_phone_sends_on_what_it_did_not_take(contexts):
    assert contexts["internal"].extensions["1001"] == ["Gosub(ring,s,1(1001,30))", "Hangup(${CAUSE})"]
    assert contexts["internal"].extensions["1002"] == [
        "Gosub(ring,s,1(1002,30))", 'GotoIf($["${RANG}" = "busy"]?menu-main,s,1)',
        'GotoIf($["${RANG}" = "absent"]?hangup,busy,1)', "Hangup(${CAUSE})"]


def test_a_menu_asks_so_often_and_goes_on(contexts):
    menu = contexts["menu-main"].extensions
    assert set(menu) == {"s", "i", "t", "1", "2"}
    assert "Background(company/welcome)" in menu["s"] and "GotoIf($[${ATTEMPT} > 3]?over)" in menu["s"]
    assert menu["s"][-1] == "Goto(ring-group-sales,s,1)" and menu["1"] == ["Goto(ring-group-sales,s,1)"]


def test_hours_compare_holidays_first(contexts):
    steps = contexts["hours-office"].extensions["s"]
    assert [re.search(r"\?(.*)\)$", step)[1] for step in steps if step.startswith("GotoIf")] == [
        "hangup,normal,1"] * 3 + ["menu-main,s,1"] * 6
    assert steps[-1] == "Goto(announcement-closed,s,1)"
    assert "GotoIf($[${MOMENT} >= 202612311200 & ${MOMENT} < 202612312400]?hangup,normal,1)" in steps


def test_each_line_says_which_row_it_comes_from(text):
    for row in ("pbx_hours[0]", "pbx_menus[0]", "pbx_ring_groups[0]", "pbx_announcements[0]", "pbx_dids[1]"):
        assert f"; from {row}" in text
