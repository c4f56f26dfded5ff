# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the inventory that declares the present state of an account."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .hand_made.hosts import Hosts, read_hosts
from .inventory import read
from .options import Values

#: Options of a trunk that mean in the inventory what they mean at Twilio.
COPIED = (
    "secure", "transfer_mode", "transfer_caller_id", "cnam_lookup_enabled", "recording", "recording_trim",
    "disaster_recovery_url", "disaster_recovery_method", "origination_urls", "phone_numbers",
)
RISKS = ("low_risk_numbers", "high_risk_special_numbers", "high_risk_tollfraud_numbers")
#: Where certbot puts certificates: https://eff-certbot.readthedocs.io/en/stable/using.html#where-are-my-certificates
CERTIFICATES = "/etc/letsencrypt/live"
#: Variables with which Ansible connects to a host. The inventory that is made keeps them where they are known.
CONNECTION = ("ansible_port", "ansible_user")


@dataclass(frozen=True)
class Choices:
    """The choices of a person for an adoption, and what the run knows beside the account.

    trunks: the names of the trunks, or None for all of them. passwords: user name to password.
    caller_ids: trunk name to number. account_caller_ids: the numbers that any trunk may show.
    hosts: PBX host name to its variables. addresses: host name to address, in place of `hosts`.
    """

    trunks: Sequence[str] | None = None
    passwords: Mapping[str, str] = field(default_factory=dict)
    caller_ids: Mapping[str, str] = field(default_factory=dict)
    account_caller_ids: Sequence[str] = ()
    hosts: Mapping[str, Values] = field(default_factory=dict)
    addresses: Mapping[str, str] | None = None


def adopted_inventory(account: Values, choices: Choices) -> dict[str, Any]:
    """Return the inventory, and what is missing for it.

    :param account: as module twilio_trunking_info reads it.
    :returns: `variables` of all hosts; `hosts` with the `name` and the `variables` of each; `ask`, the users whose
        passwords are needed; `passwords`, user name to password, all that are known; `report`, what each host's own
        configuration left to decide; and `problems`, a sentence for each reason why site.yml would refuse the
        inventory.
    """
    account = without_sids(account)
    names = [trunk["name"] for trunk in account["trunks"]]
    chosen = names if choices.trunks is None else choices.trunks
    trunks = [trunk for trunk in account["trunks"] if trunk["name"] in chosen]
    lists = {row["name"]: row for row in account["credential_lists"]}
    found = read_hosts({name: choices.hosts.get(name, {}) for name in _hosts(choices)})
    choices = _with_those_of(found, trunks, lists, choices)
    variables = _variables(account, trunks, choices)
    for row, trunk in zip(variables.get("trunkline_trunks", ()), trunks):
        row.update(found.of_trunk(trunk))
    hosts = []
    for name, given in _hosts(choices).items():
        connection = _host(name, given, trunks)
        options = found.options_of(name, {**variables, **connection}, trunks)
        hosts.append({"name": name, "variables": connection, "options": options})
    problems = [
        *(f"adopt_trunks names {name}, and this account has no such trunk." for name in chosen if name not in names),
        *(problem for trunk in trunks for problem in _problems(trunk, lists, choices)),
        *([] if hosts else ["No PBX host is known. Give adopt_pbx_hosts, a host name to its public address, or an"
                            " inventory with a group pbx."]),
    ]
    return {
        "variables": variables,
        "hosts": hosts,
        "ask": list(dict.fromkeys(
            user for trunk in trunks for user in _users(trunk, lists) if _user(trunk, lists, choices) is None
        )),
        "passwords": choices.passwords,
        "report": found.report(),
        "problems": problems or _refused(variables, hosts),
    }


def _with_those_of(
    found: Hosts, trunks: Sequence[Values], lists: Mapping[str, Values], choices: Choices,
) -> Choices:
    """Add the passwords and caller IDs that the hosts themselves use, where a person gave none."""
    users = {user for trunk in trunks for user in _users(trunk, lists)}
    passwords = {user: password for user, password in found.passwords(trunks).items() if user in users}
    return replace(choices, passwords={**passwords, **choices.passwords},
                   caller_ids={**found.caller_ids(trunks), **choices.caller_ids})


def _variables(account: Values, trunks: Sequence[Values], choices: Choices) -> dict[str, Any]:
    """Return the variables of all hosts: the trunks, the lists attached to them, and the open countries."""
    lists = {row["name"]: row for row in account["credential_lists"]}
    attached = {kind: {name for trunk in trunks for name in trunk[kind]}
                for kind in ("ip_access_control_lists", "credential_lists")}
    variables = {
        "trunkline_trunks": [_trunk(trunk, lists, choices) for trunk in trunks],
        "twilio_trunk_ip_access_control_lists": [
            row for row in account["ip_access_control_lists"] if row["name"] in attached["ip_access_control_lists"]
        ],
        "twilio_trunk_credential_lists": [
            _credential_list(row, choices) for row in lists.values() if row["name"] in attached["credential_lists"]
        ],
        # A country that is not declared is closed, so closed countries are left out.
        "twilio_trunk_countries": [row for row in account.get("countries") or () if any(row[risk] for risk in RISKS)],
    }
    return {name: rows for name, rows in variables.items() if rows}


