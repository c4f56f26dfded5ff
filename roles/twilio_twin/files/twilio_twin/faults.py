# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults: how the REST API misbehaves on demand, as Twilio or the network may.

The object of PUT /twin/faults, every key optional:

- `latency`: seconds before each API answer.
- `concurrency`: the number of API requests that may be in work at once; each one beyond it gets 429.
- `per_second`: the API requests a second, `burst` of them at once (default: per_second); each one beyond it gets 429.
- `retry_after`: whole seconds in the header Retry-After of these 429s; null for no header.
- `seed`: for the random numbers of `share` (default 0).
- `rules`: a list. The first rule that fits a request decides what happens to it. A rule has
  `kind` (see `KINDS`), `share` (0 to 1 of the requests that fit), `nth` (that request alone, counted from 1) or `from`
  (that request and every later one), `methods`, `path` (a regular expression that is searched for) and `seconds` (of
  `hang`).

Twilio limits the requests in work and not their rate, never processes a request that it answers with 429, and need not
send Retry-After (error 20429). Limits come first and cost no latency; a request that they refuse is not counted for
`nth` and `from` and meets no rule.
"""

import asyncio
import random
import re
import time
from collections.abc import Callable
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .errors import DICTIONARY, Code, TwilioError
from .store import Row
from .surface import ControlError, known_keys

HANG_SECONDS = 3600
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
KEYS = ("latency", "concurrency", "per_second", "burst", "retry_after", "seed", "rules")
RULE_KEYS = ("kind", "share", "nth", "from", "methods", "path", "seconds")


def too_many(retry_after: int | None = None) -> JSONResponse:
    """Return the answer to one request too many."""
    answer = TwilioError(Code.TOO_MANY_REQUESTS, "Too Many Requests").response()
    if retry_after is not None:
        answer.headers["Retry-After"] = str(retry_after)
    return answer


def _plain(status: int, message: str) -> Callable[[], JSONResponse]:
    """Return what makes an error without a code in its body, as Twilio's gateways may answer it."""
    return lambda: JSONResponse({"message": message, "status": status}, status_code=status)


def _problem() -> JSONResponse:
    """Return an error of RFC 9457, in the form of Twilio's newer APIs."""
    body: Row = {
        "type": f"{DICTIONARY}/20001", "title": "Invalid parameter", "status": 400,
        "code": int(Code.INVALID_PARAMETER), "detail": "A fault of the twin refuses this request",
        "instance": "/twin/faults", "errors": [{"detail": "refused on demand", "pointer": "#/twin"}],
    }
    return JSONResponse(body, status_code=400, media_type="application/problem+json")


_broken = _plain(500, "Internal Server Error")
# The request is answered without being processed.
REFUSED: dict[str, Callable[[], JSONResponse]] = {
    "429": too_many,
    "429-retry-after": lambda: too_many(1),
    "500": _broken,
    "503": _plain(503, "Service Unavailable"),
    "401": TwilioError(Code.AUTHENTICATE, "Authenticate").response,
    "problem": _problem,
}
# reset: the connection is reset, and the request is not processed. With the others it is processed; then the connection
# is reset (lost), the answer is 500 (lost-500), or the answer comes late (hang).
KINDS = (*REFUSED, "reset", "lost", "lost-500", "hang")


def _check(holds: object, sentence: str) -> None:
    if not holds:
        raise ControlError(sentence)


def _number(given: Row, name: str, lowest: float, whole: bool = False, more: str = "", where: str = "") -> Any:
    """Return the number under this key, or None."""
    value = given.get(name)
    if value is None:
        return None
    right = type(value) is int or (type(value) is float and not whole)
    kind = "a whole number" if whole else "a number"
    _check(right and value >= lowest, f"{where}{name} must be {kind}, at least {lowest}{more}")
    return value


