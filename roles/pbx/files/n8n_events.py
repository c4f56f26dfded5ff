# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell n8n how calls went: a service that sends what the dialplan wrote to the `events_url` of the call's row.

The dialplan writes a file for each record and waits for nobody. This service sends them in their order, and removes a
record once n8n has answered with a success. While n8n is away a record stays, and those of the same row behind it. One
that n8n refuses waits with those of the same call alone, since a chat that is down must not hold up the notes of all
calls. n8n sees an event again where it took one and the answer was lost; the event then has the same `id`.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote, unquote_plus

from n8n_client import CONFIG, VERSION, Fault, Missing, Refused, ask, read_route

SPOOL = "/var/lib/asterisk/n8n-events"
SUFFIX = ".event"
#: Each is a file of a block of the disk, 4 KiB: 80 MiB at most.
MAX_RECORDS = 20000
#: How long n8n may take for an event. No caller waits for it.
ANSWER_SECONDS = 10
#: The longest pause between two tries.
MAX_PAUSE = 60
#: How long a record waits for an n8n that is away.
KEEP_SECONDS = 7 * 86400
#: How long it waits where n8n refuses this very event and takes others, or where the row is gone. A mistake is mended
#: by then.
REFUSED_SECONDS = 3600
#: So many records of a row wait by themselves, each tried once a minute. Where n8n refuses more, all wait.
MAX_REFUSED = 100
_REFUSED = (400, 413, 422, 500)
#: The dialplan writes a record at once. One that is not whole by then was cut off, by a full disk perhaps.
WHOLE_SECONDS = 30
#: What came with the call, as URIENCODE() of the dialplan has it: a plus is a blank. It is itself elsewhere.
_ENCODED = ("from", "from_name")
_JSON = {"Content-Type": "application/json"}


class Unreadable(Exception):
    """A record that is not whole, or that the dialplan did not write."""


@dataclass(frozen=True)
class Record:
    """A file of the spool, `MILLISECONDS@KIND@ROW@CALL_ID.event`. Its name sorts by the time when it happened."""

    file: str
    milliseconds: int
    kind: str
    row: str
    call_id: str

    @classmethod
    def named(cls, file: str) -> Record | None:
        parts = file[: -len(SUFFIX)].split("@", 3)
        if not file.endswith(SUFFIX) or len(parts) != 4 or not parts[0].isdecimal():
            return None
        return cls(file, int(parts[0]), *parts[1:])

    def events(self, text: str, host: str) -> list[dict[str, Any]]:
        """Return the events of this record, in their order.

        :raises Unreadable: if the text is none of a record.
        """
        if not text.endswith("\n"):
            raise Unreadable("it is not whole")
        pairs = (pair.partition("=") for pair in text.rstrip("\n").split("&"))
        given = {
            name: unquote_plus(value) if name in _ENCODED else unquote(value) for name, dummy, value in pairs}
        try:
            made = _answered(given) if self.kind == "answered" else _ended(given, self)
        except ValueError as error:
            raise Unreadable(str(error)) from None
        return [self._event(kind, given, more, host) for kind, more in made]

    def _event(self, kind: str, given: Mapping[str, str], more: Mapping[str, Any], host: str) -> dict[str, Any]:
        known = ("linked_id", "from", "from_name", "to", "twilio_call_sid", "twilio_account_sid")
        return {
            "version": VERSION,
            "event": kind,
            "id": f"{host}/{self.call_id}/{kind}/{self.milliseconds}",
            "route": self.row,
            "call_id": self.call_id,
            **{name: given.get(name, "") for name in known},
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.milliseconds / 1000)),
            **more,
        }


def _answered(given: Mapping[str, str]) -> list[tuple[str, dict[str, Any]]]:
    return [("answered", {"answered_by": _destination(given.get("by", ""))})]


