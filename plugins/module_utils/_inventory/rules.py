# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validate the values of one host against each other; across.py compares hosts."""

from __future__ import annotations

from typing import Callable, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from .._asterisk.config.dialplan import identity
from .._core.desire import desired
from .._core.errors import InvalidInput
from .._core.resource import Resource
from .._twilio.resources.account import ACCOUNT
from .._twilio.resources.trunk import TRUNK
from .._twilio.validators import place, sid
from . import (
    calls,
    edges,
    emergency,
    feature_codes,
    features,
    music,
    paging,
    parking,
    phone_options,
    prompts,
    recording,
    records,
    secure,
    server,
    speed_dials,
    values,
)
from .options import Values

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
_UNSET = "a vault or an environment variable may not be set"
#: Options of a PBX host that values.py checks, but for those of Twilio's side.
_OF_HOST = tuple(name for name in (*values.OPTIONS, *values.ROWS) if name not in values.AT_TWILIO)


def problems(declared: Values) -> list[str]:
    """Return a sentence for everything that cannot be right on a host. Each begins with its variable.

    :param declared: a value for each option of `options.of_pbx`, normalised.
    """
    trunks, phones, dids = declared["trunkline_trunks"], declared["pbx_phones"], declared["pbx_dids"]
    return [
        *of_trunks(declared),
        *values.problems(declared, _OF_HOST),
        *_missing(declared),
        *_repeated("pbx_phones", phones, "name", identity, ", since Asterisk ignores hyphens"),
        *_repeated("pbx_dids", dids, "number"),
        *_dangling("pbx_dids", dids, "phone", "pbx_phones", phones),
        *_dangling("pbx_phones", phones, "trunk", "trunkline_trunks", trunks),
        *_dangling("pbx_phones", phones, "mailbox", "pbx_mailboxes", declared["pbx_mailboxes"]),
        *_dangling("pbx_dids", dids, "trunk", "trunkline_trunks", trunks),
        *phone_options.problems(declared),
        *features.problems(declared),
        *feature_codes.problems(declared),
        *parking.problems(declared),
        *speed_dials.problems(declared),
        *paging.problems(declared),
        *recording.problems(declared),
        *prompts.problems(declared),
        *music.problems(declared),
        *emergency.problems(declared),
        *records.problems(declared),
        *_calls_that_cannot_come_in(trunks, dids),
        *_sip_that_cannot_work(declared),
        *server.problems(declared),
        *secure.problems(declared),
        *edges.problems(declared),
        *calls.problems(declared),
    ]


def of_trunks(declared: Values) -> Iterator[str]:
    """Yield what cannot be right in the trunks and in Twilio's lists, whatever PBX host has them.

    :param declared: the trunks and the options of role twilio_trunk, normalised.
    """
    trunks = declared["trunkline_trunks"]
    yield from values.problems(declared, values.AT_TWILIO)
    yield from _wrong_at_twilio(declared)
    yield from _repeated("trunkline_trunks", trunks, "name")
    yield from _repeated("trunkline_trunks", trunks, "domain", lambda domain: domain.partition(".")[0])
    yield from _trunks_that_cannot_carry_a_call(trunks)
    yield from _users_that_no_list_has(trunks, declared.get("twilio_trunk_credential_lists") or ())
    yield from _users_of_two_passwords(trunks, declared.get("twilio_trunk_credential_lists") or ())


def _missing(declared: Values) -> Iterator[str]:
    if not declared["trunkline_public_address"]:
        yield "trunkline_public_address is missing: give each PBX host the IPv4 address at which Twilio sees it."
    for index, phone in enumerate(declared["pbx_phones"]):
        if phone["password"] == "":    # None where passwords were not read
            yield f"pbx_phones[{index}] has an empty password: {_UNSET}."


