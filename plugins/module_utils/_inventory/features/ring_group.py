# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ring groups: several phones, and numbers outside, ring together, one after the other, or in turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..._asterisk import validators as asterisk
from .feature import Exit, Feature, out_of_range, target_of
from .outside_number import CALLING, all_wrong_members, members

VARIABLE = "pbx_ring_groups"
#: Devices that one Dial can name: Asterisk cuts a variable at 4,095 characters (VAR_BUF_SIZE in main/pbx.c), and a
#: contact has some 120. Those that are cut off would not ring, and nothing would say so.
_MAX_DEVICES = 32
_MAX_SECONDS = 300
#: What many phones have room for, with a name after it.
_MAX_PREFIX_LENGTH = 20
_TOGETHER, _IN_TURN = "all", "round_robin"


def _exits(row: Mapping[str, Any]) -> Iterator[Exit]:
    yield Exit("otherwise", row["otherwise"])
    yield from members(row)


def _problems(row: Mapping[str, Any], host: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from all_wrong_members(row, host)
    timed = {one["member"] for one in row["member_times"]}
    devices = len(row["outside_members"]) + sum(
        1 if phone["name"] in timed else phone["max_contacts"]
        for phone in host["pbx_phones"] if phone["name"] in row["members"])
    if row["strategy"] == _TOGETHER and devices > _MAX_DEVICES:
        yield "members", (
            f"have up to {devices} devices, by max_contacts of each, and no more than {_MAX_DEVICES} can ring at once:"
            " name fewer, or let strategy be in_order")
    yield from out_of_range(row, seconds=(1, _MAX_SECONDS))
    yield from _wrong_times(row)
    if row["caller_name_prefix"]:
        try:
            asterisk.text(row["caller_name_prefix"])
            if len(row["caller_name_prefix"]) > _MAX_PREFIX_LENGTH:
                raise ValueError(f"must have at most {_MAX_PREFIX_LENGTH} characters")
        except ValueError as error:
            yield "caller_name_prefix", str(error)


def _wrong_times(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Find what is wrong with the times of members; where all is right, each of them rings as long as it says."""
    rows = row["member_times"]
    if rows and row["strategy"] != _TOGETHER:
        yield "member_times", f"is for strategy {_TOGETHER}, and strategy is {row['strategy']}: leave one of them out"
    for index, one in enumerate(rows):
        place, name = f"member_times[{index}]", one["member"]
        if not name:        # it is missing, which is said already
            continue
        if name in row["members"] and name in row["outside_members"]:
            yield f"{place}.member", f"names {name!r}, which is in members and in outside_members: rename the number"
        elif name not in (*row["members"], *row["outside_members"]):
            yield f"{place}.member", f"names {name!r}, which is neither in members nor in outside_members"
        elif name in [other["member"] for other in rows[:index]]:
            yield f"{place}.member", f"repeats {name!r}"
        yield from _wrong_time(place, one, row["seconds"])


def _wrong_time(place: str, one: Mapping[str, Any], whole: int) -> Iterator[tuple[str, str]]:
    delay, seconds = one["delay_seconds"], one["seconds"]
    if not 0 <= delay < whole:
        yield f"{place}.delay_seconds", (
            f"must be from 0 to {whole - 1}, not {delay}: the group rings for {whole} seconds")
    elif seconds is not None and not 1 <= seconds <= whole - delay:
        yield f"{place}.seconds", (
            f"must be from 1 to {whole - delay}, not {seconds}: the group rings for {whole} seconds, and it begins"
            f" after {delay}")
    elif not delay and seconds in (None, whole):
        yield place, "has no time of its own: give delay_seconds, seconds or both, or leave it out"


def skips_busy(host: Mapping[str, Any]) -> bool:
    """Return whether the dialplan asks for the state of phones, so that those in a call are passed over."""
    return any(row["skip_busy"] for row in host[VARIABLE])


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    later = f"later-{row['name']}"
    timed = {one["member"]: one for one in row["member_times"]}
    call = "member-free" if row["skip_busy"] else "devices"
    phones = {name: f"Gosub({call},s,1({name}))" for name in row["members"]}
    outside = {
        name: f"Set(RINGING=${{RINGING}}&Local/{name}@{CALLING}/n)" for name in row["outside_members"]}
    steps = [
        f"Gosub(member-later,s,1({name},{later}))" if name in timed else step for name, step in phones.items()]
    steps += [
        f"Set(RINGING=${{RINGING}}&Local/{name}@{later}/n)" if name in timed else step
        for name, step in outside.items()]
    return {
        "members": row["members"],
        "rounds": [steps] if row["strategy"] == _TOGETHER else [[step] for step in steps],
        "in_turn": row["strategy"] == _IN_TURN,
        "seconds": row["seconds"],
        "later": later,
        "timed": [
            {"name": name, "step": {**outside, **phones}[name], "delay": one["delay_seconds"],
             "seconds": one["seconds"] or row["seconds"] - one["delay_seconds"]} for name, one in timed.items()],
        "skip_busy": row["skip_busy"],
        # The dialplan adds a colon, and other systems have people write it.
        "prefix": (row["caller_name_prefix"] or "").rstrip(": "),
        "record": row["record"] == "always",
        "otherwise": target_of(row["otherwise"]),
    }


RING_GROUP = Feature("ring_group", VARIABLE, _exits, _problems, _row)
