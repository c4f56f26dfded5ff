# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asterisk's side, read from its console, its log and its sockets."""

from __future__ import annotations

import re

import pytest

DOMAIN = "asterisk-pbx1.pstn.twilio.com"
ENDPOINT = "twilio-asterisk-pbx1"


def test_endpoint_as_in_the_seed(asterisk, detail):
    """The endpoint has the seed's contact, outbound_auth, from_domain, callerid."""
    shown = asterisk(f"pjsip show endpoint {ENDPOINT}")
    values = dict(re.findall(r"^ (\w+)\s+: (.*?)\s*$", shown, re.M))
    assert values["from_domain"] == DOMAIN
    assert values["callerid"] == '"Asterisk PBX" <+17756187988>'
    assert re.search(r"OutAuth:\s+\S+/Asterisk\s", shown)
    assert re.search(rf"^contact\s*:\s*sip:{DOMAIN}$|Contact:\s+{ENDPOINT}/sip:{DOMAIN[:15]}", shown, re.M)
    assert f"sip:{DOMAIN}" in asterisk(f"pjsip show aor {ENDPOINT}")
    detail(values["callerid"])


def test_contact_is_available(asterisk, detail):
    """OPTIONS to the trunk is answered and the contact is Avail."""
    line = next(line for line in asterisk("pjsip show contacts").splitlines() if f"{ENDPOINT}/sip:" in line)
    found = re.search(r"\sAvail\s+([0-9.]+)", line)
    assert found, line
    detail(f"RTT {float(found.group(1)):.1f} ms")


def test_no_error_in_the_log(pbx):
    """Asterisk started and reloaded without one ERROR line.

    It reads the whole log, so it fails after tests that log errors on purpose, such as test_5_secure.py.
    """
    log = pbx.check_output(
        "cat /var/log/asterisk/messages.log /var/log/asterisk/messages 2>/dev/null; journalctl -u asterisk --no-pager"
    )
    assert log.strip()
    assert not [line for line in log.splitlines() if re.search(r"\bERROR\b", line)]


def test_only_declared_ports_listen(pbx, detail):
    """Nothing listens but SIP, the manager on loopback, and SSH where the host has it."""
    rows = [row.split() for row in pbx.check_output("ss -Hlntu").splitlines()]
    # Above 32767 are the sockets of PJSIP's own DNS client, which serve nobody.
    ports = {(row[0], row[4]) for row in rows if int(row[4].rpartition(":")[2]) < 32768}
    detail(", ".join(sorted(f"{protocol} {where}" for protocol, where in ports)))
    ssh = {("tcp", "0.0.0.0:22"), ("tcp", "[::]:22")}
    assert ports - ssh == {("udp", "0.0.0.0:5060"), ("tcp", "0.0.0.0:5060"), ("tcp", "127.0.0.1:5038")}


@pytest.mark.parametrize("path", ["pjsip_secrets.conf", "manager_secret.conf"])
def test_secrets_are_in_files_of_their_own(pbx, path):
    """Secrets are in a file 0640 root:asterisk."""
    file = pbx.file(f"/etc/asterisk/{path}")
    assert (file.user, file.group, file.mode) == ("root", "asterisk", 0o640)
