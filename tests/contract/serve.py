# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A twin that runs as its service does, in a process of its own."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import requests

PACKAGE = Path(__file__).parents[2] / "roles" / "twilio_twin" / "files"


@contextlib.contextmanager
def serve(folder):
    """Serve a twin whose state and log are in this folder, and return its base URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url, log = f"http://127.0.0.1:{port}", folder / "twin.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "twilio_twin", "--database", str(folder / "twin.db"), "--port", str(port)],
            env={**os.environ, "PYTHONPATH": str(PACKAGE), "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=out, stderr=subprocess.STDOUT,
        )
    try:
        _await(url, process, log)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=10)


def _await(url, process, log):
    deadline = time.monotonic() + 15
    while True:
        try:
            return requests.get(url + "/twin/health", timeout=5).raise_for_status()
        except requests.ConnectionError:
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                raise AssertionError(f"the twin did not start: {log.read_text()}") from None
            time.sleep(0.05)
