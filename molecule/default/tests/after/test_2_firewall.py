# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The firewall: who reaches the PBX. This machine, at the lab's bridge, is an unknown source; phone1 is a phone's."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
from pathlib import Path

import pytest

from labtest import registration_burst, request_burst
from labtest.container import container, inside
from labtest.plays import play
from labtest.waiting import until

STRANGER = f"{os.environ['TRUNKLINE_LAB_NET']}.1"
TABLE = "inet trunkline"
LOG = "/var/log/asterisk/security.log"
WRONG = (
    'Authorization: Digest username="1001",realm="asterisk",nonce="1/a",uri="sip:x",response="{}"\n'.format("0" * 32)
)


def counted(pbx) -> dict[str, int]:
    """Return the packets that each counter of the firewall has counted."""
    listed = pbx.check_output(f"nft list counters table {TABLE}")
    return {name: int(packets) for name, packets in re.findall(r"counter (\w+) \{\s+packets (\d+)", listed)}


def from_phone(count: int, address: dict) -> dict[str, int]:
    """Have the phone's host send so many OPTIONS at once; return the number of responses by status."""
    script = Path(request_burst.__file__).read_bytes()
    command = inside(container("phone1"), "python3", "-", address["pbx1"], str(count), "OPTIONS", "nobody")
    return json.loads(subprocess.run(command, input=script, stdout=subprocess.PIPE, check=True).stdout)


def test_a_stranger_reaches_nothing(pbx, address, detail):
    """SIP from an unknown source, over UDP and TCP, and RTP are dropped, and each packet is counted."""
    before, log = counted(pbx), pbx.check_output(f"grep -c {STRANGER}/ {LOG} || true")
    assert request_burst.burst(address["pbx1"], 5, "OPTIONS", "1001") == {}
    with pytest.raises(TimeoutError):
        socket.create_connection((address["pbx1"], 5060), timeout=1.5)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.sendto(b"\x80" * 172, (address["pbx1"], 10000))
    after = counted(pbx)
    assert after["sip_refused"] >= before["sip_refused"] + 6
    assert after["rtp_refused"] == before["rtp_refused"] + 1
    assert pbx.check_output(f"grep -c {STRANGER}/ {LOG} || true") == log
    detail(f"{after['sip_refused'] - before['sip_refused']} SIP packets dropped")


def test_other_ports_are_left_alone(address):
    """A port that is not Asterisk's answers an unknown source as it would without a firewall."""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address["pbx1"], 5039), timeout=5)


def test_a_burst_over_the_rate_is_dropped(pbx, address, detail):
    """Of 200 packets that a phone sends at once 50 pass and the others are dropped and counted; later ones pass again.

    50 is the burst of an address where phones are, on a PBX with one phone.
    """
    before = counted(pbx)
    answered = sum(from_phone(200, address).values())
    dropped = counted(pbx)["sip_over_rate"] - before["sip_over_rate"]
    detail(f"{answered} answered, {dropped} dropped")
    assert 50 <= answered <= 60 and dropped >= 140
    assert sum(from_phone(1, address).values()) == 1


OFFICE = [
    {"name": str(1001 + index), "password": "{{ lookup('ansible.builtin.env', 'TRUNKLINE_PHONE_PASSWORD') }}"}
    for index in range(200)
]


