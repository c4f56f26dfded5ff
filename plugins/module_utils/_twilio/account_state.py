# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sees what is in a Twilio account, as the declarations say."""

from __future__ import annotations

from functools import partial
from typing import Iterable, Mapping, Optional

from .._core.errors import Ambiguous, TrunklineError
from .._core.resource import Node, Resource
from .client import ApiClient
from .endpoint import values_of
from .resources.account import ACCOUNT

OWN = {child.kind: child for child in ACCOUNT.children}


class Missing(TrunklineError):
    """Something that is referred to does not exist."""


class AccountState:
    """The account behind a client. What it has read of the account's own things it knows from then on."""

    def __init__(self, client: ApiClient):
        self.client = client
        self._rows: dict[str, list[Node]] = {}          # of the account's own things, by kind
        self._held: dict[str, list[Mapping]] = {}       # and as Twilio answered them

    def observe(self, wanted: Node) -> Node:
        """What is there of all that is wanted, as far as it is managed.

        :param wanted: the account. :returns: the account.
        :raises Ambiguous: where more than one thing has a name, with all of their SIDs.
        """
        self._read(_kinds(wanted))
        found = {
            child.option: self._found(child, wanted.children[child.option])
            for child in wanted.resource.children if child.option in wanted.children
        }
        pairs = [(node, seen) for option, rows in found.items() for node, seen in rows if node is not None]
        children = self._children(
            [(seen, child) for node, seen in pairs for child in seen.resource.children if _managed(child, node)]
        )
        return wanted.but(
            id=self.client.account_sid,
            children={
                option: tuple(seen.but(children=children.get(seen.id, {})) for _, seen in rows)
                for option, rows in found.items()
            },
        )

    def inspect(self, kinds: Iterable[str]) -> list[Node]:
        """All of the account's things of these kinds, with all that they contain."""
        kinds = list(kinds)
        self._read({*kinds, *(link.kind for kind in kinds for link in OWN[kind].children if link.link)})
        nodes = [node for kind in kinds for node in self._rows[kind]]
        children = self._children([(node, child) for node in nodes for child in node.resource.children])
        return [node.but(children=children.get(node.id, {})) for node in nodes]

    def missing(self, wanted: Node) -> list[Missing]:
        """What the wanted things refer to and will not be there."""
        known = {(kind, *row.key[1:]) for kind, rows in self._rows.items() for row in rows}
        own = [node for nodes in wanted.children.values() for node in nodes]
        known |= {node.key for node in own if node.state != node.resource.delete_state}
        known -= {node.key for node in own if node.state == node.resource.delete_state}
        return [
            Missing(
                f"{place} of {node.title}: there is no {kind}{'' if kind == 'phone number' else ' called'} {name}"
                " in this account.",
                "Make it first, or correct the name.",
            )
            for node in _each(wanted) for place, kind, name in _references(node) if (kind, name) not in known
        ]

    def annotate(self, wanted: Node) -> Node:
        """The wanted things with what attaching their numbers clears and ends."""
        numbers = {row.key: row for row in self._rows.get("phone number", ())}

        def noted(node: Node) -> Node:
            children = {option: tuple(map(noted, nodes)) for option, nodes in node.children.items()}
            number = numbers.get(node.key) if node.resource.service and node.resource.service.held_by else None
            return node.but(children=children, note=_note(number) if number else node.note)

        return noted(wanted)

    def sid_of(self, kind: str, name: Optional[str]) -> Optional[str]:
        """The SID of one of the account's own things.

        :raises Ambiguous: where several have the name.
        """
        if name is None:
            return None
        rows = [row for row in self._rows.get(kind, ()) if row.key == (kind, name) or row.id == name]
        if len(rows) > 1:
            raise _ambiguous(rows)
        if not rows:
            raise Missing(f"There is no {kind} called {name} in this account.", "Make it first, or correct the name.")
        return rows[0].id

    def known(self, kind: str) -> list[Node]:
        """The account's own things of this kind, as they were when they were read."""
        return self._rows.get(kind, [])

    def remember(self, node: Node) -> None:
        """One of the account's own things that was made just now."""
        self._rows.setdefault(node.resource.kind, []).append(node)

    def siblings(self, resource: Resource, parents: tuple) -> list[Node]:
        """Everything of this kind in its parent, as it is now."""
        held_by = resource.service.held_by
        if held_by:
            return [self.node(resource, row) for row in self._bodies(resource, ()) if row.get(held_by) == parents[-1]]
        return [self.node(resource, row) for row in self._bodies(resource, parents)]

    # Reading

    def _read(self, kinds: Iterable[str]) -> None:
        # What others refer to comes first: a number's row holds the SID of its trunk, and shows its name.
        kinds = [kind for kind in OWN if kind in kinds]
        bodies = self.client.all([partial(self._bodies, OWN[kind], ()) for kind in kinds])
        for kind, found in zip(kinds, bodies):
            self._rows[kind] = [self.node(OWN[kind], body) for body in found]
        self._held.update(zip(kinds, bodies))
        for kind in kinds:
            self._rows[kind] = [row.but(values=self.named(row)) for row in self._rows[kind]]

    def _bodies(self, resource: Resource, parents: tuple) -> list[Mapping]:
        rows = list(self.client.rows(resource.service, parents))
        for row in rows:
            self.belongs(row)
        return rows

    def belongs(self, body: Mapping) -> None:
        """Raises TrunklineError where the answer is about another account."""
        owner = body.get("account_sid", self.client.account_sid)
        if owner != self.client.account_sid:
            raise TrunklineError(
                f"{body.get('sid')} belongs to account {owner}, and account_sid is {self.client.account_sid}.",
                "Trunks belong to the account whose credentials are used. Give the credentials of the account that is"
                " named, or the name of theirs.",
            )

    def node(self, resource: Resource, body: Mapping) -> Node:
        """An answer's JSON object as a node, with SIDs for what it refers to."""
        return Node(resource, values_of(resource, body), id=body[resource.service.sid])

    def named(self, row: Node) -> Mapping:
        """Its values, with names for the SIDs of what it refers to."""
        values = dict(row.values)
        for field in row.resource.fields:
            if field.refers and values.get(field.name):
                known = [other for other in self._rows.get(field.refers, ()) if other.id == values[field.name]]
                if known:
                    values[field.name] = known[0].resource.name_of(known[0].values)
        return values

    def _found(self, resource: Resource, nodes: tuple) -> list[tuple[Optional[Node], Node]]:
        """(what is wanted, what is there) of siblings that are the account's own; the first is None for what is always
        there, and for what has the other name of one that is there too."""
        by_key: dict[tuple, list[Node]] = {}
        for row in self._rows[resource.kind]:
            by_key.setdefault(row.key, []).append(row)
        found: list = []
        for node in nodes:
            same = by_key.get(node.key, [])
            if len(same) > 1:
                raise _ambiguous(same)
            found += [(node, row) for row in same]
        if resource.reset_to is not None:
            wanted = {node.key for node in nodes}
            return found + [(None, row) for row in self._rows[resource.kind] if row.key not in wanted]
        if resource.alternate_key:
            others = {node.values.get(resource.alternate_key): node for node in nodes}
            others.pop(None, None)
            for row in self._rows[resource.kind]:
                node = others.get(row.values.get(resource.alternate_key))
                if node is not None and all(row is not seen for _, seen in found):
                    found.append((None if node.key in by_key else node, row))
        return found

    def _children(self, wanted: list[tuple[Node, Resource]]) -> dict[str, dict]:
        """Parent's SID to option to nodes. Twilio lists most of it by parent alone, so that is a request each; what the
        parents' own rows and the account's lists tell already is not asked for."""
        read = [(parent, child) for parent, child in wanted if not child.service.held_by and not _none(parent, child)]
        lists = self.client.all([partial(self.siblings, child, (parent.id,)) for parent, child in read])
        found: dict[str, dict] = {}
        for parent, child in wanted:
            by = child.service.held_by
            held = [row for row in self._held[child.kind] if row.get(by) == parent.id] if by else ()
            found.setdefault(parent.id, {})[child.option] = tuple(self.node(child, row) for row in held)
        for (parent, child), nodes in zip(read, lists):
            found[parent.id][child.option] = tuple(nodes)
        return found


