# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Asterisk knows of an endpoint's contacts."""

from __future__ import annotations

from dataclasses import dataclass

from .ami import Ami, AmiDenied, AmiError, AmiUnreachable


class EndpointMissing(AmiError):
    """Asterisk has no such PJSIP endpoint: it was not configured, or Asterisk dropped it for a wrong option."""

    problem = "endpoint-missing"


@dataclass(frozen=True)
class Contact:
    """A contact: `status` is Reachable, Unreachable, NonQualified or Unknown; `rtt_ms` is None where not measured."""

    uri: str
    status: str
    rtt_ms: float | None

    @property
    def available(self) -> bool:
        """What `pjsip show contacts` calls Avail."""
        return self.status == "Reachable"


def of_endpoint(ami: Ami, endpoint: str) -> list[Contact]:
    """The contacts of an endpoint. Its passwords, which Asterisk lists as well, are left behind.

    :raises EndpointMissing: there is no such endpoint.
    """
    try:
        events = ami.listing("PJSIPShowEndpoint", ("Endpoint", endpoint))
    except (AmiDenied, AmiUnreachable):
        raise
    except AmiError as error:
        raise EndpointMissing(str(error)) from None
    return [_contact(event) for event in events if event.get("Event") == "ContactStatusDetail"]


def _contact(event) -> Contact:
    round_trip = event.get("RoundtripUsec")
    return Contact(event.get("URI"), event.get("Status"), int(round_trip) / 1000 if round_trip.isdigit() else None)
