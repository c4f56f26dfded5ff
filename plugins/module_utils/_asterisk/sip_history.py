# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Record the SIP messages that Asterisk sends and receives, by its own history of them (res_pjsip_history).

The history is chosen before a packet capture because it sees TLS in the clear, needs no file and no privilege, and
leaves an operator's `pjsip set logger` alone. It keeps digests, so it is switched off and emptied again, also after a
failure, unless someone else was using it. Source: Asterisk, res/res_pjsip_history.c.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Iterable, Sequence

from .ami import Ami, AmiError

ROW = re.compile(r"(?P<number>\d+) +\d+ +\* (?P<arrow>==>|<==) +(?P<peer>\S+) +(?P<line>.*)")
HEADING = re.compile(r"<--- History Entry (?P<number>\d+) (?P<way>Sent to|Received from) (?P<peer>\S+) at \d+ --->")
# The time that a message may take to appear in a history that is switched on.
SETTLE_SECONDS = 0.5


class HistoryMissing(AmiError):
    """Asterisk runs without res_pjsip_history."""

    problem = "history-missing"


@dataclass(frozen=True)
class Row:
    """A line of the history's list. `line` is the request line, or the status line."""

    number: int
    sent: bool
    peer: str
    line: str


@dataclass(frozen=True)
class Entry:
    """A whole message: `text` is the SIP message, lines ended by LF."""

    number: int
    sent: bool
    peer: str
    text: str


def parse_list(lines: Iterable[str]) -> list[Row]:
    """Parse the output of `pjsip show history`."""
    matches = (ROW.fullmatch(line.rstrip()) for line in lines)
    return [Row(int(m["number"]), m["arrow"] == "==>", m["peer"], m["line"]) for m in matches if m]


def parse_entry(lines: Sequence[str]) -> Entry | None:
    """Parse the output of `pjsip show history entry N`, None where that is no entry."""
    match = HEADING.fullmatch(lines[0].rstrip()) if lines else None
    if not match:
        return None
    text = "\n".join(line.rstrip("\r\n") for line in lines[1:])
    return Entry(int(match["number"]), match["way"] == "Sent to", match["peer"], text)


class Recorder:
    """A context manager that records SIP messages while its `with` block runs.

    :param endpoint: a PJSIP endpoint that may be sent an OPTIONS to find out whether the history is switched on, which
        Asterisk does not show. This is done only where the history has messages already.
    :raises HistoryMissing: the module is not loaded.
    """

    def __init__(self, ami: Ami, endpoint: str) -> None:
        self._ami = ami
        self._endpoint = endpoint
        self._shared = False
        self._kept = False
        self._first = 0

    def __enter__(self) -> Recorder:
        before = self._rows()
        self._kept = bool(before)
        if before:
            self._ami.action("PJSIPQualify", ("Endpoint", self._endpoint))
            time.sleep(SETTLE_SECONDS)
            self._shared = len(self._rows()) > len(before)
        self._first = self._next()
        self._ami.command("pjsip set history on")
        return self

    def __exit__(self, *_error: object) -> None:
        if not self._shared:
            self._ami.command("pjsip set history off")
        if not self._kept:
            self._ami.command("pjsip set history clear")

    def requests(self, method: str) -> list[Row]:
        """Return the requests of a method that were sent since the recording began."""
        rows = (row for row in self._rows() if row.sent and row.number >= self._first)
        return [row for row in rows if row.line.startswith(f"{method} ")]

    def entry(self, number: int) -> Entry | None:
        """Return a whole message, None where the history does not have it any more."""
        return parse_entry(self._ami.command(f"pjsip show history entry {number}")[1])

    def dialogue(self, call_id: str) -> list[Entry]:
        """Return every message of a Call-ID, in order."""
        if not re.fullmatch(r"[^\s\"()]+", call_id):
            return []
        lines = self._ami.command(f'pjsip show history where sip.msg.call-id = "{call_id}"')[1]
        entries = (self.entry(row.number) for row in parse_list(lines) if row.number >= self._first)
        return [entry for entry in entries if entry]

    def _next(self) -> int:
        rows = self._rows()
        return rows[-1].number + 1 if rows else 0

    def _rows(self) -> list[Row]:
        done, lines = self._ami.command("pjsip show history")
        if not done and any("No such command" in line for line in lines):
            raise HistoryMissing("res_pjsip_history is not loaded")
        return parse_list(lines)
