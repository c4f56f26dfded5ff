# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validators of single values. Each returns the value in its normal form, or raises ValueError with a sentence
that ends a message beginning with the option's name ("… must be …")."""

from __future__ import annotations

import ipaddress
import re
from typing import Callable
from urllib.parse import urlsplit

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
#: A label of a host name. A name that is looked up may have underscores, the name of a certificate has none.
_LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9])?"
_HOST_NAME = re.compile(rf"(?=.{{1,253}}\Z)({_LABEL}\.)*{_LABEL}")


def e164(value: str) -> str:
    """Validate a telephone number as ITU-T E.164 has it, with its plus sign: `+17756187988`."""
    if not E164.fullmatch(value):
        raise ValueError(
            f"must be a number in E.164 form, a plus sign and 7 to 15 digits such as +17756187988, not {value!r}"
        )
    return value


def ipv4(value: str) -> str:
    """Validate a dotted IPv4 address without a prefix: `203.0.113.10`."""
    try:
        return str(ipaddress.IPv4Address(value))
    except ValueError:
        raise ValueError(f"must be an IPv4 address such as 203.0.113.10, not {value!r}") from None


def ipv4_network(value: str) -> str:
    """Validate an IPv4 network with the length of its prefix and without host bits: `192.0.2.0/24`.

    Python reads more, which the programs that get the text read in another way: nft takes /030 for octal, and Asterisk
    the mask of a /0.0.0.3 as it stands, which a quarter of all addresses fit.
    """
    try:
        if str(ipaddress.IPv4Network(value)) == value:
            return value
    except ValueError:
        pass
    raise ValueError(f"must be an IPv4 network such as 192.0.2.0/24, not {value!r}{_network_hint(value)}")


def _network_hint(value: str) -> str:
    """Return how to write a network whose text can be read in one way at least."""
    try:
        read = ipaddress.IPv4Interface(value)
    except ValueError:
        return ""
    if read.ip.is_unspecified:
        return ""
    if "/" in value and read.ip == read.network.network_address:
        return f": write {read.network}"
    network = f"{read.network}, or " if "/" in value else ""
    return f": write {network}{read.ip}/32 for that address alone"


def host(value: str) -> str:
    """Validate the name or the address of a host."""
    try:
        ipaddress.ip_address(value)
    except ValueError:
        # The last label of a name has a letter: 10.0.0.256 is a mistyped address.
        if not _HOST_NAME.fullmatch(value) or value.rpartition(".")[2].isdigit():
            raise ValueError(f"must be a host name or an address, not {value!r}") from None
    return value


def is_private(name: str) -> bool:
    """Return whether a host is named so that what is sent to it stays on a private network or on this host: by a
    private address, or as localhost. A name may lead anywhere."""
    try:
        return ipaddress.ip_address(name).is_private
    except ValueError:
        return name == "localhost"


def dns_name(value: str) -> str:
    """Validate the full DNS name of a host, as a certificate may have it: `pbx.example.com`."""
    labels = value.split(".")
    is_name = _HOST_NAME.fullmatch(value) and "_" not in value and all(len(label) < 64 for label in labels)
    if not is_name or len(labels) < 2 or not labels[-1][0].isalpha():
        raise ValueError(f"must be a DNS name such as pbx.example.com, not {value!r}")
    return value


def port(value: int) -> int:
    """Validate a port of UDP or TCP."""
    if not 1 <= value <= 65535:
        raise ValueError(f"must be a port from 1 to 65535, not {value}")
    return value


def prefix_length(value: int) -> int:
    """Validate the length of an IPv4 network's prefix, 0 to 32."""
    if not 0 <= value <= 32:
        raise ValueError(f"must be a prefix length from 0 to 32, not {value}")
    return value


def text(longest: int) -> Callable[[str], str]:
    """Return a check for a text of 1 to `longest` characters, which keeps it without the white space around it."""

    def check(value: str) -> str:
        value = value.strip()
        if not 1 <= len(value) <= longest:
            raise ValueError(f"must have 1 to {longest} characters, not {len(value)}")
        return value

    return check


def matching(pattern: str, sentence: str) -> Callable[[str], str]:
    """Return a check for a text that all of a regular expression matches; the sentence says what it must be."""
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise ValueError(f"{sentence}, not {value!r}")
        return value

    return check


def whole_number(lowest: int, highest: int, unit: str = "") -> Callable[[int], int]:
    """Return a check for a whole number within bounds; the unit is for the sentence."""

    def check(value: int) -> int:
        if not lowest <= value <= highest:
            kind = "" if unit else "a whole number "
            raise ValueError(f"must be {kind}from {lowest} to {highest}{unit and f' {unit}'}, not {value}")
        return value

    return check


def at_least(lowest: int, unit: str = "") -> Callable[[int], int]:
    """Return a check for a whole number without an upper bound."""

    def check(value: int) -> int:
        if value < lowest:
            raise ValueError(f"must be {lowest}{unit and f' {unit}'} or more, not {value}")
        return value

    return check


def web_url(value: str) -> str:
    """Validate an http or https URL that names a host."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", value):
        raise ValueError(f"must be an http or https URL such as https://example.com/voice, not {value!r}")
    return value