def _ended(given: Mapping[str, str], record: Record) -> list[tuple[str, dict[str, Any]]]:
    """Return what the end of a call says: that it ended, and before that whether it was missed or left a message."""
    answered_at, dummy, by = given.get("answered", "").partition(" ")
    routed_to, mailbox = _destination(given.get("routed_to", "")), given.get("mailbox", "")
    # Asterisk's ids are the second in which a call began, unless who made it gave it another.
    began = _whole(record.call_id.rpartition("-")[2].partition(".")[0])
    seconds = max(0, record.milliseconds // 1000 - began) if began else 0
    talk = max(0, (record.milliseconds - _whole(answered_at)) // 1000) if by else 0
    first: list[tuple[str, dict[str, Any]]] = []
    if by:
        disposition = "answered"
    elif mailbox and given.get("voicemail") == "SUCCESS":
        disposition = "voicemail"
        first = [("voicemail", {"mailbox": mailbox})]
    elif routed_to and "hangup" in routed_to:
        disposition = "refused"
    else:
        disposition = "missed"
        first = [("missed", {"duration_seconds": seconds})]
    return [*first, ("ended", {
        "disposition": disposition,
        "duration_seconds": seconds,
        "talk_seconds": talk,
        "answered_by": _destination(by),
        "cause": _whole(given.get("cause", "")),
        "keys": given.get("keys", ""),
        "attempts": _whole(given.get("attempts", "")),
        "routed_to": routed_to,
        "tag": given.get("tag", ""),
        "quality": _quality(given.get("rtcp", "")),
    })]


def _destination(text: str) -> dict[str, str] | None:
    kind, dummy, name = text.partition(" ")
    return {kind: name} if name else None


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() else 0


#: The names of an event, and Asterisk's for them in CHANNEL(rtcp,all): numbers of packets, and seconds.
_PACKETS = {"packets_received": "rxcount", "packets_lost": "lp", "packets_sent": "txcount",
            "packets_lost_by_peer": "rlp"}
_SECONDS = {"jitter_ms": "rxjitter", "rtt_ms": "rtt"}


def _quality(text: str) -> dict[str, float] | None:
    """Return what Asterisk measured of the caller's audio, None where there was none."""
    measured = dict(one.partition("=")[::2] for one in text.split(";"))
    try:
        packets = {name: int(measured[one]) for name, one in _PACKETS.items()}
        seconds = {name: round(float(measured[one]) * 1000, 1) for name, one in _SECONDS.items()}
    except (KeyError, ValueError):
        return None
    return {**packets, **seconds} if packets["packets_received"] or packets["packets_sent"] else None


@dataclass
class Waiting:
    """The state of a next try: when it is due, after which pause, and since when the tries have failed so."""

    again: float = 0.0
    pause: float = 0.0
    since: float = 0.0
    said: str = ""

    def fail(self, fault: str, now: float) -> bool:
        """Count a failure; return whether it is another one than before."""
        another, self.said = fault != self.said, fault
        if another:
            self.since = now
        self.pause = min(MAX_PAUSE, self.pause * 2 or 1)
        self.again = now + self.pause
        return another


@dataclass
class Row:
    """The state of sending to one row."""

    all: Waiting = field(default_factory=Waiting)
    #: Records that n8n refused, by file. Others go on meanwhile.
    refused: dict[str, Waiting] = field(default_factory=dict)
    #: When n8n took an event last.
    taken: float = 0.0


class Shipper:
    """Sends the records of a spool."""

    def __init__(self, spool: str = SPOOL, config: str = CONFIG, say: Callable[[str], None] = print,
                 clock: Callable[[], float] = time.time):
        self._spool, self._config, self._say, self._clock = spool, config, say, clock
        self._host = socket.gethostname()
        self._rows: dict[str, Row] = {}
        self._over: dict[str, set[str]] = {}    # ids of a record's events that were taken or given up, by file

    def run_once(self, most: int = 100) -> bool:
        """Send what can be sent now; return whether more is there that need not wait."""
        sent, blocked = 0, set()
        for record in self._records():
            row = self._rows.setdefault(record.row, Row())
            call = f"{record.row} {record.call_id}"
            if {record.row, call} & blocked or row.all.again > self._clock():
                continue
            if record.file in row.refused and row.refused[record.file].again > self._clock():
                blocked.add(call)
                continue
            if sent == most:
                return True
            if self._send(record, row):
                sent += 1
            else:
                blocked.add(call if record.file in row.refused else record.row)
        return False

    def _records(self) -> list[Record]:
        """Return the records in their order. The oldest beyond a number are lost: the disk is the PBX's."""
        found = [record for record in map(Record.named, sorted(os.listdir(self._spool))) if record]
        surplus = found[: max(0, len(found) - MAX_RECORDS)]
        for record in surplus:
            self._remove(record)
        if surplus:
            self._say(f"{len(surplus)} records are lost, the oldest: more than {MAX_RECORDS} were waiting")
        return found[len(surplus):]

    def _send(self, record: Record, row: Row) -> bool:
        """Send the events of a record, and return whether the next one may go."""
        path = os.path.join(self._spool, record.file)
        try:
            events = self._events(record, path)
        except Unreadable as error:
            if self._clock() - os.stat(path).st_mtime < WHOLE_SECONDS:
                return False
            self._say(f"n8n {record.row}: {record.file} is lost: {error}")
            events = []
        over = self._over.setdefault(record.file, set())
        for event in (one for one in events if one["id"] not in over):
            try:
                self._post(record.row, event)
            except Fault as fault:
                if not self._is_hopeless(record, row, fault):
                    return False
                self._say(f"n8n {record.row}: {event['event']} of {record.file} is lost: {fault}")
            else:
                row.taken = self._clock()
                if row.all.said:
                    self._say(f"n8n {record.row}: events are taken again")
                row.all = Waiting()
            over.add(event["id"])
        self._remove(record)
        return True

    def _remove(self, record: Record) -> None:
        os.unlink(os.path.join(self._spool, record.file))
        self._over.pop(record.file, None)
        if record.row in self._rows:
            self._rows[record.row].refused.pop(record.file, None)

    def _events(self, record: Record, path: str) -> list[dict[str, Any]]:
        with open(path, encoding="utf-8", errors="replace") as file:
            return record.events(file.read(), self._host)

    def _post(self, name: str, event: Mapping[str, Any]) -> None:
        route = read_route(self._config, name)
        if not route.events_url:
            raise Missing(f"{name} has no events_url any more")
        route = replace(route, url=route.events_url, answer_seconds=ANSWER_SECONDS)
        ask(route, json.dumps(event).encode(), {**_JSON, "Idempotency-Key": event["id"]})

    def _is_hopeless(self, record: Record, row: Row, fault: Fault) -> bool:
        """Note a failure; return whether the event has waited for long enough."""
        now, refused = self._clock(), isinstance(fault, Refused) and fault.status in _REFUSED
        alone = refused and (record.file in row.refused or len(row.refused) < MAX_REFUSED)
        state = row.refused.setdefault(record.file, Waiting()) if alone else row.all
        if state.fail(str(fault), now):
            which = f"{record.file} waits, and others go on" if alone else "events wait"
            self._say(f"n8n {record.row}: {which}: {fault}")
        if now - record.milliseconds / 1000 > KEEP_SECONDS:
            return True
        if now - state.since <= REFUSED_SECONDS:
            return False
        # An n8n that takes nothing is broken, and no single event is to blame.
        return row.taken > state.since if alone else isinstance(fault, Missing)


def main() -> None:
    """Send for ever."""
    shipper = Shipper(say=lambda text: print(text, flush=True))
    while True:
        try:
            more = shipper.run_once()
        except OSError as error:    # a full disk, or no spool
            print(f"the spool cannot be used: {error.strerror}", flush=True)
            more = False
            time.sleep(MAX_PAUSE)
        if not more:
            time.sleep(1)


if __name__ == "__main__":
    main()