def _wrong_at_twilio(declared: Values) -> Iterator[str]:
    """Yield what the declarations of Twilio's resources refuse of the values that go to them unchanged."""
    for index, trunk in enumerate(declared["trunkline_trunks"]):
        params = {name: trunk.get(name) for name in AT_TWILIO}
        yield from _wrong(TRUNK, {"name": "checked with the others", **params}, f"trunkline_trunks[{index}].")
    lists = {name: declared.get(f"twilio_trunk_{name}") for name in LISTS}
    yield from _wrong(ACCOUNT, {"account_sid": "not asked for here", **lists}, "twilio_trunk_")


def _wrong(resource: Resource, params: Values, path: str) -> Iterator[str]:
    try:
        desired(resource, params, path)
    except InvalidInput as error:
        yield from error.details["problems"]


def _repeated(
    variable: str, rows: Sequence[Values], option: str, key: Callable[[str], str] = str, why: str = ""
) -> Iterator[str]:
    """Yield a sentence for each row whose option repeats that of an earlier row.

    :param key: what of the option must differ. Asterisk's objects are named after the first label of a trunk's domain.
    :param why: the reason, said where the options differ as they are written.
    """
    first: dict[str, int] = {}
    for index, row in enumerate(rows):
        earlier = first.setdefault(key(row[option].lower()), index)
        if earlier != index:
            because = "" if row[option].lower() == rows[earlier][option].lower() else why
            both = f"both have {key(row[option])!r}{because}"
            yield f"{variable}[{index}].{option} repeats {variable}[{earlier}]: {both}."


def _dangling(
    variable: str, rows: Sequence[Values], option: str, target: str, targets: Sequence[Values]
) -> Iterator[str]:
    known = {row["name"] for row in targets}
    for index, row in enumerate(rows):
        if row.get(option) and row[option] not in known:
            yield f"{variable}[{index}].{option} names {row[option]!r}, which is not in {target}."


def _trunks_that_cannot_carry_a_call(trunks: Sequence[Values]) -> Iterator[str]:
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
        elif bool(trunk.get("username")) != bool(trunk.get("password")):
            yield f"{where} has one of username and password, which go together, and no credential_list: {_UNSET}."


def _users_that_no_list_has(trunks: Sequence[Values], lists: Sequence[Values]) -> Iterator[str]:
    stated = {one["name"]: one["credentials"] for one in lists if one.get("credentials") is not None}
    for index, trunk in enumerate(trunks):
        name = trunk.get("credential_list")
        if name in stated and trunk.get("username") not in [row["username"] for row in stated[name]]:
            yield (
                f"trunkline_trunks[{index}].username is not in list {name!r} of twilio_trunk_credential_lists: Twilio"
                " would refuse every call."
            )


def of_connection(account: Values) -> Iterator[str]:
    """Yield what cannot be right in the account's credentials and in Twilio's region, edge and address.

    No sentence shows a value: it may be a secret in the wrong place.
    """
    given = {name: account[f"twilio_trunk_{name}"] for name in ("api_key", "api_secret", "region", "edge")}
    for name, check in _CONNECTION.items():
        yield from values.wrong(f"twilio_trunk_{name}", check, account[f"twilio_trunk_{name}"] or None)
    try:
        place(given["region"], given["edge"])
    except InvalidInput as error:
        yield from (f"twilio_trunk_{problem}" for problem in error.details["problems"])
    if bool(given["api_key"]) != bool(given["api_secret"]):
        yield "twilio_trunk_api_key and twilio_trunk_api_secret go together: give both, or neither."


def of_credentials(account: Values) -> Iterator[str]:
    """Yield which credentials are missing, for a run that uses Twilio's API."""
    if not account["twilio_trunk_account_sid"]:
        yield "twilio_trunk_account_sid is missing: give it, or set TWILIO_ACCOUNT_SID in the environment."
    if not account["twilio_trunk_auth_token"] and not account["twilio_trunk_api_key"]:
        yield (
            "twilio_trunk_auth_token is missing: give it, or twilio_trunk_api_key and twilio_trunk_api_secret, or set"
            " TWILIO_AUTH_TOKEN, or TWILIO_API_KEY and TWILIO_API_SECRET, in the environment."
        )


def _api_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise ValueError("must be an http or https URL such as https://twin.example.com, without a user or a password")
    return value