def test_an_office_behind_one_address(pbx, address, detail):
    """200 phones behind one address register at once, in a phone network and, as roaming phones, elsewhere.

    The limit of a scanner stays the same meanwhile.
    """
    password = os.environ["TRUNKLINE_PHONE_PASSWORD"]
    here = address["pbx1"], password, 1001, len(OFFICE), 24
    # Without fail2ban, which would ban this machine for what it sends as a scanner.
    given = {"pbx_phones": OFFICE, "firewall_roaming_phones": True, "firewall_fail2ban": False, "verify_number": ""}
    try:
        made = play("site", variables=given)
        assert made.code == 0, made.output[-4000:]
        # The host's own jail goes on without ours.
        assert "Jail list:\tsshd\n" in pbx.check_output("fail2ban-client status") + "\n"
        before = counted(pbx)["sip_over_rate"]
        assert sum(request_burst.burst(address["pbx1"], 200, "OPTIONS", "nobody").values()) <= 60
        assert counted(pbx)["sip_over_rate"] >= before + 140
        assert "expires" not in pbx.check_output(f"nft list set {TABLE} sip_proven")
        roaming = registration_burst.register(*here)
        assert STRANGER in pbx.check_output(f"nft list set {TABLE} sip_proven")
        before = counted(pbx)["sip_over_rate"]
        script, asked = Path(registration_burst.__file__).read_text(), [here[0], *map(str, here[2:])]
        named = json.loads(subprocess.run(
            inside(container("phone1"), "python3", "-c", script, *asked),
            input=f"{password}\n".encode(), stdout=subprocess.PIPE, check=True).stdout)
        detail(f"roaming {roaming['seconds']:.1f} s, named {named['seconds']:.1f} s")
        assert roaming["registered"] == named["registered"] == len(OFFICE)
        assert counted(pbx)["sip_over_rate"] == before
    finally:
        mended = play("site", variables={"verify_number": ""})
    assert mended.code == 0, mended.output[-4000:]


def test_rules_outlive_the_hosts_own(pbx):
    """The rules stay when the host's own nftables.service flushes all tables."""
    runs = pbx.service("nftables").is_running
    for what in ("start", "reload", "restart"):
        pbx.check_output(f"systemctl {what} nftables")
        assert "goto sip" in pbx.check_output(f"nft list table {TABLE}"), what
    pbx.check_output("systemctl stop nftables; systemctl restart trunkline-firewall")
    assert pbx.service("trunkline-firewall").is_enabled
    if runs:
        pbx.check_output("systemctl start nftables")


def banned(pbx) -> list[str]:
    return pbx.check_output("fail2ban-client get trunkline banip").split()


def test_scanner_is_banned_and_drift_mended(pbx, address, detail):
    """fail2ban bans a scanner that was let in by hand, never Twilio or a forged address; the next run mends it."""
    pbx.check_output(f"fail2ban-client unban --all && nft add element {TABLE} phones '{{ {STRANGER} }}'")
    try:
        forged = f'a",LocalAddress="b",RemoteAddress="IPV4/UDP/{address["pbx1"]}9/5",Foo="'
        assert request_burst.burst(address["pbx1"], 2, "INVITE", "nobody", forged) == {"401": 2}
        request_burst.burst(address["pbx1"], 4, "REGISTER", "1001", "", WRONG)
        # The same lines, had they come from Twilio.
        pbx.check_output(f"grep {STRANGER}/ {LOG} | tail -n 6 | sed s,{STRANGER}/,{address['twilio']}/, >> {LOG}")
        until(lambda: banned(pbx))
        assert banned(pbx) == [STRANGER]
        assert request_burst.burst(address["pbx1"], 2, "OPTIONS", "1001") == {}
        found = pbx.check_output(f"fail2ban-regex --out ip {LOG} /etc/fail2ban/filter.d/trunkline.conf").split()
        # The phone's host has failures where the bursts above were sent from there.
        assert set(found) - {address["phone1"]} == {STRANGER, address["twilio"]}
        refused = pbx.check_output(f"grep -cE '\"(InvalidAccountID|ChallengeResponseFailed)\".*{STRANGER}/' {LOG}")
        assert found.count(STRANGER) == int(refused)
        assert banned(pbx) == [STRANGER]
        detail(f"{found.count(STRANGER)} failures of the scanner")
    finally:
        pbx.check_output("fail2ban-client unban --all")
    assert from_phone(1, address) == {"401": 1}
    mended = play("site", variables={"verify_number": ""})
    assert mended.code == 0 and mended.changed["pbx1"] == 1, mended.output[-4000:]
    # The state of a rate limit is no drift; the address that was added by hand is.
    assert STRANGER in mended.output and "65536" not in mended.output, mended.output[-4000:]
    assert STRANGER not in pbx.check_output(f"nft list set {TABLE} phones")
