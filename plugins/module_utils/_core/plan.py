# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to be done so that what is seen becomes what is wanted. Pure: nothing here reads or writes a service."""

from __future__ import annotations

from dataclasses import dataclass, field as dataclass_field, replace
from itertools import groupby
from typing import Any, Mapping, Optional

from .errors import Impossible, TrunklineError
from .renames import rename_order
from .resource import COMPUTED, WRITE_ONLY, Node, Resource

CREATE, UPDATE, DELETE = "create", "update", "delete"
_LINK_WORDS = {CREATE: ("attach", " to "), DELETE: ("detach", " from ")}
_EARLY, _MAKE, _LATE = range(3)


@dataclass(frozen=True)
class Policy:
    """What a plan may do beyond adding and changing.

    :param keep_extras: the options whose lists are only added to; others are made exactly what was declared.
    :param resend_secrets: send write-only values to things that exist already. They cannot be compared, so this is
        a change each time.
    :param removal_limit: of the things that are managed and there, how many percent may be removed without having been
        named for it.
    """

    keep_extras: frozenset = frozenset()
    resend_secrets: bool = False
    removal_limit: int = 100


@dataclass(frozen=True)
class Step:
    """One request to the service.

    :param key: the keys of the thing and all it lives in, the outermost first.
    :param values: what is sent: all that is known for a creation, what differs for an update.
    :param before: the fields as they were: of an update those that differ, of a deletion all.
    :param id: the id of a thing that exists, or of what a link leads to; None where it will only be known then.
    :param managed: of a creation: the options of the children that are managed in it.
    :param note: what else it does.
    :param turn: steps of one turn do not depend on each other. :param phase: extras that stand in the way go first, and
        other removals last.
    :param asked: of a deletion: the user named the thing.
    """

    action: str
    resource: Resource
    key: tuple
    values: Mapping = dataclass_field(default_factory=dict)
    before: Mapping = dataclass_field(default_factory=dict)
    id: Optional[str] = None
    managed: tuple = ()
    note: str = ""
    turn: int = 0
    phase: int = _MAKE
    asked: bool = False

    @property
    def title(self) -> str:
        """What it is about: "IP address 203.0.113.10 of IP access control list Asterisk-Server"."""
        _, joint = _LINK_WORDS[self.action] if self.resource.link else ("", " of ")
        # The outermost is the account, which all things have in common.
        return joint.join(f"{kind} {'/'.join(map(str, identity))}" for kind, *identity in reversed(self.key[1:]))

    def __str__(self) -> str:
        verb = _LINK_WORDS[self.action][0] if self.resource.link else self.action
        fields = f" ({', '.join(sorted(self.values))})" if self.action == UPDATE else ""
        return f"{verb} {self.title}{fields}" + (f"; {self.note}" if self.note else "")


@dataclass(frozen=True)
class Plan:
    """The steps in the order in which they are safe. No steps means that nothing changes.

    :param warnings: what the service may refuse.
    """

    steps: tuple = ()
    warnings: tuple = ()

    def __bool__(self) -> bool:
        return bool(self.steps)

    def waves(self) -> list[list[Step]]:
        """The steps in groups: those of a group can be carried out side by side."""
        return [list(steps) for _, steps in groupby(self.steps, _wave)]


def plan(desired: Node, observed: Node, policy: Policy = Policy()) -> Plan:
    """Compares what is wanted with what was seen.

    :param desired: the account and all that was declared of it.
    :param observed: the account and what was seen of it, as far as it is managed.
    :raises Impossible: where something that is wanted cannot be made from what was given.
    :raises TrunklineError: where more would be removed than the policy allows.
    """
    found = _Steps(policy)
    found.children_of(desired, observed, (desired.key,))
    if found.problems:
        raise Impossible(found.problems)
    order = {id(resource): number for number, resource in enumerate(_preorder(desired.resource))}
    steps = sorted(found.steps, key=lambda step: _rank(step, order))
    _guard(steps, observed, policy)
    return Plan(tuple(_without_moved(steps)), tuple(found.warnings))


def _rank(step: Step, order: Mapping) -> tuple:
    """Parents before children and lists before what uses them; of one kind, changes first, since one may free a name
    that an addition needs. Removals run the other way."""
    place = order[id(step.resource)]
    if step.action == DELETE:
        return step.phase, -place, 0, -step.turn
    return step.phase, place, step.action == CREATE, step.turn


