# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Try a unit's sandbox: run a harmless program in it before a service depends on it."""

from __future__ import annotations

import re
from typing import Mapping, Sequence

UNIT = "trunkline-trial.service"
#: Shows why systemd could not start the unit.
JOURNAL = ["journalctl", "--no-pager", "--output=cat", "--boot", "--lines=20", f"--unit={UNIT}"]
_CAUSE = re.compile(r"^[^:]*: (?=.*(?:Failed to set|Failed at|Main process exited))")


def command(settings: Mapping[str, object], argv: Sequence[str]) -> list[str]:
    """Return a command that runs `argv` with settings of a [Service] section for at most 20 s, and ends as it does."""
    properties = [f"--property={name}={value}" for name, value in settings.items()]
    return ["systemd-run", "--quiet", "--wait", "--collect", f"--unit={UNIT}", "--property=RuntimeMaxSec=20",
            *properties, *argv]


def reason(stderr: str, journal: str) -> str:
    """Return why the trial failed: systemd-run's error about an unknown setting, or else the journal's last lines."""
    causes = [_CAUSE.sub("", line) for line in journal.splitlines() if _CAUSE.match(line)]
    return stderr.strip() or "; ".join(causes[-3:]) or "systemd gave no reason"
