# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was asked of the API, kept in memory."""

import collections
import time
from urllib.parse import parse_qsl

MOST = 100_000
HIDDEN = ("Password",)


class Asked:
    """One request. ``status`` and ``seconds`` stay None until it is answered; ``status`` also where it is cut."""

    __slots__ = ("begin", "body", "method", "path", "query", "seconds", "status")

    def __init__(self, scope, body):
        self.begin = time.perf_counter()
        self.method, self.path, self.query = scope["method"], scope["path"], scope["query_string"]
        self.body = body
        self.status = self.seconds = None

    def age(self):
        """Seconds since it came in."""
        return time.perf_counter() - self.begin

    def told(self):
        # Read only when somebody asks, so that the log costs a request nothing.
        form = dict(parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))
        return {
            "method": self.method, "path": self.path,
            "query": dict(parse_qsl(self.query.decode(errors="replace"), keep_blank_values=True)),
            "form": form | {name: "***" for name in HIDDEN if name in form},
            "status": self.status, "seconds": self.seconds,
        }


class RequestLog:
    """The newest ``MOST`` requests; ``count`` is of all since the log was cleared."""

    def __init__(self):
        self.count = 0
        self._kept = collections.deque(maxlen=MOST)

    def add(self, scope, body):
        asked = Asked(scope, body)
        self.count += 1
        self._kept.append(asked)
        return asked

    def newest(self, limit):
        """The last ``limit`` requests, oldest first."""
        return [one.told() for one in list(self._kept)[len(self._kept) - min(limit, len(self._kept)):]]

    def clear(self):
        """True if there was something."""
        there, self.count = self.count, 0
        self._kept.clear()
        return bool(there)
