# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find contradictions between hosts and between trunks, and totals that exceed Twilio's limits."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Iterable, Iterator

from .._twilio.validators import stored_prefix
from . import emergency, features, music, prompts, server
from .options import Values
from .trunks import TWILIO_ONLY

if TYPE_CHECKING:
    from .inventory import Inventory

#: https://www.twilio.com/docs/sip-trunking/api/originationurl-resource and
#: https://www.twilio.com/docs/voice/sip/api/sip-ipaccesscontrollist-resource
MAX_ORIGINATION_URLS, MAX_ADDRESSES = 10, 100

#: Options of a trunk that take effect at Twilio, so that two hosts must agree on them. The others are each PBX's own.
_SHARED = ("domain", "secure", "transport", "username", "password", *sorted(TWILIO_ONLY))


def contradictions(source: str, trunk: Values, other: str, same: Values) -> list[str]:
    """Return a sentence for each option in which two hosts' statements of one trunk contradict each other."""
    return [
        f"{other} and {source} both state trunk {trunk['name']!r}, with a different {option} each: Twilio keeps one."
        for option in _SHARED
        if trunk[option] != same[option]
    ]


def problems(inventory: Inventory) -> list[str]:
    """Return a sentence for each contradiction and each limit that is exceeded."""
    return [
        *_domains_twice(inventory),
        *_numbers_twice(inventory),
        *_lists_without_a_pbx(inventory),
        *_beyond_a_limit(inventory),
    ]


def warnings(inventory: Inventory) -> list[str]:
    """Return a sentence for each oddity that may be meant."""
    first: dict[tuple[str, int], str] = {}
    found = []
    for name, host in inventory.hosts.items():
        found += [f"{name}: {warning}" for warning in (
            *features.warnings(host), *emergency.warnings(host), *prompts.warnings(host),
            *music.warnings(host), *server.warnings(host))]
        place = host["trunkline_public_address"], host["pbx_sip_port"]
        other = first.setdefault(place, name)
        if other != name:
            found.append(
                f"{other} and {name} have the same trunkline_public_address and pbx_sip_port, {place[0]}:{place[1]}:"
                " Twilio sends calls to that address, and only the PBX that answers there gets them.")
    return found


def _domains_twice(inventory: Inventory) -> Iterator[str]:
    """Compare the trunks of different hosts; rules.py compares those of one host."""
    first: dict[str, str] = {}
    for trunk in inventory.account["trunkline_trunks"]:
        other = first.setdefault(trunk["domain"].lower(), trunk["name"])
        if other != trunk["name"]:
            yield (
                f"Trunks {other!r} and {trunk['name']!r} have the same domain, {trunk['domain']}; only one can"
                " have it.")


def _numbers_twice(inventory: Inventory) -> Iterator[str]:
    first: dict[str, tuple[str, str]] = {}
    for name in inventory.answering:
        host = inventory.hosts[name]
        for index, did in enumerate(host["pbx_dids"]):
            trunk = did["trunk"] or host["trunkline_trunks"][0]["name"]
            other, there = first.setdefault(did["number"], (trunk, name))
            if other != trunk:
                yield (
                    f"{name}: pbx_dids[{index}].number {did['number']} comes in on trunk {trunk!r}, and on {there} it"
                    f" comes in on {other!r}; a number belongs to one trunk."
                )


def _lists_without_a_pbx(inventory: Inventory) -> Iterator[str]:
    """Yield the trunks none of whose fully stated lists has a PBX's address: Twilio would refuse its calls (32201)."""
    account = inventory.account
    if "addresses" in account["twilio_trunk_keep_extra"]:
        return
    stated = {row["name"]: row["addresses"] for row in account["twilio_trunk_ip_access_control_lists"] or ()}
    for trunk in account["trunkline_trunks"]:
        names = [trunk["ip_access_control_list"], *(trunk["ip_access_control_lists"] or ())]
        names = [name for name in names if name]
        if not names or any(stated.get(name) is None for name in names):
            continue    # a derived list has every PBX, and the addresses of an unmanaged list are unknown
        networks = [network for name in names for network in _networks(stated[name])]
        for host in inventory.carriers(trunk["name"]):
            address = ipaddress.IPv4Address(inventory.hosts[host]["trunkline_public_address"])
            if not any(address in network for network in networks):
                yield (
                    f"twilio_trunk_ip_access_control_lists: no list of trunk {trunk['name']!r} ({', '.join(names)}) has"
                    f" {address}, the trunkline_public_address of {host}: Twilio would refuse its calls. Add it to one"
                    " of them."
                )


def _networks(addresses: Iterable[Values]) -> list[ipaddress.IPv4Network]:
    return [
        ipaddress.IPv4Network((row["ip_address"], stored_prefix(row["cidr_prefix_length"])), strict=False)
        for row in addresses
    ]


def _beyond_a_limit(inventory: Inventory) -> Iterator[str]:
    account = inventory.account
    for name, addresses in _derived_lists(inventory).items():
        if len(addresses) > MAX_ADDRESSES:
            yield (
                f"IP access control list {name!r} would have {len(addresses)} addresses, and Twilio takes"
                f" {MAX_ADDRESSES}: it has those of its trunks' PBX hosts and of twilio_trunk_extra_addresses."
            )
    for row in account["twilio_trunk_ip_access_control_lists"] or ():
        if len(row["addresses"] or ()) > MAX_ADDRESSES:
            yield (
                f"twilio_trunk_ip_access_control_lists: {row['name']} has {len(row['addresses'])} addresses, and Twilio"
                f" takes {MAX_ADDRESSES} in a list."
            )
    for trunk in account["trunkline_trunks"]:
        stated = trunk["origination_urls"]
        count = len(inventory.carriers(trunk["name"]) if stated is None else stated) if trunk["origination"] else 0
        if count > MAX_ORIGINATION_URLS:
            yield (
                f"Trunk {trunk['name']!r} would have {count} origination URLs, and Twilio takes"
                f" {MAX_ORIGINATION_URLS}: state its origination_urls, or let fewer hosts have the trunk."
            )


def _derived_lists(inventory: Inventory) -> dict[str, set[str]]:
    """Return the addresses of each IP access control list that a trunk names and that is not stated in full."""
    found: dict[str, set[str]] = {}
    account = inventory.account
    stated = {row["name"] for row in account["twilio_trunk_ip_access_control_lists"] or ()}
    extra = {row["ip_address"] for row in account["twilio_trunk_extra_addresses"]}
    for trunk in account["trunkline_trunks"]:
        name = trunk["ip_access_control_list"]
        if name and name not in stated:
            hosts = inventory.carriers(trunk["name"])
            addresses = {inventory.hosts[host]["trunkline_public_address"] for host in hosts}
            found.setdefault(name, set(extra)).update(addresses)
    return found
