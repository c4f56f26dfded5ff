# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action host_files: templates become files in plain Jinja, from what it is given and nothing else."""

from __future__ import annotations

from unittest.mock import Mock

import pytest
from ansible.errors import AnsibleActionFail

from ansible_collections.trunkline.voice.plugins.action.host_files import ActionModule


@pytest.fixture
def run(monkeypatch, tmp_path):
    """run(template, **args): what the module is given for one template of that text."""
    def go(template, task_vars=None, **args):
        (tmp_path / "file.j2").write_text(template)
        row = {"src": "file.j2", "path": "/etc/file"}
        action = ActionModule(
            Mock(args={"templates": [row], **args}, async_val=0), Mock(), Mock(), Mock(), Mock(), Mock())
        monkeypatch.setattr(action, "_find_needle", lambda folder, name: str(tmp_path / name))
        monkeypatch.setattr(action, "_execute_module", lambda module_args, task_vars: module_args)
        return action.run(task_vars=task_vars or {})
    return go


def test_a_template_becomes_a_file(run):
    result = run("{% if rate %}\nrate {{ rate }}\n{% endif %}\n", variables={"rate": 20}, absent=["/etc/old"])
    assert result == {
        "absent": ["/etc/old"],
        "files": [{"path": "/etc/file", "content": "rate 20\n", "mode": "0644", "validate": "", "marker": ""}],
    }


def test_files_with_content_stay_before_it(run):
    row = {"path": "/etc/other", "content": "text\n"}
    assert [file["path"] for file in run("", files=[row])["files"]] == ["/etc/other", "/etc/file"]


@pytest.mark.parametrize("template", [
    "{{ rate }}",                                   # a variable of the host
    "{{ lookup('env', 'HOME') }}",                  # a lookup of Ansible's
    "{{ 'a' | regex_replace('a', 'b') }}",          # a filter of Ansible's
    "{% if %}",
])
def test_a_template_sees_its_variables_only(run, template):
    with pytest.raises(AnsibleActionFail, match="Template file.j2 of /etc/file cannot be rendered: "):
        run(template, task_vars={"rate": 20})


@pytest.mark.parametrize("wrong", [{"variables": ["rate"]}, {"templates": [{"src": "file.j2"}]}])
def test_a_wrong_option_is_refused(run, wrong):
    with pytest.raises(AnsibleActionFail):
        run("", **wrong)
