# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ring groups that cannot be: turns, times of members, a prefix to the caller's name."""

from __future__ import annotations

import pytest

from ..whole import whole
from .test_wrong_outside_numbers import RIGHT as OUTSIDE
from .test_wrong_values import changed

LATER = {"member": "1002", "delay_seconds": 5, "seconds": 10}
GROUP = {**OUTSIDE["pbx_ring_groups"][0], "members": ["1001", "1002"], "member_times": [LATER]}
RIGHT = {**OUTSIDE, "pbx_ring_groups": [GROUP]}
ROW = ("pbx_ring_groups", 0)
TIMES, TIME = (*ROW, "member_times"), (*ROW, "member_times", 0)
WRONG = [
    ((*ROW, "strategy"), "roundrobin", "pbx_ring_groups[0].strategy must be one of all, in_order, round_robin, not"),
    ((*ROW, "strategy"), "in_order", "pbx_ring_groups[0].member_times is for strategy all, and strategy is in_order"),
    ((*ROW, "strategy"), "round_robin", "pbx_ring_groups[0].member_times is for strategy all"),
    (TIMES, "1002", "pbx_ring_groups[0].member_times must be a list of dicts, not a text"),
    (TIMES, ["1002"], "pbx_ring_groups[0].member_times[0] must be a dict of member, delay_seconds, seconds"),
    (TIMES, LATER, "pbx_ring_groups[0].member_times must be a list of dicts, not a dict"),
    (TIMES, [{}], "pbx_ring_groups[0].member_times[0].member is missing"),
    (TIMES, [{"phone": "1002", "delay_seconds": 5}], "pbx_ring_groups[0].member_times[0].phone is no option"),
    (TIMES, [LATER, LATER], "pbx_ring_groups[0].member_times[1].member repeats '1002'."),
    (TIMES, [{"member": "1002"}], "pbx_ring_groups[0].member_times[0] has no time of its own: give delay_seconds"),
    (TIMES, [{"member": "1002", "seconds": 20}], "pbx_ring_groups[0].member_times[0] has no time of its own"),
    ((*TIME, "member"), "1003", "member_times[0].member names '1003', which is neither in members nor in outside_mem"),
    ((*TIME, "member"), "sales", "member_times[0].member names 'sales', which is neither in members"),
    ((*TIME, "member"), "", "pbx_ring_groups[0].member_times[0].member is missing"),
    ((*TIME, "member"), None, "pbx_ring_groups[0].member_times[0].member is missing"),
    ((*TIME, "member"), True, "pbx_ring_groups[0].member_times[0].member must be text"),
    ((*TIME, "delay_seconds"), -1, "member_times[0].delay_seconds must be from 0 to 19, not -1: the group"),
    ((*TIME, "delay_seconds"), 20, "member_times[0].delay_seconds must be from 0 to 19, not 20: the group rings for"),
    ((*TIME, "delay_seconds"), "soon", "member_times[0].delay_seconds must be a whole number"),
    ((*TIME, "delay_seconds"), 2.5, "member_times[0].delay_seconds must be a whole number"),
    ((*TIME, "delay_seconds"), [5], "member_times[0].delay_seconds must be a whole number"),
    ((*TIME, "seconds"), 0, "member_times[0].seconds must be from 1 to 15, not 0: the group rings for 20 secon"),
    ((*TIME, "seconds"), 16, "member_times[0].seconds must be from 1 to 15, not 16: the group rings for"),
    ((*TIME, "seconds"), True, "member_times[0].seconds must be a whole number"),
    ((*ROW, "seconds"), 14, "member_times[0].seconds must be from 1 to 9, not 10: the group rings for 14 seconds"),
    ((*ROW, "skip_busy"), "sometimes", "pbx_ring_groups[0].skip_busy must be true or false"),
    ((*ROW, "skip_busy"), ["1001"], "pbx_ring_groups[0].skip_busy must be true or false"),
    ((*ROW, "caller_name_prefix"), "S" * 21, "pbx_ring_groups[0].caller_name_prefix must have at most 20 characters"),
    ((*ROW, "caller_name_prefix"), "Sales\nexten => s,1,Dial(PJSIP/1)", "caller_name_prefix must be one line without"),
    ((*ROW, "caller_name_prefix"), "${EXTEN}", "pbx_ring_groups[0].caller_name_prefix must be one line without any of"),
    ((*ROW, "caller_name_prefix"), "Sales; all", "pbx_ring_groups[0].caller_name_prefix must be one line without any"),
    ((*ROW, "caller_name_prefix"), 'Sales"', "pbx_ring_groups[0].caller_name_prefix must be one line without any of"),
    ((*ROW, "caller_name_prefix"), True, "pbx_ring_groups[0].caller_name_prefix must be text, and YAML reads yes"),
    ((*ROW, "caller_name_prefix"), ["Sales"], "pbx_ring_groups[0].caller_name_prefix must be one text, not a list"),
    ((*ROW, "caller_name_prefx"), "Sales", "caller_name_prefx is no option: did you mean caller_name_prefix?"),
]


@pytest.mark.parametrize(("path", "value", "sentence"), WRONG, ids=lambda one: str(one)[:60])
def test_it_is_refused_by_name(path, value, sentence):
    problems = whole(changed(path, value, RIGHT)).problems
    assert any(sentence in problem for problem in problems), problems


@pytest.mark.parametrize(("path", "value"), [
    ((*ROW, "caller_name_prefix"), "Vertrieb, Köln (2)"),
    ((*ROW, "caller_name_prefix"), "O'Neil & Co."),
    ((*ROW, "caller_name_prefix"), 4711),
    ((*ROW, "caller_name_prefix"), ""),
    ((*ROW, "skip_busy"), "yes"),
    ((*TIME, "member"), 1002),
    ((*TIME, "member"), "mobile"),
    ((*TIME, "seconds"), None),
    ((*TIME, "seconds"), "15"),
    (TIMES, [{"member": "1002", "seconds": 3}, {"member": "mobile", "delay_seconds": 19}]),
    (TIMES, []),
    (TIMES, None),
])
def test_what_is_odd_and_right_is_taken(path, value):
    assert whole(changed(path, value, RIGHT)).problems == []


def test_a_name_that_is_a_phone_and_a_number_has_no_time():
    """Which of them would begin later is a guess."""
    phone = {"name": "mobile", "password": "Canary-12345"}
    group = {**GROUP, "members": ["1001", "mobile"], "member_times": [{"member": "mobile", "delay_seconds": 5}]}
    problems = whole({**RIGHT, "pbx_phones": [*RIGHT["pbx_phones"], phone], "pbx_ring_groups": [group]}).problems
    assert any("names 'mobile', which is in members and in outside_members" in problem for problem in problems)


@pytest.mark.parametrize(("timed", "refused"), [(0, True), (2, False)])
def test_a_member_that_begins_later_is_one_channel_however_many_devices_it_has(timed, refused):
    phones = [{"name": f"{1001 + n}", "password": "Canary-12345", "max_contacts": 2} for n in range(17)]
    names = [phone["name"] for phone in phones]
    group = {"name": "sales", "members": names,
             "member_times": [{"member": name, "delay_seconds": 5} for name in names[:timed]]}
    problems = whole({**RIGHT, "pbx_phones": phones, "pbx_ring_groups": [group]}).problems
    assert any("members have up to 34 devices" in problem for problem in problems) == refused
