# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limit the number of concurrent requests (AIMD: additive increase, multiplicative decrease).

Twilio limits requests by how many are in progress, and publishes no number (https://www.twilio.com/docs/api/errors/20429).
So the limit is found as TCP finds its own (RFC 5681): it doubles each round trip until the first 429, halves at each
429 after that, and grows by one a round trip in between.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import Iterator

INITIAL_CONCURRENCY = 8
MAX_CONCURRENCY = 64


class ConcurrencyLimiter:
    """Admits requests, as many at once as the service takes. Thread-safe."""

    def __init__(self, initial: float = INITIAL_CONCURRENCY, maximum: float = MAX_CONCURRENCY) -> None:
        self.limit = float(initial)
        self.maximum = maximum
        self._threshold = float(maximum)
        self._in_flight = 0
        self._halvings = 0
        self._changed = threading.Condition()

    @contextmanager
    def request(self) -> Iterator[int]:
        """Block until a slot is free. Yields a token to pass to `refused` on a 429."""
        with self._changed:
            self._changed.wait_for(lambda: self._in_flight < max(1, int(self.limit)))
            self._in_flight += 1
            token = self._halvings
        try:
            yield token
        finally:
            with self._changed:
                self._in_flight -= 1
                self._changed.notify_all()

    def accepted(self) -> None:
        """Record an answer other than 429."""
        with self._changed:
            step = 1 if self.limit < self._threshold else 1 / self.limit
            self.limit = min(self.maximum, self.limit + step)
            self._changed.notify_all()

    def refused(self, token: int) -> None:
        """Record a 429. Refusals of requests that were sent under the same limit count as one."""
        with self._changed:
            if token == self._halvings:
                self._halvings += 1
                self.limit = max(1.0, self.limit / 2)
                self._threshold = self.limit
