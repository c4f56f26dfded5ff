# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of single values. Each takes a value, returns it in its normal form, or raises ValueError with a sentence
that ends a message beginning with the option's name ("… must be …")."""

from __future__ import annotations

import ipaddress
import re
from typing import Callable
from urllib.parse import urlsplit

E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def e164(value: str) -> str:
    """A telephone number as ITU-T E.164 has it, with its plus sign: `+17756187988`."""
    if not E164.fullmatch(value):
        raise ValueError(
            f"must be a number in E.164 form, a plus sign and 7 to 15 digits such as +17756187988, not {value!r}"
        )
    return value


def ipv4(value: str) -> str:
    """A dotted IPv4 address without a prefix: `203.0.113.10`."""
    try:
        return str(ipaddress.IPv4Address(value))
    except ValueError:
        raise ValueError(f"must be an IPv4 address such as 203.0.113.10, not {value!r}") from None


def prefix_length(value: int) -> int:
    """The length of an IPv4 network's prefix, 0 to 32."""
    if not 0 <= value <= 32:
        raise ValueError(f"must be a prefix length from 0 to 32, not {value}")
    return value


def text(longest: int) -> Callable[[str], str]:
    """A check for a text of 1 to `longest` characters, kept without the white space around it."""

    def check(value: str) -> str:
        value = value.strip()
        if not 1 <= len(value) <= longest:
            raise ValueError(f"must have 1 to {longest} characters, not {len(value)}")
        return value

    return check


def whole_number(lowest: int, highest: int) -> Callable[[int], int]:
    """A check for a whole number within bounds."""

    def check(value: int) -> int:
        if not lowest <= value <= highest:
            raise ValueError(f"must be a whole number from {lowest} to {highest}, not {value}")
        return value

    return check


def web_url(value: str) -> str:
    """An http or https URL that names a host."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", value):
        raise ValueError(f"must be an http or https URL such as https://example.com/voice, not {value!r}")
    return value
