# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Have a web server of a test's own answer on a host of the lab, and see what it is asked (see `webhook`)."""

from __future__ import annotations

import contextlib
import json
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

from . import webhook
from .container import inside


@contextlib.contextmanager
def serving(host, **order) -> Iterator[list[dict]]:
    """Serve on a testinfra host by an order; give a list that grows with what is asked."""
    program = inside(host, "python3", "-c", Path(webhook.__file__).read_text())
    asked: list[dict] = []
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline()) == "ready"
        reader = threading.Thread(target=lambda: asked.extend(map(json.loads, process.stdout)))
        reader.start()
        try:
            yield asked
        finally:
            process.stdin.close()
            reader.join()
