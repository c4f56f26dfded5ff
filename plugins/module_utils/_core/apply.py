# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carries a plan out and keeps a journal, so that a failure can say what was done, what failed and what remains."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Optional, Protocol

from .errors import TrunklineError
from .plan import DELETE, Plan, Step
from .resource import Node


class Driver(Protocol):
    """The one who talks to the service."""

    def carry_out(self, wave: list) -> list:
        """Steps that do not depend on each other.

        :param wave: (step, ids of the things it lives in, from the outermost in) of each.
        :returns: for each, in order: (id, values) as the service answered, a TrunklineError where it said no (with the
            detail `partly` where something was changed before that), or None where the step was not begun because
            another had failed. Deleting what is gone already is no error.
        """


@dataclass
class Journal:
    """What was done so far. `answers` is what `planned_state` takes."""

    done: list = field(default_factory=list)
    answers: dict = field(default_factory=dict)


class Incomplete(TrunklineError):
    """Some steps were done, then one failed."""


def apply(plan: Plan, observed: Node, driver: Driver) -> Journal:
    """Carries out every step, wave by wave.

    :raises Incomplete: with what was applied, what failed and what remains; running it again goes on from there.
    """
    journal = Journal()
    ids = dict(_ids(observed, ()))
    waves = plan.waves()
    for number, wave in enumerate(waves):
        parents = [tuple(ids[step.key[: depth + 1]] for depth in range(len(step.key) - 1)) for step in wave]
        outcomes = driver.carry_out(list(zip(wave, parents)))
        failed, left = [], []
        for step, outcome in zip(wave, outcomes):
            if isinstance(outcome, TrunklineError):
                failed.append((step, outcome))
            elif outcome is None:
                left.append(step)
            else:
                journal.done.append(step)
                if step.action != DELETE:
                    journal.answers[step.key] = outcome
                    ids[_key_after(step)] = outcome[0]
        if failed:
            left += [step for later in waves[number + 1:] for step in later]
            raise _incomplete(journal, failed, left) from failed[0][1]
    return journal


def _key_after(step: Step) -> tuple:
    """An update may have changed what the thing is known by."""
    if not set(step.resource.identity) & set(step.values):
        return step.key
    identity = dict(zip(step.resource.identity, step.key[-1][1:]))
    return (*step.key[:-1], step.resource.key_of({**identity, **step.values}))


def _incomplete(journal: Journal, failed: list, remaining: list) -> Incomplete:
    step, error = failed[0]
    what = f"Could not {step}: {error.what}"
    if failed[1:]:
        what += f" Nor could it {_listed([step for step, _ in failed[1:]])}."
    if journal.done:
        what += f" Done before that: {_listed(journal.done)}."
    if remaining:
        what += f" Not done: {_listed(remaining)}."
    return Incomplete(
        what,
        error.fix,
        **{
            **error.details,
            "changed": bool(journal.done) or any(one.details.get("partly") for _, one in failed),
            "applied": [str(one) for one in journal.done],
            "failed_steps": [str(one) for one, _ in failed],
            "remaining": [str(one) for one in remaining],
        },
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
