# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Order renames so that no two resources ever have the same unique name."""

from __future__ import annotations

from typing import Any, Mapping


def rename_order(moves: Mapping[str, tuple[Any, Any]]) -> tuple[dict[str, int], set[str]]:
    """Order renames so that each name has been given up before another resource takes it.

    :param moves: id to (name now, name after).
    :returns: id to its place in the order, from 0; and the ids, one of each cycle, that need a temporary name at 0.
    """
    holder = {now: id for id, (now, dummy) in moves.items()}
    order: dict[str, int] = {}
    parked: set[str] = set()
    for start in moves:
        chain: list[str] = []
        here: str | None = start
        while here is not None and here not in order and here not in chain:
            chain.append(here)
            now, after = moves[here]
            here = holder.get(after) if after != now else None
        if here is not None and here in chain:
            # A cycle: the last in the chain waits for `here`, which takes a temporary name.
            parked.add(here)
            cycle = chain[chain.index(here):]
            for number, id in enumerate(reversed(cycle[1:])):
                order[id] = number + 1
            order[here] = len(cycle)
            chain = chain[: chain.index(here)]
        for id in reversed(chain):
            now, after = moves[id]
            before = holder.get(after) if after != now else None
            order[id] = order[before] + 1 if before is not None and before != id else 0
    return order, parked
