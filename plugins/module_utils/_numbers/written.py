# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A telephone number as people write it, read as E.164."""

from __future__ import annotations

import re

try:
    import phonenumbers
    from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult
except ImportError:     # `_inventory.calls.problems` says so before anything here is called
    phonenumbers = None  # type: ignore[assignment]

#: Digits and what people put between them. A letter may be a digit's (1-800-FLOWERS) or an extension's.
_WRITTEN = re.compile(r"[+]?[0-9(][0-9 ().\-/]*", re.ASCII)


def e164(text: str, country: str) -> str:
    """Return the number that a text means in a country.

    A number need not be assigned: the library may be older than it. Its length has to be one that its country has.

    :param country: its two letters; empty where only a number with a plus sign has one meaning.
    :raises ValueError: with the end of a sentence.
    """
    number = text.strip()
    if not _WRITTEN.fullmatch(number):
        raise ValueError(f"must be a telephone number of digits, such as +442079460958, not {text!r}")
    if not number.startswith("+") and not country:
        raise ValueError(
            f"must begin with + and the country code, not be {text!r}: the trunks have no home country, or several")
    try:
        parsed = phonenumbers.parse(number, country or None)
    except NumberParseException:
        parsed = None
    if parsed is None or phonenumbers.is_possible_number_with_reason(parsed) != ValidationResult.IS_POSSIBLE:
        where = f" in {country}" if country and not number.startswith("+") else ""
        raise ValueError(f"is {text!r}, which is no whole telephone number{where}")
    return str(phonenumbers.format_number(parsed, PhoneNumberFormat.E164))
