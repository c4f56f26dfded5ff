# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an inventory declares, checked as a whole before anything is touched."""

from __future__ import annotations

from typing import Mapping, Sequence

from .._core.checks import e164, ipv4, text
from .._core.errors import InvalidInput
from .checks import password, termination_domain
from .resources.credential_list import CREDENTIAL, CREDENTIAL_LIST
from .resources.ip_access_control_list import IP_ACCESS_CONTROL_LIST, IP_ADDRESS
from .resources.trunk import TRUNK


def _checks(resource, *names) -> dict:
    return {field.name: field.check for field in resource.fields if field.name in names}


_TRUNK = {
    **_checks(TRUNK, "name"),
    "domain": termination_domain,
    "caller_id": e164,
    "ip_access_control_list": _checks(IP_ACCESS_CONTROL_LIST, "name")["name"],
    "credential_list": _checks(CREDENTIAL_LIST, "name")["name"],
    **_checks(CREDENTIAL, "username", "password"),
}
_UNSET = "perhaps a vault or an environment variable is not set"
_PHONE = {"name": text(40), "password": password}
_DID = {"number": e164}
_ADDRESS = _checks(IP_ADDRESS, "ip_address", "cidr_prefix_length", "name")


def problems(
    trunks: Sequence[Mapping],
    phones: Sequence[Mapping],
    dids: Sequence[Mapping],
    extra_addresses: Sequence[Mapping],
    addresses: Mapping[str, str],
) -> list[str]:
    """Everything that cannot be right, a sentence each, beginning with the inventory variable it is in.

    :param trunks: `trunkline_trunks`. :param phones: `pbx_phones`. :param dids: `pbx_dids`.
    :param extra_addresses: `twilio_trunk_extra_addresses`. :param addresses: host to its `trunkline_public_address`.
    """
    found = [
        *_wrong("trunkline_trunks", trunks, _TRUNK),
        *_wrong("pbx_phones", phones, _PHONE),
        *_wrong("pbx_dids", dids, _DID),
        *_wrong("twilio_trunk_extra_addresses", extra_addresses, _ADDRESS),
        *_repeated("trunkline_trunks", trunks, "name"),
        *_repeated("trunkline_trunks", trunks, "domain"),
        *_repeated("pbx_phones", phones, "name"),
        *_repeated("pbx_dids", dids, "number"),
        *_unguarded(trunks),
    ]
    known = {phone["name"] for phone in phones}
    found += [
        f"pbx_phones[{index}] has an empty password: {_UNSET}." for index, phone in enumerate(phones) if not phone["password"]
    ]
    found += [
        f"pbx_dids[{index}].phone names {did['phone']!r}, which is not in pbx_phones."
        for index, did in enumerate(dids)
        if did["phone"] not in known
    ]
    for host, address in sorted(addresses.items()):
        try:
            ipv4(str(address))
        except ValueError as error:
            found.append(f"trunkline_public_address of {host} {error}.")
    return found


def check(trunks, phones, dids, extra_addresses, addresses) -> None:
    """:raises InvalidInput: with all of `problems`."""
    found = problems(trunks, phones, dids, extra_addresses, addresses)
    if found:
        raise InvalidInput(found)


def _wrong(variable: str, rows: Sequence[Mapping], checks: Mapping):
    for index, row in enumerate(rows):
        for option, check_value in checks.items():
            if row.get(option) is None or (option == "password" and not row[option]):
                continue    # an empty password is told as a missing one
            try:
                check_value(row[option])
            except ValueError as error:
                yield f"{variable}[{index}].{option} {error}."


def _repeated(variable: str, rows: Sequence[Mapping], option: str):
    first: dict = {}
    for index, row in enumerate(rows):
        value = row[option].lower()
        if value in first:
            yield f"{variable}[{index}].{option} repeats {variable}[{first[value]}]: {row[option]!r} is there twice."
        first.setdefault(value, index)


def _unguarded(trunks: Sequence[Mapping]):
    """Twilio refuses every call on a trunk with neither list: https://www.twilio.com/docs/sip-trunking#authentication."""
    for index, trunk in enumerate(trunks):
        if not trunk.get("ip_access_control_list") and not trunk.get("credential_list"):
            yield (
                f"trunkline_trunks[{index}] has neither ip_access_control_list nor credential_list: Twilio would refuse"
                " every call."
            )
        if trunk.get("credential_list") and not (trunk.get("username") and trunk.get("password")):
            yield (
                f"trunkline_trunks[{index}] has a credential_list, so it needs a username and a password: {_UNSET}."
            )
