# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests may be under way at once.

Twilio limits requests by how many are in work, and publishes no number (https://www.twilio.com/docs/api/errors/20429).
So the bound is found as TCP finds its own (RFC 5681): it doubles a round trip until the first 429, halves at each
one after that, and grows by one a round trip in between.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager

FIRST = 8     # under way at once, to begin with
MOST = 64


class ConcurrencyLimiter:
    """Lets requests through, as many at once as the service takes. Safe to use from several threads."""

    def __init__(self, first: float = FIRST, most: int = MOST):
        self.limit = float(first)
        self.most = most
        self._threshold = float(most)
        self._under_way = 0
        self._shrunk = 0        # how often the bound was halved
        self._changed = threading.Condition()

    @contextmanager
    def request(self):
        """Waits for its turn; the value is what `refused` wants to know of a request that was told 429."""
        with self._changed:
            self._changed.wait_for(lambda: self._under_way < max(1, int(self.limit)))
            self._under_way += 1
            seen = self._shrunk
        try:
            yield seen
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    def accepted(self) -> None:
        """A request was answered, and not with 429."""
        with self._changed:
            step = 1 if self.limit < self._threshold else 1 / self.limit
            self.limit = min(self.most, self.limit + step)
            self._changed.notify_all()

    def refused(self, seen: int) -> None:
        """A request was told 429. Those that were sent under the same bound count as one."""
        with self._changed:
            if seen == self._shrunk:
                self._shrunk += 1
                self.limit = max(1.0, self.limit / 2)
                self._threshold = self.limit
