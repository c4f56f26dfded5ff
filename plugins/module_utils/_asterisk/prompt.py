# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that Asterisk can play a prompt before a call is placed: a missing prompt looks like lost audio."""

from __future__ import annotations

import os

from .ami import Ami, AmiError


class PromptMissing(AmiError):
    """Asterisk has no file of the prompt, or none in a format that it reads."""

    problem = "prompt-missing"


def look_for(ami: Ami, name: str) -> None:
    """Look for a prompt where Asterisk does, in English and in no language.

    :raises PromptMissing: there is no such prompt.
    """
    folder = os.path.join(ami.variable("ASTDATADIR") or "/usr/share/asterisk", "sounds")
    places = [os.path.join(folder, language, name) for language in ("en", "")]
    if not any(os.path.exists(f"{place}.{ending}") for place in places for ending in _endings(ami)):
        raise PromptMissing(places[0])


def _endings(ami: Ami) -> list[str]:
    """Return the file name extensions of the formats that Asterisk has loaded (rows: codec, name, `sln|slin|raw`)."""
    rows = [line.split() for line in ami.command("core show file formats")[1]]
    return [ending for row in rows if len(row) == 3 for ending in row[2].split("|")]
