# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration of a kind of resource: its identity, its fields, and what it contains. No behaviour of a service."""

from __future__ import annotations

from dataclasses import dataclass, field as dataclass_field, replace
from typing import Any, Callable, Iterable, Iterator, Mapping

MUTABLE, WRITE_ONLY, COMPUTED = "mutable", "write-only", "computed"
SCALAR, SET = "scalar", "set"

#: Stands in a diff for a write-only value: nobody can read it back, and nobody should see it.
KEPT = "(kept, cannot be read)"
SENT = "(sent by this run, not shown)"

#: Field name to value.
Values = Mapping[str, Any]
#: (kind, identity…): unique among siblings.
Key = tuple[Any, ...]
#: The keys of a resource and of all that contain it, the outermost first.
Path = tuple[Key, ...]


@dataclass(frozen=True)
class Field:
    """One property of a resource.

    :param name: the module's option, and the name in diffs and results.
    :param wire: the service's name for it, in snake_case; by default the option's own name. A dot leads into an object
        of the answer: `recording.mode`.
    :param part: a path below the resource; the field is sent there, apart from the others.
    :param type: an Ansible argument type: `str`, `bool`, `int` or `list`.
    :param mode: `MUTABLE`; `WRITE_ONLY`, sent but never answered; `COMPUTED`, answered but never sent.
    :param compare: `SCALAR`, or `SET` for a list whose order means nothing.
    :param check: takes the user's value, returns its normal form, raises ValueError with a sentence.
    :param seen: brings the service's answer into the same normal form.
    :param default: the value that the service gives a new resource that does not set it.
    :param initial: default for a new resource, computed from its other values.
    :param required: a user must give it. :param needed: a user must give it for a resource that does not exist yet.
    :param clearable: an empty text clears it. :param unique: no two siblings can have the same.
    :param refers: the kind of a top-level resource whose name it holds; the service holds that resource's id.
    :param shown: of a computed field: whether diffs and results show it.
    """

    name: str
    wire: str = ""
    part: str = ""
    type: str = "str"
    mode: str = MUTABLE
    compare: str = SCALAR
    secret: bool = False
    choices: tuple[Any, ...] = ()
    check: Callable[[Any], Any] | None = None
    seen: Callable[[Any], Any] | None = None
    default: Any = None
    initial: Callable[[Values], Any] | None = None
    required: bool = False
    needed: bool = False
    clearable: bool = False
    unique: bool = False
    refers: str = ""
    shown: bool = False

    def same(self, one: Any, other: Any) -> bool:
        """Return whether two values mean the same to the service."""
        if self.compare == SET:
            return set(one or ()) == set(other or ())
        return bool(one == other)


def _always_zero(dummy: Values) -> int:
    return 0


def _no_problems(dummy: Values) -> Iterable[str]:
    return ()


def _no_effects(dummy: Values) -> Values:
    return {}


@dataclass(frozen=True)
class Resource:
    """A kind of resource that can be declared.

    :param kind: what a person calls it: "IP access control list".
    :param identity: the fields that distinguish it from its siblings.
    :param alternate_key: a second field that people know it by. If nothing matches by `identity` but an undeclared
        resource has the same value here, that one is updated in place instead of replaced.
    :param temporary_name: makes a free alternate key out of one, for the moment in which two resources swap theirs.
    :param option: as a child: the parent's option that lists it.
    :param children: the kinds that it contains, in the order in which they are made.
    :param link: it only joins its parent to a top-level resource of the same kind; deleting it deletes nothing else.
    :param single_owner: of a link: its target has one parent at most, so a new link ends the old one.
    :param create_state: the state in which a missing one is created; in other states a missing one is an error.
    :param delete_state: the state in which one is removed.
    :param additive: others may have made some of them: a resource that is not declared is never removed.
    :param reset_to: they always exist. A resource that is not declared gets these values instead of being removed.
    :param limit: how many the service allows in one parent; 0: not known.
    :param depth: from the values to a number: resources of a greater depth depend on those of a lesser one.
    :param check: from the options to sentences about what does not go together.
    :param effects: from an update's values to what else the service changes then.
    :param service: what the driver needs to reach it; nothing in `_core` looks into it.
    """

    kind: str
    identity: tuple[str, ...]
    fields: tuple[Field, ...]
    alternate_key: str = ""
    temporary_name: Callable[[str], str] | None = None
    option: str = ""
    children: tuple[Resource, ...] = ()
    link: bool = False
    single_owner: bool = False
    create_state: str = "present"
    delete_state: str = "absent"
    additive: bool = False
    reset_to: Values | None = None
    limit: int = 0
    depth: Callable[[Values], int] = _always_zero
    check: Callable[[Values], Iterable[str]] = _no_problems
    effects: Callable[[Values], Values] = _no_effects
    service: Any = None

    def name_of(self, values: Values) -> str:
        """Return the name of a resource of this kind for messages."""
        return "/".join(str(values[name]) for name in self.identity)

    def key_of(self, values: Values) -> Key:
        return (self.kind, *(values[name] for name in self.identity))

    def described(self, name: str) -> str:
        """Return the kind with a name: "trunk called Main", "phone number +17756187988"."""
        return f"{self.kind} called {name}" if self.identity == ("name",) else f"{self.kind} {name}"

    @property
    def unique_name(self) -> str:
        """The alternate key, where no two siblings can have the same; otherwise nothing."""
        return next((field.name for field in self.fields if field.unique and field.name == self.alternate_key), "")

    def settable(self) -> tuple[Field, ...]:
        """Return the fields that a user can give."""
        return tuple(field for field in self.fields if field.mode != COMPUTED)

    def states(self) -> tuple[str, ...]:
        """Return the states that a user can ask for, the usual one first."""
        return tuple(dict.fromkeys(("present", self.create_state, self.delete_state)))


@dataclass(frozen=True)
class Node:
    """One resource, as it is declared or as it was observed.

    :param values: a declared resource holds what was given, an observed one what was answered.
    :param children: option to nodes. An option that is missing here is not managed (declared) or was not read
        (observed).
    :param id: the service's own id; of a link, its target's id.
    :param state: of a declared resource: one of its kind's states.
    :param note: of a link: its side effects, for the user.
    """

    resource: Resource
    values: Values
    children: Mapping[str, tuple[Node, ...]] = dataclass_field(default_factory=dict)
    id: str | None = None
    state: str = "present"
    note: str = ""

    @property
    def key(self) -> Key:
        return self.resource.key_of(self.values)

    @property
    def title(self) -> str:
        return f"{self.resource.kind} {self.resource.name_of(self.values)}"

    @property
    def deleted(self) -> bool:
        """Whether it is declared in the state that removes it."""
        return self.state == self.resource.delete_state

    def but(self, **changes: Any) -> Node:
        """Copy it with other values, children or id."""
        return replace(self, **changes)

    def walk(self) -> Iterator[Node]:
        """Yield it and all that it contains, parents first."""
        yield self
        for nodes in self.children.values():
            for child in nodes:
                yield from child.walk()


def render(node: Node | None, ids: bool = False) -> dict[str, Any]:
    """Turn a node into plain data for a diff: fields by name, children sorted by identity. Secrets are not included.

    :param ids: include the service's own id of each resource, as `sid`.
    :returns: an empty dict for None, which is how Ansible shows that nothing exists.
    """
    if node is None:
        return {}
    shown: dict[str, Any] = {"sid": node.id} if ids and node.id and not node.resource.link else {}
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
