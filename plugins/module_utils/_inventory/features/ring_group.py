# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ring groups: several phones, and numbers outside, ring together or one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .feature import Exit, Feature, out_of_range, target_of
from .outside_number import CALLING, all_wrong_members, members

#: Devices that one Dial can name: Asterisk cuts a variable at 4,095 characters (VAR_BUF_SIZE in main/pbx.c), and a
#: contact has some 120. Those that are cut off would not ring, and nothing would say so.
_MAX_DEVICES = 32


def _exits(row: Mapping[str, Any]) -> Iterator[Exit]:
    yield Exit("otherwise", row["otherwise"])
    yield from members(row)


def _problems(row: Mapping[str, Any], host: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from all_wrong_members(row, host)
    devices = len(row["outside_members"]) + sum(
        phone["max_contacts"] for phone in host["pbx_phones"] if phone["name"] in row["members"])
    if row["strategy"] == "all" and devices > _MAX_DEVICES:
        yield "members", (
            f"have up to {devices} devices, by max_contacts of each, and no more than {_MAX_DEVICES} can ring at once:"
            " name fewer, or let strategy be in_order")
    yield from out_of_range(row, seconds=(1, 300))


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    steps = [f"Gosub(devices,s,1({member}))" for member in row["members"]]
    steps += [f"Set(RINGING=${{RINGING}}&Local/{name}@{CALLING}/n)" for name in row["outside_members"]]
    return {
        "members": row["members"],
        "rounds": [steps] if row["strategy"] == "all" else [[step] for step in steps],
        "seconds": row["seconds"],
        "record": row["record"] == "always",
        "otherwise": target_of(row["otherwise"]),
    }


RING_GROUP = Feature("ring_group", "pbx_ring_groups", _exits, _problems, _row)
