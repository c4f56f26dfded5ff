# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps that lead from the observed to the desired state. Pure: nothing here reads or writes a service."""

from __future__ import annotations

from dataclasses import dataclass, field as dataclass_field
from itertools import groupby
from typing import Any, Iterator, Mapping, Sequence

from .errors import Impossible, TrunklineError
from .match import Matches, initial_values, match
from .renames import rename_order
from .resource import COMPUTED, WRITE_ONLY, Key, Node, Path, Resource, Values

CREATE, UPDATE, DELETE = "create", "update", "delete"
_LINK_WORDS = {CREATE: ("attach", " to "), DELETE: ("detach", " from ")}
_REMOVE_FIRST, _CHANGE, _REMOVE_LAST = range(3)


@dataclass(frozen=True)
class Policy:
    """The permissions of a plan beyond adding and changing.

    :param keep_extras: the options whose lists are only added to; others are made exactly what was declared.
    :param resend_secrets: send write-only values to resources that exist already. They cannot be compared, so this is
        a change each time.
    :param removal_limit: the percentage of the managed, existing resources that may be removed without being named.
    """

    keep_extras: frozenset[str] = frozenset()
    resend_secrets: bool = False
    removal_limit: int = 100


@dataclass(frozen=True)
class Step:
    """One request to the service.

    :param key: the keys of the resource and of all that contain it, the outermost first.
    :param values: what is sent: all that is known for a creation, what differs for an update.
    :param before: the fields as they were: of an update those that differ, of a deletion all.
    :param id: the id of an existing resource, or of a link's target; None where it will only be known then.
    :param managed: of a creation: the options of the children that are managed in it.
    :param note: side effects, for the user.
    :param order: among steps of the same kind: a step waits for those of lower order; deletions run the other way.
    :param phase: extras that are in the way are removed first, other extras last.
    :param explicit: of a deletion: the user named the resource.
    """

    action: str
    resource: Resource
    key: Path
    values: Values = dataclass_field(default_factory=dict)
    before: Values = dataclass_field(default_factory=dict)
    id: str | None = None
    managed: tuple[str, ...] = ()
    note: str = ""
    order: int = 0
    phase: int = _CHANGE
    explicit: bool = False

    @property
    def title(self) -> str:
        """The resource and its parents: "IP address 203.0.113.10 of IP access control list Asterisk-Server"."""
        dummy, joint = _LINK_WORDS[self.action] if self.resource.link else ("", " of ")
        # The outermost is the account, which all resources have in common.
        return joint.join(_title(key) for key in reversed(self.key[1:]))

    def __str__(self) -> str:
        verb = _LINK_WORDS[self.action][0] if self.resource.link else self.action
        fields = f" ({', '.join(sorted(self.values))})" if self.action == UPDATE else ""
        return f"{verb} {self.title}{fields}" + (f"; {self.note}" if self.note else "")


