# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An inventory that is right is checked without a module's process; of any other the module tells what is wrong."""

from __future__ import annotations

from unittest.mock import Mock

import pytest

from ansible_collections.trunkline.voice.plugins.action.declaration import ActionModule

from .test_declaration import GIVEN

TOLD = {"failed": True, "msg": "as the module tells it"}


def run(given: dict, monkeypatch) -> dict:
    task = Mock(args=given, async_val=0, check_mode=False)
    action = ActionModule(task, Mock(), Mock(), Mock(), Mock(), Mock())
    monkeypatch.setattr(action, "_execute_module", lambda task_vars: TOLD)
    return action.run(task_vars={})


def test_what_is_right_takes_no_module(monkeypatch):
    assert run(GIVEN, monkeypatch) == {"changed": False}


@pytest.mark.parametrize("wrong", [
    {"trunkline_public_address": "somewhere"},
    {"pbx_sip_port": "many"},
    {"pbx_sip_prot": 5060},
    {"trunkline_trunks": ["Asterisk-SIP-Trunk"]},
    {"pbx_dids": [{"number": "17756187988", "phone": "1001"}]},
])
def test_what_is_wrong_is_told_by_the_module(monkeypatch, wrong):
    assert run({**GIVEN, **wrong}, monkeypatch) == TOLD


def test_what_is_missing_is_told_by_the_module(monkeypatch):
    assert run({name: value for name, value in GIVEN.items() if name != "trunkline_trunks"}, monkeypatch) == TOLD
