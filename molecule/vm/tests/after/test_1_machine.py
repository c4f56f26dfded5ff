# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host as users have it: Debian on a virtual machine, reached by SSH as a user with sudo."""

from __future__ import annotations

from labtest.release import built_for, no_compiler, registers, under


def test_a_machine_of_its_own(pbx, detail):
    """The host has a kernel of its own, cgroup v2 and AppArmor."""
    assert pbx.check_output("systemd-detect-virt") in ("qemu", "kvm")
    assert pbx.check_output("stat -f -c %%T /sys/fs/cgroup") == "cgroup2fs"
    assert pbx.check_output("cat /sys/module/apparmor/parameters/enabled") == "Y"
    assert pbx.check_output("systemctl is-enabled unattended-upgrades") == "enabled"
    detail(pbx.check_output("uname -r"))


def test_version(pbx, asterisk, detail):
    """Debian trixie runs the Asterisk 22 that was built for it, told by its key."""
    detail(built_for(pbx, asterisk, "trixie", "Python 3.13", "deb13"))


def test_no_compiler_came_with_it(pbx):
    """The host has no compiler, no development files and no sample configuration."""
    no_compiler(pbx)


def test_sandbox(pbx, detail):
    """The running unit's exposure is under 2.5."""
    detail(under(pbx, 2.5))


def test_registers(phone, asterisk, address, detail):
    """A softphone registers: REGISTER, 401, REGISTER, 200, and its contact is shown."""
    detail(registers(phone, asterisk, address))


def test_only_declared_ports_listen(pbx, detail):
    """Beside SSH nothing but SIP and the manager listens, and the manager only on the loopback address."""
    found = {tuple(line.split()[i] for i in (0, 4)) for line in pbx.check_output("ss -Hlntu").splitlines()}
    open_to_all = {(protocol, local.rpartition(":")[2]) for protocol, local in found if not local.startswith("127.")}
    assert {port for dummy, port in open_to_all} <= {"22", "5060", "5353", "5355"}, sorted(open_to_all)
    detail(", ".join(sorted(f"{protocol} {port}" for protocol, port in open_to_all)))
