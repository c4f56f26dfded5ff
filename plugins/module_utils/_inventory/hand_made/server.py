# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the ports and addresses of a PBX from its transports and rtp.conf."""

from __future__ import annotations

import ipaddress
from typing import Any

from ..._asterisk.config.conf import Section
from ..._asterisk.config.configuration import Config
from ..options import of_pbx
from .endpoints import Endpoints, parts_of_all, unknown, value, whole
from .notes import Notes

EXTERNAL = ("external_signaling_address", "external_media_address")
PORTS = {"rtpstart": "pbx_rtp_port_start", "rtpend": "pbx_rtp_port_end"}
#: Settings of rtp.conf that are the same here.
SAME = {"strictrtp": "yes", "icesupport": "no"}
#: Settings of a transport that are read.
TRANSPORT = frozenset(("type", "protocol", "bind", "local_net", *EXTERNAL))


def server(config: Config, found: Endpoints, notes: Notes) -> dict[str, Any]:
    """Return the options of the host that transports and `rtp.conf` state."""
    options: dict[str, Any] = {}
    for (kind, name), section in found.objects.items():
        if kind == "transport":
            _transport(name, section, options, notes)
    notes.extend(config.conf("rtp.conf").faults)
    for section in config.conf("rtp.conf").sections:
        if section.name != "general":
            notes.add(f"[{section.name}] of rtp.conf is not carried over", section.place)
            continue
        for setting, option in PORTS.items():
            port = whole(value(section, setting))
            if port is not None:
                options[option] = port
        for given in section.settings:
            name = given.name.lower()
            if name not in PORTS and SAME.get(name) != given.value.strip().lower():
                notes.add(f"{given.name} of rtp.conf is not carried over", given.place)
    return {option: given for option, given in options.items() if given != of_pbx()[option].get("default")}


def _transport(name: str, section: Section, options: dict[str, Any], notes: Notes) -> None:
    protocol = value(section, "protocol").lower() or "udp"
    if protocol not in ("udp", "tcp"):
        notes.add(f"transport {name} has protocol {protocol}, which is not carried over; secure trunks have TLS by"
                  " themselves", section.place)
        return
    address, dummy, port = value(section, "bind").rpartition(":") if ":" in value(section, "bind") else (
        value(section, "bind"), "", "5060")
    if not _is_ipv4(address or "0.0.0.0"):
        notes.add(f"transport {name} is bound to {value(section, 'bind')}, which is not carried over", section.place)
        return
    number = whole(port)
    if number is None:
        notes.add(f"transport {name} is bound to {value(section, 'bind')[:80]}, which has no port that could be carried"
                  " over", section.place)
    elif options.setdefault("pbx_sip_port", number) != number:
        notes.add(f"transport {name} has port {port}, and another one has {options['pbx_sip_port']}; SIP has one port"
                  " here, for UDP and TCP", section.place)
    if options.setdefault("pbx_bind_address", address or "0.0.0.0") != (address or "0.0.0.0"):
        notes.add(f"transport {name} is bound to {address or '0.0.0.0'}, and another one to"
                  f" {options['pbx_bind_address']}; SIP has one address here", section.place)
    unknown(f"transport {name}", section, TRANSPORT, notes)
    _behind_nat(name, section, options, notes)


def _behind_nat(name: str, section: Section, options: dict[str, Any], notes: Notes) -> None:
    external = {text for setting in EXTERNAL if (text := value(section, setting))}
    for text in external:
        if not _is_ipv4(text) or options.setdefault("pbx_external_address", text) != text:
            notes.add(f"transport {name} has the external address {text}, which is not carried over; here it is one"
                      " IPv4 address, pbx_external_address", section.place)
    if external:
        networks = parts_of_all(section, "local_net")
        if not all(_is_private(network) for network in networks):
            # The firewall lets phones in from these, where the inventory says nothing else.
            notes.add(f"transport {name} has a local_net that is no private IPv4 network, so none is carried over",
                      section.place_of("local_net"))
        elif networks:
            options["pbx_local_networks"] = [str(ipaddress.ip_network(network, strict=False)) for network in networks]


def _is_ipv4(text: str) -> bool:
    try:
        return bool(str(ipaddress.IPv4Address(text)))
    except ValueError:
        return False


def _is_private(text: str) -> bool:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return isinstance(network, ipaddress.IPv4Network) and any(
        network.subnet_of(ipaddress.IPv4Network(private)) for private in of_pbx()["pbx_local_networks"]["default"])
