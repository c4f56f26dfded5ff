# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that the variables of roles n8n and n8n_flow have in common."""

from __future__ import annotations

import functools
import re
import zoneinfo
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from .._core.validators import is_private

_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+/-]{1,60}")
#: No quote, backslash or brace: an address is a text in an expression of n8n's.
_URL = re.compile(r"[!#-&(-;=?-\[\]_a-z~]{1,500}")


def what(value: Any) -> str:
    """Return the kind of a value and not the value, which may be a secret; Ansible has classes of its own for each."""
    for kind, name in ((Mapping, "a dict"), (list, "a list"), (str, "a text"), (type(None), "null"),
                       (bool, "a boolean"), ((int, float), "a number")):
        if isinstance(value, kind):
            return name
    return type(value).__name__


def is_zone(value: str | None) -> bool:
    """Return whether a value is a time zone; where the controller has no list of them, whether it looks like one."""
    known = _zones()
    return is_a(value, _ZONE) and (not known or value in known)


@functools.cache    # each of the database's six hundred files is opened
def _zones() -> set[str]:
    return zoneinfo.available_timezones()


def is_a(value: Any, pattern: re.Pattern[str]) -> bool:
    """Return whether a value is a text that a pattern describes."""
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def whole(name: str, value: int, least: int, most: int) -> Iterator[str]:
    """Yield a sentence if a number is not within limits."""
    if not least <= value <= most:
        yield f"{name} must be a whole number from {least} to {most}, not {value}."


def address_fault(url: Any) -> str:
    """Return what is wrong with the address of a server that n8n sends a secret or a caller's number to, "" if nothing.

    It does not show the address, which often has a key in it.
    """
    if fault := url_fault(url):
        return fault
    host = urlsplit(url).hostname or ""
    if urlsplit(url).scheme == "http" and not is_private(host):
        return f"must be https, or what is sent can be read on its way to {host}; http is for private addresses"
    return ""


def url_fault(url: Any) -> str:
    """Return what is wrong with the address of a server, "" if nothing. It does not show the address."""
    if not is_a(url, _URL):
        return "must be an https URL in quotes, of at most 500 characters of ASCII without blanks, quotes and braces"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "is no URL"
    if parts.scheme not in ("http", "https") or not host or port == 0 or parts.fragment:
        return "must be an https URL with a host and without #, such as https://crm.example.com/contacts"
    if parts.username is not None or parts.password is not None:
        return "must have no user and no password before its host"
    return ""
