# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Derive the options of module twilio_trunking from the inventory."""

from __future__ import annotations

from typing import Any, Collection, Iterable

from .inventory import Inventory
from .options import Values
from .rules import AT_TWILIO
from .trunks import transport

#: The default ports, which a SIP URI need not name (RFC 3261 19.1.2).
_SIP, _SIPS = 5060, 5061
#: The priority and weight of each PBX: calls are spread evenly.
_EVENLY = {"priority": 10, "weight": 10}
#: A trunk without any of these refuses every call: https://www.twilio.com/docs/sip-trunking#authentication
_BARE: dict[str, list[Any]] = {
    "ip_access_control_lists": [], "credential_lists": [], "origination_urls": [], "phone_numbers": [],
}
_CONNECTION = ("api_url", "account_sid", "auth_token", "api_key", "api_secret", "region", "edge")


def connection(account: Values) -> dict[str, str]:
    """Return the options of the connection to Twilio's API that are given: credentials, region, edge and address."""
    return {name: account[f"twilio_trunk_{name}"] for name in _CONNECTION if account[f"twilio_trunk_{name}"]}


def declared(inventory: Inventory) -> dict[str, Any]:
    """Return the lists, trunks and countries, and the options that limit what a run may remove or overwrite."""
    account = inventory.account
    return {
        "ip_access_control_lists": [*account["twilio_trunk_ip_access_control_lists"], *_access_lists(inventory)],
        "credential_lists": [*account["twilio_trunk_credential_lists"], *_credential_lists(account)],
        "trunks": [_trunk(inventory, trunk) for trunk in account["trunkline_trunks"]],
        "countries": account["twilio_trunk_countries"],
        "keep_extra": account["twilio_trunk_keep_extra"],
        "removal_limit": account["twilio_trunk_removal_limit"],
        "update_password": account["twilio_trunk_update_password"],
    }


def absent(inventory: Inventory, keep_trunks: Collection[str] = ()) -> dict[str, Any]:
    """Return every trunk and list of `declared` as absent, and nothing else.

    :param keep_trunks: trunks that stay without lists, URLs and numbers, so that no call goes out or comes in on them.
    """
    lists = ("trunks", "ip_access_control_lists", "credential_lists")
    present = declared(inventory)
    return {
        **{
            option: [
                {"name": row["name"], **_BARE} if option == "trunks" and row["name"] in keep_trunks
                else {"name": row["name"], "state": "absent"}
                for row in present[option]
            ]
            for option in lists
        },
        **({"removal_limit": 100} if keep_trunks else {}),   # everything on them is to go
    }


def _names(account: Values, option: str) -> list[str]:
    """Return the lists that trunks name and that the inventory does not state in full, each once."""
    stated = {row["name"] for row in account[f"twilio_trunk_{option}s"]}
    named = dict.fromkeys(trunk[option] for trunk in account["trunkline_trunks"] if trunk[option])
    return [name for name in named if name not in stated]


def _access_lists(inventory: Inventory) -> list[dict[str, Any]]:
    """Derive the lists that trunks name. Two hosts behind one address are one entry, named after the last of them."""
    trunks, extra = inventory.account["trunkline_trunks"], inventory.account["twilio_trunk_extra_addresses"]
    found = []
    for name in _names(inventory.account, "ip_access_control_list"):
        carriers = [inventory.carriers(trunk["name"]) for trunk in trunks if trunk["ip_access_control_list"] == name]
        hosts = [host for host in inventory.hosts if any(host in one for one in carriers)]
        addresses = {inventory.hosts[host]["trunkline_public_address"]: host for host in hosts}
        rows = [{"ip_address": address, "name": host} for address, host in addresses.items()] + extra
        # Without a PBX host the entries are unknown, so they are not managed.
        found.append({"name": name, "addresses": rows or None})
    return found


def _credential_lists(account: Values) -> list[dict[str, Any]]:
    found = []
    for name in _names(account, "credential_list"):
        trunks = [trunk for trunk in account["trunkline_trunks"] if trunk["credential_list"] == name]
        users = {trunk["username"]: trunk["password"] for trunk in trunks}
        found.append({
            "name": name,
            "credentials": [{"username": user, "password": password} for user, password in users.items()],
        })
    return found


def _trunk(inventory: Inventory, trunk: Values) -> dict[str, Any]:
    """Return a trunk as module twilio_trunking takes it. Options that are not given and do not follow from the PBX
    hosts are not managed."""
    hosts = inventory.hosts
    derived: dict[str, Any] = {}
    if hosts:
        urls = [origination_url(trunk, hosts[name]) for name in inventory.carriers(trunk["name"])]
        named = dict(zip(reversed(urls), reversed(inventory.carriers(trunk["name"]))))
        rows = [{"sip_url": url, "name": named[url], **_EVENLY} for url in dict.fromkeys(urls)]
        derived["origination_urls"] = rows if trunk["origination"] else []
    if inventory.answering:
        derived["phone_numbers"] = _numbers(inventory, trunk["name"])
    stated = {name: trunk[name] for name in AT_TWILIO if trunk[name] is not None}
    return {
        **derived,
        **stated,
        **{name: trunk[name] for name in ("name", "secure", "transfer_mode", "cnam_lookup_enabled")},
        "domain_name": trunk["domain"],
        **{
            f"{option}s": list(dict.fromkeys(filter(None, [trunk[option], *(trunk[f"{option}s"] or ())])))
            for option in ("ip_access_control_list", "credential_list")
        },
    }


def _numbers(inventory: Inventory, trunk: str) -> list[str]:
    found: dict[str, None] = {}
    for name in inventory.answering:
        host = inventory.hosts[name]
        first = host["trunkline_trunks"][0]["name"]
        found.update(dict.fromkeys(did["number"] for did in host["pbx_dids"] if (did["trunk"] or first) == trunk))
    return list(found)


def origination_url(trunk: Values, host: Values) -> str:
    """Return the SIP URI to which Twilio sends a trunk's calls for a PBX: `sip:pbx.example.com;transport=tls`."""
    secure = trunk["secure"]
    usual, port = (_SIPS, host["pbx_tls_port"]) if secure else (_SIP, host["pbx_sip_port"])
    address = (host["trunkline_public_name"] if secure else None) or host["trunkline_public_address"]
    parameter = "" if transport(trunk) == "udp" else f";transport={transport(trunk)}"
    return f"sip:{address}{'' if port == usual else f':{port}'}{parameter}"


def unreached_hosts(inventory: Inventory, reached: Collection[str]) -> dict[str, list[str]]:
    """Return the trunks some of whose PBX hosts a run does not reach, each with those hosts."""
    found = {
        trunk["name"]: [host for host in inventory.carriers(trunk["name"]) if host not in reached]
        for trunk in inventory.account["trunkline_trunks"]
    }
    return {name: hosts for name, hosts in found.items() if hosts}


def secure_changes(changes: Iterable[Values], trunk: str) -> list[bool]:
    """Return the new value of a trunk's `secure`, for each change of a plan that changes it.

    :param changes: as module twilio_trunking returns them.
    """
    return [
        change["fields"]["secure"]["after"]
        for change in changes
        if change["action"] == "change" and change["what"] == f"trunk {trunk}" and "secure" in change["fields"]
    ]