#: Options of the connection to Twilio whose form can be checked one by one.
_CONNECTION: Mapping[str, values.Check] = {"account_sid": sid("AC"), "api_key": sid("SK"), "api_url": _api_url}


def _users_of_two_passwords(trunks: Sequence[Values], lists: Sequence[Values]) -> Iterator[str]:
    """Yield the trunks that give a user of a credential list another password than the list, stated in full, or an
    earlier trunk does."""
    first = {
        (row["name"], user["username"]): (f"twilio_trunk_credential_lists[{index}].credentials[{place}]", user)
        for index, row in enumerate(lists) for place, user in enumerate(row.get("credentials") or ())
        if user.get("password") is not None
    }
    for index, trunk in enumerate(trunks):
        user = trunk.get("credential_list"), trunk.get("username")
        if not all(user):
            continue
        where = f"trunkline_trunks[{index}]"
        there, other = first.setdefault(user, (where, trunk))
        if other["password"] != trunk["password"]:
            yield (
                f"{where}.password differs from {there}.password, and user {user[1]!r} of list {user[0]!r} has one"
                " password. Give each trunk a user of its own."
            )


def _calls_that_cannot_come_in(trunks: Sequence[Values], dids: Sequence[Values]) -> Iterator[str]:
    """Yield the numbers that two trunks have, and those whose calls their trunk does not bring in."""
    first: dict[str, tuple[str, str]] = {}
    for index, trunk in enumerate(trunks):
        mine = [
            (f"pbx_dids[{row}].number", did["number"]) for row, did in enumerate(dids)
            if (did.get("trunk") or trunks[0]["name"]) == trunk["name"]
        ]
        if not trunk["origination"]:
            if trunk.get("origination_urls"):
                yield f"trunkline_trunks[{index}].origination_urls must not be given where origination is false."
            for where, dummy in mine:
                yield f"{where} comes in on trunk {trunk['name']!r}, whose origination is false: no call could come in."
        if trunk.get("phone_numbers") is not None:
            place = f"trunkline_trunks[{index}].phone_numbers"
            for where, number in mine:
                if number not in trunk["phone_numbers"]:
                    yield (
                        f"{where} comes in on trunk {trunk['name']!r}, and {place} does not have it: no call could come"
                        f" in. Add {number} there, or leave {place} out, and the numbers follow from pbx_dids."
                    )
            mine = [(f"{place}[{row}]", number) for row, number in enumerate(trunk["phone_numbers"])]
        for where, number in mine:
            there, other = first.setdefault(number, (where, trunk["name"]))
            if other != trunk["name"]:
                yield (
                    f"{where} puts {number} on trunk {trunk['name']!r}, and {there} puts it on {other!r}; a number"
                    " belongs to one trunk."
                )


def _sip_that_cannot_work(declared: Values) -> Iterator[str]:
    if not declared["pbx_twilio_signalling_networks"]:
        yield "pbx_twilio_signalling_networks is empty: no call could come in."
    if not {"ulaw", "alaw"} & set(declared["pbx_codecs"]):
        # https://www.twilio.com/docs/sip-trunking/codecs
        yield "pbx_codecs must have ulaw or alaw: Twilio takes no other."
    first, last = declared["pbx_rtp_port_start"], declared["pbx_rtp_port_end"]
    if not 1024 <= first < last <= 65535:
        yield "pbx_rtp_port_start must be at least 1024 and below pbx_rtp_port_end, which is at most 65535."
    elif first <= declared["pbx_sip_port"] <= last:
        yield (
            f"pbx_sip_port is {declared['pbx_sip_port']}, which is one of the ports for audio from pbx_rtp_port_start"
            f" to pbx_rtp_port_end, {first} to {last}."
        )
    expiries = [declared[f"pbx_registration_{name}_expiry"] for name in ("minimum", "default", "maximum")]
    if expiries != sorted(expiries) or expiries[0] < 1:
        yield (
            "pbx_registration_minimum_expiry, _default_expiry and _maximum_expiry must be above 0 and in rising order."
        )
