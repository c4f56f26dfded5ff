# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A trunk on the PBX: the names of its PJSIP objects and contexts, its transport and its legs."""

from __future__ import annotations

from typing import NamedTuple, Sequence

from .options import Values

#: Options of a trunk that do not concern its PBX.
TWILIO_ONLY = frozenset({
    "ip_access_control_list", "ip_access_control_lists", "credential_list", "credential_lists", "transfer_mode",
    "transfer_caller_id", "cnam_lookup_enabled", "recording", "recording_trim", "disaster_recovery_url",
    "disaster_recovery_method", "origination", "origination_urls", "phone_numbers",
})


class Leg(NamedTuple):
    """A way to Twilio that has its own endpoint and AOR.

    name: the endpoint's name. proxy: the SIP URI of the edge that calls are sent to, empty for the trunk's own domain.
    """

    name: str
    proxy: str


def trunk_id(domain: str) -> str:
    """Return the name of a trunk's endpoint: `twilio-` and the first label of its domain, which is unique among all
    Twilio accounts."""
    return "twilio-" + domain.partition(".")[0]


def outbound_context(domain: str) -> str:
    """Return the context whose calls go out on this trunk, whichever phone makes them."""
    return "outbound-" + trunk_id(domain)


def own_numbers(host: Values) -> set[str]:
    """Return the numbers that a host's inventory owns: those that may be called, and those of the trunks."""
    trunks = host["trunkline_trunks"]
    attached = {number for trunk in trunks for number in trunk.get("phone_numbers") or ()}
    return {did["number"] for did in host["pbx_dids"]} | {trunk["caller_id"] for trunk in trunks} | attached


def transport(trunk: Values) -> str:
    """Return `udp`, `tcp` or `tls`."""
    return "tls" if trunk["secure"] else trunk["transport"]


def legs(trunk: Values, edges: Sequence[str]) -> list[Leg]:
    """Return a trunk's legs: one for each edge, or a single one to its own domain.

    :param edges: in the order in which calls try them.
    """
    name, parameter = trunk_id(trunk["domain"]), uri_parameter(trunk)
    proxies = [Leg(f"{name}-{edge}", f"sip:pstn.{edge}.twilio.com{parameter}\\;lr") for edge in edges]
    return proxies or [Leg(name, "")]


def uri_parameter(trunk: Values) -> str:
    """Return the `;transport=` parameter of a trunk's SIP URIs, its semicolon escaped for a .conf file."""
    return "" if transport(trunk) == "udp" else "\\;transport=" + transport(trunk)


def is_secure(host: Values) -> bool:
    """Return whether any trunk uses TLS and SRTP."""
    return any(trunk["secure"] for trunk in host["trunkline_trunks"])


def sip_ports(host: Values) -> list[int]:
    """Return the ports on which Asterisk listens for SIP over UDP, TCP and TLS."""
    return [host["pbx_sip_port"], *([host["pbx_tls_port"], host["pbx_tls_back_port"]] if is_secure(host) else [])]
