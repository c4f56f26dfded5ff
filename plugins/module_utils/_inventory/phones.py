# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Phones: the number that their calls show. What single values may be is in `values`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .._core.validators import e164
from .trunks import own_numbers
from .values import wrong, wrong_entries

VERIFIED = "pbx_verified_caller_ids"


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


def show_numbers(host: Mapping[str, Any]) -> bool:
    """Return whether a phone shows a number of its own."""
    return any(phone["caller_id"] for phone in host["pbx_phones"])