def _wave(step: Step) -> tuple:
    return step.phase, id(step.resource), step.action, step.turn


def _preorder(resource: Resource):
    yield resource
    for child in resource.children:
        yield from _preorder(child)


class _Steps:
    """Collects the steps, and what stands in their way."""

    def __init__(self, policy: Policy):
        self.policy = policy
        self.steps: list[Step] = []
        self.problems: list[TrunklineError] = []
        self.warnings: list[str] = []

    def children_of(self, desired: Node, observed: Optional[Node], key: tuple) -> None:
        for child in desired.resource.children:
            if child.option in desired.children:
                seen = observed.children.get(child.option, ()) if observed else ()
                self.siblings(child, desired.children[child.option], seen, key)

    def siblings(self, child: Resource, rows: tuple, seen: tuple, parents: tuple) -> None:
        """Removals come last: an address that replaces another must not leave a gap between them. Those come first that
        hold a name which another needs, or for which the service has no room."""
        wanted = [node for node in rows if node.state != child.removes]
        unwanted = {node.key for node in rows if node.state == child.removes}
        partners = _partners(child, wanted, seen)
        for node in wanted:
            self.one(node, partners.get(node.key), parents)
        pairs = [(node, partners[node.key]) for node in wanted if node.key in partners]
        self.in_turn(child, pairs, parents)
        paired = {id(node) for node in partners.values()}
        keeps = child.shared or child.option in self.policy.keep_extras
        extras = [node for node in seen if id(node) not in paired and (node.key in unwanted or not keeps)]
        after = len(wanted) + len(seen) - len(pairs) - len(extras)
        if child.limit and after > child.limit and len(wanted) > len(pairs):
            self.warnings.append(
                f"{_title(parents)} would have {after} {child.option.replace('_', ' ')}; the service takes"
                f" {child.limit}, unless it has raised the limit for this account."
            )
        names = {_named(child, node): node for node in wanted} if child.unique_name else {}
        names.pop(None, None)
        surplus = len(seen) + len(wanted) - len(pairs) - child.limit if child.limit else 0
        for number, node in enumerate(extras):
            early = number < surplus or node.values.get(child.unique_name) in names
            self.removal(node, parents, _EARLY if early else _LATE, node.key in unwanted)
        for node in seen if keeps else ():
            wants = names.get(node.values.get(child.unique_name))
            if wants is not None and id(node) not in paired and node.key not in unwanted:
                self.problems.append(TrunklineError(
                    f"{wants.title} cannot have the {child.unique_name} {node.values[child.unique_name]}:"
                    f" {node.title} has it, and stays.",
                    f"Give {wants.title} another one, or declare {node.title} too.",
                ))

    def one(self, desired: Node, observed: Optional[Node], parents: tuple) -> None:
        child = desired.resource
        key = (*parents, desired.key)
        if observed is not None:
            sent, before = _differences(desired, observed, self.policy)
            if sent:
                self.steps.append(Step(UPDATE, child, (*parents, observed.key), sent, before, observed.id))
        elif desired.state != child.makes or child.blank is not None:
            how = f" state: {child.makes} makes it." if child.makes != "present" else ""
            self.problems.append(TrunklineError(f"There is no {desired.title} in this account.", f"Correct it.{how}"))
        else:
            for field in child.fields:
                if field.needed and desired.values.get(field.name) is None:
                    title = desired.title[0].upper() + desired.title[1:]
                    self.problems.append(TrunklineError(
                        f"{title} of {_title(parents)} is not there yet, and a new one needs a {field.name}.",
                        f"Give its {field.name}.",
                    ))
            values = initial_values(desired)
            self.steps.append(Step(
                CREATE, child, key, values, id=desired.id, managed=tuple(desired.children), note=desired.note,
                turn=child.level(values),
            ))
        self.children_of(desired, observed, key)

    def in_turn(self, child: Resource, pairs: list, parents: tuple) -> None:
        """Puts the changes that hand a name on into an order in which no two have it at once."""
        name = child.unique_name
        if not name:
            return
        moves = {seen.id: (seen.values.get(name), _named(child, node, seen)) for node, seen in pairs}
        order, parked = rename_order(moves)
        if parked and child.park is None:
            self.problems.append(TrunklineError(
                f"{' and '.join(sorted(str(moves[id][0]) for id in order if order[id]))} cannot change places among"
                f" {child.kind}s in one run.",
                f"Give one of them another {name} first.",
            ))
            return
        ids = {id for id, turn in order.items() if turn}
        self.steps = [
            replace(step, turn=order[step.id]) if step.action == UPDATE and step.id in ids else step
            for step in self.steps
        ]
        for _, seen in pairs:
            if seen.id in parked:
                before = {name: seen.values[name]}
                between = {name: child.park(seen.values[name])}
                self.steps.append(Step(UPDATE, child, (*parents, seen.key), between, before, seen.id))

    def removal(self, observed: Node, parents: tuple, phase: int, asked: bool) -> None:
        """Links are taken off first; what a thing contains goes with it."""
        child, key = observed.resource, (*parents, observed.key)
        if child.blank is not None:
            before = {name: observed.values.get(name) for name in child.blank}
            sent = {name: value for name, value in child.blank.items() if before[name] != value}
            if sent:
                self.steps.append(Step(UPDATE, child, key, sent, {name: before[name] for name in sent}, observed.id))
            return
        for nodes in observed.children.values():
            for node in nodes:
                if node.resource.link:
                    self.removal(node, key, phase, asked)
        self.steps.append(Step(
            DELETE, child, key, before=observed.values, id=observed.id, phase=phase, asked=asked,
            turn=child.level(observed.values),
        ))


