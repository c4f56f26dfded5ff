# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an inventory declares of the server itself, roles asterisk and firewall: a part of module declaration."""

from __future__ import annotations

import ipaddress
import re
from typing import Iterator, Mapping

_NETWORKS = {"type": "list", "elements": "str"}
_COUNTS = {
    "firewall_sip_rate": None,      # by the number of phones
    "firewall_sip_burst": None,
    "firewall_ban_failures": 5,
    "firewall_ban_find_seconds": 600,
    "firewall_ban_seconds": 3600,
}

#: The argument spec of these variables.
OPTIONS: dict = {
    "asterisk_service_settings": {"type": "dict", "default": {}},
    "pbx_twilio_media_networks": {**_NETWORKS, "default": []},
    "firewall_enabled": {"type": "bool"},
    "firewall_sip_ports": {"type": "list", "elements": "int"},
    "firewall_phone_networks": _NETWORKS,
    "firewall_roaming_phones": {"type": "bool", "default": False},
    "firewall_fail2ban": {"type": "bool", "default": False},
    **{name: {"type": "int"} if default is None else {"type": "int", "default": default}
       for name, default in _COUNTS.items()},
}


def problems(declared: Mapping) -> Iterator[str]:
    """Everything that cannot be right, a sentence each, beginning with the variable that it is in.

    :param declared: a value for each of `OPTIONS`, in Ansible's types; None for what is not given.
    """
    yield from _wrong_settings(declared["asterisk_service_settings"])
    for name in ("pbx_twilio_media_networks", "firewall_phone_networks"):
        for index, network in enumerate(declared.get(name) or ()):
            yield from _wrong_network(f"{name}[{index}]", network)
    if declared.get("firewall_enabled") and not declared["pbx_twilio_media_networks"]:
        yield "pbx_twilio_media_networks is empty: the firewall would drop the audio of every call."
    for index, port in enumerate(declared.get("firewall_sip_ports") or ()):
        if not 1 <= port <= 65535:
            yield f"firewall_sip_ports[{index}] must be 1 to 65535, not {port}."
    if declared.get("firewall_sip_ports") == []:
        yield "firewall_sip_ports is empty: the firewall would guard no port."
    for name in _COUNTS:
        if declared[name] is not None and declared[name] < 1:
            yield f"{name} must be 1 or more, not {declared[name]}."


def _wrong_settings(settings: Mapping) -> Iterator[str]:
    """What is no setting of systemd.exec(5) or would be read as more than one."""
    for name, value in settings.items():
        if not re.fullmatch("[A-Z][A-Za-z0-9]+", str(name)):
            yield f"asterisk_service_settings has {name!r}, which is not the name of a setting such as PrivateDevices."
        if isinstance(value, (list, dict)) or re.search(r"[\x00-\x1f]", str(value)):
            yield f"asterisk_service_settings.{name} must be one line, in quotes, such as \"no\"."


def _wrong_network(where: str, value: str) -> Iterator[str]:
    try:
        network = ipaddress.IPv4Network(value if "/" in value else "")
    except ValueError:
        yield f"{where} must be an IPv4 network such as 192.0.2.0/24, not {value!r}."
        return
    if network.prefixlen < 8:
        yield (
            f"{where} must not be wider than a /8, as {value!r} is: set firewall_roaming_phones where phones may"
            " be anywhere."
        )
