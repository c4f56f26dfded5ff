# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan leads to. The same function serves check mode, the diff, and the result of a real run."""

from __future__ import annotations

from typing import Mapping, Optional

from .plan import CREATE, DELETE, Plan, Step
from .resource import MUTABLE, WRITE_ONLY, Node


def planned_state(plan: Plan, observed: Node, answers: Optional[Mapping] = None) -> Node:
    """The state after every step of `plan`.

    :param observed: the state that the plan was made from.
    :param answers: step key to (id, values) as the service answered; without it, what the service is known to fill in.
    """
    state = observed
    for step in plan.steps:
        if step.resource.exclusive and step.action == CREATE:
            state = _without(state, step.key[-1])
        state = _after(state, step, 0, answers or {})
    return state


def _without(node: Node, key: tuple) -> Node:
    """The tree without the links of this key."""
    return node.but(children={
        option: tuple(_without(row, key) for row in rows if not (row.resource.link and row.key == key))
        for option, rows in node.children.items()
    })


def _after(node: Optional[Node], step: Step, depth: int, answers: Mapping) -> Optional[Node]:
    if depth < len(step.key) - 1:
        return _after_inside(node, step, depth, answers)
    if step.action == DELETE:
        return None
    identifier, values = answers.get(step.key, (step.id, step.values))
    # A write-only value stays in the projection only as the mark that it was sent.
    written = {
        f.name: step.values[f.name] for f in step.resource.fields if f.mode == WRITE_ONLY and f.name in step.values
    }
    if step.action == CREATE:
        known = {f.name: f.default for f in step.resource.fields if f.mode == MUTABLE or f.shown}
        children: dict = {option: () for option in step.managed}
        return Node(step.resource, {**known, **values, **written}, children, identifier)
    effects = {} if step.key in answers else step.resource.effects(step.values)
    return node.but(values={**node.values, **effects, **values, **written})


def _after_inside(node: Node, step: Step, depth: int, answers: Mapping) -> Node:
    """The parent of what the step touches, with that child replaced, added or taken away."""
    key = step.key[depth + 1]
    option = next(child.option for child in node.resource.children if child.kind == key[0])
    before = node.children.get(option, ())
    rows, found = [], False
    for row in before:
        # Two rows can share a key where the service holds a duplicate; the id tells which one a step means.
        if row.key != key or (depth + 2 == len(step.key) and step.action != CREATE and row.id != step.id):
            rows.append(row)
            continue
        found = True
        changed = _after(row, step, depth + 1, answers)
        if changed is not None:
            rows.append(changed)
    if not found:
        added = _after(None, step, depth + 1, answers)
        if added is not None:
            rows.append(added)
    return node.but(children={**node.children, option: tuple(rows)})
