# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validators of values in Asterisk's configuration files. Each returns the value or raises ValueError with a sentence.

A value that these let through is read by Asterisk as it was written; others would be cut short, obeyed as a directive,
or make Asterisk drop the object they are in (https://docs.asterisk.org/Fundamentals/Asterisk-Configuration/).
"""

from __future__ import annotations

import re

from .._core import validators
from .._core.validators import matching

text = matching(r'[^\[\]{}<>"$;\\\x00-\x1f\x7f\ud800-\udfff]*', 'must be one line without any of < > [ ] { } " $ ; \\')
phone_name = matching(
    r"(?!twilio-)[A-Za-z0-9][A-Za-z0-9_-]{1,31}", "must be 2 to 32 letters, digits, _ or -, and not begin with twilio-"
)
path = matching(r"/[A-Za-z0-9._/@+-]*", "must be a full path, of letters, digits and . _ / @ + - only")
dialled_prefix = matching(r"[0-9]{1,5}", "must be 1 to 5 digits")
dialled_pattern = matching(r"[0-9XZN]+[.]?", "may hold digits, X, Z and N, and one dot at its end")
feature_code = matching(r"[*#][0-9*#]{1,5}", "must be * or #, and 1 to 5 of 0-9, * and #")
mail_address = matching(
    r"[A-Za-z0-9_][A-Za-z0-9._%+'-]*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", "must be one address, such as anna@example.com")
language = matching(
    r"[a-z]{2,3}([_-][A-Za-z0-9]{2,8})?", "must be the name of a folder of Asterisk's prompts, such as en or es_MX")
country_prefix = matching(r"\+[0-9]{0,6}", "must be + and a country code")


def host(value: str) -> str:
    """Validate a host name or an IPv4 address, with a port where it is not the usual one: `pbx.example.com:5080`."""
    name, colon, port = value.partition(":")
    try:
        validators.host(name)
        if colon:
            validators.port(int(port) if re.fullmatch("[0-9]{1,5}", port) else 0)
    except ValueError:
        raise ValueError(f"must be a host name, with a port if need be, not {value!r}") from None
    return value


def secret(value: str) -> str:
    """Validate a password. The message never shows it."""
    if not value or value != value.strip() or re.search(r"[\x00-\x1f]", value):
        raise ValueError("must be one line without a space at either end")
    return rendered(value)


def rendered(value: str) -> str:
    """Validate that a text can be written as it is: it is no template, and is UTF-8. The message never shows it."""
    if re.fullmatch(r"\{\{.*\}\}", value):
        raise ValueError("is a template that was not rendered: take away the !unsafe before it")
    # Python delivers a byte of another encoding, as an environment variable may have it, as a surrogate.
    if re.search("[\ud800-\udfff]", value):
        raise ValueError("is not UTF-8: write it in that encoding where it comes from")
    return value
