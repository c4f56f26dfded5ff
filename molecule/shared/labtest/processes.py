# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Record the command lines of all processes for a while: what `ps` would have shown to any user."""

from __future__ import annotations

import os
import threading
import time

EVERY_SECONDS = 0.02
#: A process has the command line of the one that started it until it executes its own, which it mostly does at once.
NEW_SECONDS, ALL_SECONDS = 0.5, 1.0


class ProcessWatch:
    """Record command lines: `with ProcessWatch() as watch: …`, then read `watch.seen`, arguments joined by spaces.

    The lab's hosts are containers, so their processes are among those of the machine that runs the tests.
    """

    def __init__(self):
        self.seen: set[str] = set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> ProcessWatch:
        self._thread.start()
        return self

    def __exit__(self, *_exception) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        """Read the command lines of new processes each time, and now and then of all: reading all takes half a CPU."""
        since: dict[str, float] = {}
        whole = 0.0
        while not self._over.wait(EVERY_SECONDS):
            now = time.monotonic()
            since = {process: since.get(process, now) for process in os.listdir("/proc") if process.isdigit()}
            if everything := now - whole >= ALL_SECONDS:
                whole = now
            for process, first in since.items():
                if everything or now - first < NEW_SECONDS:
                    self._read(process)

    def _read(self, process: str) -> None:
        try:
            with open(f"/proc/{process}/cmdline", "rb") as file:
                line = file.read()
        except OSError:
            return      # the process has ended
        self.seen.add(line.replace(b"\0", b" ").decode(errors="replace"))
