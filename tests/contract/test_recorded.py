# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recorded cases are whole, and each is held by a test or says why by none."""

from __future__ import annotations

from pathlib import Path

import pytest

from .recorded import cases, complaints

ROOT = Path(__file__).parents[2]
KINDS = ("answers", "client", "refusals", "invites", "outbound", "wire")


def test_each_case_has_a_name_and_a_source():
    found = [case for kind in KINDS for case in cases(kind)]
    assert len({case["id"] for case in found}) == len({case["title"] for case in found}) == len(found) == 110
    # What a client may meet is made up in part: its rows are recorded ones.
    assert all(case["source"] for kind in KINDS if kind != "client" for case in cases(kind))


def test_what_this_process_cannot_play_says_who_holds_it():
    for case in [*cases("outbound"), *cases("wire"), *cases("invites")]:
        held = case.get("held", "molecule/default/tests/after/test_4_toll_fraud.py")
        assert held.startswith("by no test: ") or (ROOT / held).is_file(), case["id"]


@pytest.mark.parametrize(("shape", "value", "expected"), [
    ({"a": "str"}, {"a": "x", "b": 1}, []),
    ({"a": "str"}, {}, [".a is missing"]),
    ({"a": "str|null"}, {"a": None}, []),
    ({"a": "str|null"}, {"a": 1}, [".a is 1, not str|null"]),
    ({"a": "="}, {"a": None}, [".a is None, not ="]),
    ({"a": "=false"}, {"a": False}, []),
    ({"a": "int"}, {"a": True}, [".a is True, not int"]),
    ([{"a": "=1"}], [{"a": 1}, {"a": 2}], ["[1].a is 2, not =1"]),
    ([], None, [" is None and no list"]),
    ({"a": "sid:TK"}, {"a": "TK1"}, [".a is 'TK1', not sid:TK"]),
    ({"a": "~x[0-9]"}, {"a": "x1"}, []),
])
def test_a_shape_tells_what_differs(shape, value, expected):
    assert complaints(shape, value) == expected
