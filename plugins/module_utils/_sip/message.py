# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A parser of SIP messages, as far as a diagnosis needs them. Pure. Source: RFC 3261 sections 7, 20 and 25.

It is our own because it runs on hosts with Python 3.9 and the standard library only, and because a diagnosis has to
read malformed messages, which a strict parser refuses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

COMPACT = {
    "c": "content-type", "e": "content-encoding", "f": "from", "i": "call-id", "k": "supported", "l": "content-length",
    "m": "contact", "s": "subject", "t": "to", "v": "via",
}
URI = re.compile(r"sips?:(?:(?P<user>[^@\s;>?]*)@)?(?P<host>\[[^\]]+\]|[^\s:;>?,]+)", re.IGNORECASE)
VIA = re.compile(r"SIP\s*/\s*2\.0\s*/\s*\S+\s+(?P<host>\[[^\]]+\]|[^\s:;,]+)(?P<rest>[^,]*)", re.IGNORECASE)
BRANCH = re.compile(r";\s*branch\s*=\s*(?P<branch>[^;,\s]+)", re.IGNORECASE)
RECEIVED = re.compile(r";\s*received\s*=\s*(?P<address>[^;,\s]+)", re.IGNORECASE)
# From a digest a password can be guessed; the keys of SRTP (RFC 4568) decrypt the call.
SECRETS = (
    (re.compile(r'\b(response|cnonce)\s*=\s*("[^"]*"|[^,\s]+)', re.IGNORECASE), r'\1="***"'),
    (re.compile(r"\binline:[^\s|;]+", re.IGNORECASE), "inline:***"),
)
SECRET_LINES = re.compile(r"(?im)^(?:(?:Proxy-)?Authorization\s*:|a=crypto:)[^\n]*(?:\n[ \t][^\n]*)*")


class NotSip(Exception):
    """The text does not start like a SIP message."""


@dataclass(frozen=True)
class Uri:
    """The `user` and `host` of a SIP URI, escapes kept; empty where it has none."""

    user: str = ""
    host: str = ""


@dataclass(frozen=True)
class Message:
    """A request (`method`, `uri`) or a response (`status` above 0, `reason`). Header names are lower case and long."""

    method: str
    uri: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: str

    def header(self, name: str) -> str:
        """Return the first value of a header, "" if it is missing."""
        return next((value for key, value in self.headers if key == name.lower()), "")

    @property
    def call_id(self) -> str:
        """Return the Call-ID, which all messages of a dialogue share."""
        return self.header("call-id")

    @property
    def cseq(self) -> tuple[int, str]:
        """Return the sequence number and the method of the request, or of the request that a response answers."""
        number, _space, method = self.header("cseq").partition(" ")
        return (int(number) if number.isdigit() else 0, method.strip().upper())

    @property
    def branch(self) -> str:
        """Return the branch of the first Via, which names the transaction (RFC 3261 8.1.1.7), "" if it has none."""
        via = VIA.match(self.header("via"))
        found = BRANCH.search(via["rest"]) if via else None
        return found["branch"] if found else ""

    @property
    def credentials(self) -> bool:
        """Return whether a request carries credentials."""
        return bool(self.header("proxy-authorization") or self.header("authorization"))

    @property
    def seen_address(self) -> str:
        """Return the address that the far end saw the request come from, "" in a request.

        Source: RFC 3261 18.2.1, RFC 3581 4.
        """
        match = VIA.match(self.header("via")) if self.status else None
        if not match:
            return ""
        received = RECEIVED.search(match["rest"])
        return received["address"] if received else match["host"]

    @property
    def twilio_error(self) -> tuple[int, str]:
        """Return the code and the text of X-Twilio-Error, `(0, "")` if there is none."""
        match = re.match(r"(\d+)\W*(.*)", self.header("x-twilio-error"))
        return (int(match[1]), match[2].strip()) if match else (0, "")


def parse(text: str) -> Message:
    """Parse one message, whose lines end in LF or CR LF.

    :raises NotSip: the first line is neither a request line nor a status line.
    """
    head, _blank, body = text.replace("\r\n", "\n").lstrip("\n").partition("\n\n")
    first, *rest = re.sub(r"\n[ \t]+", " ", head).split("\n")
    headers = []
    for line in rest:
        name, colon, value = line.partition(":")
        if colon:
            name = name.strip().lower()
            headers.append((COMPACT.get(name, name), value.strip()))
    response = re.fullmatch(r"SIP/2\.0 (\d{3})(?: (.*))?", first.strip())
    if response:
        return Message("", "", int(response[1]), (response[2] or "").strip(), tuple(headers), body)
    request = re.fullmatch(r"([A-Z]+) (\S+) SIP/2\.0", first.strip())
    if not request:
        raise NotSip("neither a request nor a response")
    return Message(request[1], request[2], 0, "", tuple(headers), body)


def uri_of(text: str) -> Uri:
    """Return the first SIP URI in a header's value or a request line."""
    match = URI.search(text)
    return Uri(match["user"] or "", match["host"]) if match else Uri()


def redacted(text: str) -> str:
    """Return the message with its digests and media keys replaced by ***."""

    def hide(match: re.Match[str]) -> str:
        line: str = match[0]
        for pattern, instead in SECRETS:
            line = pattern.sub(instead, line)
        return line

    return SECRET_LINES.sub(hide, text)
