# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Group sentences about rows: one cause may make thousands of them."""

from __future__ import annotations

import re
from typing import Iterable

#: A sentence about a row: perhaps a host, the variable, the row's index, and the message.
_ROW = re.compile(r"((?:[^ ]+: )?[a-z_]+)\[([0-9]+)\][ .]?(.*)", re.DOTALL)
#: How many rows a sentence names before it counts the rest.
_NAMED = 3


def grouped(sentences: Iterable[str]) -> list[str]:
    """Merge sentences that differ in the row's index only: `pbx_phones[0], [1], [2] and 197 more: password is missing`.
    """
    alike: dict[tuple[str, str], dict[str, str]] = {}
    for sentence in dict.fromkeys(sentences):
        found = _ROW.fullmatch(sentence)
        variable, row, message = found.groups() if found else (sentence, "", "")
        alike.setdefault((variable, message), {})[row] = sentence
    return [
        next(iter(rows.values())) if len(rows) == 1 else _of_rows(variable, list(rows), message)
        for (variable, message), rows in alike.items()
    ]


def _of_rows(variable: str, rows: list[str], message: str) -> str:
    named, more = [f"[{row}]" for row in rows[:_NAMED]], len(rows) - _NAMED
    last = f"{more} more" if more > 0 else named.pop()
    return f"{variable}{', '.join(named)} and {last}: {message}"
