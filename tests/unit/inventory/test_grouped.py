# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with many rows, said once."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.grouped import grouped
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.inventory import read


def missing(*rows: int, variable: str = "pbx_phones", option: str = "password") -> list[str]:
    return [f"{variable}[{row}].{option} is missing: give it a value." for row in rows]


@pytest.mark.parametrize("sentences, merged", [
    (missing(*range(200)), ["pbx_phones[0], [1], [2] and 197 more: password is missing: give it a value."]),
    (missing(4, 7, 9), ["pbx_phones[4], [7] and [9]: password is missing: give it a value."]),
    (missing(4, 7), ["pbx_phones[4] and [7]: password is missing: give it a value."]),
    (["pbx_phones[1] has no trunk.", "pbx_phones[2] has no trunk."], ["pbx_phones[1] and [2]: has no trunk."]),
    (["pbx1: a[1].b is 5.", "pbx1: a[2].b is 5."], ["pbx1: a[1] and [2]: b is 5."]),
    (["a[1][0] is 5.", "a[2][0] is 5."], ["a[1] and [2]: [0] is 5."]),
    ([], []),
])
def test_rows_of_one_fault_are_one_sentence(sentences, merged):
    assert grouped(sentences) == merged


@pytest.mark.parametrize("sentences", [
    missing(3),
    ["trunkline_trunks is empty: name at least one trunk."],
    [*missing(1), *missing(2, option="name"), *missing(2, variable="pbx_dids")],
    ["pbx1: a[1] is 5.", "pbx2: a[2] is 5.", "a[3] is 5."],
    ["a[1].b is 5.", "a[2].b is 6."],
])
def test_different_faults_stay_as_they_are(sentences):
    assert grouped(sentences) == sentences


def test_a_trunk_that_is_not_there_is_one_sentence_of_all_its_phones():
    trunk = {"name": "Main", "domain": "main.pstn.twilio.com", "caller_id": "+17756187988",
             "ip_access_control_list": "PBXs"}
    phones = [{"name": str(number), "password": "Canary-12345", "trunk": "Old"} for number in range(1000, 1200)]
    host = {"trunkline_public_address": "203.0.113.1", "trunkline_trunks": [trunk], "pbx_phones": phones}
    assert grouped(read({"pbx1": host}, {}, {}).problems) == [
        "pbx_phones[0], [1], [2] and 197 more: trunk names 'Old', which is not in trunkline_trunks."]
