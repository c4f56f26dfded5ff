# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From an account as it was read to the inventory that says the same."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional

from .inventory import read

#: Options of a trunk that mean in the inventory what they mean at Twilio.
AS_THEY_ARE = (
    "secure", "transfer_mode", "transfer_caller_id", "cnam_lookup_enabled", "recording", "recording_trim",
    "disaster_recovery_url", "disaster_recovery_method", "origination_urls", "phone_numbers",
)
RISKS = ("low_risk_numbers", "high_risk_special_numbers", "high_risk_tollfraud_numbers")
#: Where certbot puts what it obtains: https://eff-certbot.readthedocs.io/en/stable/using.html#where-are-my-certificates
CERTIFICATES = "/etc/letsencrypt/live"


@dataclass(frozen=True)
class Wishes:
    """What a person says about an adoption.

    :param trunks: the names of the trunks, all of them where it is none. :param passwords: user name to password.
    :param caller_ids: trunk name to number. :param account_caller_ids: the numbers that any trunk may show.
    :param hosts: PBX host name to its variables. :param addresses: host name to address, in place of `hosts`.
    """

    trunks: Optional[Sequence[str]] = None
    passwords: Mapping[str, str] = field(default_factory=dict)
    caller_ids: Mapping[str, str] = field(default_factory=dict)
    account_caller_ids: Sequence[str] = ()
    hosts: Mapping[str, Mapping] = field(default_factory=dict)
    addresses: Optional[Mapping[str, str]] = None


def adopted_inventory(account: Mapping[str, Any], wishes: Wishes) -> dict:
    """Give the inventory, the users whose passwords are needed, and why it would be none.

    :param account: as module twilio_trunking_info reads it.
    :returns: `variables` of all hosts, `hosts` with the `name` and the `variables` of each, `ask` and `problems`.
    """
    account = without_sids(account)
    names = [trunk["name"] for trunk in account["trunks"]]
    wanted = names if wishes.trunks is None else wishes.trunks
    trunks = [trunk for trunk in account["trunks"] if trunk["name"] in wanted]
    lists = {row["name"]: row for row in account["credential_lists"]}
    attached = {kind: {name for trunk in trunks for name in trunk[kind]}
                for kind in ("ip_access_control_lists", "credential_lists")}
    hosts = [
        {"name": name, "variables": _host(name, variables, trunks)} for name, variables in _hosts(wishes).items()
    ]
    variables = {
        "trunkline_trunks": [_trunk(trunk, lists, wishes) for trunk in trunks],
        "twilio_trunk_ip_access_control_lists": [
            row for row in account["ip_access_control_lists"] if row["name"] in attached["ip_access_control_lists"]
        ],
        "twilio_trunk_credential_lists": [
            _credential_list(row, wishes) for row in lists.values() if row["name"] in attached["credential_lists"]
        ],
        # A country that is not declared may not be called, so those that may not are left out.
        "twilio_trunk_countries": [row for row in account.get("countries") or () if any(row[risk] for risk in RISKS)],
    }
    variables = {name: rows for name, rows in variables.items() if rows}
    problems = [
        *(f"adopt_trunks names {name}, and this account has no such trunk." for name in wanted if name not in names),
        *(problem for trunk in trunks for problem in _problems(trunk, lists, wishes)),
        *([] if hosts else ["No PBX host is known. Give adopt_pbx_hosts, a host name to its public address, or an"
                            " inventory that has them."]),
    ]
    return {
        "variables": variables,
        "hosts": hosts,
        "ask": list(dict.fromkeys(
            user for trunk in trunks for user in _users(trunk, lists) if _user(trunk, lists, wishes) is None
        )),
        "problems": problems or _refused(variables, hosts),
    }


def _refused(variables: Mapping, hosts: Sequence[Mapping]) -> list[str]:
    """Why site.yml would not take what is to be written: what the account has and no inventory can say."""
    found = read({host["name"]: {**variables, **host["variables"]} for host in hosts}, {}, {}).problems
    return [*found, "adopt_trunks names the trunks to adopt, where others are not of these PBXs."] if found else []


def without_sids(value):
    """Leave out what only Twilio names so."""
    if isinstance(value, Mapping):
        return {key: without_sids(inner) for key, inner in value.items() if key != "sid"}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [without_sids(inner) for inner in value]
    return value


def _users(trunk: Mapping, lists: Mapping) -> list[str]:
    return [
        user["username"]
        for name, row in lists.items() if name in trunk["credential_lists"] for user in row["credentials"]
    ]


