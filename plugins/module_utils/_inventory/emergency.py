# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Emergency calls: who is notified of one while it goes on, and what its number and location are for a phone.

The notification is what American law asks for (47 U.S.C. 623, 47 CFR 9.16): the fact of the call, a callback number and
the location. How a call passes every limit is the dialplan's, and which numbers are emergency numbers is in `calls`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .._asterisk import validators as asterisk
from .._core.validators import e164
from .._numbers.plan import emergency_numbers
from .callers import homes
from .features.prompts import prompt_problems
from .trunks import own_numbers
from .values import wrong, wrong_entries

VARIABLE = "pbx_emergency_notify"
#: What sends the mail; role pbx installs it from its files.
SCRIPT = "/usr/local/lib/trunkline/emergency_mail.py"
#: The test number of North America (https://www.twilio.com/docs/sip-trunking/emergency-calling).
_TEST = "933"
_MAX_LOCATION_LENGTH = 100


def problems(host: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for everything that cannot be right about emergency calls on a host.

    :param host: a value for each option of `options.of_pbx`, normalised.
    """
    yield from _callers(host)
    if host[VARIABLE] is not None:
        yield from _notify(host[VARIABLE], {phone["name"] for phone in host["pbx_phones"]})


def warnings(host: Mapping[str, Any]) -> Iterator[str]:
    """Yield the countries none of whose emergency numbers can be dialled, and the phones whose location nobody is
    shown, since nobody is notified."""
    stated = host["pbx_emergency_numbers"]
    for country in homes(host) if stated is not None else ():
        numbers = emergency_numbers(country)
        if numbers and not {*numbers} & {*stated}:
            yield (
                f"pbx_emergency_numbers has none of the emergency numbers of {country} ({', '.join(numbers)}): a phone"
                " that dials one gets no help. Add them, or leave the option out.")
    for index, phone in enumerate(host["pbx_phones"]):
        if phone["emergency_location"] and not host[VARIABLE]:
            yield (
                f"pbx_phones[{index}].emergency_location is shown to nobody without {VARIABLE}: Twilio takes the"
                " location from the emergency address of the number.")


def _callers(host: Mapping[str, Any]) -> Iterator[str]:
    """Yield the phones whose number is none that can be called back, or whose location cannot be shown."""
    ours = own_numbers(host)
    for index, phone in enumerate(host["pbx_phones"]):
        place, number = f"pbx_phones[{index}].emergency_caller_id", phone["emergency_caller_id"]
        yield from wrong(f"pbx_phones[{index}].emergency_location", _location, phone["emergency_location"])
        fault = list(wrong(place, e164, number or None))
        yield from fault
        if number and not fault and number not in ours:
            yield (
                f"{place} is {number}, which is neither in pbx_dids nor a trunk's caller_id: Twilio has an emergency"
                " address for numbers of yours only, and nobody could call back."
            )


def _notify(row: Mapping[str, Any], phones: set[str]) -> Iterator[str]:
    if not row["phones"] and not row["emails"]:
        yield f"{VARIABLE} notifies nobody: give phones, or emails."
    for index, name in enumerate(row["phones"]):
        if name not in phones:
            yield f"{VARIABLE}.phones[{index}] names {name!r}, which is not in pbx_phones."
    yield from wrong_entries(f"{VARIABLE}.emails", asterisk.mail_address, row["emails"])
    for option in ("phones", "emails"):
        for index, value in enumerate(row[option]):
            if value in row[option][:index]:
                yield f"{VARIABLE}.{option}[{index}] repeats {value!r}."
    yield from wrong(f"{VARIABLE}.location", _location, row["location"])
    yield from (f"{VARIABLE}.{option} {fault}." for option, fault in prompt_problems(row))


def _location(value: str) -> str:
    if len(value) > _MAX_LOCATION_LENGTH:
        raise ValueError(f"must have at most {_MAX_LOCATION_LENGTH} characters, not {len(value)}")
    return str(asterisk.text(value))


def notifies_by_mail(host: Mapping[str, Any]) -> bool:
    """Return whether mail is sent, for which the host needs the script."""
    return bool(host[VARIABLE] and host[VARIABLE]["emails"])


def modules(host: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the modules of Asterisk that notification needs. The script is run by res_agi, which needs res_speech."""
    if not host[VARIABLE]:
        return ()
    return ("app_originate.so", "func_module.so", *(("res_speech.so", "res_agi.so") if notifies_by_mail(host) else ()))


def row(host: Mapping[str, Any], phones: list[dict[str, Any]], trunks: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the templates print, empty where nobody is notified.

    :param phones: what templates print of phones, each with the ID of its trunk.
    :param trunks: what they print of trunks, of which the first counts for a call of no phone.
    """
    notify = host[VARIABLE]
    if not notify:
        return {}
    by_id = {trunk["id"]: trunk["caller_id"] for trunk in trunks}
    site = notify["location"] or ""
    return {
        "phones": notify["phones"],
        "emails": " ".join(notify["emails"]),
        "prompt": notify["prompt"],
        "script": SCRIPT,
        "test": _TEST,
        "callback": trunks[0]["caller_id"],
        "location": site,
        "callers": [_caller(phone, by_id[phone["trunk_id"]], site) for phone in phones],
    }


def _caller(phone: Mapping[str, Any], number: str, site: str) -> dict[str, str]:
    location = phone["emergency_location"] or site
    return {
        "name": phone["name"],
        "source": phone["source"],
        "callback": phone["emergency_caller_id"] or number,
        "location": location,
        "shown": f"{phone['name']}: {location}" if location else phone["name"],
    }
