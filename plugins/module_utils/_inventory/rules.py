# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What cannot be right in the values of one host, whatever the others say."""

from __future__ import annotations

import ipaddress
from typing import Any, Callable, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from .._asterisk import validators as asterisk
from .._core.desire import desired
from .._core.errors import InvalidInput
from .._core.resource import Resource
from .._core.validators import e164, ipv4
from .._twilio.resources.account import ACCOUNT
from .._twilio.resources.credential_list import CREDENTIAL, CREDENTIAL_LIST
from .._twilio.resources.ip_access_control_list import IP_ACCESS_CONTROL_LIST, IP_ADDRESS
from .._twilio.resources.trunk import TRUNK
from .._twilio.validators import password, place, sid, termination_domain
from . import calls, edges, features, proof, secure, server

#: Options of a trunk that mean at Twilio what they mean in the inventory.
AT_TWILIO = (
    "transfer_caller_id",
    "recording",
    "recording_trim",
    "disaster_recovery_url",
    "disaster_recovery_method",
    "ip_access_control_lists",
    "credential_lists",
    "origination_urls",
    "phone_numbers",
)
#: Lists of module twilio_trunking that role twilio_trunk takes, as twilio_trunk_….
LISTS = ("ip_access_control_lists", "credential_lists", "countries")
_UNSET = "perhaps a vault or an environment variable is not set"


def problems(declared: Mapping) -> list[str]:
    """Return everything that cannot be right on a host, a sentence each, which begins with its variable.

    :param declared: a value for each option of `options.of_pbx`, normalised.
    """
    trunks, phones, dids = declared["trunkline_trunks"], declared["pbx_phones"], declared["pbx_dids"]
    return [
        *of_trunks(declared),
        *(f"{variable}{place} {fault}." for variable, place, fault in _wrong_values(declared, _ROW_CHECKS)),
        *_repeated("pbx_phones", phones, "name"),
        *_repeated("pbx_dids", dids, "number"),
        *(
            f"pbx_phones[{i}] has an empty password: {_UNSET}."
            for i, phone in enumerate(phones)
            if phone["password"] == ""    # None is one that was not asked for
        ),
        *_dangling("pbx_dids", dids, "phone", "pbx_phones", phones),
        *_dangling("pbx_phones", phones, "trunk", "trunkline_trunks", trunks),
        *_dangling("pbx_dids", dids, "trunk", "trunkline_trunks", trunks),
        *features.problems(declared),
        *_calls_that_cannot_come_in(trunks, dids),
        *_numbers_out_of_order(declared),
        *server.problems(declared),
        *secure.problems(declared),
        *edges.problems(declared),
        *calls.problems(declared),
        *proof.problems(declared),
    ]


def of_trunks(declared: Mapping) -> Iterator[str]:
    """Yield what cannot be right in the trunks and in Twilio's lists, which have no need of a host.

    :param declared: the trunks and the options of role twilio_trunk, normalised.
    """
    trunks = declared["trunkline_trunks"]
    rows = {"trunkline_trunks": _TRUNK_CHECKS, "twilio_trunk_extra_addresses": _ADDRESS_CHECKS}
    yield from (f"{variable}{place} {fault}." for variable, place, fault in _wrong_rows(declared, rows))
    yield from _wrong_at_twilio(declared)
    yield from _repeated("trunkline_trunks", trunks, "name")
    yield from _repeated("trunkline_trunks", trunks, "domain", lambda domain: domain.partition(".")[0])
    yield from _trunks_that_cannot_carry_a_call(trunks)
    yield from _users_that_no_list_has(trunks, declared.get("twilio_trunk_credential_lists") or ())
    yield from _users_of_two_passwords(trunks)
    limit = declared.get("twilio_trunk_removal_limit")
    if limit is not None and not 0 <= limit <= 100:
        yield f"twilio_trunk_removal_limit must be a percentage from 0 to 100, not {limit}."


def _public_address(value: str) -> str:
    address = ipaddress.IPv4Address(ipv4(value))
    if address.is_unspecified or address.is_loopback or address.is_multicast or address.is_link_local:
        raise ValueError(f"must be the address of the PBX as Twilio sees it, not {value!r}, which is of no host")
    return value


def _both(*checks: Callable) -> Callable:
    def check_all(value):
        for one in checks:
            one(value)

    return check_all


def _of(resource, name: str) -> Callable:
    return next(field.check for field in resource.fields if field.name == name)


