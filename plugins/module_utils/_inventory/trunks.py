# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A trunk on the PBX: the names of its PJSIP objects and contexts, its transport, and its legs."""

from __future__ import annotations

from typing import Mapping, NamedTuple, Sequence

#: Options of a trunk that its PBX has no need to know.
TWILIO_ONLY = frozenset({
    "ip_access_control_list", "ip_access_control_lists", "credential_list", "credential_lists", "transfer_mode",
    "transfer_caller_id", "cnam_lookup_enabled", "recording", "recording_trim", "disaster_recovery_url",
    "disaster_recovery_method", "origination", "origination_urls", "phone_numbers",
})


class Leg(NamedTuple):
    """A way to Twilio with an endpoint and an AOR of its own.

    name: the endpoint's. proxy: the SIP URI of the edge that calls are sent to, empty without edges.
    """

    name: str
    proxy: str


def trunk_id(domain: str) -> str:
    """Return the name of a trunk's endpoint: `twilio-` and the first label of its domain, which no other trunk of any
    Twilio account has."""
    return "twilio-" + domain.partition(".")[0]


def outbound_context(domain: str) -> str:
    """Return the context that calls on this trunk, whatever phone asks."""
    return "outbound-" + trunk_id(domain)


def transport(trunk: Mapping) -> str:
    """Return `udp`, `tcp` or `tls`."""
    return "tls" if trunk["secure"] else trunk["transport"]


def legs(trunk: Mapping, edges: Sequence[str]) -> list[Leg]:
    """Return a trunk's legs, one an edge, or the one to its own domain.

    :param edges: in the order in which calls try them.
    """
    name, parameter = trunk_id(trunk["domain"]), uri_parameter(trunk)
    proxies = [Leg(f"{name}-{edge}", f"sip:pstn.{edge}.twilio.com{parameter}\\;lr") for edge in edges]
    return proxies or [Leg(name, "")]


def uri_parameter(trunk: Mapping) -> str:
    """Return the parameter of a SIP URI that says a transport, its semicolon escaped as Asterisk's files need it."""
    return "" if transport(trunk) == "udp" else "\\;transport=" + transport(trunk)


def is_secure(host: Mapping) -> bool:
    """Tell whether any trunk takes TLS and SRTP."""
    return any(trunk["secure"] for trunk in host["trunkline_trunks"])


def sip_ports(host: Mapping) -> list[int]:
    """Return the ports that SIP listens on, over UDP, TCP and TLS."""
    return [host["pbx_sip_port"], *([host["pbx_tls_port"], host["pbx_tls_back_port"]] if is_secure(host) else [])]
