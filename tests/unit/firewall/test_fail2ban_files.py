# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What role firewall writes for fail2ban, and what of it stays."""

from __future__ import annotations

from pathlib import Path

import yaml

ROLE = Path(__file__).parents[3] / "roles" / "firewall"
VARIABLES = yaml.safe_load((ROLE / "vars" / "main.yml").read_text())


def test_what_the_host_s_own_jail_needs_is_never_removed():
    """Up to Debian 12 fail2ban does not run without it, so that a reload after the removal of our jail would fail."""
    ssh = VARIABLES["__firewall_ssh_jail"]
    removed = str([VARIABLES[name] for name in ("__firewall_surplus", "__firewall_paths", "__firewall_jail_files")])
    assert ssh not in removed and "__firewall_ssh_jail" not in removed
    written = {row["path"]: row["src"] for row in VARIABLES["__firewall_jail_templates"]}
    assert written["{{ __firewall_ssh_jail }}"] == "sshd.conf.j2"


def test_jail_files_say_one_thing_each():
    own, ssh = ((ROLE / "templates" / name).read_text() for name in ("jail.conf.j2", "sshd.conf.j2"))
    assert "[sshd]\nbackend = systemd\n" in ssh and "[trunkline]" not in ssh
    assert "[trunkline]" in own and "[sshd]" not in own


def test_fail2ban_reads_each_of_them_again():
    assert "__firewall_jail_files + [__firewall_ssh_jail]" in VARIABLES["__firewall_state"]
