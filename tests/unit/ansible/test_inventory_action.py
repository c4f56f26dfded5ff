# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every action that reads the inventory refuses before it reads anything, and how calls of several PBXs wait."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import Mock

import pytest
import yaml
from ansible.errors import AnsibleActionFail

from ansible_collections.trunkline.voice.plugins.plugin_utils import inventory

ROOT = Path(__file__).parents[3]


class Action(inventory.InventoryAction):
    """An action that reads nothing."""

    def result(self, task_vars):
        return {"changed": False}


@pytest.fixture
def run(monkeypatch):
    """Run the action in an ansible-core of this version."""
    def go(version):
        monkeypatch.setattr(inventory, "__version__", version)
        return Action(Mock(args={}, async_val=0), Mock(), Mock(), Mock(), Mock(), Mock()).run(task_vars={})
    return go


@pytest.mark.parametrize("version", ["2.16.14", "2.17.0", "2.18.9rc1"])
def test_an_ansible_core_that_loses_the_place_of_a_value_is_refused(run, version):
    """Before 2.19 None became an empty text on its way to a filter, and a dialplan refused nothing."""
    with pytest.raises(AnsibleActionFail, match=f"This is ansible-core {version}, and .* needs 2.19 or newer"):
        run(version)


@pytest.mark.parametrize("version", ["2.19.0", "2.20.1", "2.21.0.dev0", "3.0.0"])
def test_a_newer_ansible_core_is_not(run, version):
    assert run(version) == {"changed": False}


def test_the_oldest_version_is_the_one_that_ansible_is_told():
    required = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["requires_ansible"]
    assert required == f">={'.'.join(map(str, inventory.MIN_VERSION))}.0"


def test_pbx_hosts_take_turns_to_call_and_only_to_call():
    """Twilio takes one call a second on a trunk, which several PBXs may share, and refuses more with 503 (32001)."""
    tasks = yaml.safe_load((ROOT / "roles" / "verify" / "tasks" / "main.yml").read_text())
    turns = {name for task in tasks for name in task if "." in name and task.get("throttle") == 1}
    assert turns == {"trunkline.voice.trunk_call"}
