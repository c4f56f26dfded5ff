# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an inventory declares, checked as a whole before anything is touched."""

from __future__ import annotations

import ipaddress
from typing import Any, Callable, Iterator, Mapping, Sequence

from .._asterisk import checks as asterisk
from .._core.checks import e164, ipv4
from .._core.errors import InvalidInput
from .._twilio.checks import password, termination_domain
from .._twilio.resources.credential_list import CREDENTIAL, CREDENTIAL_LIST
from .._twilio.resources.ip_access_control_list import IP_ACCESS_CONTROL_LIST, IP_ADDRESS
from .._twilio.resources.trunk import TRUNK

_UNSET = "perhaps a vault or an environment variable is not set"


def options() -> dict:
    """The argument spec: the inventory's variables under their own names."""
    return {
        "trunkline_trunks": _rows(
            required=True,
            name={"type": "str", "required": True},
            domain={"type": "str", "required": True},
            termination={"type": "str"},
            caller_id={"type": "str", "required": True},
            caller_name={"type": "str"},
            ip_access_control_list={"type": "str"},
            credential_list={"type": "str"},
            username={"type": "str"},
            password={"type": "str", "no_log": True},
            secure={"type": "bool", "default": False},
            transfer_mode={
                "type": "str",
                "choices": ["disable-all", "enable-all", "sip-only"],
                "default": "disable-all",
            },
            cnam_lookup_enabled={"type": "bool", "default": False},
        ),
        "trunkline_public_address": {"type": "str", "required": True},
        "twilio_trunk_extra_addresses": _rows(
            ip_address={"type": "str", "required": True},
            cidr_prefix_length={"type": "int", "default": 32},
            name={"type": "str"},
        ),
        "pbx_phones": _rows(
            name={"type": "str", "required": True},
            password={"type": "str", "required": True, "no_log": True},
            caller_name={"type": "str"},
            trunk={"type": "str"},
            max_contacts={"type": "int", "default": 1},
        ),
        "pbx_dids": _rows(number={"type": "str", "required": True}, phone={"type": "str", "required": True}),
        "pbx_bind_address": {"type": "str", "default": "0.0.0.0"},
        "pbx_sip_port": {"type": "int", "default": 5060},
        "pbx_external_address": {"type": "str"},
        "pbx_local_networks": {"type": "list", "elements": "str", "default": []},
        "pbx_twilio_signalling_networks": {"type": "list", "elements": "str", "required": True},
        "pbx_rtp_port_start": {"type": "int", "default": 10000},
        "pbx_rtp_port_end": {"type": "int", "default": 20000},
        "pbx_trunk_qualify_frequency": {"type": "int", "default": 60},
        "pbx_international_prefixes": {"type": "list", "elements": "str", "default": []},
        "pbx_national_rules": _rows(
            pattern={"type": "str", "required": True},
            strip={"type": "int", "default": 0},
            prefix={"type": "str", "required": True},
        ),
        "pbx_registration_minimum_expiry": {"type": "int", "default": 60},
        "pbx_registration_default_expiry": {"type": "int", "default": 300},
        "pbx_registration_maximum_expiry": {"type": "int", "default": 3600},
    }


def check(declared: Mapping) -> None:
    """:raises InvalidInput: with all of `problems`."""
    found = problems(declared)
    if found:
        raise InvalidInput(found)


def problems(declared: Mapping) -> list[str]:
    """Everything that cannot be right, a sentence each, beginning with the variable that it is in.

    :param declared: a value for each of `options`, in Ansible's types.
    """
    trunks, phones, dids = declared["trunkline_trunks"], declared["pbx_phones"], declared["pbx_dids"]
    return [
        *(f"{variable}{place} {fault}." for variable, place, fault in _wrong_values(declared)),
        *_repeated("trunkline_trunks", trunks, "name"),
        *_repeated("trunkline_trunks", trunks, "domain", lambda domain: domain.partition(".")[0]),
        *_repeated("pbx_phones", phones, "name"),
        *_repeated("pbx_dids", dids, "number"),
        *_trunks_that_cannot_carry_a_call(trunks),
        *(
            f"pbx_phones[{i}] has an empty password: {_UNSET}."
            for i, phone in enumerate(phones)
            if not phone["password"]
        ),
        *_dangling("pbx_dids", dids, "phone", "pbx_phones", phones),
        *_dangling("pbx_phones", phones, "trunk", "trunkline_trunks", trunks),
        *_numbers_out_of_order(declared),
    ]


def _rows(required: bool = False, **columns) -> dict:
    rows: dict = {"type": "list", "elements": "dict", "options": columns}
    return {**rows, "required": True} if required else {**rows, "default": []}


def _network(value: str) -> str:
    try:
        if "/" in value:
            return str(ipaddress.IPv4Network(value))
    except ValueError:
        pass
    raise ValueError(f"must be an IPv4 network such as 192.0.2.0/30, not {value!r}")


def _both(*checks: Callable) -> Callable:
    def check_all(value):
        for one in checks:
            one(value)

    return check_all


