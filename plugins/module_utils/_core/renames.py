# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Handing names on among things of which no two can have the same."""

from __future__ import annotations

from typing import Mapping


def rename_order(moves: Mapping[str, tuple]) -> tuple[dict[str, int], set[str]]:
    """In which turn each thing takes its new name, so that the one who had it has given it up.

    :param moves: id to (name now, name then).
    :returns: id to turn; and the ids, one of each ring that hands its names around, that have to step aside in turn 0.
    """
    holder = {now: id for id, (now, _) in moves.items()}
    order: dict[str, int] = {}
    parked: set[str] = set()
    for start in moves:
        chain: list[str] = []
        here = start
        while here is not None and here not in order and here not in chain:
            chain.append(here)
            now, then = moves[here]
            here = holder.get(then) if then != now else None
        if here in chain:
            # A ring: the last in the chain waits for `here`, which steps aside.
            parked.add(here)
            ring = chain[chain.index(here):]
            for turn, id in enumerate(reversed(ring[1:])):
                order[id] = turn + 1
            order[here] = len(ring)
            chain = chain[: chain.index(here)]
        for id in reversed(chain):
            now, then = moves[id]
            before = holder.get(then) if then != now else None
            order[id] = order[before] + 1 if before is not None and before != id else 0
    return order, parked
