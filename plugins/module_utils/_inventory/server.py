# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an inventory declares of the server itself, roles asterisk and firewall."""

from __future__ import annotations

import ipaddress
import re
from typing import Iterator, Mapping, Sequence

from .trunks import sip_ports

_COUNTS = (
    "firewall_sip_rate",
    "firewall_sip_burst",
    "firewall_ban_failures",
    "firewall_ban_find_seconds",
    "firewall_ban_seconds",
)


_ROAMING = "set firewall_roaming_phones where phones may be anywhere"
_SMALLER = "those that Twilio publishes are smaller"
#: Lists of networks, with the cure for one that is too wide.
_NETWORKS = {
    "pbx_local_networks": _ROAMING,
    "firewall_phone_networks": _ROAMING,
    "pbx_twilio_signalling_networks": _SMALLER,
    "pbx_twilio_media_networks": _SMALLER,
}


def problems(declared: Mapping) -> Iterator[str]:
    """Everything that cannot be right, a sentence each, beginning with the variable that it is in.

    :param declared: a value for each option of `options.of_pbx`, normalised.
    """
    yield from _wrong_settings(declared["asterisk_service_settings"])
    yield from _wrong_install(declared)
    for name, cure in _NETWORKS.items():
        # Not given, phones are in the local networks.
        derived = name == "firewall_phone_networks" and declared[name] == declared["pbx_local_networks"]
        for index, network in enumerate(declared[name] or () if not derived else ()):
            yield from _wrong_network(f"{name}[{index}]", network, cure)
    if declared.get("firewall_enabled") and not declared["pbx_twilio_media_networks"]:
        yield "pbx_twilio_media_networks is empty: the firewall would drop the audio of every call."
    if declared["firewall_sip_ports"] not in (None, sip_ports(declared)):
        yield from _wrong_ports(declared["firewall_sip_ports"], declared["pbx_sip_port"])
    for name in _COUNTS:
        if declared[name] is not None and declared[name] < 1:
            yield f"{name} must be 1 or more, not {declared[name]}."


def _wrong_install(declared: Mapping) -> Iterator[str]:
    method, file = declared["asterisk_install_method"], declared["asterisk_package_file"]
    if method == "file" and not file:
        yield "asterisk_package_file is not given, and asterisk_install_method is file: name a Debian package there."
    version = str(declared["asterisk_version"])
    if not re.fullmatch(r"\d+(\.\d+){0,2}", version):
        yield f"asterisk_version must be a version or how it begins, such as 22 or 22.10.1, not {version!r}."


def _wrong_ports(ports: Sequence[int], sip_port: int) -> Iterator[str]:
    for index, port in enumerate(ports):
        if not 1 <= port <= 65535:
            yield f"firewall_sip_ports[{index}] must be 1 to 65535, not {port}."
    if not ports:
        yield "firewall_sip_ports is empty: the firewall would guard no port."
    elif sip_port not in ports:
        yield (
            f"firewall_sip_ports does not have pbx_sip_port, {sip_port}: the firewall would not guard it. Leave"
            " firewall_sip_ports out, and it follows from the ports of role pbx."
        )


def _wrong_settings(settings: Mapping) -> Iterator[str]:
    """What is no setting of systemd.exec(5) or would be read as more than one."""
    for name, value in settings.items():
        if not re.fullmatch("[A-Z][A-Za-z0-9]+", str(name)):
            yield f"asterisk_service_settings has {name!r}, which is not the name of a setting such as PrivateDevices."
        if isinstance(value, (list, dict)) or re.search(r"[\x00-\x1f]", str(value)):
            yield f"asterisk_service_settings.{name} must be one line, in quotes, such as \"no\"."


def _wrong_network(where: str, value: str, cure: str) -> Iterator[str]:
    try:
        network = ipaddress.IPv4Network(value if "/" in value else "")
    except ValueError:
        yield f"{where} must be an IPv4 network such as 192.0.2.0/24, not {value!r}."
        return
    if network.prefixlen < 8:
        yield f"{where} must not be wider than a /8, as {value!r} is: {cure}."
