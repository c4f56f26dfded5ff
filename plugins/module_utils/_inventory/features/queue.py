# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Queues: callers wait until a phone of the queue, or a number outside that is its member, is free.

The phones of a queue are its members, which are always in it, and its agents, which are in it while they are logged in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .feature import Destination, Exit, Feature, out_of_range, target_of
from .outside_number import QUEUED, all_wrong_members, members
from .prompts import prompt_problems

#: Names of no queue: a section of queues.conf, and the end of a context's name that is no queue's.
_RESERVED = {
    "general": "which Asterisk reads as the settings of all queues",
    "left": "which the dialplan has for callers that have left a queue",
}
#: The feature codes of those who take a queue's calls.
LOG_IN, PAUSE = "queue_log_in", "queue_pause"


def _exits(row: Mapping[str, Any]) -> Iterator[Exit]:
    for option in ("when_full", "when_no_member", "otherwise"):
        yield Exit(option, row[option])
    yield from members(row)


def _problems(row: Mapping[str, Any], host: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if row["name"] in _RESERVED:
        yield "name", f"must not be {row['name']!r}, {_RESERVED[row['name']]}"
    if row["members"] or not row["agents"]:
        yield from all_wrong_members(row, host)
    yield from _wrong_agents(row, host)
    yield from prompt_problems(row)
    yield from out_of_range(
        row, seconds=(5, 300), wrap_up_seconds=(0, 3600), max_callers=(1, 1000), max_wait_seconds=(10, 7200))


def _wrong_agents(row: Mapping[str, Any], host: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    known = {phone["name"] for phone in host["pbx_phones"]}
    for index, agent in enumerate(row["agents"]):
        if agent not in known:
            yield f"agents[{index}]", f"names {agent!r}, which is not in pbx_phones"
        elif agent in row["agents"][:index]:
            yield f"agents[{index}]", f"repeats {agent!r}"
        elif agent in row["members"]:
            yield f"agents[{index}]", f"names {agent!r}, which is in members as well: a member cannot log out"
    codes = host["pbx_feature_codes"]
    if row["agents"] and LOG_IN in codes and not codes[LOG_IN]:
        yield "agents", f"is given, and pbx_feature_codes.{LOG_IN} is null: nobody could log in"


def phones(host: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return each phone that takes calls of queues: its name, its queues, and whether it may log in and out."""
    found: dict[str, dict[str, Any]] = {}
    for row in host["pbx_queues"]:
        for name in (*row["members"], *row["agents"]):
            one = found.setdefault(name, {"name": name, "queues": [], "is_agent": False})
            one["queues"].append(row["name"])
            one["is_agent"] = one["is_agent"] or name in row["agents"]
    return list(found.values())


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{option: row[option] for option in (
            "members", "agents", "strategy", "seconds", "wrap_up_seconds", "max_callers", "max_wait_seconds",
            "announce_position", "prompt", "music")},
        "phones": [*row["members"], *row["agents"]],
        "outside_members": row["outside_members"],
        "outside_context": QUEUED,
        "record": row["record"] == "always",
        "when_full": target_of(row["when_full"]),
        "when_no_member": target_of(row["when_no_member"]),
        "otherwise": target_of(row["otherwise"], Destination("hangup", "normal").target),
    }


QUEUE = Feature(
    "queue", "pbx_queues", _exits, _problems, _row, files=("queues.conf",), modules=("app_queue.so",))
