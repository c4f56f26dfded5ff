# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that the scenarios of single Debian releases have in common."""

from __future__ import annotations

import os
import re

from labtest.plays import play
from labtest.softphone import Softphone, steps
from labtest.waiting import until


def built_for(pbx, asterisk, release, python, suffix) -> str:
    """Demand the release, its Python, and a package of our own; return its version and key."""
    assert (pbx.system_info.codename, pbx.check_output("python3 -V")[:11]) == (release, python)
    shown = "dpkg-query --show --showformat='${Version} ${Trunkline-Key}' asterisk"
    version, key = pbx.check_output(shown).split(" ")
    assert re.fullmatch(rf"1:22\.[0-9.]+~trunkline\d+\+{suffix}", version) and re.fullmatch("[0-9a-f]{12}", key)
    running = asterisk("core show version")
    assert running.startswith(f"Asterisk {version[2:].partition('~')[0]} built by trunkline"), running
    return f"{version}, key {key}"


def no_compiler(pbx) -> None:
    """Demand that what the build needed did not come onto the host."""
    assert not pbx.run("command -v gcc cc make").stdout
    assert not pbx.file("/usr/include/asterisk.h").exists
    assert not pbx.file("/etc/asterisk/iax.conf").exists


def under(host, limit, unit="asterisk") -> str:
    """Demand that systemd rates a unit's exposure lower than the limit."""
    level = host.check_output(f"systemd-analyze security --no-pager {unit}.service").split(f"{unit}.service: ")[-1]
    assert float(level.split()[0]) < limit
    return f"exposure {level.split()[0]}"


def registers(phone, asterisk, address) -> str:
    """Have a softphone register, and return the ladder."""
    softphone = Softphone(phone, address["pbx1"])
    softphone.start("1001", os.environ["TRUNKLINE_PHONE_PASSWORD"])
    try:
        until(lambda: re.search(rf"1001/sip:1001\S*@{address['phone1']}", asterisk("pjsip show contacts")))
    finally:
        softphone.stop()
    ladder = steps(phone.file("/var/tmp/softphone.log").content_string, "REGISTER")
    assert ladder[:4] == ["REGISTER", "401", "REGISTER", "200"]
    return ", ".join(ladder[:4])


def nothing_to_change() -> None:
    """Demand that plan.yml finds nothing to change: it ends with 0, and with 2 where there is anything."""
    run = play("plan")
    assert run.code == 0, run.output[-4000:]
