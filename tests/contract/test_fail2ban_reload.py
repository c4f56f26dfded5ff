# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module fail2ban_reload, with programs that stand for fail2ban's and systemd's."""

from __future__ import annotations

import json

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.trunkline.voice.plugins.module_utils._ansible import fail2ban_reload

NO_LOG = "2026-11-25 17:41:24,835 fail2ban [281]: ERROR   Failed during configuration: Have not found any log file for "
FINE = "exit 0"


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """run(jail, check_mode, ping=…, reload=…, …): the result, and what was asked of shell scripts in their place."""
    monkeypatch.setattr(fail2ban_reload, "START_SECONDS", 0)
    monkeypatch.setattr(fail2ban_reload, "RETRY_SECONDS", 0)

    def go(jail="trunkline", check_mode=False, ping=FINE, reload=FINE, status=FINE, journal=FINE, start=FINE):
        log = tmp_path / "asked"
        programs = {
            "fail2ban-client": f'case "$1" in ping) {ping};; reload) {reload};; status) {status};; esac',
            "systemctl": start, "journalctl": journal,
        }
        for name, text in programs.items():
            (tmp_path / name).write_text(f'#!/bin/sh\necho {name} "$@" >>{log}\n{text}\n')
            (tmp_path / name).chmod(0o755)
        log.write_text("")
        monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
        given = {"jail": jail} if jail else {}
        with patch_module_args({**given, "_ansible_check_mode": check_mode}), pytest.raises(SystemExit):
            fail2ban_reload.main()
        return json.loads(capsys.readouterr().out), log.read_text().splitlines()
    return go


def test_a_jail_that_runs(run):
    told, asked = run()
    assert told["changed"] and asked == [
        "systemctl enable --now fail2ban.service", "fail2ban-client ping", "fail2ban-client reload",
        "fail2ban-client status trunkline"]


def test_without_a_jail_nothing_is_started(run):
    assert run(jail=None)[1] == ["fail2ban-client ping", "fail2ban-client reload"]
    assert run(jail=None, ping="exit 255")[1] == ["fail2ban-client ping"]


def test_check_mode_asks_nothing(run):
    told, asked = run(check_mode=True)
    assert told["changed"] and asked == []


def test_a_reload_that_is_refused_once(run, tmp_path):
    told, asked = run(reload=f"test -e {tmp_path}/once || {{ touch {tmp_path}/once; exit 255; }}")
    assert told["changed"] and asked.count("fail2ban-client reload") == 2


@pytest.mark.parametrize("printed", [NO_LOG + "sshd jail", NO_LOG + "'sshd' jail"])     # of 1.0 and of 1.1
@pytest.mark.parametrize("how", ["start", "reload"])
def test_another_jail_without_a_log(run, printed, how):
    """As on a stock Debian 12: the cure names the file and its two lines."""
    line = f'echo "{printed}"'
    scripts = {"ping": "exit 255", "journal": line} if how == "start" else {"reload": f"{line} >&2; exit 255"}
    told, _asked = run(**scripts)
    assert told["failed"] and told["msg"].startswith(
        "fail2ban does not run jail trunkline: Failed during configuration: Have not found any log file for ")
    assert told["msg"].endswith("write the two lines [sshd] and backend = systemd into /etc/fail2ban/jail.local.")


def test_asterisk_s_log_is_missing(run):
    told, _asked = run(reload=f'echo "{NO_LOG}trunkline jail"; exit 255')
    assert told["msg"].endswith("Run role pbx before, which has Asterisk write that log.")


@pytest.mark.parametrize("scripts, why", [
    ({"ping": "exit 255"}, "it gave no reason"),
    ({"reload": "echo 'x ERROR  NOK: (2)' ; exit 255"}, "NOK: (2)"),
    ({"status": "echo 'Sorry but the jail does not exist'; exit 255"}, "Sorry but the jail does not exist"),
    ({"start": "echo 'Unit fail2ban.service not found.' >&2; exit 5"}, "Unit fail2ban.service not found"),
])
def test_any_other_reason(run, scripts, why):
    told, _asked = run(**scripts)
    assert told["failed"] and told["msg"] == (
        f"fail2ban does not run jail trunkline: {why}. Mend fail2ban (journalctl -u fail2ban), and run again.")
