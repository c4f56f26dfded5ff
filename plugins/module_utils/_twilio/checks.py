# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twilio's own rules for single values.

Each check returns the normal form or raises ValueError, as in `_core.checks`.
"""

from __future__ import annotations

import re

DOMAIN_SUFFIX = ".pstn.twilio.com"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})?\.pstn\.twilio\.com")


def termination_domain(value: str) -> str:
    """A trunk's termination domain, in lower case: `asterisk-pbx1.pstn.twilio.com`.

    One more label may stand before it (a sub-domain of a trunk that exists already):
    https://www.twilio.com/docs/sip-trunking
    """
    domain = value.strip().lower()
    if domain.count(DOMAIN_SUFFIX) > 1:
        raise ValueError(f"must have {DOMAIN_SUFFIX} once, at its end, not {value!r}")
    if not domain.endswith(DOMAIN_SUFFIX):
        raise ValueError(
            f"must be the trunk's termination domain and end in {DOMAIN_SUFFIX}, such as"
            f" asterisk-pbx1.pstn.twilio.com, not {value!r}; a SIP domain (sip.twilio.com) is a different product"
        )
    if not _DOMAIN.fullmatch(domain):
        raise ValueError(f"may have letters, digits and hyphens before {DOMAIN_SUFFIX}, not {value!r}")
    return domain


def password(value: str) -> str:
    """A SIP credential's password. The message never shows it.

    https://www.twilio.com/docs/voice/sip/api/sip-credential-resource: at least 12 characters, a digit, both cases.
    """
    missing = [
        name
        for name, there in (
            ("12 characters or more", len(value) >= 12),
            ("an upper-case letter", re.search(r"[A-Z]", value)),
            ("a lower-case letter", re.search(r"[a-z]", value)),
            ("a digit", re.search(r"[0-9]", value)),
        )
        if not there
    ]
    if missing:
        raise ValueError(f"must have {', '.join(missing)}: Twilio refuses weaker passwords")
    return value


def stored_prefix(value: int) -> int:
    """A prefix length as Twilio keeps it: it stores 0 as 32, so that nobody admits the whole internet."""
    return value or 32
