# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twilio's own rules for single values.

Each check returns the normal form or raises ValueError, as in `_core.validators`.
"""

from __future__ import annotations

import re
from typing import Callable

from .._core.errors import InvalidInput

DOMAIN_SUFFIX = ".pstn.twilio.com"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})?\.pstn\.twilio\.com")


def termination_domain(value: str) -> str:
    """Validate a trunk's termination domain, in lower case: `asterisk-pbx1.pstn.twilio.com`.

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
    """Validate a SIP credential's password. The message never shows it.

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
    """Return a prefix length as Twilio keeps it: it stores 0 as 32, so that no list admits the whole internet."""
    return value or 32


_SIP_URL = re.compile(
    r"sip:(?:[^@\s<>\"]+@)?(?P<host>\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9_.-]+)(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<more>(?:;[^\s<>\"?]*)?(?:\?[^\s<>\"]*)?)"
)


def origination_url(value: str) -> str:
    """Validate an origination URL, where Twilio sends incoming calls: `sip:pbx.example.com:5060;transport=tcp`.

    https://www.twilio.com/docs/sip-trunking/api/originationurl-resource
    """
    url = value.strip()
    if url.lower().startswith("sips:"):
        raise ValueError(
            f"must begin with sip:, which ;transport=tls encrypts; Twilio does not support sips:, not {value!r}"
        )
    found = _SIP_URL.fullmatch(url)
    if not found:
        raise ValueError(f"must be a SIP URI such as sip:pbx.example.com, not {value!r}")
    if found["host"].lower().endswith("twilio.com"):
        raise ValueError(f"must lead to the PBX, and not back to Twilio: {value!r}")
    if found["port"] and not 0 < int(found["port"]) < 65536:
        raise ValueError(f"must have a port from 1 to 65535, not {found['port']}")
    return url


def iso_country(value: str) -> str:
    """Validate a country by its two letters (ISO 3166-1 alpha-2), in upper case: `GB`."""
    code = value.strip().upper()
    if not re.fullmatch("[A-Z]{2}", code):
        raise ValueError(f"must be a country's two letters such as US or GB, not {value!r}")
    return code


def sid(prefix: str) -> Callable[[str], str]:
    """Return a check for a SID that begins with these two letters. The message never shows the value,
    which may be a secret in the wrong place."""

    def check(value: str) -> str:
        if not re.fullmatch(prefix + "[0-9a-fA-F]{32}", value):
            raise ValueError(f"must be {prefix} and 32 hexadecimal digits, and is not")
        return value

    return check


#: https://www.twilio.com/docs/global-infrastructure: where each region's data live, and the edge in it.
REGIONS = {"us1": "ashburn", "ie1": "dublin", "au1": "sydney"}


def place(region: str | None, edge: str | None) -> tuple[str | None, str | None]:
    """Return the region and the edge to reach it by. The host name needs both: Twilio sends a region alone to us1.

    :raises InvalidInput: for a region that Twilio does not have, or an edge that its API does not have.
    """
    problems = []
    if region and region not in REGIONS:
        problems.append(f"region must be one of {', '.join(REGIONS)}, not {region!r}.")
    if edge and not re.fullmatch("[a-z]+(-[a-z]+)*", edge):
        problems.append(f"edge must be the name of one of Twilio's edges, such as dublin, not {edge!r}.")
    elif edge == "roaming":
        problems.append("edge must not be roaming, for which Twilio's API has no name; leave it out.")
    if problems:
        raise InvalidInput(problems)
    return region or None, edge or REGIONS.get(region or "") or None