def _none(parent: Node, child: Resource) -> bool:
    """Whether the parent's row tells that it has no such link."""
    field, value = child.service.told_by or ("", "")
    told = parent.values.get(field)
    return told is not None and value not in told


def _kinds(wanted: Node) -> set[str]:
    """The kinds of the account's own things that have to be read."""
    kinds = {child.kind for child in wanted.resource.children if child.option in wanted.children}
    for node in _each(wanted):
        kinds |= {child.kind for child in node.resource.children if child.link and _managed(child, node)}
        kinds |= {field.refers for field in node.resource.fields if field.refers and field.name in node.values}
    return kinds


def _managed(child: Resource, wanted: Node) -> bool:
    """A thing that is to go has its links taken off first, even if nothing was said of them."""
    return child.option in wanted.children or (child.link and wanted.state == wanted.resource.delete_state)


def _each(node: Node):
    yield node
    for nodes in node.children.values():
        for child in nodes:
            yield from _each(child)


def _references(node: Node):
    """(option, kind, name) of what a wanted thing refers to."""
    if node.state == node.resource.delete_state:
        return
    for field in node.resource.fields:
        if field.refers and node.values.get(field.name):
            yield field.name, field.refers, node.values[field.name]
    for child in node.resource.children:
        if child.link:
            for link in node.children.get(child.option, ()):
                yield child.option, child.kind, link.key[1]


def _note(number: Node) -> str:
    notes = []
    if number.values.get("trunk"):
        notes.append(f"leaves trunk {number.values['trunk']}")
    if number.values.get("voice_application_sid"):
        notes.append(f"clears its voice application {number.values['voice_application_sid']}")
    if number.values.get("voice_url"):
        notes.append(f"its voice URL {number.values['voice_url']} is not asked any more")
    return ", ".join(notes)


def _ambiguous(rows: list[Node]) -> Ambiguous:
    sids, resource = [str(row.id) for row in rows], rows[0].resource
    return Ambiguous(
        f"{len(rows)} {resource.kind}s are called {resource.name_of(rows[0].values)}: {', '.join(sids)}.",
        "Rename or remove all but one of them; nobody can tell which one is meant.",
        sids=sids,
    )