_TRUNK_CHECKS = {
    "name": _both(_of(TRUNK, "name"), asterisk.text),
    "domain": termination_domain,
    "termination": asterisk.host,
    "caller_id": e164,
    "caller_name": asterisk.text,
    "ip_access_control_list": _of(IP_ACCESS_CONTROL_LIST, "name"),
    "credential_list": _of(CREDENTIAL_LIST, "name"),
    "username": _both(_of(CREDENTIAL, "username"), asterisk.secret),
    "password": _both(password, asterisk.secret),
}
_ADDRESS_CHECKS = {name: _of(IP_ADDRESS, name) for name in ("ip_address", "cidr_prefix_length", "name")}
_ROW_CHECKS = {
    "pbx_phones": {
        "name": asterisk.phone_name,
        "password": _both(password, asterisk.secret),
        "caller_name": asterisk.text,
    },
    "pbx_dids": {"number": e164},
}
_CHECKS = {
    "trunkline_public_address": _public_address,
    "pbx_bind_address": ipv4,
    "pbx_external_address": ipv4,
    "pbx_hold_music": asterisk.path,
}


def _wrong_values(declared: Mapping, rows: Mapping) -> Iterator[tuple[str, str, str]]:
    for variable, check_value in _CHECKS.items():
        if declared[variable] is not None or variable == "trunkline_public_address":
            yield from _wrong_value(variable, "", check_value, declared[variable] or "")
    yield from _wrong_rows(declared, rows)


def _wrong_rows(declared: Mapping, rows: Mapping) -> Iterator[tuple[str, str, str]]:
    for variable, columns in rows.items():
        for index, row in enumerate(declared[variable]):
            for option, check_value in columns.items():
                value = row.get(option)
                if value or (value is not None and option != "password"):  # an empty one is told as a missing one
                    yield from _wrong_value(variable, f"[{index}].{option}", check_value, value)


def _wrong_value(variable: str, place: str, check_value: Callable, value: Any) -> Iterator[tuple[str, str, str]]:
    try:
        check_value(value)
    except ValueError as error:
        yield variable, place, str(error)


def _wrong_at_twilio(declared: Mapping) -> Iterator[str]:
    """What the declarations of Twilio's resources find wrong with values that are handed on as they are."""
    for index, trunk in enumerate(declared["trunkline_trunks"]):
        params = {name: trunk.get(name) for name in AT_TWILIO}
        yield from _wrong(TRUNK, {"name": "checked with the others", **params}, f"trunkline_trunks[{index}].")
    lists = {name: declared.get(f"twilio_trunk_{name}") for name in LISTS}
    yield from _wrong(ACCOUNT, {"account_sid": "not asked for here", **lists}, "twilio_trunk_")


def _wrong(resource: Resource, params: Mapping, path: str) -> list[str]:
    try:
        desired(resource, params, path)
    except InvalidInput as error:
        return error.details["problems"]
    return []


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
        users = trunk.get("credential_list") or trunk.get("credential_lists")
        if not (trunk.get("ip_access_control_list") or trunk.get("ip_access_control_lists") or users):
            yield f"{where} has neither ip_access_control_list nor credential_list: Twilio would refuse every call."
        if users and not (trunk.get("username") and trunk.get("password")):
            yield f"{where} has a credential_list, so it needs a username and a password: {_UNSET}."


def _users_that_no_list_has(trunks: Sequence[Mapping], lists: Sequence[Mapping]) -> Iterator[str]:
    stated = {one["name"]: one["credentials"] for one in lists if one.get("credentials") is not None}
    for index, trunk in enumerate(trunks):
        name = trunk.get("credential_list")
        if name in stated and trunk.get("username") not in [row["username"] for row in stated[name]]:
            yield (
                f"trunkline_trunks[{index}].username is not in list {name!r} of twilio_trunk_credential_lists: Twilio"
                " would refuse every call."
            )


def of_connection(account: Mapping) -> Iterator[str]:
    """Yield what cannot be right in who asks Twilio, and where. No sentence shows a value: it may be a secret in the
    wrong place."""
    given = {name: account[f"twilio_trunk_{name}"] for name in _CONNECTION}
    for name, check_value in _CONNECTION.items():
        try:
            if given[name] and check_value:
                check_value(given[name])
        except ValueError as error:
            yield f"twilio_trunk_{name} {error}."
    try:
        place(given["region"], given["edge"])
    except InvalidInput as error:
        yield from (f"twilio_trunk_{problem}" for problem in error.details["problems"])
    if bool(given["api_key"]) != bool(given["api_secret"]):
        yield "twilio_trunk_api_key and twilio_trunk_api_secret are of use together only: give both, or neither."


def _api_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise ValueError("must be an http or https URL such as https://twin.example.com, without a user or a password")
    return value


#: Of the options of the connection, those whose form can be checked.
_CONNECTION: dict = {
    "account_sid": sid("AC"),
    "api_key": sid("SK"),
    "api_secret": None,
    "api_url": _api_url,
    "region": None,
    "edge": None,
}


