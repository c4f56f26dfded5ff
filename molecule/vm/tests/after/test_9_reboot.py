# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a reboot leaves: the PBX comes back as it was, and nothing has to be done by hand."""

from __future__ import annotations

import time

import pytest

from labtest.plays import play
from labtest.release import registers

#: A machine without KVM takes two minutes on a busy host.
PATIENCE = 600
BOOT = "cat /proc/sys/kernel/random/boot_id"


@pytest.fixture(scope="module")
def rebooted(pbx):
    """Reboot the machine once, and return how many seconds it took to be up again."""
    before, begin = pbx.check_output(BOOT), time.monotonic()
    pbx.run("systemctl reboot")
    while True:
        now = pbx.run(BOOT)
        if now.rc == 0 and now.stdout.strip() != before:
            break
        assert time.monotonic() - begin < PATIENCE, "the machine is not back"
        time.sleep(2)
    pbx.run("systemctl is-system-running --wait")
    return time.monotonic() - begin


def test_services_are_back(pbx, rebooted, detail):
    """After a reboot Asterisk, the firewall and fail2ban run, and no unit failed."""
    for unit in ("asterisk", "trunkline-firewall", "fail2ban"):
        assert pbx.service(unit).is_running, unit
    assert pbx.check_output("systemctl --failed --no-legend --plain") == ""
    detail(f"up again after {rebooted:.0f} s")


def test_the_firewall_is_back(pbx, rebooted):
    """The firewall's table is loaded before a phone or Twilio can call."""
    assert "table inet trunkline" in pbx.check_output("nft list tables")


def test_phones_come_back(rebooted, phone, asterisk, address):
    """A softphone registers with the PBX that was rebooted."""
    registers(phone, asterisk, address)


def test_nothing_has_to_be_done(rebooted):
    """A run of site.yml changes nothing on the rebooted machine, and its call goes out."""
    run = play("site")
    assert run.code == 0, run.failure
    assert not any(run.changed.values()), run.changed
