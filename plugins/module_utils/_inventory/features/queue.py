# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Queues: callers wait until a phone of the queue, or a number outside that is its member, is free.

The phones of a queue are its members, which are always in it, and its agents, which are in it while they are logged in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .feature import Destination, Exit, Feature, out_of_range, target_of
from .menu import key_exits, key_targets, wrong_single_keys
from .outside_number import QUEUED, all_wrong_members, members
from .prompts import prompt_problems

#: Names of no queue: a section of queues.conf, and the end of a context's name that is no queue's.
_RESERVED = {
    "general": "which Asterisk reads as the settings of all queues",
    "left": "which the dialplan has for callers that have left a queue",
}
_PENALTY = re.compile("0|[1-9][0-9]?|100")
#: What of a member counts as not there, in Asterisk's words.
_NOT_THERE = {
    "registered": "unavailable,invalid,unknown", "not_paused": "unavailable,invalid,unknown,paused", "nobody": ""}
#: The feature codes of those who take a queue's calls.
LOG_IN, PAUSE = "queue_log_in", "queue_pause"


def _exits(row: Mapping[str, Any]) -> Iterator[Exit]:
    for option in ("when_full", "when_no_member", "otherwise"):
        yield Exit(option, row[option])
    yield from key_exits(row)
    yield from members(row)


def _problems(row: Mapping[str, Any], host: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if row["name"] in _RESERVED:
        yield "name", f"must not be {row['name']!r}, {_RESERVED[row['name']]}"
    if row["members"] or not row["agents"]:
        yield from all_wrong_members(row, host)
    yield from _wrong_agents(row, host)
    yield from _wrong_penalties(row)
    yield from wrong_single_keys(row)
    if row["when_no_member"] and (row["join_needs"], row["stay_needs"]) == ("nobody", "nobody"):
        yield "when_no_member", "is given, and no call goes there: join_needs and stay_needs are nobody"
    yield from prompt_problems(row)
    yield from out_of_range(
        row, seconds=(5, 300), wrap_up_seconds=(0, 3600), max_callers=(1, 1000), max_wait_seconds=(10, 7200),
        announce_seconds=(15, 3600), service_level_seconds=(0, 3600))


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


def _wrong_penalties(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    mine = (*row["members"], *row["agents"], *row["outside_members"])
    for name, penalty in (row["penalties"] or {}).items():
        if name not in mine:
            yield f"penalties.{name}", "is of nobody in the queue: it must be one of members, agents or outside_members"
        elif not _PENALTY.fullmatch(penalty):
            yield f"penalties.{name}", f"must be a whole number from 0 to 100, not {penalty!r}"


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
    penalties = row["penalties"] or {}
    return {
        **{option: row[option] for option in (
            "strategy", "seconds", "wrap_up_seconds", "max_callers", "max_wait_seconds",
            "announce_position", "announce_wait", "announce_seconds", "service_level_seconds", "prompt",
            "music")},
        "joinempty": _NOT_THERE[row["join_needs"]] or "yes",
        "leavewhenempty": _NOT_THERE[row["stay_needs"]] or "no",
        "keys": key_targets(row),
        "phones": [*row["members"], *row["agents"]],
        "members": [(name, penalties.get(name, 0)) for name in row["members"]],
        "agents": [(name, penalties.get(name, 0)) for name in row["agents"]],
        "outside_members": [(name, penalties.get(name, 0)) for name in row["outside_members"]],
        "outside_context": QUEUED,
        "record": row["record"] == "always",
        "when_full": target_of(row["when_full"]),
        "when_no_member": target_of(row["when_no_member"]),
        "otherwise": target_of(row["otherwise"], Destination("hangup", "normal").target),
    }


QUEUE = Feature(
    "queue", "pbx_queues", _exits, _problems, _row, files=("queues.conf",), modules=("app_queue.so",))
