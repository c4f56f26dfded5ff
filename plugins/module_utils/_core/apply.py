# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carries a plan out and keeps a journal, so that a failure can say what was done, what failed and what remains."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Mapping, Optional, Protocol

from .errors import TrunklineError
from .plan import CREATE, DELETE, Plan, Step
from .resource import Node


class Driver(Protocol):
    """The one who talks to the service. Each method raises TrunklineError when the service says no."""

    def create(self, step: Step, parents: tuple) -> tuple[str, Mapping]:
        """Makes the thing inside `parents`, the ids from the outermost in; returns its id and its values."""

    def update(self, step: Step, parents: tuple) -> Mapping:
        """Changes the thing; returns its values."""

    def delete(self, step: Step, parents: tuple) -> None:
        """Takes the thing away. One that is gone already is no error."""


@dataclass
class Journal:
    """What was done so far. `answers` is what `project` takes."""

    done: list = field(default_factory=list)
    answers: dict = field(default_factory=dict)


class Incomplete(TrunklineError):
    """Some steps were done, then one failed."""


def apply(plan: Plan, observed: Optional[Node], driver: Driver) -> Journal:
    """Carries out every step in order.

    :raises Incomplete: with what was applied, what failed and what remains; running it again goes on from there.
    """
    journal = Journal()
    ids = dict(_ids(observed, ()))
    for index, step in enumerate(plan.steps):
        parents = tuple(ids[step.key[: depth + 1]] for depth in range(len(step.key) - 1))
        try:
            if step.action == DELETE:
                driver.delete(step, parents)
            elif step.action == CREATE:
                ids[step.key], values = driver.create(step, parents)
                journal.answers[step.key] = (ids[step.key], values)
            else:
                journal.answers[step.key] = (step.id, driver.update(step, parents))
        except TrunklineError as error:
            raise _incomplete(error, journal, step, plan.steps[index + 1:]) from error
        journal.done.append(step)
    return journal


def _incomplete(error: TrunklineError, journal: Journal, step: Step, remaining: tuple) -> Incomplete:
    what = f"Could not {step}: {error.what}"
    if journal.done:
        what += f" Done before that: {_listed(journal.done)}."
    if remaining:
        what += f" Not done: {_listed(remaining)}."
    return Incomplete(
        what,
        error.fix,
        changed=bool(journal.done),
        applied=[str(one) for one in journal.done],
        failed=str(step),
        remaining=[str(one) for one in remaining],
        **error.details,
    )


def _listed(steps, longest: int = 5) -> str:
    shown = "; ".join(str(step) for step in steps[:longest])
    return shown if len(steps) <= longest else f"{shown}; and {len(steps) - longest} more"


def _ids(node: Optional[Node], parents: tuple):
    if node is None:
        return
    key = (*parents, node.key)
    yield key, node.id
    for nodes in node.children.values():
        for child in nodes:
            yield from _ids(child, key)
