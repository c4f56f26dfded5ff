# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prompts, by the names that Asterisk knows them by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

#: The name of a sound file below Asterisk's folder of sounds, without the language before it and the format after it.
_PROMPT = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")


def prompt_problems(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Find what is wrong with the option `prompt` of a row."""
    if row["prompt"] and not _PROMPT.fullmatch(row["prompt"]):
        yield "prompt", (
            "must be the name of a sound file below Asterisk's folder of sounds, without its format, such as"
            f" demo-congrats or company/welcome, not {row['prompt']!r}"
        )
