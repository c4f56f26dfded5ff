# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validate the options of the server itself, which roles asterisk and firewall take."""

from __future__ import annotations

import ipaddress
import re
from typing import Collection, Iterator, Mapping, Sequence

from .._core.validators import ipv4_network, port
from .options import Values, nearest
from .trunks import sip_ports
from .values import Check, wrong_entries

_ROAMING = "set firewall_roaming_phones where phones may be anywhere"
_SMALLER = "those that Twilio publishes are smaller"
_SSH = 22
#: The first port that takes no capability: ip_unprivileged_port_start of ip(7), and capabilities(7).
_UNPRIVILEGED, _BIND = 1024, "CAP_NET_BIND_SERVICE"
#: The options of the ports on which Asterisk listens, in the order of `sip_ports`.
_LISTENING = ("pbx_sip_port", "pbx_tls_port", "pbx_tls_back_port")
#: Methods by which a package may be built.
_BUILDING = ("auto", "build")
#: Options that are places on the controller.
_PLACES = ("asterisk_package_file", "asterisk_store", "asterisk_source_folder", "asterisk_sources_file")
#: Lists of networks, and what to do instead of opening one that is too wide.
_NETWORKS = {
    "pbx_local_networks": _ROAMING,
    "firewall_phone_networks": _ROAMING,
    "pbx_twilio_signalling_networks": _SMALLER,
    "pbx_twilio_media_networks": _SMALLER,
}


def problems(declared: Values) -> Iterator[str]:
    """Yield a sentence for everything that cannot be right. Each begins with its variable.

    :param declared: a value for each option of `options.of_pbx`, normalised.
    """
    yield from wrong_settings("asterisk_service_settings", declared["asterisk_service_settings"])
    yield from _wrong_install(declared)
    for name, instead in _NETWORKS.items():
        # Where firewall_phone_networks is not given it has the local networks, which are checked by their own name.
        derived = name == "firewall_phone_networks" and declared[name] == declared["pbx_local_networks"]
        yield from wrong_entries(name, _network(instead), () if derived else declared[name])
    if declared.get("firewall_enabled") and not declared["pbx_twilio_media_networks"]:
        yield "pbx_twilio_media_networks is empty: the firewall would drop the audio of every call."
    if declared["firewall_sip_ports"] not in (None, sip_ports(declared)):
        yield from _wrong_ports(declared["firewall_sip_ports"], sip_ports(declared))
    if declared.get("firewall_enabled"):
        yield from _ports_of_others(declared)


def warnings(declared: Values) -> Iterator[str]:
    """Yield a sentence for each option that has no effect, or not its own, beside the others."""
    method = declared["asterisk_install_method"]
    if declared["asterisk_package_file"] and method != "file":
        yield f"asterisk_package_file has no effect: asterisk_install_method is {method}, and only file installs it."
    if declared["firewall_fail2ban"] and not declared["firewall_enabled"]:
        yield "firewall_fail2ban has no effect: nobody is banned without firewall_enabled."
    for name, one in zip(_LISTENING, sip_ports(declared)):
        if one < _UNPRIVILEGED and _BIND not in str(declared["asterisk_service_settings"].get("AmbientCapabilities")):
            yield (
                f"{name} is {one}, and below {_UNPRIVILEGED} Asterisk can listen only with {_BIND}: give it in"
                " asterisk_service_settings, as AmbientCapabilities and CapabilityBoundingSet.")


def no_builder(declared: Values, hosts: Collection[str]) -> Iterator[str]:
    """Yield what is wrong where the host that builds is none.

    :param hosts: the names of all hosts that there are.
    """
    name = declared["asterisk_builder"]
    if name not in hosts and declared["asterisk_install_method"] in _BUILDING:
        near = nearest(name, hosts)
        meant = f": did you mean {near}?" if near else ". Name one, or leave it out, and the controller builds."
        yield f"asterisk_builder is {name!r}, and the inventory has no such host{meant}"


def _wrong_install(declared: Values) -> Iterator[str]:
    method, file = declared["asterisk_install_method"], declared["asterisk_package_file"]
    if method == "file" and not file:
        yield "asterisk_package_file is not given, and asterisk_install_method is file: name a Debian package there."
    for name in _PLACES:
        # Ansible would look for another in the folders of a role and a playbook, in the middle of a run.
        if declared[name] and not str(declared[name]).startswith(("/", "~")):
            yield f"{name} must be an absolute path on the controller, or begin with ~/, not {declared[name]!r}."
    version = str(declared["asterisk_version"])
    if not re.fullmatch(r"\d+(\.\d+){0,2}", version):
        yield f"asterisk_version must be a version or how it begins, such as 22 or 22.10.1, not {version!r}."


def _wrong_ports(ports: Sequence[int], listening: Sequence[int]) -> Iterator[str]:
    """Yield what is wrong with the ports that the firewall guards.

    :param listening: the ports on which Asterisk listens, in the order of their options.
    """
    yield from wrong_entries("firewall_sip_ports", port, ports)
    if not ports:
        yield "firewall_sip_ports is empty: the firewall would guard no port."
        return
    for name, one in zip(_LISTENING, listening):
        if one not in ports:
            yield (
                f"firewall_sip_ports does not have {name}, {one}: the firewall would not guard it. Leave"
                " firewall_sip_ports out, and it follows from the ports of role pbx."
            )


def _ports_of_others(declared: Values) -> Iterator[str]:
    """Yield each port of SIP on which the firewall would drop what is not SIP."""
    listening = dict(zip(sip_ports(declared), _LISTENING))
    given = {one: f"firewall_sip_ports[{index}]" for index, one in enumerate(declared["firewall_sip_ports"] or ())}
    first, last = declared["pbx_rtp_port_start"], declared["pbx_rtp_port_end"]
    for one, name in {**given, **listening}.items():
        if one == _SSH:
            yield f"{name} is {one}, the port of SSH: the firewall would let nobody but Twilio and the phones reach it."
        # rules.py says it of pbx_sip_port, with a firewall and without.
        if name != _LISTENING[0] and first <= one <= last:
            yield (
                f"{name} is {one}, which is one of the ports for audio from pbx_rtp_port_start to pbx_rtp_port_end,"
                f" {first} to {last}: the firewall would drop the audio there."
            )


def wrong_settings(variable: str, settings: Mapping[str, object]) -> Iterator[str]:
    """Yield what is no setting of systemd.exec(5), or what systemd would read as more than one."""
    for name, value in settings.items():
        if not re.fullmatch("[A-Z][A-Za-z0-9]+", str(name)):
            yield f"{variable} has {name!r}, which is not the name of a setting such as PrivateDevices."
        if isinstance(value, (list, dict)) or re.search(r"[\x00-\x1f]", str(value)):
            yield f"{variable}.{name} must be one line, in quotes, such as \"no\"."


def _network(instead: str) -> Check:
    def check(value: str) -> str:
        network = ipaddress.IPv4Network(ipv4_network(value))
        if network.prefixlen < 8:
            raise ValueError(f"must not be wider than a /8, as {value!r} is: {instead}")
        return value

    return check
