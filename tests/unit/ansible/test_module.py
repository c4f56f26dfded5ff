# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module says of its options."""

from __future__ import annotations

import json

from ansible.module_utils import basic

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.module import Module

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
