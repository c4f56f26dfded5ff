# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The validator of each single value. calls.py has the checks that need phonenumbers."""

from __future__ import annotations

import ipaddress
from typing import Any, Callable, Iterable, Iterator, Mapping

from .._asterisk import validators as asterisk
from .._core.resource import Resource
from .._core.validators import at_least, dns_name, e164, ipv4, matching, port, whole_number
from .._twilio.resources.credential_list import CREDENTIAL, CREDENTIAL_LIST
from .._twilio.resources.ip_access_control_list import IP_ACCESS_CONTROL_LIST, IP_ADDRESS
from .._twilio.resources.trunk import TRUNK
from .._twilio.validators import password, termination_domain
from .options import Values

#: Returns the value, or raises ValueError with the end of a sentence.
Check = Callable[[Any], Any]

_DAY = 24 * 60 * 60


def _public_address(value: str) -> str:
    address = ipaddress.IPv4Address(ipv4(value))
    if address.is_unspecified or address.is_loopback or address.is_multicast or address.is_link_local:
        raise ValueError(f"must be the address of the PBX as Twilio sees it, and {value!r} belongs to no host")
    return value


def _burst(value: int) -> int:
    at_least(1)(value)
    if value > 0xFFFFFFFF:
        raise ValueError(f"must be 4294967295 or less, since nft keeps 32 bits of it, not {value}")
    return value


def _percentage(value: int) -> int:
    if not 0 <= value <= 100:
        raise ValueError(f"must be a percentage from 0 to 100, not {value}")
    return value


def _silence(value: int) -> int:
    # A peer that is silent sends something now and then, as Asterisk does every 15 seconds.
    if value and not 30 <= value <= _DAY:
        raise ValueError(f"must be 0, which is never, or from 30 to {_DAY} seconds, not {value}")
    return value


def _qualify_frequency(value: int) -> int:
    # https://www.twilio.com/docs/sip-trunking/sending-sip-to-twilio-best-practices
    if value < 15:
        raise ValueError("must be 15 seconds or more: Twilio bans those who ask more often")
    return value


def _number_to_call(value: str) -> str:
    try:
        return e164(value)
    except ValueError as error:
        raise ValueError(f"{error}; or leave it empty, and no call is placed") from None


def _both(first: Check, second: Check) -> Check:
    return lambda value: (first(value), second(value))


def _of(resource: Resource, name: str) -> Check:
    """Return the check that Twilio's resource has for one of its fields."""
    found: Check = next(field.check for field in resource.fields if field.name == name and field.check)
    return found


def _phone_password(value: str) -> None:
    """Refuse a phone's password that Twilio would refuse: strangers guess at both. The message never shows it."""
    try:
        password(value)
    except ValueError as error:
        raise ValueError(f"{str(error).partition(':')[0]}: weaker ones are guessed, and calls cost money") from None
    asterisk.secret(value)