def _of(resource, name: str) -> Callable:
    return next(field.check for field in resource.fields if field.name == name)


_ROW_CHECKS = {
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
    },
    "twilio_trunk_extra_addresses": {
        name: _of(IP_ADDRESS, name) for name in ("ip_address", "cidr_prefix_length", "name")
    },
    "pbx_phones": {
        "name": asterisk.phone_name,
        "password": _both(password, asterisk.secret),
        "caller_name": asterisk.text,
    },
    "pbx_dids": {"number": e164},
    "pbx_national_rules": {"pattern": asterisk.dialled_pattern, "prefix": asterisk.country_prefix},
}
_LIST_CHECKS = {
    "pbx_local_networks": _network,
    "pbx_twilio_signalling_networks": _network,
    "pbx_international_prefixes": asterisk.dialled_prefix,
}
_CHECKS = {"trunkline_public_address": ipv4, "pbx_bind_address": ipv4, "pbx_external_address": ipv4}


def _wrong_values(declared: Mapping) -> Iterator[tuple[str, str, str]]:
    for variable, place, check_value, value in _values(declared):
        if value is None or (place.endswith(".password") and not value):
            continue    # an empty password is told as a missing one
        try:
            check_value(value)
        except ValueError as error:
            yield variable, place, str(error)


def _values(declared: Mapping) -> Iterator[tuple[str, str, Callable, Any]]:
    for variable, check_value in _CHECKS.items():
        yield variable, "", check_value, declared[variable] or (None if variable == "pbx_external_address" else "")
    for variable, check_value in _LIST_CHECKS.items():
        for index, value in enumerate(declared[variable]):
            yield variable, f"[{index}]", check_value, value
    for variable, columns in _ROW_CHECKS.items():
        for index, row in enumerate(declared[variable]):
            for option, check_value in columns.items():
                yield variable, f"[{index}].{option}", check_value, row.get(option)


def _repeated(variable: str, rows: Sequence[Mapping], option: str, key: Callable[[str], str] = str) -> Iterator[str]:
    """Two trunks whose domains begin alike count as one: Asterisk's objects are named after the first label."""
    first: dict = {}
    for index, row in enumerate(rows):
        value = key(row[option].lower())
        if value in first:
            yield (
                f"{variable}[{index}].{option} repeats {variable}[{first[value]}]: {key(row[option])!r} is there twice."
            )
        first.setdefault(value, index)


def _dangling(
    variable: str, rows: Sequence[Mapping], option: str, target: str, targets: Sequence[Mapping]
) -> Iterator[str]:
    known = {row["name"] for row in targets}
    for index, row in enumerate(rows):
        if row.get(option) and row[option] not in known:
            yield f"{variable}[{index}].{option} names {row[option]!r}, which is not in {target}."


def _trunks_that_cannot_carry_a_call(trunks: Sequence[Mapping]) -> Iterator[str]:
    if not trunks:
        yield "trunkline_trunks is empty: name at least one trunk."
    for index, trunk in enumerate(trunks):
        where = f"trunkline_trunks[{index}]"
        # Twilio refuses every call then: https://www.twilio.com/docs/sip-trunking#authentication
        if not trunk.get("ip_access_control_list") and not trunk.get("credential_list"):
            yield f"{where} has neither ip_access_control_list nor credential_list: Twilio would refuse every call."
        if trunk.get("credential_list") and not (trunk.get("username") and trunk.get("password")):
            yield f"{where} has a credential_list, so it needs a username and a password: {_UNSET}."
        if trunk["secure"]:
            yield (
                f"{where}.secure is true, but role pbx does not speak TLS and SRTP yet: Twilio would refuse every call."
            )


def _numbers_out_of_order(declared: Mapping) -> Iterator[str]:
    if not declared["pbx_twilio_signalling_networks"]:
        yield "pbx_twilio_signalling_networks is empty: no call could come in."
    if not 1 <= declared["pbx_sip_port"] <= 65535:
        yield f"pbx_sip_port must be 1 to 65535, not {declared['pbx_sip_port']}."
    if not 1024 <= declared["pbx_rtp_port_start"] < declared["pbx_rtp_port_end"] <= 65535:
        yield "pbx_rtp_port_start must be at least 1024 and below pbx_rtp_port_end, which is at most 65535."
    if declared["pbx_trunk_qualify_frequency"] < 15:
        # https://www.twilio.com/docs/sip-trunking/sending-sip-to-twilio-best-practices
        yield "pbx_trunk_qualify_frequency must be 15 seconds or more: Twilio bans those who ask more often."
    expiries = [declared[f"pbx_registration_{name}_expiry"] for name in ("minimum", "default", "maximum")]
    if expiries != sorted(expiries) or expiries[0] < 1:
        yield (
            "pbx_registration_minimum_expiry, _default_expiry and _maximum_expiry must be above 0 and in rising order."
        )
    for index, phone in enumerate(declared["pbx_phones"]):
        if phone["max_contacts"] < 1:
            yield f"pbx_phones[{index}].max_contacts must be 1 or more, not {phone['max_contacts']}."
