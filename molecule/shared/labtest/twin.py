# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the twin through its control API: calls, SIP messages on the wire, recordings."""

from __future__ import annotations

import re
import shlex
import time
from dataclasses import dataclass

import httpx


@dataclass(frozen=True)
class Message:
    """One SIP message as the edge received or sent it."""

    direction: str      # in | out, seen from the edge
    source: str
    destination: str
    text: str
    transport: str      # udp | tcp | tls

    @property
    def first_line(self) -> str:
        return self.text.splitlines()[0]

    @property
    def status(self) -> int | None:
        return int(self.first_line.split()[1]) if self.first_line.startswith("SIP/2.0 ") else None

    @property
    def method(self) -> str:
        """The method of a request, or of the request that a response belongs to."""
        return self.header("CSeq").split()[1]

    def header(self, name: str) -> str:
        """Return the header's value, or ""."""
        found = re.search(rf"^{re.escape(name)}\s*:\s*(.*?)\s*$", self.text, re.I | re.M)
        return found.group(1) if found else ""

    @property
    def step(self) -> str:
        """The message as a step of a ladder: `INVITE`, `INVITE+digest`, `407`."""
        if self.status:
            return str(self.status)
        return self.method + ("+digest" if self.header("Proxy-Authorization") else "")


def place_incoming_call(twilio, number: str, caller: str, keys: str = "") -> None:
    """Have the telephone network call a number of the account.

    :param twilio: the twin's testinfra host. :param keys: what the caller presses once the call is answered, a w is
        half a second.
    """
    spool = "/var/lib/twilio-twin/spool"
    lines = [f"Channel: PJSIP/{number}@edge", f"CallerID: <{caller}>", "Context: to-edge", "Extension: answered"]
    lines += [f"Setvar: KEYS={keys}"] if keys else []
    # A name of its own, since a second file of a name takes the place of one that Asterisk has not read yet.
    file = f"{spool}/{time.time_ns()}.call"
    twilio.check_output(f"printf '%s\\n' {' '.join(map(shlex.quote, lines))} 'Priority: 1' > {file}")
    twilio.check_output(f"chown asterisk: {file} && mv {file} {spool}/outgoing/")


class Twin:
    """A client of the control API at `http://<twin>/twin/…`."""

    def __init__(self, url: str):
        self.url = url
        self._http = httpx.Client(base_url=url, timeout=10)

    def get(self, path: str, **params):
        response = self._http.get(f"/twin/{path}", params=params)
        response.raise_for_status()
        return response

    def calls(self) -> list[dict]:
        """Return every call that the edge decided on, the newest last."""
        return self.get("calls").json()["calls"][::-1]

    def call_to(self, number: str, after: int, seconds: float = 20) -> dict:
        """Return the first call to `number` that is over and was not among the first `after` calls.

        :raises TimeoutError: if there is none within `seconds`.
        """
        deadline = time.monotonic() + seconds
        while True:
            for call in self.calls()[after:]:
                if number in (call["to"] or "") and call["end_time"]:
                    return call
            if time.monotonic() > deadline:
                raise TimeoutError(f"the edge saw no call to {number} end within {seconds} s: {self.calls()[after:]}")
            time.sleep(0.2)

    def messages(self, sip_call_id: str) -> list[Message]:
        """Return the messages that the edge received and sent for a call, in order."""
        rows = self.get("messages", call_id=sip_call_id).json()["messages"]
        names = Message.__dataclass_fields__
        return [Message(**{name: row[name] for name in names}) for row in rows]

    def set_edge_answer(self, name: str, answer: str = "") -> None:
        """Set how an edge answers: a status line, "silent" for no answer, or "" to answer as Twilio does."""
        self._http.put(f"/twin/edges/{name}", json={"answer": answer}).raise_for_status()

    def edges(self) -> dict[str, str]:
        """Return name by address of the edges that have an address of their own."""
        return {row["address"]: row["name"] for row in self.get("edges").json()["edges"]}

    def invites(self, number: str) -> list[dict]:
        """Return the INVITEs to a number that reached an edge, the oldest first.

        They are rows of the trace with the `edge`'s name; a retransmission is left out.
        """
        edges, found = self.edges(), {}
        for row in self.get("messages").json()["messages"]:
            first = row["text"].split(None, 2)
            edge = edges.get(row["destination"].split(":")[0])
            if edge and row["direction"] == "in" and first[0] == "INVITE" and number in first[1]:
                found.setdefault((row["call_id"], edge), {**row, "edge": edge})
        return list(found.values())

    def recording(self, sid: str, seconds: float = 10) -> bytes:
        """Return the WAV file of what the called side heard, which exists a moment after the call is over.

        :raises httpx.HTTPStatusError: if there is none within `seconds`.
        """
        deadline = time.monotonic() + seconds
        while True:
            response = self._http.get(f"/twin/calls/{sid}/recording")
            if response.status_code != 404 or time.monotonic() > deadline:
                response.raise_for_status()
                return response.content
            time.sleep(0.2)
