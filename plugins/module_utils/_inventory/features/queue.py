# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Queues: callers wait until a phone of the queue, or a number outside that is its member, is free."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .feature import Destination, Exit, Feature, out_of_range, target_of
from .outside_number import QUEUED, all_wrong_members, members
from .prompts import prompt_problems

#: The section of queues.conf that is no queue.
_RESERVED = "general"


def _exits(row: Mapping[str, Any]) -> Iterator[Exit]:
    for option in ("when_full", "when_no_member", "otherwise"):
        yield Exit(option, row[option])
    yield from members(row)


def _problems(row: Mapping[str, Any], host: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if row["name"] == _RESERVED:
        yield "name", f"must not be {_RESERVED!r}, which Asterisk reads as the settings of all queues"
    yield from all_wrong_members(row, host)
    yield from prompt_problems(row)
    yield from out_of_range(
        row, seconds=(5, 300), wrap_up_seconds=(0, 3600), max_callers=(1, 1000), max_wait_seconds=(10, 7200))


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{option: row[option] for option in (
            "members", "strategy", "seconds", "wrap_up_seconds", "max_callers", "max_wait_seconds", "announce_position",
            "prompt", "music")},
        "outside_members": row["outside_members"],
        "outside_context": QUEUED,
        "record": row["record"] == "always",
        "when_full": target_of(row["when_full"]),
        "when_no_member": target_of(row["when_no_member"]),
        "otherwise": target_of(row["otherwise"], Destination("hangup", "normal").target),
    }


QUEUE = Feature(
    "queue", "pbx_queues", _exits, _problems, _row, files=("queues.conf",), modules=("app_queue.so",))
