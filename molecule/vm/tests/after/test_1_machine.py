# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host as users have it: Debian on a virtual machine, reached by SSH as a user with sudo."""

from __future__ import annotations

import os
import re
import socket

from labtest.release import built_for, no_compiler, nothing_to_change, registers, under


def test_kernel_of_its_own(pbx, detail):
    """The host is a virtual machine with a kernel of its own."""
    assert pbx.check_output("systemd-detect-virt --vm") in ("qemu", "kvm")
    assert pbx.run("systemd-detect-virt --container").stdout.strip() == "none"
    kernel = pbx.check_output("uname -r")
    assert kernel != os.uname().release
    detail(kernel)


def test_a_user_with_sudo(pbx, detail):
    """Ansible comes by SSH as a user with sudo; root has neither key nor password."""
    user = pbx.check_output("printenv SUDO_USER")
    assert user == "admin" and "sudo" in pbx.check_output("id -nG admin").split()
    assert not pbx.file("/root/.ssh/authorized_keys").exists
    assert pbx.check_output("passwd --status root").split()[1] == "L"
    detail(f"{user}, uid {pbx.check_output('id -u admin')}")


def test_cgroup_2(pbx):
    """Asterisk runs in a group of cgroup v2, which is the only one that is mounted."""
    assert pbx.check_output("stat -f -c %T /sys/fs/cgroup") == "cgroup2fs"
    assert "cgroup" not in pbx.check_output("cut -d ' ' -f 3 /proc/mounts").split()
    processes = pbx.check_output("cat /sys/fs/cgroup/system.slice/asterisk.service/cgroup.procs").split()
    assert pbx.check_output("systemctl show --property=MainPID --value asterisk") in processes


def test_apparmor(pbx, detail):
    """AppArmor is enabled, has profiles, and has denied Asterisk, fail2ban and nft nothing."""
    assert pbx.run("aa-status --enabled").rc == 0
    profiles = pbx.check_output("cat /sys/kernel/security/apparmor/profiles").splitlines()
    assert profiles and pbx.service("apparmor").is_running
    denied = pbx.check_output("journalctl -k --no-pager | grep 'apparmor=\"DENIED\"' || true")
    assert not re.search("asterisk|fail2ban|nft", denied), denied
    detail(f"{len(profiles)} profiles")


def test_nftables(pbx, detail):
    """The host's own nftables.service has its table beside the PBX's, in this kernel."""
    assert pbx.service("nftables").is_enabled and pbx.service("nftables").is_running
    tables = pbx.check_output("nft list tables").splitlines()
    assert {"table inet filter", "table inet trunkline"} <= set(tables)
    assert pbx.file("/sys/module/nf_tables").exists
    detail(", ".join(tables))


def test_the_kernel_logs_who_is_refused(pbx, address, detail):
    """The kernel's log names the source of a refused SIP packet."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.sendto(b"OPTIONS", (address["pbx1"], 5060))
    lines = pbx.check_output(
        "for i in $(seq 60); do journalctl -k --no-pager | grep 'DPT=5060' && exit; sleep 1; done; exit 1")
    detail(re.search(r"kernel: (.*?)IN=.*?(SRC=\S+)", lines).expand(r"\1\2"))


def test_unattended_upgrades(pbx, detail):
    """Upgrades are unattended, and a trial of one leaves the Asterisk that was built where it is."""
    assert pbx.service("unattended-upgrades").is_enabled and pbx.service("unattended-upgrades").is_running
    assert 'APT::Periodic::Unattended-Upgrade "1";' in pbx.check_output("apt-config dump").splitlines()
    tried = pbx.run("unattended-upgrade --dry-run --debug")
    assert tried.rc == 0, tried.stdout + tried.stderr
    would = [line for line in tried.stdout.splitlines() if re.match("Packages that will be upgraded|No packages", line)]
    assert would and "asterisk" not in would[-1], tried.stdout
    detail(would[-1][:100])


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


def test_empty_plan():
    """After the run there is nothing to plan."""
    nothing_to_change()
