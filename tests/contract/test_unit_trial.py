# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module unit_trial, with programs that stand for systemd's."""

from __future__ import annotations

import json

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.trunkline.voice.plugins.module_utils._ansible import unit_trial

GIVEN = {"settings": {"User": "asterisk", "PrivateDevices": "no"}, "argv": ["/usr/sbin/asterisk", "-V"], "hint": "So."}
JOURNAL = """Started /usr/sbin/asterisk -V.
trial.service: Failed to set up mount namespacing: /dev: Operation not permitted
trial.service: Failed at step NAMESPACE spawning /usr/sbin/asterisk: Operation not permitted
trial.service: Main process exited, code=exited, status=226/NAMESPACE
trial.service: Failed with result 'exit-code'.
"""


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """run(systemd_run, check_mode=False): the result where that shell script stands for systemd-run."""
    def go(systemd_run, check_mode=False):
        (tmp_path / "journal").write_text(JOURNAL)
        scripts = {"systemd-run": systemd_run, "journalctl": f"cat {tmp_path}/journal"}
        for name, text in scripts.items():
            (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
            (tmp_path / name).chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
        with patch_module_args({**GIVEN, "_ansible_check_mode": check_mode}), pytest.raises(SystemExit):
            unit_trial.main()
        return json.loads(capsys.readouterr().out)
    return go


def test_a_host_that_runs_it(run, tmp_path):
    assert run(f'echo "$@" >{tmp_path}/asked')["changed"] is False
    asked = (tmp_path / "asked").read_text().strip()
    assert asked.endswith("--property=User=asterisk --property=PrivateDevices=no /usr/sbin/asterisk -V")
    assert "--wait --collect" in asked


def test_a_setting_that_systemd_does_not_know(run):
    result = run("echo 'Unknown assignment: PrivateDevice=no' >&2; exit 1")
    assert result["failed"] and result["msg"] == (
        "This host does not run /usr/sbin/asterisk with the unit's settings: Unknown assignment: PrivateDevice=no. So.")


def test_a_sandbox_that_the_host_refuses(run):
    result = run("exit 226")
    assert result["msg"] == (
        "This host does not run /usr/sbin/asterisk with the unit's settings: Failed to set up mount namespacing: /dev:"
        " Operation not permitted; Failed at step NAMESPACE spawning /usr/sbin/asterisk: Operation not permitted; Main"
        " process exited, code=exited, status=226/NAMESPACE. So.")


def test_check_mode_tries_nothing(run, tmp_path):
    result = run(f"touch {tmp_path}/asked; exit 1", check_mode=True)
    assert result["skipped"] and not (tmp_path / "asked").exists()
