# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules that role firewall writes: who may send what, and how much."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import jinja2
import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.sip_limits import sip_limits

TEMPLATE = Path(__file__).parents[3] / "roles" / "firewall" / "templates" / "rules.nft.j2"
GIVEN = {
    "firewall_sip_ports": [5060, 5061],
    "firewall_phone_networks": ["10.0.0.0/8", "198.51.100.0/24"],
    "pbx_rtp_port_start": 10000,
    "pbx_rtp_port_end": 20000,
    "pbx_twilio_signalling_networks": ["54.172.60.0/30"],
    "pbx_twilio_media_networks": ["168.86.128.0/18"],
}


def rendered(roaming: bool, phones: int = 2, **limits) -> str:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True, keep_trailing_newline=True)
    return environment.from_string(TEMPLATE.read_text()).render(
        GIVEN, firewall_roaming_phones=roaming, firewall_limits=asdict(sip_limits(phones, **limits)))


def blocks(rules: str, kind: str) -> dict:
    """The lines of each chain or set by its name, without comments."""
    found = re.findall(rf"^    {kind} (\w+) \{{\n(.*?)^    \}}", rules, re.M | re.S)
    return {
        name: [line.strip() for line in body.splitlines() if not line.lstrip().startswith("#")] for name, body in found
    }


LIMIT = re.compile(r"update @(\w+) \{ ip saddr limit rate over (\d+)/second burst (\d+) packets \} goto over_rate")


def limit(chain: list) -> tuple:
    """The set, rate and burst of a chain that limits and accepts the rest."""
    assert chain[1:] == ["accept"]
    name, rate, burst = LIMIT.fullmatch(chain[0]).groups()
    return name, int(rate), int(burst)


def test_without_roaming_phones_a_stranger_reaches_nothing():
    chains = blocks(rendered(False), "chain")
    assert chains["sip"] == [
        "ip saddr @twilio_signalling accept",
        "ip saddr @phones goto phone",
        "ct state established ct direction reply accept",
        'limit rate 1/second burst 5 packets log prefix "trunkline: SIP refused: "',
        "counter name sip_refused drop",
    ]
    assert set(chains) == {"input", "sip", "phone", "over_rate", "rtp"}
    assert set(blocks(rendered(False), "set")) == {"twilio_signalling", "twilio_media", "phones", "sip_sources"}


def test_a_roaming_phone_is_a_stranger_until_asterisk_answered_it_200():
    rules = rendered(True, phones=200)
    chains, sets = blocks(rules, "chain"), blocks(rules, "set")
    assert chains["sip"][:4] == [
        "ip saddr @twilio_signalling accept",
        "ip saddr @phones goto phone",
        "ip saddr @sip_proven goto phone",
        "meta nfproto ipv4 goto stranger",
    ]
    assert limit(chains["stranger"]) == ("sip_strangers", 20, 40)
    assert limit(chains["phone"]) == ("sip_sources", 220, 2040)
    assert set(sets) >= {"sip_strangers", "sip_proven", "sip_sources"}
    watched = chains["output"][1:]
    assert len(watched) == 3 and all(line.endswith("update @sip_proven { ip daddr }") for line in watched)
    number = re.search(r"0x([0-9a-f]+)", watched[0])[1]
    assert bytes.fromhex(number) == b"SIP/2.0 200 " and all(number in line for line in watched)
    # It is behind 8 bytes of UDP, and 32 or 20 of TCP, counted in bits.
    assert re.findall(r"@th,(\d+),(\d+)", " ".join(watched)) == [("64", "96"), ("256", "96"), ("160", "96")]


@pytest.mark.parametrize("roaming", [False, True])
def test_only_packets_to_and_from_asterisk_are_decided_about(roaming):
    chains = blocks(rendered(roaming), "chain")
    assert chains["input"] == [
        "type filter hook input priority filter; policy accept;",
        'iif "lo" accept',
        "meta l4proto { tcp, udp } th dport { 5060, 5061 } goto sip",
        "udp dport 10000-20000 goto rtp",
    ]
    # Nothing that Asterisk sends is held up.
    assert not re.search("drop|goto|reject", " ".join(chains.get("output", [])))


def test_a_value_of_the_inventory_holds_for_every_address():
    chains = blocks(rendered(True, phones=200, rate=7, burst=9), "chain")
    assert limit(chains["phone"])[1:] == limit(chains["stranger"])[1:] == (7, 9)


def test_sets_without_networks_have_no_elements():
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True, keep_trailing_newline=True)
    rules = environment.from_string(TEMPLATE.read_text()).render(
        {**GIVEN, "firewall_phone_networks": []}, firewall_roaming_phones=True, firewall_limits=asdict(sip_limits(0)))
    sets = blocks(rules, "set")
    assert not [line for line in sets["phones"] if "elements" in line]
    assert "elements = { 54.172.60.0/30 }" in sets["twilio_signalling"]


@pytest.mark.parametrize("phones", [1, 10, 200, 850, 3000])
def test_an_office_behind_one_address_is_under_the_limit(phones):
    """All phones register at once, with a packet sent twice each, and are idle afterwards; all of them call in 10 s."""
    limits = sip_limits(phones)
    assert limits.burst >= phones * 4 * 2
    assert limits.rate >= phones / 40 * 2
    assert limits.burst + 10 * limits.rate >= phones * 5 * 2


def test_a_stranger_s_limit_does_not_grow_with_the_phones():
    assert sip_limits(3000).stranger_rate == sip_limits(0).stranger_rate == sip_limits(0).rate == 20
    assert sip_limits(3000).stranger_burst == sip_limits(0).stranger_burst == sip_limits(0).burst == 40
