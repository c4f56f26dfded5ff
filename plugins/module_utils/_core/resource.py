# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a resource is: its identity, its fields, and what it contains. Declarations only, no behaviour of a service."""

from __future__ import annotations

from dataclasses import dataclass, field as dataclass_field, replace
from typing import Any, Callable, Iterable, Mapping, Optional

MUTABLE, WRITE_ONLY, COMPUTED = "mutable", "write-only", "computed"
SCALAR, SET, ORDERED = "scalar", "set", "ordered"

#: Where a write-only value would stand in a diff: nobody can read it back, and nobody should see it.
KEPT = "(kept, cannot be read)"
SENT = "(sent by this run, not shown)"


@dataclass(frozen=True)
class Field:
    """One property of a resource.

    :param name: the module's option, and the name in diffs and results.
    :param wire: the service's name for it, in snake_case; the option's own name where not given. A dot leads into an
        object of the answer: `recording.mode`.
    :param part: the service takes it at this path below the thing, and not with the rest.
    :param type: an Ansible argument type: `str`, `bool`, `int` or `list`.
    :param mode: `MUTABLE`; `WRITE_ONLY`, sent but never answered; `COMPUTED`, answered but never sent.
    :param compare: `SCALAR`; `SET` and `ORDERED` for lists.
    :param check: takes the user's value, returns its normal form, raises ValueError with a sentence.
    :param seen: brings what the service answers into the same normal form.
    :param default: what the service fills in where a new resource does not say.
    :param initial: makes the value that a new resource needs from its other values, where the user gave none.
    :param required: a user must give it. :param needed: a user must give it for a thing that is not there yet.
    :param clearable: an empty text clears it. :param unique: no two siblings can have the same.
    :param refers: the kind of thing, one of the account's own, whose name it holds; the service holds that thing's id.
    :param shown: of a computed field: whether diffs and results show it.
    """

    name: str
    wire: str = ""
    part: str = ""
    type: str = "str"
    mode: str = MUTABLE
    compare: str = SCALAR
    secret: bool = False
    choices: tuple = ()
    check: Optional[Callable[[Any], Any]] = None
    seen: Optional[Callable[[Any], Any]] = None
    default: Any = None
    initial: Optional[Callable[[Mapping], Any]] = None
    required: bool = False
    needed: bool = False
    clearable: bool = False
    unique: bool = False
    refers: str = ""
    shown: bool = False

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
    :param other_name: a field by which a person knows it as well. Where a wanted thing is not there but one that is not
        wanted has this in common with it, that one is changed into it.
    :param park: from an other name to one for the moment in which two things change theirs.
    :param option: as a child: the parent's option that lists it.
    :param children: kinds that live in it, in the order in which they are made.
    :param link: it only joins its parent to a thing of the same kind that lives elsewhere; deleting it takes nothing
        away. :param exclusive: of a link: the thing can be joined to one parent only, so a new link ends the old one.
    :param makes: the state in which one is made where there is none; in others a missing one is an error.
    :param removes: the state in which one is removed.
    :param shared: others may have made some of them: one that was not declared is never removed.
    :param blank: they are always there. One that was not declared gets these values instead of being removed.
    :param limit: how many the service allows beside one another, 0 where it does not matter.
    :param level: from the values to a number: those of a higher level need those of a lower one.
    :param check: from the options to sentences about what does not go together.
    :param effects: from an update's values to what else the service changes then.
    :param service: what the driver needs to reach it; nothing in `_core` looks into it.
    """

    kind: str
    identity: tuple
    fields: tuple
    other_name: str = ""
    park: Optional[Callable[[str], str]] = None
    option: str = ""
    children: tuple = ()
    link: bool = False
    exclusive: bool = False
    makes: str = "present"
    removes: str = "absent"
    shared: bool = False
    blank: Optional[Mapping] = None
    limit: int = 0
    level: Callable[[Mapping], int] = lambda values: 0
    check: Callable[[Mapping], Iterable[str]] = lambda params: ()
    effects: Callable[[Mapping], Mapping] = lambda values: {}
    service: Any = None

    def name_of(self, values: Mapping) -> str:
        """How a thing of this kind is named in a message."""
        return "/".join(str(values[name]) for name in self.identity)

    def key_of(self, values: Mapping) -> tuple:
        """(kind, identity…): unique among siblings."""
        return (self.kind, *(values[name] for name in self.identity))

    @property
    def unique_name(self) -> str:
        """The other name, where no two siblings can have the same; otherwise nothing."""
        return next((field.name for field in self.fields if field.unique and field.name == self.other_name), "")

    def settable(self) -> tuple:
        """The fields that a user can give."""
        return tuple(field for field in self.fields if field.mode != COMPUTED)

    def states(self) -> tuple:
        """The states that a user can ask for, the usual one first."""
        return tuple(dict.fromkeys(("present", self.makes, self.removes)))


@dataclass(frozen=True)
class Node:
    """One thing, as it is wanted or as it was seen.

    :param values: field name to value. A wanted thing holds what was given, a seen thing what was answered.
    :param children: option to nodes. An option that is missing here is not managed (wanted) or was not read (seen).
    :param id: the service's own id; of a link, the id of what it leads to.
    :param state: of a wanted thing: one of its resource's states.
    :param note: of a link: what else joining it does, for the user.
    """

    resource: Resource
    values: Mapping
    children: Mapping = dataclass_field(default_factory=dict)
    id: Optional[str] = None
    state: str = "present"
    note: str = ""

    @property
    def key(self) -> tuple:
        return self.resource.key_of(self.values)

    @property
    def title(self) -> str:
        return f"{self.resource.kind} {self.resource.name_of(self.values)}"

    def but(self, **changes) -> Node:
        """A copy with other values, children or id."""
        return replace(self, **changes)


def render(node: Optional[Node], ids: bool = False) -> dict:
    """A node as plain data for a diff: fields by name, children sorted by identity. It has no secret.

    :param ids: with the service's own id of each thing, as `sid`.
    :returns: an empty dict for None, which is how Ansible shows what is not there.
    """
    if node is None:
        return {}
    shown: dict = {"sid": node.id} if ids and node.id and not node.resource.link else {}
    for field in node.resource.fields:
        if field.mode == WRITE_ONLY:
            shown[field.name] = SENT if node.values.get(field.name) is not None else KEPT
        elif field.name in node.values and (field.mode != COMPUTED or field.shown):
            shown[field.name] = node.values[field.name]
    for child in node.resource.children:
        if child.option in node.children:
            rows = sorted(node.children[child.option], key=lambda row: tuple(map(str, row.key)))
            shown[child.option] = [child.name_of(row.values) if child.link else render(row, ids) for row in rows]
    return shown
