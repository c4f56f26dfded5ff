# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a resource is: its identity, its fields, and what it contains. Declarations only, no behaviour of a service."""

from __future__ import annotations

from dataclasses import dataclass, field as dataclass_field, replace
from typing import Any, Callable, Mapping, Optional

MUTABLE, IMMUTABLE, WRITE_ONLY, COMPUTED = "mutable", "immutable", "write-only", "computed"
SCALAR, SET, ORDERED = "scalar", "set", "ordered"

#: Where a write-only value would stand in a diff: nobody can read it back, and nobody should see it.
KEPT = "(kept, cannot be read)"
SENT = "(sent by this run, not shown)"


@dataclass(frozen=True)
class Field:
    """One property of a resource.

    :param name: the module's option, and the name in diffs and results.
    :param wire: the service's name for it, in snake_case; the option's own name where not given.
    :param type: an Ansible argument type: `str`, `bool`, `int` or `list`.
    :param mode: `MUTABLE`; `IMMUTABLE`, a change makes the thing anew; `WRITE_ONLY`, sent but never answered;
        `COMPUTED`, answered but never sent.
    :param compare: `SCALAR`; `SET` and `ORDERED` for lists.
    :param check: takes the user's value, returns its normal form, raises ValueError with a sentence.
    :param default: what the service fills in where a new resource does not say.
    :param initial: makes the value that a new resource needs from its other values, where the user gave none.
    :param required: a user must give it.
    """

    name: str
    wire: str = ""
    type: str = "str"
    mode: str = MUTABLE
    compare: str = SCALAR
    secret: bool = False
    choices: tuple = ()
    check: Optional[Callable[[Any], Any]] = None
    default: Any = None
    initial: Optional[Callable[[Mapping], Any]] = None
    required: bool = False

    def same(self, one: Any, other: Any) -> bool:
        """Whether two values mean the same to the service."""
        if self.compare == SET:
            return set(one or ()) == set(other or ())
        if self.compare == ORDERED:
            return list(one or ()) == list(other or ())
        return one == other


@dataclass(frozen=True)
class Resource:
    """A kind of thing that can be declared.

    :param kind: what a person calls it: "IP access control list".
    :param identity: the fields that tell it from its siblings.
    :param other_name: a field that is unique among siblings as well. Where a wanted thing is not there but one that is
        not wanted has this in common with it, that one is changed into it: made beside it, the service would refuse it.
    :param option: as a child: the parent's option that lists it.
    :param children: kinds that live in it, in the order in which they are made.
    :param link: it only joins its parent to a thing that lives elsewhere; deleting it takes nothing away.
    :param target: of a link: the resource that it leads to.
    :param service: what the driver needs to reach it; nothing in `_core` looks into it.
    """

    kind: str
    identity: tuple
    fields: tuple
    other_name: str = ""
    option: str = ""
    children: tuple = ()
    link: bool = False
    target: Optional[Resource] = None
    service: Any = None

    def name_of(self, values: Mapping) -> str:
        """How a thing of this kind is named in a message."""
        return "/".join(str(values[name]) for name in self.identity)

    def key_of(self, values: Mapping) -> tuple:
        """(kind, identity…): unique among siblings."""
        return (self.kind, *(values[name] for name in self.identity))

    def settable(self) -> tuple:
        """The fields that a user can give."""
        return tuple(field for field in self.fields if field.mode != COMPUTED)


@dataclass(frozen=True)
class Node:
    """One thing, as it is wanted or as it was seen.

    :param values: field name to value. A wanted thing holds what was given, a seen thing what was answered.
    :param children: option to nodes. An option that is missing here is not managed (wanted) or was not read (seen).
    :param id: the service's own id; of a link, the id of what it leads to.
    """

    resource: Resource
    values: Mapping
    children: Mapping = dataclass_field(default_factory=dict)
    id: Optional[str] = None

    @property
    def key(self) -> tuple:
        return self.resource.key_of(self.values)

    @property
    def title(self) -> str:
        return f"{self.resource.kind} {self.resource.name_of(self.values)}"

    def but(self, **changes) -> Node:
        """A copy with other values, children or id."""
        return replace(self, **changes)


def render(node: Optional[Node]) -> dict:
    """A node as plain data for a diff: fields by name, children sorted by identity.

    It has no ids, no computed fields and no secret.

    :returns: an empty dict for None, which is how Ansible shows what is not there.
    """
    if node is None:
        return {}
    shown: dict = {}
    for field in node.resource.settable():
        if field.mode == WRITE_ONLY:
            shown[field.name] = SENT if node.values.get(field.name) is not None else KEPT
        elif field.name in node.values:
            shown[field.name] = node.values[field.name]
    for child in node.resource.children:
        if child.option in node.children:
            rows = sorted(node.children[child.option], key=lambda row: tuple(map(str, row.key)))
            shown[child.option] = [child.name_of(row.values) if child.link else render(row) for row in rows]
    return shown
