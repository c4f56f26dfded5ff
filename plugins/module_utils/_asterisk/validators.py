# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Asterisk's configuration files can hold. Each check returns the value or raises ValueError with a sentence.

A value that these let through is read by Asterisk as it was written; others would be cut short, obeyed as a directive,
or make Asterisk drop the object they are in (https://docs.asterisk.org/Fundamentals/Asterisk-Configuration/).
"""

from __future__ import annotations

import re


def _form(pattern: str, sentence: str):
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise ValueError(f"{sentence}, not {value!r}")
        return value

    return check


text = _form(r'[^\[\]{}<>"$;\\\x00-\x1f]*', 'must be one line without any of < > [ ] { } " $ ; \\')
phone_name = _form(
    r"(?!twilio-)[A-Za-z0-9][A-Za-z0-9_-]{1,31}", "must be 2 to 32 letters, digits, _ or -, and not begin with twilio-"
)
host = _form(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?", "must be a host name, with a port if need be")
path = _form(r"/[A-Za-z0-9._/@+-]*", "must be a full path, of letters, digits and . _ / @ + - only")
dialled_prefix = _form(r"[0-9]{1,5}", "must be 1 to 5 digits")
dialled_pattern = _form(r"[0-9XZN]+[.]?", "may hold digits, X, Z and N, and one dot at its end")
country_prefix = _form(r"\+[0-9]{0,6}", "must be + and a country code")


def secret(value: str) -> str:
    """A password. The message never shows it."""
    if not value or value != value.strip() or re.search(r"[\x00-\x1f]", value):
        raise ValueError("must be one line without a space at either end")
    if re.fullmatch(r"\{\{.*\}\}", value):
        raise ValueError("is a template that was not rendered: take away the !unsafe before it")
    return value
