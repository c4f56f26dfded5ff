#!/usr/bin/python3
# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask n8n where a call goes: an AGI script of Asterisk's, `AGI(/usr/local/lib/trunkline/n8n_route.py,NAME)`.
`n8n_route.py --verify NAME …` asks without a call, and prints what came of it as JSON.

NAME is a section of n8n.conf: where n8n is, how long it may take, and what it may answer. Where the call goes is taken
from that file, never from the answer. The script sets variables of the channel:

N8N_TARGET   the place in the dialplan, from n8n.conf, of the destination that n8n named; empty if there is none
N8N_FAULT    why there is none
N8N_FALLBACK the place where the call goes if a phone, a ring group or a queue does not take it; empty if n8n named none

It is a program of its own, and not CURL() in the dialplan: the token stands in no trace of Asterisk's, the limit holds
for the whole answer and not for each packet, and every way to fail has a name.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO
from urllib.parse import urlencode

from n8n_client import CONFIG, VERSION, Fault, Route, ask, read_route

STATE = "/var/lib/asterisk/n8n"
#: A workflow that sends a call to a menu, which asks it again, does so at most this often in a call.
MAX_ATTEMPTS = 20
#: What a request says.
FIELDS = ("version", "event", "route", "call_id", "linked_id", "from", "from_name", "to", "keys", "twilio_call_sid",
          "twilio_account_sid", "time", "attempt")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")    # names of phones have capitals
_LANGUAGE = re.compile(r"[A-Za-z0-9_-]{2,20}")
_TAG = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


@dataclass(frozen=True)
class Decision:
    """The decision of n8n. The texts below `to` are empty where it said nothing of them; `fallback` is a target."""

    target: str
    to: str    # "kind name"
    fallback: str = ""
    language: str = ""
    record: bool = False
    caller_name: str = ""
    tag: str = ""


def decide(body: bytes, allow: Mapping[str, str], languages: Sequence[str] = (), may_record: bool = False) -> Decision:
    """Read an answer: `{"version": 1, "action": "route", "to": {"menu": "main"}}`.

    :raises Fault: for whatever is not of the contract, or names a destination that is not allowed.
    """
    try:
        answer = json.loads(body.decode("utf-8"))
    except ValueError:
        raise Fault("HTML instead of JSON" if body.lstrip()[:1] == b"<" else "invalid JSON") from None
    except RecursionError:
        raise Fault("invalid JSON") from None
    if not isinstance(answer, dict):
        raise Fault("invalid JSON: no object")
    if answer.get("version") is True or answer.get("version") != VERSION:
        raise Fault("unknown version")
    if answer.get("action") != "route":
        raise Fault("unknown action")
    chosen = _allowed(answer.get("to"), allow, "to")
    fallback = answer.get("fallback")
    return Decision(
        allow[chosen], chosen,
        fallback="" if fallback is None else allow[_allowed(fallback, allow, "fallback")],
        language=_language(answer.get("language"), languages),
        record=_record(answer.get("record"), may_record),
        caller_name=_shown(answer.get("caller_name")),
        tag=_tag(answer.get("tag")))


def _allowed(to: Any, allow: Mapping[str, str], key: str) -> str:
    if not isinstance(to, dict) or len(to) != 1:
        raise Fault(f"no destination: `{key}` must be an object of one key")
    (kind, name), = to.items()
    if not isinstance(name, str) or not _NAME.fullmatch(kind) or not _NAME.fullmatch(name):
        raise Fault("a destination with a character outside of A-Z, a-z, 0-9, _ and -")
    chosen = f"{kind} {name}"
    if chosen not in allow:
        raise Fault(f"destination {chosen} is not allowed")
    return chosen


def _record(value: Any, may_record: bool) -> bool:
    if value is not None and not isinstance(value, bool):
        raise Fault("`record` must be true or false")
    if value and not may_record:
        raise Fault("recording is not allowed")
    return bool(value)


def _language(value: Any, languages: Sequence[str]) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise Fault("a language with a character outside of A-Z, a-z, 0-9, _ and -")
    if value not in languages:
        raise Fault(f"language {value} is not allowed")
    return value


def _shown(value: Any, most: int = 60) -> str:
    """Return a text as a phone or a log may show it: no quotes, no backslashes, no control characters."""
    if not isinstance(value, str):
        return ""
    return "".join(one for one in value if one.isprintable() and one not in '"\\<>')[:most].strip()


def _tag(value: Any) -> str:
    return value if isinstance(value, str) and _TAG.fullmatch(value) else ""


