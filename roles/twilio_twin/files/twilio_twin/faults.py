# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the twin misbehaves when told to, as Twilio and the way to it may.

The object of PUT /twin/faults, every key optional:

``latency``      seconds before each API answer
``concurrency``  API requests in work at once; what comes beyond it gets 429
``per_second``   API requests a second, and ``burst`` of them at once (default: per_second); beyond it 429
``retry_after``  whole seconds of the header Retry-After with these 429s; null: none
``seed``         of the chance in ``share`` (default 0)
``rules``        a list; the first that fits a request decides what happens to it:
                 ``kind`` (see ``KINDS``), ``share`` (0..1 of the requests that fit), ``nth`` (that one alone, from
                 1) or ``from`` (that one and all behind it), ``methods``, ``path`` (a regular expression that is
                 searched for), ``seconds`` (of ``hang``)

Twilio refuses by requests in work, not by a rate, never processes what it answers 429, and need not send
Retry-After (error 20429). Limits are looked at first, and at once; only what they let through is counted for
``nth`` and ``from``, waits the latency, and meets the rules.
"""

import asyncio
import random
import re
import time

from starlette.responses import JSONResponse

from .errors import DICTIONARY, Code, TwilioError
from .surface import Mistake, known_keys

HANG_SECONDS = 3600
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
KEYS = ("latency", "concurrency", "per_second", "burst", "retry_after", "seed", "rules")
RULE_KEYS = ("kind", "share", "nth", "from", "methods", "path", "seconds")


def too_many(retry_after=None):
    answer = TwilioError(Code.TOO_MANY_REQUESTS, "Too Many Requests").response()
    if retry_after is not None:
        answer.headers["Retry-After"] = str(retry_after)
    return answer


def _plain(status, message):
    """An error whose body has no code, as those of Twilio's gateways may have none."""
    return lambda: JSONResponse({"message": message, "status": status}, status_code=status)


def _problem():
    """RFC 9457, in the form that Twilio's newer APIs use."""
    body = {
        "type": f"{DICTIONARY}/20001", "title": "Invalid parameter", "status": 400,
        "code": int(Code.INVALID_PARAMETER), "detail": "The twin was told to refuse this request",
        "instance": "/twin/faults", "errors": [{"detail": "refused on demand", "pointer": "#/twin"}],
    }
    return JSONResponse(body, status_code=400, media_type="application/problem+json")


_broken = _plain(500, "Internal Server Error")
# Answered without being processed.
REFUSED = {
    "429": too_many,
    "429-retry-after": lambda: too_many(1),
    "500": _broken,
    "503": _plain(503, "Service Unavailable"),
    "401": TwilioError(Code.AUTHENTICATE, "Authenticate").response,
    "problem": _problem,
}
# reset: cut, not processed. The others are processed: lost: then cut; lost-500: then 500; hang: answered late.
KINDS = (*REFUSED, "reset", "lost", "lost-500", "hang")


def _check(holds, sentence):
    if not holds:
        raise Mistake(sentence)


def _number(told, name, lowest, whole=False, more="", where=""):
    """The number under this key, or None."""
    value = told.get(name)
    if value is None:
        return None
    right = type(value) is int or (type(value) is float and not whole)
    kind = "a whole number" if whole else "a number"
    _check(right and value >= lowest, f"{where}{name} must be {kind}, at least {lowest}{more}")
    return value


