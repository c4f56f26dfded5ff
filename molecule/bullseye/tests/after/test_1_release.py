# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian bullseye with its Asterisk 16."""

from __future__ import annotations

import json

from labtest.broken_configs import BROKEN, not_refused
from labtest.plays import play
from labtest.release import registers, under
from labtest.remote_python import RemotePython


def test_version(pbx, asterisk, detail):
    """Debian bullseye runs the Asterisk 16 of its own packages."""
    version = asterisk("core show version").split(" built ")[0]
    detail(version)
    assert version.startswith("Asterisk 16.28.0~dfsg")
    assert (pbx.system_info.codename, pbx.check_output("python3 -V")[:10]) == ("bullseye", "Python 3.9")


def test_sandbox(pbx, detail):
    """The running unit's exposure is under 2.5."""
    detail(under(pbx, 2.5))


def test_registers(phone, asterisk, address, detail):
    """A softphone registers: REGISTER, 401, REGISTER, 200, and its contact is shown."""
    detail(registers(phone, asterisk, address))


def test_records(pbx, asterisk, detail):
    """A call to a number that is none leaves records and events, each of them JSON, which its name does not end."""
    asterisk("channel originate Local/+12025550143@numbers/n application Hangup")
    found = [json.loads(line) for line in pbx.check_output("cat /var/log/asterisk/c*-custom/*.json").splitlines()]
    kinds = {row.get("eventtype") for row in found}
    detail(f"{len(found)} lines; events: {kinds}")
    assert {None, "CHAN_START", "HANGUP"} <= kinds


def running(pbx) -> str:
    return pbx.check_output("systemctl show asterisk --property=MainPID")


def test_broken_configurations(pbx, detail):
    """Broken configurations are refused with file and line, and nothing changes."""
    before, offered = running(pbx), BROKEN[::4]
    assert not (wrong := not_refused(RemotePython(pbx), offered)), wrong
    assert running(pbx) == before
    detail(f"{len(offered)} kinds")


def test_other_version(pbx, detail):
    """An Asterisk that is not the release's is refused by name."""
    before = running(pbx)
    row = {"name": "Debian 11", "id": "debian", "codename": "bullseye", "install": "package", "tried": True}
    run = play("site", variables={"__asterisk_platforms": [{**row, "package": 22}]})
    detail(run.failure)
    assert run.code and "pbx1 has Asterisk 1:16.28.0~dfsg" in run.failure, run.output[-3000:]
    assert "the packages of Debian 11 have Asterisk 22." in run.failure
    assert running(pbx) == before
