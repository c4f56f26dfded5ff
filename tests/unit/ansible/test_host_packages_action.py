# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action host_packages: apt installs, and check mode says what it would, in a play's check mode too."""

from __future__ import annotations

from unittest.mock import Mock

import pytest
from ansible.errors import AnsibleActionFail

from ansible_collections.trunkline.voice.plugins.action.host_packages import ActionModule

MISSING = ["asterisk=1:22.*", "logrotate"]
CHANGES = [{"action": "add", "what": "package asterisk"}, {"action": "add", "what": "package logrotate"}]


@pytest.fixture
def run(monkeypatch):
    """run(check_mode, answer, **args): the result, and what apt was given, where it answers that."""
    def go(check_mode=False, answer=None, **args):
        asked = []
        action = ActionModule(
            Mock(args=args, async_val=0, check_mode=check_mode), Mock(), Mock(), Mock(), Mock(), Mock())
        monkeypatch.setattr(action, "_execute_module", lambda **given: asked.append(given) or answer or {})
        return action.run(task_vars={}), asked
    return go


def test_apt_installs_what_is_missing(run):
    result, asked = run(missing=MISSING, policy_rc_d=101)
    assert result == {"changed": True, "changes": CHANGES}
    assert asked[0]["module_name"] == "ansible.builtin.apt"
    assert asked[0]["module_args"] == {
        "name": MISSING, "policy_rc_d": 101, "install_recommends": False, "update_cache": True, "cache_valid_time": 600}


def test_check_mode_asks_nobody(run):
    assert run(True, missing=MISSING) == ({"changed": True, "changes": CHANGES}, [])


def test_nothing_is_missing(run):
    assert run(missing=[]) == ({"changed": False, "changes": []}, [])


def test_what_apt_refuses(run):
    refused = {"failed": True, "msg": "No package matching 'asterisk' is available"}
    assert run(missing=MISSING, answer=refused)[0] == refused


@pytest.mark.parametrize("wrong", [{}, {"missing": [], "state": "absent"}])
def test_a_wrong_option(run, wrong):
    with pytest.raises(AnsibleActionFail):
        run(**wrong)
