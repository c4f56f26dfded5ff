# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state that a plan leads to. The same function serves check mode, the diff, and the result of a real run."""

from __future__ import annotations

from typing import Any, Mapping, Optional

from .plan import CREATE, DELETE, Plan, Step
from .resource import MUTABLE, WRITE_ONLY, Key, Node, Path

Answers = Mapping[Path, tuple[Optional[str], Mapping[str, Any]]]
_NO_ROOT = "no step deletes the root"


def planned_state(plan: Plan, observed: Node, answers: Answers | None = None) -> Node:
    """Compute the state after every step of `plan`.

    :param observed: the state that the plan was made from.
    :param answers: step key to (id, values) as the service answered; without it, what the service is known to fill in.
    """
    state: Node | None = observed
    for step in plan.steps:
        if state is None:
            raise AssertionError(_NO_ROOT)
        if step.resource.single_owner and step.action == CREATE:
            state = _without(state, step.key[-1])
        state = _after(state, step, 0, answers or {})
    if state is None:
        raise AssertionError(_NO_ROOT)
    return state


def _without(node: Node, key: Key) -> Node:
    """Return the tree without the links of this key."""
    return node.but(children={
        option: tuple(_without(row, key) for row in rows if not (row.resource.link and row.key == key))
        for option, rows in node.children.items()
    })


def _after(node: Node | None, step: Step, depth: int, answers: Answers) -> Node | None:
    if node is not None and depth < len(step.key) - 1:
        return _after_inside(node, step, depth, answers)
    if step.action == DELETE:
        return None
    identifier, values = answers.get(step.key, (step.id, step.values))
    # A write-only value stays in the planned state only as the mark that it was sent.
    written = {
        f.name: step.values[f.name] for f in step.resource.fields if f.mode == WRITE_ONLY and f.name in step.values
    }
    if node is None or step.action == CREATE:
        known = {f.name: f.default for f in step.resource.fields if f.mode == MUTABLE or f.shown}
        return Node(step.resource, {**known, **values, **written}, {option: () for option in step.managed}, identifier)
    effects = {} if step.key in answers else step.resource.effects(step.values)
    return node.but(values={**node.values, **effects, **values, **written})


def _after_inside(node: Node, step: Step, depth: int, answers: Answers) -> Node:
    """Return the parent of the step's resource, with that child replaced, added or removed."""
    key = step.key[depth + 1]
    option = next(child.option for child in node.resource.children if child.kind == key[0])
    rows: list[Node | None] = []
    found = False
    for row in node.children.get(option, ()):
        # Two rows can share a key where the service holds a duplicate; the id says which one a step means.
        if row.key != key or (depth + 2 == len(step.key) and step.action != CREATE and row.id != step.id):
            rows.append(row)
        else:
            found = True
            rows.append(_after(row, step, depth + 1, answers))
    if not found:
        rows.append(_after(None, step, depth + 1, answers))
    return node.but(children={**node.children, option: tuple(row for row in rows if row is not None)})
