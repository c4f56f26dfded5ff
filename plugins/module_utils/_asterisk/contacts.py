# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Asterisk knows of an endpoint's contacts.

Read from the console's tables and not from the manager's events: those come with the trunk's password in them, and
take a permission that the checks need for nothing else. Source: Asterisk 22, res/res_pjsip/pjsip_configuration.c.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .ami import Ami, AmiError

# A table's row cuts the AOR and the URI short, the list of settings below it does not.
CONTACT = re.compile(r"\s*Contact:\s+\S+\s+\S+\s+(?P<status>Avail|Unavail|NonQual|Unknown|Created)\s+(?P<rtt>\S+)\s*")
SETTING = r"\s*{}\s+:\s+(?P<value>[^\s,]+).*"


class EndpointMissing(AmiError):
    """Asterisk has no such PJSIP endpoint: it was not configured, or Asterisk dropped it for a wrong option."""

    problem = "endpoint-missing"


class ContactMissing(AmiError):
    """The endpoint has no contact to call."""

    problem = "contact-missing"


@dataclass(frozen=True)
class Contact:
    """A contact as `pjsip show contacts` has it: `status` is Avail, Unavail, NonQual, Unknown or Created; `rtt_ms` is
    the last OPTIONS' round trip, None where none was measured."""

    uri: str
    status: str
    rtt_ms: float | None


def first_contact(ami: Ami, endpoint: str) -> Contact:
    """The contact that a call on the endpoint goes to: the first one of its AOR.

    :raises EndpointMissing, ContactMissing: there is none.
    """
    _done, lines = ami.command(f"pjsip show endpoint {endpoint}")
    if any(line.startswith("Unable to find object") for line in lines):
        raise EndpointMissing(endpoint)
    row = next((match for match in map(CONTACT.fullmatch, lines) if match), None)
    if row is None:
        raise ContactMissing(endpoint)
    uri = _setting("contact", ami.command(f"pjsip show aor {_setting('aors', lines)}")[1])
    return Contact(uri, row["status"], _number(row["rtt"]))


def _setting(name: str, lines) -> str:
    """The first of a setting's values, "" where there is none."""
    pattern = re.compile(SETTING.format(name))
    return next((match["value"] for match in map(pattern.fullmatch, lines) if match), "")


def _number(text: str) -> float | None:
    return round(float(text), 1) if re.fullmatch(r"\d+(\.\d+)?", text) else None
