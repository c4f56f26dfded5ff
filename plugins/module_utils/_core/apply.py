# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carry a plan out and keep a journal, so that a failure can say what was done, what failed and what remains."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Iterator, Mapping, Optional, Protocol, Sequence, Union

from .errors import TrunklineError
from .plan import DELETE, Plan, Step
from .resource import Node, Path

#: A step with the ids of the resources that contain it, the outermost first.
Job = tuple[Step, tuple[str, ...]]
#: The id and the values that the service answered.
Answer = tuple[Optional[str], Mapping[str, Any]]
#: What became of a step: an answer, a refusal, or None where it was not begun because another had failed. A refusal
#: has the detail `partly` where something was changed before it.
Outcome = Union[Answer, TrunklineError, None]


class Driver(Protocol):
    """Sends steps to the service."""

    def carry_out(self, wave: list[Job]) -> list[Outcome]:
        """Carry out steps that do not depend on each other.

        :returns: the outcome of each, in order. Deleting what no longer exists is no error.
        """


@dataclass
class Journal:
    """The record of what was done so far. `answers` is what `planned_state` takes."""

    done: list[Step] = field(default_factory=list)
    answers: dict[Path, Answer] = field(default_factory=dict)


class Incomplete(TrunklineError):
    """Some steps were done, then one failed."""


def apply(plan: Plan, observed: Node, driver: Driver) -> Journal:
    """Carry out every step, wave by wave.

    :raises Incomplete: with what was applied, what failed and what remains; a second run resumes from there.
    """
    journal = Journal()
    ids = dict(_ids(observed, ()))
    for number, wave in enumerate(plan.waves):
        jobs = [(step, tuple(ids[step.key[:depth]] for depth in range(1, len(step.key)))) for step in wave]
        failed: list[tuple[Step, TrunklineError]] = []
        remaining: list[Step] = []
        for step, outcome in zip(wave, driver.carry_out(jobs)):
            if isinstance(outcome, TrunklineError):
                failed.append((step, outcome))
            elif outcome is None:
                remaining.append(step)
            else:
                journal.done.append(step)
                if step.action != DELETE:
                    journal.answers[step.key] = outcome
                    ids[_key_after(step)] = str(outcome[0])
        if failed:
            remaining += [step for later in plan.waves[number + 1:] for step in later]
            raise _incomplete(journal, failed, remaining) from failed[0][1]
    return journal


def _key_after(step: Step) -> Path:
    """Return the step's key once it is done: an update may have changed the identity."""
    if not set(step.resource.identity) & set(step.values):
        return step.key
    identity = dict(zip(step.resource.identity, step.key[-1][1:]))
    return (*step.key[:-1], step.resource.key_of({**identity, **step.values}))


def _incomplete(journal: Journal, failed: list[tuple[Step, TrunklineError]], remaining: list[Step]) -> Incomplete:
    step, error = failed[0]
    what = f"Could not {step}: {error.what}"
    if failed[1:]:
        what += f" Nor could it {_listed([step for step, dummy in failed[1:]])}."
    if journal.done:
        what += f" Done before that: {_listed(journal.done)}."
    if remaining:
        what += f" Not done: {_listed(remaining)}."
    return Incomplete(
        what,
        error.fix,
        **{
            **error.details,
            "changed": bool(journal.done) or any(one.details.get("partly") for dummy, one in failed),
            "applied": [str(one) for one in journal.done],
            "failed_steps": [str(one) for one, dummy in failed],
            "remaining": [str(one) for one in remaining],
        },
    )


def _listed(steps: Sequence[Step], longest: int = 5) -> str:
    shown = "; ".join(str(step) for step in steps[:longest])
    return shown if len(steps) <= longest else f"{shown}; and {len(steps) - longest} more"


def _ids(node: Node, parents: Path) -> Iterator[tuple[Path, str]]:
    key = (*parents, node.key)
    yield key, str(node.id)
    for nodes in node.children.values():
        for child in nodes:
            yield from _ids(child, key)
