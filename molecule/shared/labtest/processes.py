# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Record the command lines of all processes for a while: what `ps` would have shown to any user."""

from __future__ import annotations

import threading
from pathlib import Path

EVERY_SECONDS = 0.02


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
        while not self._over.wait(EVERY_SECONDS):
            for process in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    self.seen.add(process.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
                except OSError:
                    continue    # the process has ended
