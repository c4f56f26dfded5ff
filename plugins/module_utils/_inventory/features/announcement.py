# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Announcements: a prompt is played, and the call goes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .feature import Destination, Exit, Feature, target_of
from .prompts import prompt_problems


def _exits(row: Mapping[str, Any]) -> Iterator[Exit]:
    yield Exit("then", row["then"])


def _problems(row: Mapping[str, Any], host: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from prompt_problems(row)


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"prompt": row["prompt"], "then": target_of(row["then"], Destination("hangup", "normal").target)}


ANNOUNCEMENT = Feature("announcement", "pbx_announcements", _exits, _problems, _row)
