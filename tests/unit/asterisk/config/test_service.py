# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A restart once no call is up, of an Asterisk whose package may have it stop at the same time."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config import service
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.service import Service, ServiceFailed

OLD, NEW = 100, 200


class Host:
    """systemd and the console of an Asterisk.

    :param pids: the unit's process at each look, the last one from then on.
    :param closed: the commands at which the console is closed; one that another process has is open.
    """

    def __init__(self, monkeypatch, pids, closed=()):
        self.pids, self.closed, self.pid, self.asked = list(pids), closed, 0, []
        monkeypatch.setattr(service.console, "ask", self.ask)
        monkeypatch.setattr(service.time, "sleep", lambda seconds: None)
        monkeypatch.setattr(service, "STOP_SECONDS", 0)
        self.service = Service(run=self.run)

    def run(self, _command):
        self.pid = self.pids.pop(0) if len(self.pids) > 1 else self.pids[0]
        return f"ActiveState=active\nMainPID={self.pid}\nRestart=always\n"

    def ask(self, _socket, command, wait=True):
        self.asked.append(command)
        if command in self.closed:
            raise service.console.ConsoleError("no such file")
        return ""


def test_it_stops_when_no_call_is_up_and_systemd_starts_it_again(monkeypatch):
    host = Host(monkeypatch, [OLD, OLD, 0, 0, NEW])
    assert host.service.restart_when_idle(9)
    assert host.asked == ["core stop when convenient", "core waitfullybooted"]


def test_calls_that_stay_up_take_the_stop_back(monkeypatch):
    host = Host(monkeypatch, [OLD])
    assert not host.service.restart_when_idle(0)
    assert host.asked == ["core stop when convenient", "core abort shutdown"]


@pytest.mark.parametrize("closed", ["core stop when convenient", "core abort shutdown"])
def test_one_that_stops_by_itself_meanwhile_is_awaited(monkeypatch, closed):
    """Its console is closed while its process still ends."""
    host = Host(monkeypatch, [OLD, *[OLD] * ("abort" in closed), 0, NEW], [closed])
    assert host.service.restart_when_idle(0)
    assert host.asked[-2:] == [closed, "core waitfullybooted"]


def test_one_that_hangs_without_a_console_is_said(monkeypatch):
    host = Host(monkeypatch, [OLD], ["core stop when convenient"])
    with pytest.raises(ServiceFailed, match="does not answer on its console"):
        host.service.restart_when_idle(9)
