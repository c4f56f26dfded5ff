# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Menus: a prompt, and a key of the telephone for each way to go on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .feature import Destination, Exit, Feature, out_of_range, target_of
from .prompts import prompt_problems

#: Keys whose sign YAML would read as something else.
_SIGNS = {"star": "*", "pound": "#"}


def _keys(row: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {key: value for key, value in (row["keys"] or {}).items() if value is not None}


def _exits(row: Mapping[str, Any]) -> Iterator[Exit]:
    for key, value in _keys(row).items():
        yield Exit(f"keys.{key}", value, by_caller=True)
    yield Exit("otherwise", row["otherwise"])


def _problems(row: Mapping[str, Any], host: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from prompt_problems(row)
    if not _keys(row):
        yield "keys", "is empty: give at least one key a destination"
    yield from out_of_range(row, seconds=(1, 60), attempts=(1, 10))


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "prompt": row["prompt"],
        "seconds": row["seconds"],
        "attempts": row["attempts"],
        "keys": {_SIGNS.get(key, key): target_of(value) for key, value in _keys(row).items()},
        "otherwise": target_of(row["otherwise"], Destination("hangup", "normal").target),
    }


MENU = Feature("menu", "pbx_menus", _exits, _problems, _row)
