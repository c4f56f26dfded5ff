# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log of API requests, in memory."""

import collections
import time
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import Scope

MAX_KEPT = 100_000
HIDDEN = ("Password",)


class LoggedRequest:
    """One request. `status` and `seconds` are None until it is answered; `status` stays None where it is cut."""

    __slots__ = ("begin", "body", "method", "path", "query", "seconds", "status")

    def __init__(self, scope: Scope, body: bytes) -> None:
        self.begin = time.perf_counter()
        self.method, self.path, self.query = scope["method"], scope["path"], scope["query_string"]
        self.body = body
        self.status: int | None = None
        self.seconds: float | None = None

    def age(self) -> float:
        """Return the seconds since it came in."""
        return time.perf_counter() - self.begin

    def as_dict(self) -> dict[str, Any]:
        """Return the request as GET /twin/requests shows it: decoded only then, so that logging costs little."""
        form = dict(parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))
        return {
            "method": self.method, "path": self.path,
            "query": dict(parse_qsl(self.query.decode(errors="replace"), keep_blank_values=True)),
            "form": form | {name: "***" for name in HIDDEN if name in form},
            "status": self.status, "seconds": self.seconds,
        }


class RequestLog:
    """The newest `MAX_KEPT` requests; `count` is the number of all since the log was cleared."""

    def __init__(self) -> None:
        self.count = 0
        self._kept = collections.deque[LoggedRequest](maxlen=MAX_KEPT)

    def add(self, scope: Scope, body: bytes) -> LoggedRequest:
        """Log a request, whose answer the caller adds."""
        logged = LoggedRequest(scope, body)
        self.count += 1
        self._kept.append(logged)
        return logged

    def newest(self, limit: int) -> list[dict[str, Any]]:
        """Return the last `limit` requests, oldest first."""
        return [one.as_dict() for one in list(self._kept)[len(self._kept) - min(limit, len(self._kept)):]]

    def clear(self) -> bool:
        """Empty the log. Return False where it was empty."""
        count, self.count = self.count, 0
        self._kept.clear()
        return bool(count)
