# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Phones: the number that their calls show, and where the calls to them go.

What single values may be is in `values`, and what a phone's class lets out in `calls`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .._core.validators import e164
from . import callers
from .features import FORWARDS, PHONE_EXITS
from .features.feature import NUMBER, destination
from .trunks import own_numbers
from .values import wrong, wrong_entries

VERIFIED = "pbx_verified_caller_ids"
OUTSIDE = "pbx_forward_outside"
#: How long a phone rings that is called by itself.
RING_SECONDS = 30


def problems(host: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for everything that cannot be right in the phones of a host, beside their single values.

    :param host: a value for each option of `options.of_pbx`, normalised.
    """
    yield from wrong_entries(VERIFIED, e164, host[VERIFIED])
    ours = own_numbers(host) | {*host[VERIFIED]}
    for index, phone in enumerate(host["pbx_phones"]):
        place, number = f"pbx_phones[{index}].caller_id", phone["caller_id"]
        fault = list(wrong(place, e164, number))
        yield from fault
        if number and not fault and number not in ours:
            yield (
                f"{place} is {number}, which is neither in pbx_dids nor a trunk's caller_id nor in {VERIFIED}: Twilio"
                " refuses calls with a caller ID that the account neither owns nor has verified (403, error 32204)."
            )
    yield from _wrong_numbers(host)


def _wrong_numbers(host: Mapping[str, Any]) -> Iterator[str]:
    for place, dummy, text in forwards_outside(host):
        if not host[OUTSIDE]:
            yield (
                f"{place} needs {OUTSIDE}, which is false: whoever calls the phone would call out at your cost. Set it"
                " to true, or name a destination.")
        try:
            number = callers.number_of(host, text)
        except ValueError as error:
            yield f"{place} {error}."
        else:
            if number in [did["number"] for did in host["pbx_dids"]]:
                yield (
                    f"{place} is {number}, which is in pbx_dids: the call would come back here, at your cost; name"
                    " where that number goes instead.")


def forwards_outside(host: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], str]]:
    """Yield each number outside to which a phone's calls go: its place, the phone, and the number as it is written."""
    for index, phone in enumerate(host["pbx_phones"]):
        for option in FORWARDS:
            to = destination(phone[option])
            if to and to.kind == NUMBER:
                yield f"pbx_phones[{index}].{option}.{NUMBER}", phone, to.name


def outside_rows(host: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return what the template prints of the numbers outside to which phones' calls go."""
    return [
        {
            "source": place,
            "extension": _extension(phone, place.split(".")[1]),
            "phone": phone["name"],
            "number": callers.number_of(host, text),
        }
        for place, phone, text in forwards_outside(host)
    ]


def _extension(phone: Mapping[str, Any], option: str) -> str:
    # No hyphen, which Asterisk ignores. An underscore in the phone's name makes no two the same.
    return f"{phone['name']}_{option.rpartition('_')[2]}"


def _target(phone: Mapping[str, Any], option: str) -> str:
    """Return where an option of a phone sends calls, as Goto() takes it, or an empty text."""
    to = destination(phone[option])
    if not to:
        return ""
    return f"forward-number,{_extension(phone, option)},1" if to.kind == NUMBER else to.target


def steps(phone: Mapping[str, Any], has_codes: bool, is_announced: bool, has_n8n: bool) -> list[str]:
    """Return the steps of the dialplan for a call to a phone.

    What its user has set by a code comes before what the inventory says, and before a caller is told of a recording:
    where all calls go elsewhere, nothing is recorded here.
    """
    name = phone["name"]
    always = _target(phone, "forward_always")
    by_code = [f"Gosub(forwarded,s,1({name},always))"] if has_codes else []
    if always:
        return [*by_code, f"Goto({always})"]
    exits = [(what, _target(phone, option)) for what, option in PHONE_EXITS.items()]
    return [
        *by_code,
        *(["Gosub(announce,s,1)"] if is_announced else []),
        f"Gosub(ring,s,1({name},{RING_SECONDS}))",
        *([f"Gosub(forwarded,s,1({name},${{RANG}}))"] if has_codes else []),
        *(['GotoIf($["${N8N_FALLBACK}" != ""]?n8n-fallback,s,1)'] if has_n8n else []),
        *(f'GotoIf($["${{RANG}}" = "{what}"]?{target})' for what, target in exits if target),
        "Hangup(${CAUSE})",
    ]


def show_numbers(host: Mapping[str, Any]) -> bool:
    """Return whether a phone shows a number of its own."""
    return any(phone["caller_id"] for phone in host["pbx_phones"])
