# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A trial of a unit's sandbox: a harmless program is run in it before a service depends on it."""

from __future__ import annotations

import re
from typing import List, Mapping, Sequence

UNIT = "trunkline-trial.service"
#: What tells why systemd could not start it. A unit that is slow to fail is given up after 20 s.
JOURNAL = ["journalctl", "--no-pager", "--output=cat", "--boot", "--lines=20", f"--unit={UNIT}"]
_TELLING = re.compile(r"^[^:]*: (?=.*(?:Failed to set|Failed at|Main process exited))")


def command(settings: Mapping[str, object], argv: Sequence[str]) -> List[str]:
    """Return the command that runs `argv` with these settings of a [Service] section, and ends as it does."""
    properties = [f"--property={name}={value}" for name, value in settings.items()]
    return ["systemd-run", "--quiet", "--wait", "--collect", f"--unit={UNIT}", "--property=RuntimeMaxSec=20",
            *properties, *argv]


def reason(stderr: str, journal: str) -> str:
    """Tell why the trial failed: systemd-run's own words about a setting it does not know, or else the journal's."""
    told = [_TELLING.sub("", line) for line in journal.splitlines() if _TELLING.match(line)]
    return stderr.strip() or "; ".join(told[-3:]) or "systemd gave no reason"