@dataclass(frozen=True)
class Plan:
    """Steps in an order that is safe. No steps means that nothing changes.

    :param waves: the steps in groups; those of one group can be carried out concurrently.
    :param warnings: what the service may refuse.
    """

    waves: tuple[tuple[Step, ...], ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(step for wave in self.waves for step in wave)

    def __bool__(self) -> bool:
        return bool(self.waves)


def plan(desired: Node, observed: Node, policy: Policy = Policy()) -> Plan:
    """Compare the desired with the observed state.

    :param desired: the account and all that was declared of it.
    :param observed: the account and what was read of it, as far as it is managed.
    :raises Impossible: where a desired resource cannot be made from what was given.
    :raises TrunklineError: where more would be removed than the policy allows.
    """
    found = _Steps(policy)
    found.add_children(desired, observed, (desired.key,))
    if found.problems:
        raise Impossible(found.problems)
    steps = Plan(_waves(_without_moved(found.steps), desired.resource), tuple(found.warnings))
    _guard(steps, observed, policy)
    return steps


def _waves(steps: Sequence[Step], root: Resource) -> tuple[tuple[Step, ...], ...]:
    """Sort the steps and group them: steps of equal rank do not depend on each other.

    Parents come before children, and lists before what uses them; of one kind, updates come first, since one may free a
    name that an addition needs. Deletions have phases of their own and run the other way.
    """
    places = {id(resource): number for number, resource in enumerate(_preorder(root))}

    def rank(step: Step) -> tuple[int, int, bool, int]:
        direction = -1 if step.action == DELETE else 1
        return step.phase, direction * places[id(step.resource)], step.action == CREATE, direction * step.order

    return tuple(tuple(wave) for dummy, wave in groupby(sorted(steps, key=rank), rank))


def _preorder(resource: Resource) -> Iterator[Resource]:
    yield resource
    for child in resource.children:
        yield from _preorder(child)


class _Steps:
    """Collects the steps, and the problems that stand in their way."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.steps: list[Step] = []
        self.problems: list[TrunklineError] = []
        self.warnings: list[str] = []

    def add_children(self, desired: Node, observed: Node | None, key: Path) -> None:
        for child in desired.resource.children:
            if child.option in desired.children:
                seen = observed.children.get(child.option, ()) if observed else ()
                additive = child.additive or child.option in self.policy.keep_extras
                self._add_siblings(match(child, desired.children[child.option], seen, additive), key)

    def _add_siblings(self, found: Matches, parents: Path) -> None:
        child = found.resource
        if found.overfull:
            self.warnings.append(
                f"{_title(parents[-1])} would have {found.count} {child.option.replace('_', ' ')}; the service takes"
                f" {child.limit}, unless it has raised the limit for this account."
            )
        order, parked = self._rename_order(found)
        for node in found.declared:
            seen = found.partners.get(node.key)
            if seen is None:
                self._create(node, parents)
            else:
                self._update(node, seen, parents, order.get(str(seen.id), 0))
            self.add_children(node, seen, (*parents, node.key))
        for dummy, seen in found.pairs:
            if str(seen.id) in parked:
                self._park(seen, parents)
        for node, in_the_way in found.removals():
            phase = _REMOVE_FIRST if in_the_way else _REMOVE_LAST
            self._remove(node, parents, phase, node.key in found.absent)
        self.problems += found.conflicts()

    def _rename_order(self, found: Matches) -> tuple[Mapping[str, int], set[str]]:
        """Order the updates that hand a unique name on, so that no two resources have it at once."""
        child = found.resource
        if not child.unique_name:
            return {}, set()
        moves = found.renames()
        order, parked = rename_order(moves)
        if parked and child.temporary_name is None:
            self.problems.append(TrunklineError(
                f"{' and '.join(sorted(str(moves[id][0]) for id in order if order[id]))} cannot change places among"
                f" {child.kind}s in one run.",
                f"Give one of them another {child.unique_name} first.",
            ))
            return {}, set()
        return order, parked

    def _park(self, observed: Node, parents: Path) -> None:
        """Give a resource a temporary name, so that others can take the one it has."""
        child = observed.resource
        if child.temporary_name is None:
            raise AssertionError("_rename_order parks nothing without it")
        name = observed.values[child.unique_name]
        self.steps.append(Step(
            UPDATE, child, (*parents, observed.key), {child.unique_name: child.temporary_name(name)},
            {child.unique_name: name}, observed.id,
        ))

    def _update(self, desired: Node, observed: Node, parents: Path, order: int) -> None:
        sent, before = _differences(desired, observed, self.policy)
        if sent:
            key = (*parents, observed.key)
            self.steps.append(Step(UPDATE, desired.resource, key, sent, before, observed.id, order=order))

    def _create(self, desired: Node, parents: Path) -> None:
        child = desired.resource
        if desired.state != child.create_state or child.reset_to is not None:
            self.problems.append(_nothing_to_update(desired))
            return
        for field in child.fields:
            if field.needed and desired.values.get(field.name) is None:
                title = desired.title[0].upper() + desired.title[1:]
                self.problems.append(TrunklineError(
                    f"{title} of {_title(parents[-1])} does not exist yet, and a new one needs a {field.name}.",
                    f"Give its {field.name}.",
                ))
        values = initial_values(desired)
        self.steps.append(Step(
            CREATE, child, (*parents, desired.key), values, id=desired.id, managed=tuple(desired.children),
            note=desired.note, order=child.depth(values),
        ))

    def _remove(self, observed: Node, parents: Path, phase: int, explicit: bool) -> None:
        """Detach links first; what a resource contains is removed with it. What always exists is reset."""
        child, key = observed.resource, (*parents, observed.key)
        if child.reset_to is not None:
            before = {name: observed.values.get(name) for name in child.reset_to}
            sent = {name: value for name, value in child.reset_to.items() if before[name] != value}
            if sent:
                self.steps.append(Step(UPDATE, child, key, sent, {name: before[name] for name in sent}, observed.id))
            return
        for nodes in observed.children.values():
            for node in nodes:
                if node.resource.link:
                    self._remove(node, key, phase, explicit)
        self.steps.append(Step(
            DELETE, child, key, before=observed.values, id=observed.id, phase=phase, explicit=explicit,
            order=child.depth(observed.values),
        ))


def _nothing_to_update(desired: Node) -> TrunklineError:
    child = desired.resource
    how = f" state: {child.create_state} makes it." if child.create_state != "present" else ""
    return TrunklineError(
        f"There is no {desired.title} in this account.", f"Check its {' and '.join(child.identity)}.{how}"
    )


def _differences(desired: Node, observed: Node, policy: Policy) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the values that an update sends, and those of the same fields before it."""
    sent: dict[str, Any] = {}
    before: dict[str, Any] = {}
    for field in desired.resource.fields:
        if field.name not in desired.values or field.mode == COMPUTED:
            continue
        wanted, seen = desired.values[field.name], observed.values.get(field.name)
        if field.mode == WRITE_ONLY:
            if policy.resend_secrets:
                sent[field.name] = wanted
        elif not field.same(wanted, seen):
            sent[field.name], before[field.name] = wanted, seen
    return sent, before


def _without_moved(steps: Sequence[Step]) -> list[Step]:
    """Drop detachments that an attachment implies: a link with a single owner leaves the old one by joining a new one.
    """
    joined = {step.key[-1] for step in steps if step.resource.single_owner and step.action == CREATE}
    return [step for step in steps if not (
        step.resource.single_owner and step.action == DELETE and step.key[-1] in joined
    )]


def _guard(plan: Plan, observed: Node, policy: Policy) -> None:
    """Refuse a plan that removes more than the policy allows."""
    removed = [step for step in plan.steps if step.action == DELETE and not step.explicit]
    # What always exists cannot be removed, so it does not count.
    existing = sum(node.resource.reset_to is None for node in observed.walk()) - 1
    if removed and len(removed) * 100 > existing * policy.removal_limit:
        shown = "; ".join(map(str, removed[:5])) + ("; …" if len(removed) > 5 else "")
        raise TrunklineError(
            f"This would remove {len(removed)} of {existing} managed resources, which is more than"
            f" {policy.removal_limit} %: {shown}.",
            "If that is meant, raise removal_limit for this run.",
            removals=[str(step) for step in removed],
        )


def _title(key: Key) -> str:
    kind, *identity = key
    return f"{kind} {'/'.join(map(str, identity))}"
