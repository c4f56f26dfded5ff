# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of roles asterisk and firewall: each template prints what it is given, and nothing else."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest

ROLES = Path(__file__).parents[4] / "roles"
JAIL = {
    "firewall_ban_failures": 5, "firewall_ban_find_seconds": 600, "firewall_ban_seconds": 3600,
    "firewall_sip_ports": [5060, 5061], "firewall_phone_networks": ["10.0.0.0/8"],
    "pbx_twilio_signalling_networks": ["54.172.60.0/30"],
}
PRINTED = {
    "asterisk/dpkg.conf": ({}, ["path-exclude=/etc/asterisk/*"]),
    "asterisk/logrotate.conf": ({}, ["    rotate 14"]),
    "asterisk/needrestart.conf": ({}, [r"$nrconf{override_rc}{qr(^asterisk\.service$)} = 0;"]),
    "asterisk/policy-rc.d": ({}, ["        exit 101"]),
    "asterisk/sysctl.conf": ({"asterisk_socket_memory": 4194304}, ["-net.core.rmem_max = 4194304"]),
    "asterisk/systemd.conf": (
        {"asterisk_service": {"PrivateDevices": "no", "CapabilityBoundingSet": ""}},
        ["PrivateDevices=no", "CapabilityBoundingSet="]),
    "firewall/filter.conf": ({}, ["[Definition]"]),
    "firewall/firewall.service": ({"firewall_rules": "/rules"}, ["ExecStart=/usr/sbin/nft --file /rules"]),
    "firewall/nftables.conf": ({"firewall_rules": "/rules"}, ["ExecReload=-/usr/sbin/nft --file /rules"]),
    "firewall/jail.conf": (JAIL, ["maxretry = 5", "ignoreip = 127.0.0.0/8 54.172.60.0/30 10.0.0.0/8"]),
    "firewall/sshd.conf": ({}, ["[sshd]", "backend = systemd"]),
}


@pytest.mark.parametrize("name", PRINTED)
def test_a_template_prints_what_it_is_given(name):
    given, lines = PRINTED[name]
    role, _slash, file = name.partition("/")
    source = (ROLES / role / "templates" / f"{file}.j2").read_text()
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True, keep_trailing_newline=True)
    printed = environment.from_string(source).render(given)
    assert set(lines) <= set(printed.splitlines()) and printed.endswith("\n")
    for variable in given:
        with pytest.raises(jinja2.UndefinedError):
            environment.from_string(source).render({key: value for key, value in given.items() if key != variable})
