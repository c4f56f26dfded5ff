# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ladders as Asterisk 22.10.1 printed them (`pjsip show history entry N`, one after the other).

Their far end was the twin, but for asked_again and unanswered, whose far end was made to misbehave.
"""

from __future__ import annotations

from pathlib import Path

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.sip_history import Entry, parse_entry
from ansible_collections.trunkline.voice.plugins.module_utils._sip.ladder import Step, steps

FOLDER = Path(__file__).parent / "ladders"


def entries(name: str) -> list[Entry]:
    """The messages of a recording."""
    texts = (FOLDER / f"{name}.txt").read_text().split("<--- History Entry ")[1:]
    return [parse_entry(("<--- History Entry " + text).splitlines()) for text in texts]


def ladder(name: str) -> list[Step]:
    """A recording as a ladder."""
    return steps(entries(name))
