# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to be done so that what is seen becomes what is wanted. Pure: nothing here reads or writes a service."""

from __future__ import annotations

from dataclasses import dataclass, field as dataclass_field
from typing import Any, Mapping, Optional

from .errors import TrunklineError
from .resource import COMPUTED, IMMUTABLE, WRITE_ONLY, Node, Resource

CREATE, UPDATE, DELETE = "create", "update", "delete"
_LINK_WORDS = {CREATE: ("attach", " to "), DELETE: ("detach", " from ")}


@dataclass(frozen=True)
class Policy:
    """What a plan may do beyond adding and changing.

    :param keep_extras: the options whose lists are only added to; others are made exactly what was declared.
    :param resend_secrets: send write-only values to things that exist already. They cannot be compared, so this is
        a change each time.
    """

    keep_extras: frozenset = frozenset()
    resend_secrets: bool = False


@dataclass(frozen=True)
class Step:
    """One request to the service.

    :param key: the keys of the thing and all it lives in, the outermost first.
    :param values: what is sent: all that is known for a creation, what differs for an update.
    :param before: an update's fields as they were.
    :param id: the id of a thing that exists, or of what a link leads to; None where it will only be known then.
    :param managed: of a creation: the options of the children that are managed in it.
    """

    action: str
    resource: Resource
    key: tuple
    values: Mapping = dataclass_field(default_factory=dict)
    before: Mapping = dataclass_field(default_factory=dict)
    id: Optional[str] = None
    managed: tuple = ()

    def __str__(self) -> str:
        names = [f"{kind} {'/'.join(map(str, identity))}" for kind, *identity in reversed(self.key)]
        verb, joint = _LINK_WORDS[self.action] if self.resource.link else (self.action, " of ")
        fields = f" ({', '.join(sorted(self.values))})" if self.action == UPDATE else ""
        return f"{verb} {joint.join(names)}{fields}"


@dataclass(frozen=True)
class Plan:
    """The steps in the order in which they are safe. No steps means that nothing changes."""

    steps: tuple = ()

    def __bool__(self) -> bool:
        return bool(self.steps)


def plan(desired: Optional[Node], observed: Optional[Node], policy: Policy = Policy()) -> Plan:
    """Compares what is wanted with what was seen.

    :param desired: None: it should not be there.
    :param observed: None: it is not there.
    :raises TrunklineError: where a change would lose what the user did not speak of.
    """
    if desired is None:
        return Plan(tuple(_removal(observed, ()))) if observed else Plan()
    return Plan(tuple(_node(desired, observed, (), policy)))


def _node(desired: Node, observed: Optional[Node], parents: tuple, policy: Policy) -> list:
    key = (*parents, desired.key)
    if observed is not None and _must_be_made_anew(desired, observed):
        return [*_removal(observed, parents), *_node(desired, None, parents, policy)]
    steps = []
    if observed is None:
        managed = tuple(desired.children)
        steps.append(Step(CREATE, desired.resource, key, _initial_values(desired), id=desired.id, managed=managed))
    else:
        sent, before = _differences(desired, observed, policy)
        if sent:
            steps.append(Step(UPDATE, desired.resource, (*parents, observed.key), sent, before, observed.id))
    for child in desired.resource.children:
        if child.option in desired.children:
            seen = observed.children.get(child.option, ()) if observed else ()
            steps += _siblings(child, desired.children[child.option], seen, key, policy)
    return steps


def _siblings(child: Resource, wanted: tuple, seen: tuple, parents: tuple, policy: Policy) -> list:
    """Changes first, since one may free a name that an addition needs; removals last: an address that replaces another
    must not leave a gap between them."""
    partners = _partners(child, wanted, seen)
    steps = []
    for node in sorted(wanted, key=lambda node: node.key not in partners):
        steps += _node(node, partners.get(node.key), parents, policy)
    if child.option not in policy.keep_extras:
        paired = {id(node) for node in partners.values()}
        for node in seen:
            if id(node) not in paired:
                steps += _removal(node, parents)
    return steps


def _partners(child: Resource, wanted: tuple, seen: tuple) -> dict:
    """Key of a wanted thing to the thing seen that is it, or that becomes it."""
    by_key: dict[tuple, Node] = {}
    for node in seen:
        by_key.setdefault(node.key, node)
    partners = {node.key: by_key[node.key] for node in wanted if node.key in by_key}
    if child.other_name:
        spare = {node.values.get(child.other_name): node for key, node in by_key.items() if key not in partners}
        for node in wanted:
            name = _initial_values(node).get(child.other_name)
            if node.key not in partners and name in spare:
                partners[node.key] = spare.pop(name)
    return partners


def _removal(observed: Node, parents: tuple) -> list:
    """Links are taken off first; what a thing contains goes with it."""
    key = (*parents, observed.key)
    links = [
        Step(DELETE, node.resource, (*key, node.key), id=node.id)
        for nodes in observed.children.values()
        for node in nodes
        if node.resource.link
    ]
    return [*links, Step(DELETE, observed.resource, key, id=observed.id)]


def _must_be_made_anew(desired: Node, observed: Node) -> bool:
    fixed = [
        field.name
        for field in desired.resource.fields
        if field.mode == IMMUTABLE
        and field.name in desired.values
        and not field.same(desired.values[field.name], observed.values.get(field.name))
    ]
    lost = [child.option for child in desired.resource.children if child.option not in desired.children]
    if fixed and lost:
        raise TrunklineError(
            f"{', '.join(fixed)} of {desired.title} can only be changed by making it anew, which would lose its"
            f" {' and '.join(lost)}.",
            f"Declare {' and '.join(lost)} too, or leave {', '.join(fixed)} as it is.",
        )
    return bool(fixed)


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


def _initial_values(desired: Node) -> dict:
    values = dict(desired.values)
    for field in desired.resource.fields:
        if field.initial and field.name not in values:
            values[field.name] = field.initial(values)
    return values