def _users_of_two_passwords(trunks: Sequence[Mapping]) -> Iterator[str]:
    """A user of a credential list has one password, whichever trunk names them."""
    first: dict = {}
    for index, trunk in enumerate(trunks):
        user = trunk.get("credential_list"), trunk.get("username")
        if not all(user):
            continue
        other = first.setdefault(user, index)
        if trunks[other]["password"] != trunk["password"]:
            yield (
                f"trunkline_trunks[{index}].password differs from trunkline_trunks[{other}].password, and both are of"
                f" user {user[1]!r} of list {user[0]!r}, who has one. Give each trunk a user of its own."
            )


def _calls_that_cannot_come_in(trunks: Sequence[Mapping], dids: Sequence[Mapping]) -> Iterator[str]:
    """A number is on one trunk, and a trunk that is to bring calls in has somewhere to send them."""
    first: dict = {}
    for index, trunk in enumerate(trunks):
        mine = [
            (f"pbx_dids[{row}].number", did["number"]) for row, did in enumerate(dids)
            if (did.get("trunk") or trunks[0]["name"]) == trunk["name"]
        ]
        if not trunk["origination"]:
            if trunk.get("origination_urls"):
                yield f"trunkline_trunks[{index}].origination_urls must not be given where origination is false."
            for where, _ in mine:
                yield f"{where} comes in on trunk {trunk['name']!r}, whose origination is false: no call could."
        if trunk.get("phone_numbers") is not None:
            place = f"trunkline_trunks[{index}].phone_numbers"
            for where, number in mine:
                if number not in trunk["phone_numbers"]:
                    yield (
                        f"{where} comes in on trunk {trunk['name']!r}, and {place} does not have it: no call could. Add"
                        f" {number} there, or leave {place} out, and the numbers follow from pbx_dids."
                    )
            mine = [(f"{place}[{row}]", number) for row, number in enumerate(trunk["phone_numbers"])]
        for where, number in mine:
            there, other = first.setdefault(number, (where, trunk["name"]))
            if other != trunk["name"]:
                yield (
                    f"{where} puts {number} on trunk {trunk['name']!r}, and {there} puts it on {other!r}; a number can"
                    " be on one trunk only."
                )


def _numbers_out_of_order(declared: Mapping) -> Iterator[str]:
    if not declared["pbx_twilio_signalling_networks"]:
        yield "pbx_twilio_signalling_networks is empty: no call could come in."
    if not {"ulaw", "alaw"} & set(declared["pbx_codecs"]):
        # https://www.twilio.com/docs/sip-trunking/codecs
        yield "pbx_codecs must have ulaw or alaw: Twilio takes no other."
    if not 1 <= declared["pbx_sip_port"] <= 65535:
        yield f"pbx_sip_port must be 1 to 65535, not {declared['pbx_sip_port']}."
    first, last = declared["pbx_rtp_port_start"], declared["pbx_rtp_port_end"]
    if not 1024 <= first < last <= 65535:
        yield "pbx_rtp_port_start must be at least 1024 and below pbx_rtp_port_end, which is at most 65535."
    elif first <= declared["pbx_sip_port"] <= last:
        yield (
            f"pbx_sip_port is {declared['pbx_sip_port']}, which is one of the ports for audio from pbx_rtp_port_start"
            f" to pbx_rtp_port_end, {first} to {last}."
        )
    if declared["pbx_trunk_qualify_frequency"] < 15:
        # https://www.twilio.com/docs/sip-trunking/sending-sip-to-twilio-best-practices
        yield "pbx_trunk_qualify_frequency must be 15 seconds or more: Twilio bans those who ask more often."
    for name in ("pbx_rtp_timeout_seconds", "pbx_rtp_hold_timeout_seconds"):
        # A peer that is silent sends something now and then, as Asterisk does every 15 seconds.
        if declared[name] and not 30 <= declared[name] <= 86400:
            yield f"{name} must be 0, which is never, or from 30 to 86400 seconds, not {declared[name]}."
    expiries = [declared[f"pbx_registration_{name}_expiry"] for name in ("minimum", "default", "maximum")]
    if expiries != sorted(expiries) or expiries[0] < 1:
        yield (
            "pbx_registration_minimum_expiry, _default_expiry and _maximum_expiry must be above 0 and in rising order."
        )
    if not 0 <= declared["pbx_restart_patience"] <= 86400:
        yield f"pbx_restart_patience must be from 0 to 86400 seconds, not {declared['pbx_restart_patience']}."
    for index, phone in enumerate(declared["pbx_phones"]):
        if phone["max_contacts"] < 1:
            yield f"pbx_phones[{index}].max_contacts must be 1 or more, not {phone['max_contacts']}."