class Breaker:
    """A circuit breaker of a route: after some failures in a row nobody waits for n8n for a while.

    When the pause is over one call asks again, while all others still go on. The state is a file, since each call is a
    process of its own; where it cannot be written, every call asks.
    """

    def __init__(self, route: Route, folder: str = STATE, clock: Callable[[], float] = time.time):
        self._route, self._path, self._clock = route, os.path.join(folder, route.name), clock

    def check(self) -> None:
        """Let a call ask.

        :raises Fault: while the circuit is open.
        """
        with self._state() as state:
            if state["failures"] < self._route.failures:
                return
            left = state["until"] - self._clock()
            if 0 < left <= self._route.pause_seconds:
                raise Fault(f"circuit open: {state['failures']} failures in a row, next try in {left:.0f} s")
            state["until"] = self._clock() + self._route.pause_seconds

    def count(self, failed: bool) -> None:
        """Record whether asking failed."""
        with self._state() as state:
            state["failures"] = state["failures"] + 1 if failed else 0
            if failed:
                state["until"] = self._clock() + self._route.pause_seconds

    @contextlib.contextmanager
    def _state(self) -> Iterator[dict[str, Any]]:
        state: dict[str, Any] = {"failures": 0, "until": 0.0}
        try:
            os.makedirs(os.path.dirname(self._path), mode=0o700, exist_ok=True)
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            yield state
            return
        with os.fdopen(handle, "r+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            with contextlib.suppress(ValueError, TypeError):
                kept = json.loads(file.read())
                state = {"failures": int(kept["failures"]), "until": float(kept["until"])}
            try:
                yield state
            finally:
                file.seek(0)
                file.truncate()
                file.write(json.dumps(state))


class Channel:
    """The call, through AGI: commands on standard output, answers on standard input."""

    def __init__(self, given: TextIO, said: TextIO):
        self._given, self._said = given, said
        self.environment = dict(self._header())

    def _header(self) -> Iterator[tuple[str, str]]:
        for line in self._given:
            if not line.strip():
                return
            name, dummy, value = line.partition(":")
            yield name.strip(), value.strip()

    def value(self, expression: str) -> str:
        """Return what a dialplan expression is on this channel, such as `${NUMBER}`."""
        found = re.match(r"200 result=1 \((.*)\)$", self._command(f'GET FULL VARIABLE "{expression}"'), re.S)
        return found.group(1) if found else ""

    def set(self, name: str, value: str) -> None:
        """Set a variable or function of the channel. The value has no quote and no backslash."""
        self._command(f'SET VARIABLE {name} "{value}"')

    def _command(self, text: str) -> str:
        self._said.write(text + "\n")
        self._said.flush()
        return self._given.readline().rstrip("\n")


def fields_of(channel: Channel, name: str, attempt: int) -> dict[str, str]:
    """Return the fields of the request, version 1 of the contract."""
    return {
        "version": str(VERSION),
        "event": "call",
        "route": name,
        "call_id": channel.environment.get("agi_uniqueid", ""),
        "linked_id": channel.value("${CHANNEL(linkedid)}"),
        "from": channel.value("${CALLERID(num)}"),
        "from_name": channel.value("${CALLERID(name)}"),
        "to": channel.value("${NUMBER}"),
        "keys": channel.value("${KEYS}"),
        "twilio_call_sid": channel.value("${PJSIP_HEADER(read,X-Twilio-CallSid)}"),
        "twilio_account_sid": channel.value("${PJSIP_HEADER(read,X-Twilio-AccountSid)}"),
        "time": _now(),
        "attempt": str(attempt),
    }


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def route_call(channel: Channel, name: str, config: str = CONFIG, state: str = STATE) -> None:
    """Set N8N_TARGET and N8N_FAULT on the channel, and what n8n wants to be shown of the caller."""
    target, fault, to, fallback = "", "", "", ""
    try:
        attempt = int(channel.value("${N8N_ATTEMPT}") or 0) + 1
        channel.set("N8N_ATTEMPT", str(attempt))
        if attempt > MAX_ATTEMPTS:
            raise Fault(f"asked {MAX_ATTEMPTS} times in this call")
        route, fields = read_route(config, name), fields_of(channel, name, attempt)
        breaker = Breaker(route, state)
        breaker.check()
        decision = _asked(route, breaker, fields)
        target, to, fallback = decision.target, decision.to, decision.fallback
        channel.set("N8N_RECORD", str(int(decision.record)))
        if decision.language:
            channel.set("CHANNEL(language)", decision.language)
        if decision.caller_name:
            channel.set("CALLERID(name)", decision.caller_name)
        if decision.tag:
            channel.set("CDR(userfield)", decision.tag)
            channel.set("N8N_TAG", decision.tag)
    except Fault as error:
        fault = str(error)
    channel.set("N8N_TARGET", target)
    channel.set("N8N_TO", to)
    channel.set("N8N_FALLBACK", fallback)
    channel.set("N8N_FAULT", _shown(fault, 200))


def _asked(route: Route, breaker: Breaker, fields: Mapping[str, str]) -> Decision:
    try:
        # A caller's name comes from the network in any bytes; one that is no UTF-8 must not count as a failure of n8n.
        body = ask(route, urlencode(fields, errors="replace").encode())
    except Fault:
        breaker.count(failed=True)
        raise
    # An answer that is wrong was quick all the same: no caller waits for it, and other numbers' answers may be right.
    breaker.count(failed=False)
    return decide(body, route.allow, route.languages, route.may_record)


def verify(name: str, config: str = CONFIG) -> dict[str, Any]:
    """Ask n8n as for a call of which nothing is known; return its answer, or the fault, and how long it took."""
    begin, fault, to = time.monotonic(), "", ""
    fields = {**dict.fromkeys(FIELDS, ""), "version": str(VERSION), "event": "verify", "route": name, "time": _now(),
              "attempt": "1"}
    try:
        route = read_route(config, name)
        to = decide(ask(route, urlencode(fields).encode()), route.allow, route.languages, route.may_record).to
    except Fault as error:
        fault = str(error)
    return {"name": name, "fault": fault, "to": to, "milliseconds": round((time.monotonic() - begin) * 1000)}


if __name__ == "__main__":
    if sys.argv[1] == "--verify":
        print(json.dumps([verify(one) for one in sys.argv[2:]]))
        sys.stdout.flush()
        os._exit(0)
    route_call(Channel(sys.stdin, sys.stdout), sys.argv[1])
    sys.stdout.flush()
    # A thread that still waits for n8n, in a resolver perhaps, must not hold the call.
    os._exit(0)
