# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wait for a condition, with a limit that a busy machine does not reach."""

from __future__ import annotations

import time
from typing import Any, Callable


def until(condition: Callable[[], Any], seconds: float = 60) -> None:
    """Return once a condition holds. An AssertionError says that it did not within the limit."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"the condition did not hold within {seconds:g} s"
        time.sleep(0.3)
