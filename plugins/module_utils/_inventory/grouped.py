# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sentences about rows, of which one cause may make thousands."""

from __future__ import annotations

import re
from typing import Iterable

#: The row that a sentence begins with, after its host where it has one, and what is said of it.
_ROW = re.compile(r"((?:[^ ]+: )?[a-z_]+)\[([0-9]+)\][ .]?(.*)", re.DOTALL)
#: How many rows a sentence names before it counts the rest.
_NAMED = 3


def grouped(sentences: Iterable[str]) -> list[str]:
    """Say what is wrong with several rows once: `pbx_phones[0], [1], [2] and 197 more: password is missing`.

    Sentences are alike where nothing but the index of the first row differs. What is wrong with one row stays as it is.
    """
    alike: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for sentence in sentences:
        found = _ROW.fullmatch(sentence)
        alike.setdefault((found[1], found[3]) if found else (sentence,), []).append(
            (found[2] if found else "", sentence))
    return [rows[0][1] if len(rows) == 1 else _of_rows(*key, [row for row, _ in rows]) for key, rows in alike.items()]


def _of_rows(variable: str, said: str, rows: list[str]) -> str:
    named, more = [f"[{row}]" for row in rows[:_NAMED]], len(rows) - _NAMED
    last = f"{more} more" if more > 0 else named.pop()
    return f"{variable}{', '.join(named)} and {last}: {said}"
