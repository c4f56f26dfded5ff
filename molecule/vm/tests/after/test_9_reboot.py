# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a reboot leaves: the PBX comes back as it was, and nothing has to be done by hand."""

from __future__ import annotations

import os
import re
import time

import pytest

from labtest.plays import play
from labtest.softphone import Softphone
from labtest.waiting import until

#: A machine without KVM takes two minutes, and on a busy host many.
PATIENCE = 1800
BOOT = "cat /proc/sys/kernel/random/boot_id"
FOLDERS = "asterisk fail2ban nftables.conf trunkline-firewall.nft systemd/system"
FILES = f"cd /etc && find -L {FOLDERS} -type f -exec sha256sum {{}} + | sort -k 2"


def ask(pbx, command: str) -> str:
    """Return what a command prints, and nothing where the machine cannot be reached."""
    try:
        return pbx.run(command).stdout.strip()
    except RuntimeError:
        return ""


@pytest.fixture(scope="module")
def telephone(phone, address):
    """Have a phone that stays registered and knows nothing of a reboot."""
    softphone = Softphone(phone, address["pbx1"])
    softphone.start("1001", os.environ["TRUNKLINE_PHONE_PASSWORD"], options="regint=10")
    yield softphone
    softphone.stop()


@pytest.fixture(scope="module")
def rebooted(pbx, telephone):
    """Reboot the machine once; return the seconds that it took, its files before, and the phone's registrations."""
    before, files, begin = pbx.check_output(BOOT), pbx.check_output(FILES), time.monotonic()
    ask(pbx, "systemctl reboot")
    until(lambda: ask(pbx, BOOT) not in ("", before), PATIENCE)
    # Asterisk starts after the network: what the phone registers from now on it does with the Asterisk that came back.
    registered = telephone.registrations()
    assert ask(pbx, "systemctl is-system-running --wait") == "running", ask(pbx, "systemctl --failed --no-legend")
    return time.monotonic() - begin, files, registered


def test_services_are_back(pbx, rebooted, detail):
    """After a reboot Asterisk, the firewall and fail2ban run, and no unit failed."""
    for unit in ("asterisk", "trunkline-firewall", "fail2ban", "nftables", "apparmor", "unattended-upgrades"):
        assert pbx.service(unit).is_running, unit
    jails = pbx.check_output("fail2ban-client status")
    assert re.search(r"Jail list:\s+sshd, trunkline$", jails, re.M), jails
    detail(f"up again after {rebooted[0]:.0f} s")


def test_the_firewall_was_there_first(pbx, rebooted, detail):
    """The rules are loaded, and were before the network came up and Asterisk started."""
    assert "goto sip" in pbx.check_output("nft list table inet trunkline")
    when = {}
    for unit in ("trunkline-firewall", "systemd-networkd", "asterisk"):
        when[unit] = int(pbx.check_output(f"systemctl show --property=ActiveEnterTimestampMonotonic --value {unit}"))
    assert when["trunkline-firewall"] < min(when["systemd-networkd"], when["asterisk"])
    detail(", ".join(f"{unit} {moment / 1e6:.0f} s" for unit, moment in when.items()))


def test_the_configuration_is_the_same(pbx, rebooted, detail):
    """No file of Asterisk, the firewall or fail2ban differs from what it was before."""
    assert pbx.check_output(FILES) == rebooted[1]
    detail(f"{len(rebooted[1].splitlines())} files")


def test_nothing_has_to_be_done(rebooted, detail):
    """A run of site.yml changes nothing on the rebooted machine, and its call goes out."""
    run = play("site")
    assert run.code == 0, run.failure
    assert not any(run.changed.values()), run.changed
    detail(re.search(r"call +passed", run.output).group())


def test_phones_come_back(rebooted, telephone, asterisk, address, detail):
    """A phone that nobody touched is registered again."""
    until(lambda: telephone.registrations() > rebooted[2], PATIENCE)
    assert re.search(rf"1001/sip:1001\S*@{address['phone1']}", asterisk("pjsip show contacts"))
    detail(f"{rebooted[2]} registrations before, {telephone.registrations()} now")
