# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paging groups: what is right, and each wrong value by a sentence that names its variable."""

from __future__ import annotations

import pytest

from .features.test_wrong_values import RIGHT
from .whole import whole

FLOOR = {"name": "floor", "code": "*81", "phones": ["1001", "1002"], "callers": ["1001"]}


def problems(*groups, **more) -> list[str]:
    return whole({**RIGHT, "pbx_paging_groups": list(groups), **more}).problems


@pytest.mark.parametrize("row", [FLOOR, {**FLOOR, "phones": "1002", "callers": 1001}, {**FLOOR, "code": "#1"}])
def test_right_values_are_taken(row):
    assert problems(row) == []


@pytest.mark.parametrize(("row", "sentence"), [
    ({**FLOOR, "name": "Floor 1"}, "pbx_paging_groups[0].name must be 1 to 32 of a-z"),
    ({**FLOOR, "name": "floor]"}, "pbx_paging_groups[0].name must be 1 to 32 of a-z"),
    ({**FLOOR, "code": "81"}, "pbx_paging_groups[0].code must be * or #, and 1 to 5 of 0-9"),
    ({**FLOOR, "code": ""}, "pbx_paging_groups[0].code is missing"),
    ({**FLOOR, "code": "*81,1"}, "pbx_paging_groups[0].code must be * or #"),
    ({**FLOOR, "code": "*78"}, "pbx_paging_groups[0].code is *78, which pbx_feature_codes.do_not_disturb (*78) hides"),
    ({**FLOOR, "code": "*721"}, "pbx_paging_groups[0].code is *721, which pbx_feature_codes.forward_always (*72) hi"),
    ({**FLOOR, "code": "*28"}, "pbx_paging_groups[0].code is *28, which is pbx_hours[0].override_code as well"),
    ({**FLOOR, "phones": []}, "pbx_paging_groups[0].phones is empty"),
    ({**FLOOR, "callers": []}, "pbx_paging_groups[0].callers is empty"),
    ({**FLOOR, "phones": None}, "pbx_paging_groups[0].phones is missing"),
    ({**FLOOR, "phones": ["1009"]}, "pbx_paging_groups[0].phones[0] names '1009', which is not in pbx_phones."),
    ({**FLOOR, "callers": ["1001", "1001"]}, "pbx_paging_groups[0].callers[1] repeats '1001'."),
    ({**FLOOR, "callers": ["1001&PJSIP/x"]}, "pbx_paging_groups[0].callers[0] names '1001&PJSIP/x', which is not in"),
])
def test_a_wrong_value_is_refused_by_name(row, sentence):
    hours = [{**RIGHT["pbx_hours"][0], "override_code": "*28"}]
    found = problems(row, pbx_hours=hours)
    assert any(one.startswith(sentence) for one in found), found


def test_a_name_and_a_code_are_there_once():
    found = problems(FLOOR, FLOOR)
    assert any(one.startswith("pbx_paging_groups[1].name repeats pbx_paging_groups[0]") for one in found)
    assert any(one.startswith("pbx_paging_groups[1].code is *81, which is pbx_paging_groups[0].code") for one in found)
    speed = [{"dial": "*81", "number": "+12025550143"}]
    assert any("pbx_speed_dials[0].dial is *81, which is pbx_paging_groups[0].code as well" in one
               for one in problems(FLOOR, pbx_speed_dials=speed))


def test_more_devices_than_a_page_can_name_are_refused():
    phones = [{**phone, "max_contacts": 17} for phone in RIGHT["pbx_phones"]]
    found = problems(FLOOR, pbx_phones=phones)
    assert any(one.startswith("pbx_paging_groups[0].phones have up to 34 devices") for one in found), found