def _refused(variables: Values, hosts: Sequence[Values]) -> list[str]:
    """Return why site.yml would refuse the inventory: the account has something that no inventory can declare."""
    given = {host["name"]: {**variables, **host["variables"], **host["options"]} for host in hosts}
    found = read(given, {}, {}).problems
    return [*found, "Give adopt_trunks, the names of the trunks to adopt, if some belong to no PBX."] if found else []


def without_sids(value: Any) -> Any:
    """Remove each `sid` of a structure, which has no meaning outside of the account."""
    if isinstance(value, Mapping):
        return {key: without_sids(inner) for key, inner in value.items() if key != "sid"}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [without_sids(inner) for inner in value]
    return value


def _users(trunk: Values, lists: Mapping[str, Values]) -> list[str]:
    return [
        user["username"]
        for name, row in lists.items() if name in trunk["credential_lists"] for user in row["credentials"]
    ]


def _user(trunk: Values, lists: Mapping[str, Values], choices: Choices) -> str | None:
    """Return the user that the PBX authenticates as: the first one whose password is known."""
    return next((user for user in _users(trunk, lists) if choices.passwords.get(user)), None)


def _caller_id(trunk: Values, choices: Choices) -> str:
    own = choices.caller_ids.get(trunk["name"])
    return next(iter([own] if own else [*trunk["phone_numbers"], *choices.account_caller_ids]), "")


def _problems(trunk: Values, lists: Mapping[str, Values], choices: Choices) -> Iterator[str]:
    name, users = trunk["name"], _users(trunk, lists)
    if users and _user(trunk, lists, choices) is None:
        yield (f"The PBX needs the password of a user of trunk {name}: {', '.join(users)}. Type it when asked, or give"
               " adopt_passwords, a user name to its password.")
    if trunk["credential_lists"] and not users:
        yield (f"Trunk {name} has a credential list without users, so Twilio refuses every call on it. Add a user,"
               " or leave the trunk out of adopt_trunks.")
    if not _caller_id(trunk, choices):
        yield (f"The account has no number that calls on trunk {name} could show. Give adopt_caller_ids, a trunk name"
               " to a number.")
    if not trunk["domain_name"]:
        yield (f"Trunk {name} has no termination domain, which a PBX needs. Give it one at Twilio, or leave it out of"
               " adopt_trunks.")


def _trunk(trunk: Values, lists: Mapping[str, Values], choices: Choices) -> dict[str, Any]:
    user = _user(trunk, lists, choices)
    holder = next((
        name for name, row in lists.items()
        if name in trunk["credential_lists"] and user in [one["username"] for one in row["credentials"]]
    ), None)
    made = {
        "name": trunk["name"],
        "domain": trunk["domain_name"] or "",
        "caller_id": _caller_id(trunk, choices),
        "ip_access_control_list": next(iter(trunk["ip_access_control_lists"]), None),
        "ip_access_control_lists": trunk["ip_access_control_lists"][1:] or None,
        "credential_list": holder,
        "credential_lists": [name for name in trunk["credential_lists"] if name != holder] or None,
        "username": user,
        "password": choices.passwords.get(user) if user else None,
        **{option: trunk.get(option) for option in COPIED},
    }
    if not made["disaster_recovery_url"]:
        made["disaster_recovery_url"] = made["disaster_recovery_method"] = None
    return {option: value for option, value in made.items() if value is not None}


def _credential_list(row: Values, choices: Choices) -> dict[str, Any]:
    def user(name: str) -> dict[str, str]:
        password = choices.passwords.get(name)
        return {"username": name, "password": password} if password else {"username": name}

    return {"name": row["name"], "credentials": [user(one["username"]) for one in row["credentials"]]}


def _hosts(choices: Choices) -> Mapping[str, Values]:
    if choices.addresses is None:
        return choices.hosts
    return {
        name: {"ansible_host": address, "trunkline_public_address": address}
        for name, address in choices.addresses.items()
    }


def _host(name: str, variables: Values, trunks: Sequence[Values]) -> dict[str, Any]:
    host = {
        "ansible_host": variables.get("ansible_host") or name,
        **{option: variables.get(option) for option in CONNECTION},
        "trunkline_public_address": variables.get("trunkline_public_address") or "",
    }
    if any(trunk["secure"] for trunk in trunks):
        public_name = variables.get("trunkline_public_name") or _name_in_use(trunks)
        folder = f"{CERTIFICATES}/{public_name or name}"
        host["trunkline_public_name"] = public_name
        host["pbx_tls_certificate"] = variables.get("pbx_tls_certificate") or f"{folder}/fullchain.pem"
        host["pbx_tls_private_key"] = variables.get("pbx_tls_private_key") or f"{folder}/privkey.pem"
    return {key: value for key, value in host.items() if value is not None}


def _name_in_use(trunks: Sequence[Values]) -> str | None:
    """Return the DNS name by which Twilio calls the PBX on secure trunks, if all of their URLs have the same one."""
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
