# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""OPTIONS as a measure of latency: the request, its answers, and the ranking of targets. Pure.

Source: RFC 3261 sections 8.1.1, 11.1 and 17.1.3, RFC 3581.
"""

from __future__ import annotations

import math
import secrets
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any, Sequence

from .message import Message

DEFAULT_PORTS = {"udp": 5060, "tcp": 5060, "tls": 5061}
NOT_FOUND, REFUSED, SILENT, UNREACHABLE, CLOSED, TLS, STRANGE = (
    "name-not-found", "refused", "silent", "unreachable", "closed", "tls", "strange")


@dataclass(frozen=True)
class Target:
    """A SIP server to ask: its host name or address, port and transport (`udp`, `tcp` or `tls`).

    `request_host` is the host of the Request-URI, `server_name` the name that the certificate must have.
    """

    name: str
    host: str
    port: int
    transport: str
    request_host: str
    server_name: str


@dataclass(frozen=True)
class Request:
    """One OPTIONS, and the values that identify its answer."""

    text: str
    branch: str
    call_id: str
    cseq: int

    def answered_by(self, message: Message) -> bool:
        """Return whether the message is a final response to this very request."""
        return (
            message.status >= 200
            and message.branch == self.branch
            and message.call_id == self.call_id
            and message.cseq == (self.cseq, "OPTIONS")
        )


def bracketed(host: str) -> str:
    """Return a host as a URI has it: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host


def request(target: Target, local_host: str, local_port: int, cseq: int) -> Request:
    """Return an OPTIONS outside any dialogue, with a transaction of its own."""
    branch, call_id = "z9hG4bK" + secrets.token_hex(12), secrets.token_hex(16)
    here, there = f"{bracketed(local_host)}:{local_port}", bracketed(target.request_host)
    parameter = "" if target.transport == "udp" else f";transport={target.transport}"
    lines = (
        f"OPTIONS sip:{there}{parameter} SIP/2.0",
        f"Via: SIP/2.0/{target.transport.upper()} {here};rport;branch={branch}",
        "Max-Forwards: 70",
        f"From: <sip:{bracketed(local_host)}>;tag={secrets.token_hex(8)}",
        f"To: <sip:{there}>",
        f"Call-ID: {call_id}",
        f"CSeq: {cseq} OPTIONS",
        f"Contact: <sip:{here}{parameter}>",
        "Accept: application/sdp",
        "Content-Length: 0",
        "",
        "",
    )
    return Request("\r\n".join(lines), branch, call_id, cseq)


@dataclass
class Outcome:
    """The result of the OPTIONS to one target.

    `rtts` are round trips in milliseconds, in the order of the answers. `strays` counts messages that answer no
    request. `error` is one of this module's names, "" if any answer came.
    """

    target: Target
    address: str = ""
    status: int = 0
    reason: str = ""
    sent: int = 0
    rtts: list[float] = field(default_factory=list)
    strays: int = 0
    error: str = ""
    detail: str = ""

    @property
    def distance(self) -> float:
        """Return the shortest round trip in milliseconds, infinity without an answer.

        A longer one measures the load of the moment, not the distance.
        """
        return min(self.rtts, default=math.inf)

    def as_dict(self) -> dict[str, Any]:
        """Return the outcome as plain data, for a module's result."""
        rtts = {"min": min(self.rtts), "median": median(self.rtts), "max": max(self.rtts)} if self.rtts else None
        lost = self.sent - len(self.rtts)
        return {
            "name": self.target.name,
            "host": self.target.host,
            "port": self.target.port,
            "transport": self.target.transport,
            "address": self.address,
            "status": self.status,
            "reason": self.reason,
            "rtt_ms": rtts and {key: round(value, 1) for key, value in rtts.items()},
            "sent": self.sent,
            "received": len(self.rtts),
            "loss_percent": round(100 * lost / self.sent, 1) if self.sent else 100.0,
            "strays": self.strays,
            "error": self.error,
            "detail": self.detail,
        }


def merged(earlier: Sequence[Outcome], later: Sequence[Outcome]) -> list[Outcome]:
    """Return the outcomes of two rounds as those of one. Both have the same targets in the same order."""
    return [
        replace(
            after if after.rtts or not before.rtts else before,
            sent=before.sent + after.sent,
            rtts=before.rtts + after.rtts,
            strays=before.strays + after.strays,
        )
        for before, after in zip(earlier, later)
    ]


def settled(earlier: Sequence[Outcome], both: Sequence[Outcome], margin: float) -> bool:
    """Return whether another round brought no target nearer by more than `margin` milliseconds.

    A load of the moment makes every round trip of one round longer, and can so exchange targets.
    """
    return all(after.distance + margin >= before.distance for before, after in zip(earlier, both))


def ranked(outcomes: Sequence[Outcome], present: Sequence[str] = (), margin: float = 0.0) -> list[str]:
    """Return the targets' names, the best first.

    Without `present`: first the targets that answered 2xx to at least half of the OPTIONS, then those that answered at
    all, then the others; within each group by the shortest round trip.

    With `present`, the order in use: a target moves up only past targets that are farther away by more than `margin`
    milliseconds. A target without an answer keeps its place, because availability is not distance, and a new target
    goes behind the present ones.
    """
    by_name: dict[str, Outcome] = {outcome.target.name: outcome for outcome in outcomes}
    fresh = [outcome.target.name for outcome in sorted(outcomes, key=_merit)]
    known = [name for name in dict.fromkeys(present) if name in by_name]
    if not known:
        return fresh
    order = known + [name for name in fresh if name not in known]
    places = [place for place, name in enumerate(order) if by_name[name].rtts]
    measured = [order[place] for place in places]
    moved = True
    while moved:    # each exchange brings the order nearer to that of the distances, so this ends
        moved = False
        for i in range(len(measured) - 1):
            if by_name[measured[i + 1]].distance + margin < by_name[measured[i]].distance:
                measured[i], measured[i + 1] = measured[i + 1], measured[i]
                moved = True
    for place, name in zip(places, measured):
        order[place] = name
    return order


def _merit(outcome: Outcome) -> tuple[int, float]:
    if not outcome.rtts:
        return (2, 0.0)
    sound = 200 <= outcome.status < 300 and 2 * len(outcome.rtts) >= outcome.sent
    return (0 if sound else 1, outcome.distance)