OPTIONS: Mapping[str, Check] = {
    "trunkline_public_address": _public_address,
    "trunkline_public_name": dns_name,
    "twilio_trunk_removal_limit": _percentage,
    "pbx_bind_address": ipv4,
    "pbx_external_address": _public_address,
    "pbx_sip_port": port,
    "pbx_tls_port": port,
    "pbx_tls_back_port": port,
    "pbx_tls_certificate": asterisk.path,
    "pbx_tls_private_key": asterisk.path,
    "pbx_tls_ca": asterisk.path,
    "pbx_voicemail_code": asterisk.feature_code,
    "pbx_voicemail_sender": asterisk.mail_address,
    "pbx_max_wait_seconds": whole_number(0, 60, "seconds"),
    "pbx_trunk_qualify_frequency": _qualify_frequency,
    "pbx_rtp_timeout_seconds": _silence,
    "pbx_rtp_hold_timeout_seconds": _silence,
    "pbx_restart_patience": whole_number(0, _DAY, "seconds"),
    "firewall_sip_rate": at_least(1),
    "firewall_sip_burst": _burst,
    "firewall_ban_failures": at_least(1),
    "firewall_ban_find_seconds": at_least(1),
    "firewall_ban_seconds": at_least(1),
    # A console or a call must not hold a run up for ever.
    "verify_number": _number_to_call,
    "verify_options_seconds": whole_number(1, 60, "seconds"),
    "verify_answer_seconds": whole_number(1, 120, "seconds"),
    "verify_call_seconds": whole_number(2, 120, "seconds"),
}
#: Option to the checks of its rows' columns. What Twilio's own resources check beside these, rules.py asks them.
ROWS: Mapping[str, Mapping[str, Check]] = {
    "trunkline_trunks": {
        "name": _both(_of(TRUNK, "name"), asterisk.text),
        "domain": termination_domain,
        "termination": asterisk.host,
        "caller_id": e164,
        "caller_name": asterisk.text,
        "ip_access_control_list": _of(IP_ACCESS_CONTROL_LIST, "name"),
        "credential_list": _of(CREDENTIAL_LIST, "name"),
        "username": _both(_of(CREDENTIAL, "username"), asterisk.secret),
        "password": _both(password, asterisk.secret),
        "max_calls": whole_number(1, 10000),
        "calls_per_second": whole_number(1, 100),
        "max_call_seconds": whole_number(60, _DAY),
    },
    "twilio_trunk_extra_addresses": {
        name: _of(IP_ADDRESS, name) for name in ("ip_address", "cidr_prefix_length", "name")
    },
    "pbx_phones": {
        "name": asterisk.phone_name,
        "password": _phone_password,
        "caller_name": asterisk.text,
        # Asterisk cuts a variable at 4,095 characters (VAR_BUF_SIZE in main/pbx.c), and a contact has some 120.
        "max_contacts": whole_number(1, 32),
        "max_calls": whole_number(1, 10000),
        "calls_per_second": whole_number(1, 100),
        "busy_at": whole_number(1, 100),
        "language": asterisk.language,
        "pickup_group": matching(
            "[a-z][a-z0-9_-]{0,31}", "must be 1 to 32 of a-z, 0-9, _ and -, beginning with a letter"),
    },
    "pbx_dids": {"number": e164, "language": asterisk.language},
    "pbx_national_rules": {"pattern": asterisk.dialled_pattern, "prefix": asterisk.country_prefix},
}
#: What has a meaning at Twilio without a PBX host.
AT_TWILIO = ("twilio_trunk_removal_limit", "trunkline_trunks", "twilio_trunk_extra_addresses")


def problems(declared: Values, options: Iterable[str]) -> Iterator[str]:
    """Yield a sentence for each value that its check refuses.

    :param declared: the values of a host, normalised. :param options: the options to look at.
    """
    for option in options:
        if option in OPTIONS:
            value = declared.get(option)
            yield from wrong(option, OPTIONS[option], None if value == "" else value)
        else:
            yield from wrong_rows(option, ROWS[option], declared[option])


def wrong_rows(variable: str, columns: Mapping[str, Check], rows: Iterable[Values]) -> Iterator[str]:
    """Yield a sentence for each value of the rows that the check of its column refuses."""
    for index, row in enumerate(rows):
        for column, check in columns.items():
            if row.get(column) != "" or column != "password":   # an empty password is a missing one, see rules.py
                yield from wrong(f"{variable}[{index}].{column}", check, row.get(column))


def wrong_entries(variable: str, check: Check, entries: Iterable[Any] | None) -> Iterator[str]:
    """Yield a sentence for each entry of a list that the check refuses."""
    for index, entry in enumerate(entries or ()):
        yield from wrong(f"{variable}[{index}]", check, entry)


def wrong(where: str, check: Check, value: Any) -> Iterator[str]:
    """Yield the sentence with which a check refuses a value; a value that is not given has none."""
    try:
        if value is not None:
            check(value)
    except ValueError as error:
        yield f"{where} {error}."
