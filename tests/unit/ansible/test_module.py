# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module shows of its options, and how it ends."""

from __future__ import annotations

import json

import pytest
from ansible.module_utils import basic
from ansible.module_utils.testing import patch_module_args

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.module import Module, run
from ansible_collections.trunkline.voice.plugins.module_utils._core.errors import TrunklineError

SECRET = "password = canary\nand more\n"
SPEC = {"files": {"type": "list", "elements": "dict", "options": {"content": {"type": "str", "no_log": True}}}}


def test_no_option_reaches_the_journal(monkeypatch):
    """Ansible itself would log the content with its line break as \\n, where it does not find it as a secret."""
    lines = []
    monkeypatch.setattr(basic.AnsibleModule, "log", lambda self, msg, log_args=None: lines.append(f"{msg} {log_args}"))
    given = {"files": [{"content": SECRET}]}
    monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": given}).encode())
    monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
    for module in (basic.AnsibleModule, Module):
        module(argument_spec=SPEC)
    assert len(lines) == 2 and "canary" in lines[0] and "canary" not in lines[1], lines


SHORT = {"name": {"type": "str"}}


def finished(act, capsys, **options):
    """The result that a module prints which acts like this."""
    with patch_module_args(options), pytest.raises(SystemExit):
        run(SHORT, act)
    return json.loads(capsys.readouterr().out)


def test_an_error_is_the_failure_with_its_details_and_without_the_options(capsys):
    def act(module):
        raise TrunklineError("It is full.", "Empty it.", code=7)

    result = finished(act, capsys, name="a")
    assert result["failed"] and not result["changed"]
    assert (result["msg"], result["code"]) == ("It is full. Empty it.", 7)
    assert result["invocation"] == {}


def test_an_error_may_say_that_something_was_changed_before_it(capsys):
    def act(module):
        raise TrunklineError("It is half full.", changed=True)

    assert finished(act, capsys)["changed"] is True


def test_what_acting_returns_is_the_result(capsys):
    result = finished(lambda module: {"changed": module.check_mode, "name": module.params["name"]}, capsys,
                      name="a", _ansible_check_mode=True)
    assert (result["changed"], result["name"], "failed" in result) == (True, "a", False)


def test_a_bug_keeps_its_traceback(capsys):
    with patch_module_args({}), pytest.raises(ZeroDivisionError):
        run(SHORT, lambda module: 1 / 0)