def _partners(child: Resource, wanted: list, seen: tuple) -> dict:
    """Key of a wanted thing to the thing seen that is it, or that becomes it."""
    by_key: dict[tuple, Node] = {}
    for node in seen:
        by_key.setdefault(node.key, node)
    partners = {node.key: by_key[node.key] for node in wanted if node.key in by_key}
    if child.other_name:
        spare = {node.values.get(child.other_name): node for key, node in by_key.items() if key not in partners}
        spare.pop(None, None)
        for node in wanted:
            name = _named(child, node)
            if node.key not in partners and name in spare:
                partners[node.key] = spare.pop(name)
    return partners


def _named(child: Resource, desired: Node, observed: Optional[Node] = None) -> Any:
    """The other name that a wanted thing will have; None where it has none."""
    if not child.other_name:
        return None
    if observed is not None and child.other_name not in desired.values:
        return observed.values.get(child.other_name)
    return initial_values(desired).get(child.other_name)


def _differences(desired: Node, observed: Node, policy: Policy) -> tuple[dict, dict]:
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


def initial_values(desired: Node) -> dict:
    """A wanted thing's values, with those that a new one needs and the user did not give."""
    values = dict(desired.values)
    for field in desired.resource.fields:
        if field.initial and values.get(field.name) is None:
            values[field.name] = field.initial(values)
    return values


def _without_moved(steps: list) -> list:
    """A thing that can be joined to one parent only leaves its old one by being joined to a new one."""
    joined = {step.key[-1] for step in steps if step.resource.exclusive and step.action == CREATE}
    return [step for step in steps if not (
        step.resource.exclusive and step.action == DELETE and step.key[-1] in joined
    )]


def _guard(steps: list, observed: Node, policy: Policy) -> None:
    removed = [step for step in steps if step.action == DELETE and not step.asked]
    # What is always there cannot be removed, so it does not count.
    there = sum(node.resource.blank is None for node in _nodes(observed)) - 1
    if removed and len(removed) * 100 > there * policy.removal_limit:
        shown = "; ".join(map(str, removed[:5])) + ("; …" if len(removed) > 5 else "")
        raise TrunklineError(
            f"This would remove {len(removed)} of {there} things that are there, which is more than"
            f" {policy.removal_limit} %: {shown}.",
            "If that is meant, raise removal_limit for this run.",
            removals=[str(step) for step in removed],
        )


def _nodes(node: Node):
    yield node
    for nodes in node.children.values():
        for child in nodes:
            yield from _nodes(child)


def _title(key: tuple) -> str:
    kind, *identity = key[-1]
    return f"{kind} {'/'.join(map(str, identity))}"
