# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contacts of PJSIP endpoints and their state, from the console's tables.

The manager's events would have them too, but hold the trunk's password, and take a permission that the checks do not
need otherwise. Source: Asterisk 22, res/res_pjsip/pjsip_configuration.c.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable

from .ami import Ami, AmiError

# The table truncates a long AOR and URI, the list of settings below it does not.
ROW = re.compile(
    r"\s*Contact:\s+(?P<aor>[^/\s]+)(?:/(?P<uri>\S+))?\s+\S+\s+(?P<status>Avail|Unavail|NonQual|Unknown|Created)"
    r"\s+(?P<rtt>\S+)\s*")
SETTING = r"\s*{}\s+:\s+(?P<value>[^\s,]+).*"


class EndpointMissing(AmiError):
    """Asterisk has no such PJSIP endpoint: it was not configured, or Asterisk dropped it because of a wrong option."""

    problem = "endpoint-missing"


class ContactMissing(AmiError):
    """The endpoint has no contact to call."""

    problem = "contact-missing"


@dataclass(frozen=True)
class Row:
    """A row of a table of contacts.

    :param uri: "" where the table truncates the AOR.
    :param status: Avail, Unavail, NonQual, Unknown or Created.
    :param rtt_ms: the round trip of the last OPTIONS, None where none was measured.
    """

    aor: str
    uri: str
    status: str
    rtt_ms: float | None


@dataclass(frozen=True)
class Contact:
    """A contact with its whole URI; `status` and `rtt_ms` as in Row."""

    uri: str
    status: str
    rtt_ms: float | None


def rows(lines: Iterable[str]) -> list[Row]:
    """Return the contacts in the output of `pjsip show contacts` or `pjsip show endpoint`."""
    return [
        Row(row["aor"], row["uri"] or "", row["status"], _number(row["rtt"]))
        for row in map(ROW.fullmatch, lines) if row
    ]


def first_contact(ami: Ami, endpoint: str) -> Contact:
    """Return the contact that a call on the endpoint goes to: the first one of its AOR.

    :raises EndpointMissing, ContactMissing: there is none.
    """
    _done, lines = ami.command(f"pjsip show endpoint {endpoint}")
    if any(line.startswith("Unable to find object") for line in lines):
        raise EndpointMissing(endpoint)
    found = rows(lines)
    if not found:
        raise ContactMissing(endpoint)
    uri = _setting("contact", ami.command(f"pjsip show aor {_setting('aors', lines)}")[1])
    return Contact(uri, found[0].status, found[0].rtt_ms)


def _setting(name: str, lines: Iterable[str]) -> str:
    """Return the first value of a setting, "" where there is none."""
    pattern = re.compile(SETTING.format(name))
    return next((match["value"] for match in map(pattern.fullmatch, lines) if match), "")


def _number(text: str) -> float | None:
    return round(float(text), 1) if re.fullmatch(r"\d+(\.\d+)?", text) else None