class Rule:
    def __init__(self, told, where):
        _check(isinstance(told, dict), f"{where}must be an object")
        known_keys(told, RULE_KEYS, where)
        self.kind = told.get("kind")
        _check(self.kind in KINDS, f"{where}kind must be one of {', '.join(KINDS)}")
        share = _number(told, "share", 0, more=" and at most 1", where=where)
        _check(share is None or share <= 1, f"{where}share must be a number, at least 0 and at most 1")
        self.share = 1 if share is None else share
        self.nth = _number(told, "nth", 1, whole=True, where=where)
        self.begin = _number(told, "from", 1, whole=True, where=where)
        _check(self.nth is None or self.begin is None, f"{where}nth and from exclude each other")
        methods = told.get("methods", list(METHODS))
        _check(
            isinstance(methods, list) and methods and all(one in METHODS for one in methods),
            f"{where}methods must be a list of {', '.join(METHODS)}",
        )
        self.methods = methods
        path = told.get("path", "")
        _check(isinstance(path, str), f"{where}path must be a regular expression")
        try:
            self.path = re.compile(path)
        except re.error as problem:
            raise Mistake(f"{where}path must be a regular expression: {problem}") from None
        seconds = _number(told, "seconds", 0, where=where)
        _check(seconds is None or self.kind == "hang", f"{where}seconds is for the kind hang alone")
        self.seconds = HANG_SECONDS if seconds is None else seconds

    def fits(self, method, path, number, chance):
        return (
            method in self.methods and (self.nth is None or number == self.nth)
            and (self.begin is None or number >= self.begin)
            and self.path.search(path) is not None and (self.share == 1 or chance.random() < self.share)
        )


class Faults:
    """One set of misbehaviour and its counts. ``told`` is the object above; raises Mistake where it is wrong."""

    def __init__(self, told=None, clock=time.monotonic):
        self.told = told or {}
        known_keys(self.told, KEYS)
        self.latency = _number(self.told, "latency", 0) or 0
        self.concurrency = _number(self.told, "concurrency", 1, whole=True)
        self.per_second = _number(self.told, "per_second", 0.001)
        burst = _number(self.told, "burst", 1)
        _check(burst is None or self.per_second, "burst needs per_second")
        self.burst = burst or max(1, self.per_second or 1)
        self.retry_after = _number(self.told, "retry_after", 0, whole=True)
        seed = self.told.get("seed", 0)
        _check(type(seed) is int, "seed must be a whole number")
        rules = self.told.get("rules", [])
        _check(isinstance(rules, list), "rules must be a list")
        self.rules = [Rule(one, f"rules[{place}]: ") for place, one in enumerate(rules)]
        self.chance = random.Random(seed)
        self.clock = clock
        self.working = self.number = 0
        self.tokens, self.filled = self.burst, clock()

    def allowed(self):
        """Whether the limits let one more request through; if so it has taken its token."""
        if self.concurrency and self.working >= self.concurrency:
            return False
        if self.per_second:
            moment = self.clock()
            self.tokens = min(self.burst, self.tokens + (moment - self.filled) * self.per_second)
            self.filled = moment
            if self.tokens < 1:
                return False
            self.tokens -= 1
        return True

    async def serve(self, app, scope, receive, send):
        """Lets the application answer this request, or what stands in its way."""
        if not self.allowed():
            await too_many(self.retry_after)(scope, receive, send)
            return
        self.number += 1
        rule = next((
            one for one in self.rules if one.fits(scope["method"], scope["path"], self.number, self.chance)
        ), None)
        self.working += 1
        try:
            if self.latency:
                await asyncio.sleep(self.latency)
            if rule is None:
                await app(scope, receive, send)
            elif rule.kind in REFUSED:
                await REFUSED[rule.kind]()(scope, receive, send)
            else:
                await self._lose(rule, app, scope, receive, send)
        finally:
            self.working -= 1

    async def _lose(self, rule, app, scope, receive, send):
        """The connection or the answer is lost, before or behind the work."""
        answer = []

        async def keep(message):
            answer.append(message)

        if rule.kind != "reset":
            await app(scope, receive, keep)
        if rule.kind == "hang":
            if await _still_there(receive, rule.seconds):
                for message in answer:
                    await send(message)
        elif rule.kind == "lost-500":
            await _broken()(scope, receive, send)
        else:
            await _cut(scope, receive)


async def _gone(receive):
    while (await receive())["type"] != "http.disconnect":
        pass


async def _still_there(receive, seconds):
    """Waits; False as soon as the client has gone."""
    try:
        await asyncio.wait_for(_gone(receive), seconds)
    except asyncio.TimeoutError:
        return True
    return False


async def _cut(scope, receive):
    """Ends the connection without an answer, see ``server``; where no connection is, the caller gets the error."""
    cut = scope.get("extensions", {}).get("twin.cut")
    if cut is None:
        raise ConnectionResetError("The twin cut the connection")
    cut()
    # The server must have noticed, or it would answer for the application that did not.
    await _gone(receive)