class Rule:
    """One of `rules`. Raises ControlError where it is wrong; `where` begins the sentence."""

    def __init__(self, given: Any, where: str) -> None:
        _check(isinstance(given, dict), f"{where}must be an object")
        known_keys(given, RULE_KEYS, where)
        self.kind = given.get("kind")
        _check(self.kind in KINDS, f"{where}kind must be one of {', '.join(KINDS)}")
        share = _number(given, "share", 0, more=" and at most 1", where=where)
        _check(share is None or share <= 1, f"{where}share must be a number, at least 0 and at most 1")
        self.share = 1 if share is None else share
        self.nth = _number(given, "nth", 1, whole=True, where=where)
        self.begin = _number(given, "from", 1, whole=True, where=where)
        _check(self.nth is None or self.begin is None, f"{where}nth and from exclude each other")
        methods = given.get("methods", list(METHODS))
        _check(
            isinstance(methods, list) and methods and all(one in METHODS for one in methods),
            f"{where}methods must be a list of {', '.join(METHODS)}",
        )
        self.methods = methods
        path = given.get("path", "")
        _check(isinstance(path, str), f"{where}path must be a regular expression")
        try:
            self.path = re.compile(path)
        except re.error as problem:
            raise ControlError(f"{where}path must be a regular expression: {problem}") from None
        seconds = _number(given, "seconds", 0, where=where)
        _check(seconds is None or self.kind == "hang", f"{where}seconds is for the kind hang alone")
        self.seconds = HANG_SECONDS if seconds is None else seconds

    def fits(self, method: str, path: str, number: int, chance: random.Random) -> bool:
        """Return whether the rule decides about this request, the `number`th since the faults were set."""
        return (
            method in self.methods and (self.nth is None or number == self.nth)
            and (self.begin is None or number >= self.begin)
            and self.path.search(path) is not None and (self.share == 1 or chance.random() < self.share)
        )


class Faults:
    """A set of faults and its counts. `given` is the object above. Raises ControlError where it is wrong."""

    def __init__(self, given: Row | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.given = given or {}
        known_keys(self.given, KEYS)
        self.latency = _number(self.given, "latency", 0) or 0
        self.concurrency = _number(self.given, "concurrency", 1, whole=True)
        self.per_second = _number(self.given, "per_second", 0.001)
        burst = _number(self.given, "burst", 1)
        _check(burst is None or self.per_second, "burst needs per_second")
        self.burst = burst or max(1, self.per_second or 1)
        self.retry_after = _number(self.given, "retry_after", 0, whole=True)
        seed = self.given.get("seed", 0)
        _check(type(seed) is int, "seed must be a whole number")
        rules = self.given.get("rules", [])
        _check(isinstance(rules, list), "rules must be a list")
        self.rules = [Rule(one, f"rules[{place}]: ") for place, one in enumerate(rules)]
        self.chance = random.Random(seed)
        self.clock = clock
        self.working = self.number = 0
        self.tokens, self.filled = self.burst, clock()

    def allowed(self) -> bool:
        """Return whether the limits let one more request through, which then has taken its token."""
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

    async def serve(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer this request: by the application, or as a limit or a rule demands."""
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

    async def _lose(self, rule: Rule, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Lose the connection or the answer, before or after the application has processed the request."""
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        if rule.kind != "reset":
            await app(scope, receive, keep)
        if rule.kind == "hang":
            if await _still_connected(receive, rule.seconds):
                for message in answer:
                    await send(message)
        elif rule.kind == "lost-500":
            await _broken()(scope, receive, send)
        else:
            await _cut(scope, receive)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _still_connected(receive: Receive, seconds: float) -> bool:
    """Wait these seconds. Return False as soon as the client disconnects."""
    try:
        await asyncio.wait_for(_disconnected(receive), seconds)
    except TimeoutError:
        return True
    return False


async def _cut(scope: Scope, receive: Receive) -> None:
    """Reset the connection, see module `server`. Without a server, such as in tests, the caller gets the error."""
    cut = scope.get("extensions", {}).get("twin.cut")
    if cut is None:
        raise ConnectionResetError("The twin cut the connection")
    cut()
    # Until the server has noticed, it would answer 500 for an application that returned without an answer.
    await _disconnected(receive)