def _user(trunk: Mapping, lists: Mapping, wishes: Wishes) -> Optional[str]:
    """The user that the PBX is: the first whose password is known."""
    return next((user for user in _users(trunk, lists) if wishes.passwords.get(user)), None)


def _caller_id(trunk: Mapping, wishes: Wishes) -> str:
    own = wishes.caller_ids.get(trunk["name"])
    return next(iter([own] if own else [*trunk["phone_numbers"], *wishes.account_caller_ids]), "")


def _problems(trunk: Mapping, lists: Mapping, wishes: Wishes) -> Iterator[str]:
    name, users = trunk["name"], _users(trunk, lists)
    if users and _user(trunk, lists, wishes) is None:
        yield (f"The PBX needs the password of a user of trunk {name}: {', '.join(users)}. Type it when asked, or give"
               " adopt_passwords, a user name to its password.")
    if trunk["credential_lists"] and not users:
        yield (f"Trunk {name} has a credential list without users, so Twilio refuses every call on it. Add a user,"
               " or leave the trunk out of adopt_trunks.")
    if not _caller_id(trunk, wishes):
        yield (f"The account has no number that calls on trunk {name} could show. Give adopt_caller_ids, a trunk name"
               " to a number.")
    if not trunk["domain_name"]:
        yield (f"Trunk {name} has no termination domain, which a PBX needs. Give it one at Twilio, or leave it out of"
               " adopt_trunks.")


def _trunk(trunk: Mapping, lists: Mapping, wishes: Wishes) -> dict:
    user = _user(trunk, lists, wishes)
    holder = next((
        name for name, row in lists.items()
        if name in trunk["credential_lists"] and user in [one["username"] for one in row["credentials"]]
    ), None)
    made = {
        "name": trunk["name"],
        "domain": trunk["domain_name"] or "",
        "caller_id": _caller_id(trunk, wishes),
        "ip_access_control_list": next(iter(trunk["ip_access_control_lists"]), None),
        "ip_access_control_lists": trunk["ip_access_control_lists"][1:] or None,
        "credential_list": holder,
        "credential_lists": [name for name in trunk["credential_lists"] if name != holder] or None,
        "username": user,
        "password": wishes.passwords.get(user) if user else None,
        **{option: trunk.get(option) for option in AS_THEY_ARE},
    }
    if not made["disaster_recovery_url"]:
        made["disaster_recovery_url"] = made["disaster_recovery_method"] = None
    return {option: value for option, value in made.items() if value is not None}


def _credential_list(row: Mapping, wishes: Wishes) -> dict:
    def user(name: str) -> dict:
        password = wishes.passwords.get(name)
        return {"username": name, "password": password} if password else {"username": name}

    return {"name": row["name"], "credentials": [user(one["username"]) for one in row["credentials"]]}


def _hosts(wishes: Wishes) -> Mapping[str, Mapping]:
    if wishes.addresses is None:
        return wishes.hosts
    return {
        name: {"ansible_host": address, "trunkline_public_address": address}
        for name, address in wishes.addresses.items()
    }


def _host(name: str, variables: Mapping, trunks: Sequence[Mapping]) -> dict:
    host = {
        "ansible_host": variables.get("ansible_host") or name,
        "trunkline_public_address": variables.get("trunkline_public_address") or "",
    }
    if any(trunk["secure"] for trunk in trunks):
        public_name = variables.get("trunkline_public_name") or _name_in_use(trunks)
        folder = f"{CERTIFICATES}/{public_name or name}"
        host["trunkline_public_name"] = public_name
        host["pbx_tls_certificate"] = variables.get("pbx_tls_certificate") or f"{folder}/fullchain.pem"
        host["pbx_tls_private_key"] = variables.get("pbx_tls_private_key") or f"{folder}/privkey.pem"
    return {key: value for key, value in host.items() if value is not None}


def _name_in_use(trunks: Sequence[Mapping]) -> Optional[str]:
    """The DNS name by which Twilio calls the PBX on secure trunks, where there is one and no other."""
    found = {
        match[1] for trunk in trunks if trunk["secure"] for url in trunk["origination_urls"]
        if (match := re.match(r"sips?:(?:[^@]*@)?([^:;?]+)", url["sip_url"])) and not _is_address(match[1])
    }
    return found.pop() if len(found) == 1 else None


def _is_address(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False
