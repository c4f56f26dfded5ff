# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twilio's refusals, with cause and fix.

Codes: https://www.twilio.com/docs/api/errors
"""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any, Mapping

from .._core.errors import TrunklineError

FIXES = {
    20003: "Check account_sid and auth_token, or api_key and api_secret (TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, "
           "TWILIO_API_KEY, TWILIO_API_SECRET): they must belong to one account and region.",
    20404: "It was removed while this ran, or belongs to another account. Run it again.",
    20429: "Twilio is limiting requests. Run it again later, or with fewer runs at the same time.",
    21235: "A list or address of this name, or this address in the list, exists already. Choose another name.",
    21236: "Detach the IP access control list from every trunk and SIP domain that uses it first.",
    21237: "The list is full. Use networks (cidr_prefix_length) or another list.",
    21240: "A credential list of this name exists already. Choose another name.",
    21241: "Detach the credential list from every trunk and SIP domain that uses it first.",
    21242: "The list is full. Use another credential list.",
    21243: "Check the username (at most 32 characters) and the password (12 characters or more, a digit, both cases).",
    21244: "Remove a trunk that is not used, or ask Twilio for a higher limit.",
    21245: "Twilio says so of a domain_name that does not end in pstn.twilio.com or is taken, of a list that is on the"
           " trunk already or belongs to another account, and of a number that is on another trunk. Correct that.",
    21247: "Remove the trunks on sub-domains of this trunk's domain first.",
    21248: "Domain names are shared by all of Twilio's customers, and the domain of a deleted trunk stays reserved for"
           " up to 30 days, for its own account as well. Choose another domain_name.",
    21249: "Remove an origination URL that is not used; a trunk has room for ten.",
    21239: "Remove a credential list that is not used.",
    21255: "Remove an IP access control list that is not used.",
    21422: "Somebody else has it. Choose another number.",
    21615: "The number's country asks for an address. Make one in Twilio's console, and buy the number there.",
    21631: "The number's country asks for an address. Make one in Twilio's console, and buy the number there.",
    21634: "A number on this trunk is registered for emergency calls. Unregister its emergency address first.",
    21649: "The number's country asks for a regulatory bundle. Make one in Twilio's console, and buy the number there.",
}

_XML = re.compile("<(Code|Message)>([^<]*)</")


class ApiError(TrunklineError):
    """Twilio refused a request.

    :ivar status: the HTTP status. :ivar code: Twilio's error code, or None.
    """

    def __init__(self, method: str, path: str, status: int, code: int | None, message: str) -> None:
        reason = message.rstrip(".") + (f" (error {code})" if code else "")
        super().__init__(
            f"Twilio answered {status} to {method} {path}: {reason}.",
            _fix(code),
            status=status,
            code=code,
        )
        self.status, self.code = status, code


class Unreachable(TrunklineError):
    """No answer came, or one that is not from Twilio."""

    def __init__(self, method: str, url: str, reason: str) -> None:
        super().__init__(
            f"Twilio did not answer {method} {url}: {reason}.",
            "Check the network and the api_url; then run it again; it resumes where it stopped.",
        )


class Unclear(TrunklineError):
    """A request to create a row got no answer, or one that leaves open whether the row was created.

    :param cause: the failure.
    """

    def __init__(self, cause: TrunklineError) -> None:
        super().__init__(cause.what, cause.fix, **cause.details)


def _fix(code: int | None) -> str:
    if code is None:
        return ""
    return FIXES.get(code, f"See https://www.twilio.com/docs/api/errors/{code}.")


def api_error(method: str, path: str, status: int, body: str) -> ApiError:
    """Read Twilio's error bodies: its classic one, RFC 9457 problem details, and the 2010 API's XML."""
    try:
        document = json.loads(body)
    except ValueError:
        document = {name.lower(): unescape(text) for name, text in _XML.findall(body)}
    if not isinstance(document, Mapping) or not document:
        return ApiError(method, path, status, None, "no reason that a program could read")
    message = document.get("message") or document.get("detail") or document.get("title") or "no reason given"
    return ApiError(method, path, status, code_of(document.get("code")), str(message))


def code_of(value: Any) -> int | None:
    """Read an error code, which Twilio writes as a number in one place and as text in another; None without one."""
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() else None
