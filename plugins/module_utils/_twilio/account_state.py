# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the state of a Twilio account, as far as resources are declared."""

from __future__ import annotations

from functools import partial
from typing import Any, Iterable, Iterator, Mapping, Sequence

from .._core.errors import Ambiguous, TrunklineError
from .._core.resource import Key, Node, Resource
from .client import ApiClient
from .endpoint import endpoint_of, values_of
from .resources.account import ACCOUNT

TOP_LEVEL = {child.kind: child for child in ACCOUNT.children}


class Missing(TrunklineError):
    """A declared resource refers to one that does not exist."""


class AccountState:
    """The account behind a client. Each kind of top-level resource is read once, when it is first needed.

    :ivar client: the client, for the hooks of resources.
    """

    def __init__(self, client: ApiClient) -> None:
        self.client = client
        self._nodes: dict[str, list[Node]] = {}                     # by kind
        self._bodies: dict[str, list[Mapping[str, Any]]] = {}       # the same, as Twilio answered

    def observe(self, desired: Node) -> Node:
        """Read the current state of everything declared, limited to what is managed.

        :param desired: the account. :returns: the account.
        :raises Ambiguous: where several resources have a declared name, with all of their SIDs.
        """
        self._load(_kinds(desired))
        found = {
            child.option: self._matching(child, desired.children[child.option])
            for child in desired.resource.children if child.option in desired.children
        }
        pairs = [(node, seen) for rows in found.values() for node, seen in rows if node is not None]
        children = self._read_children(
            [(seen, child) for node, seen in pairs for child in seen.resource.children if _manages(node, child)]
        )
        return desired.but(
            id=self.client.account_sid,
            children={
                option: tuple(seen.but(children=children.get(seen.id, {})) for dummy, seen in rows)
                for option, rows in found.items()
            },
        )

    def inspect(self, kinds: Iterable[str]) -> list[Node]:
        """Read all resources of these kinds, with all that they contain."""
        kinds = list(kinds)
        self._load({*kinds, *(link.kind for kind in kinds for link in TOP_LEVEL[kind].children if link.link)})
        nodes = [node for kind in kinds for node in self.known(kind)]
        children = self._read_children([(node, child) for node in nodes for child in node.resource.children])
        return [node.but(children=children.get(node.id, {})) for node in nodes]

    def missing(self, desired: Node) -> list[Missing]:
        """List the references of declared resources to resources that will not exist."""
        declared = [node for nodes in desired.children.values() for node in nodes]
        made = {node.key for node in declared if not node.deleted}
        deleted = {node.key for node in declared if node.deleted}

        def exists(key: Key) -> bool:
            return key not in deleted and (key in made or any(row.key == key for row in self.known(key[0])))

        return [
            Missing(
                f"{option} of {node.title}: there is no {TOP_LEVEL[kind].described(name)} in this account.",
                "Make it first, or correct the name.",
            )
            for node in desired.walk() for option, kind, name in _references(node) if not exists((kind, name))
        ]

    def annotate(self, desired: Node) -> Node:
        """Note on each declared link what attaching its target ends."""
        children = {option: tuple(map(self.annotate, nodes)) for option, nodes in desired.children.items()}
        return desired.but(children=children, note=self._side_effects(desired) or desired.note)

    def _side_effects(self, link: Node) -> str:
        if not link.resource.link:
            return ""
        describe = endpoint_of(link.resource).side_effects
        if describe is None:
            return ""
        target = next((row for row in self.known(link.resource.kind) if row.key == link.key), None)
        return describe(target) if target else ""

    def sid_of(self, kind: str, name: str) -> str:
        """Return the SID of a top-level resource.

        :raises Missing: where none has the name.
        :raises Ambiguous: where several have it.
        """
        rows = [row for row in self.known(kind) if row.key == (kind, name) or row.id == name]
        if len(rows) > 1:
            raise _ambiguous(rows)
        if not rows:
            raise Missing(
                f"There is no {TOP_LEVEL[kind].described(name)} in this account.",
                "Make it first, or correct the name.",
            )
        return str(rows[0].id)

    def known(self, kind: str) -> list[Node]:
        """Return all top-level resources of this kind, as they were when they were read."""
        if kind not in self._nodes:
            self._load([kind])
        return self._nodes[kind]

    def remember(self, node: Node) -> None:
        """Add a top-level resource that this run has created."""
        if node.resource.kind in self._nodes:
            self._nodes[node.resource.kind].append(node)

    def siblings(self, resource: Resource, parents: tuple[str, ...]) -> list[Node]:
        """Read the current resources of this kind in a parent."""
        held_by = endpoint_of(resource).held_by
        if held_by:
            return [self.node(resource, row) for row in self._rows(resource, ()) if row.get(held_by) == parents[-1]]
        return [self.node(resource, row) for row in self._rows(resource, parents)]

    def check_owner(self, body: Mapping[str, Any]) -> None:
        """Refuse an answer about another account."""
        owner = body.get("account_sid", self.client.account_sid)
        if owner != self.client.account_sid:
            raise TrunklineError(
                f"{body.get('sid')} belongs to account {owner}, and account_sid is {self.client.account_sid}.",
                "Trunks belong to the account whose credentials are used. Give the credentials of the account that is"
                " named, or the account_sid of these credentials.",
            )

    def node(self, resource: Resource, body: Mapping[str, Any]) -> Node:
        """Convert an answer's JSON object to a node, with SIDs where it refers to others."""
        return Node(resource, values_of(resource, body), id=body[endpoint_of(resource).sid])

    def named(self, row: Node) -> dict[str, Any]:
        """Return the node's values, with names for the SIDs of what has been read; other SIDs stay."""
        values = dict(row.values)
        for field in row.resource.fields:
            if field.refers and values.get(field.name):
                for other in self._nodes.get(field.refers, ()):
                    if other.id == values[field.name]:
                        values[field.name] = other.resource.name_of(other.values)
                        break
        return values

    def _load(self, kinds: Iterable[str]) -> None:
        """Read these kinds concurrently."""
        # Targets of references come first: a number's row holds the SID of its trunk, and shows its name.
        kinds = [kind for kind in TOP_LEVEL if kind in kinds]
        lists = self.client.all([partial(self._rows, TOP_LEVEL[kind], ()) for kind in kinds])
        for kind, bodies in zip(kinds, lists):
            self._bodies[kind] = bodies
            self._nodes[kind] = [self.node(TOP_LEVEL[kind], body) for body in bodies]
        for kind in kinds:
            self._nodes[kind] = [row.but(values=self.named(row)) for row in self._nodes[kind]]

    def _rows(self, resource: Resource, parents: tuple[str, ...]) -> list[Mapping[str, Any]]:
        rows = list(self.client.rows(endpoint_of(resource), parents))
        for row in rows:
            self.check_owner(row)
        return rows

    def _matching(self, resource: Resource, nodes: Sequence[Node]) -> list[tuple[Node | None, Node]]:
        """Pair declared top-level resources with existing ones.

        The first of a pair is None where the resource always exists and is not declared, and where it has the alternate
        key of a declared one that exists too.
        """
        by_key: dict[Key, list[Node]] = {}
        for row in self.known(resource.kind):
            by_key.setdefault(row.key, []).append(row)
        found: list[tuple[Node | None, Node]] = []
        for node in nodes:
            same = by_key.get(node.key, [])
            if len(same) > 1:
                raise _ambiguous(same)
            found += [(node, row) for row in same]
        if resource.reset_to is not None:
            declared = {node.key for node in nodes}
            return found + [(None, row) for row in self.known(resource.kind) if row.key not in declared]
        if resource.alternate_key:
            others = {node.values.get(resource.alternate_key): node for node in nodes}
            others.pop(None, None)
            for row in self.known(resource.kind):
                other = others.get(row.values.get(resource.alternate_key))
                if other is not None and all(row is not seen for dummy, seen in found):
                    found.append((None if other.key in by_key else other, row))
        return found

    def _read_children(self, wanted: list[tuple[Node, Resource]]) -> dict[str | None, dict[str, tuple[Node, ...]]]:
        """Read these kinds of children of these parents: parent's SID to option to nodes.

        Twilio lists most of them by parent alone, so that is a request each. What the parents' own rows and the
        account's lists show already is not requested.
        """
        requested = [
            (parent, child) for parent, child in wanted
            if not endpoint_of(child).held_by and not _known_empty(parent, child)
        ]
        lists = self.client.all([partial(self.siblings, child, (str(parent.id),)) for parent, child in requested])
        found: dict[str | None, dict[str, tuple[Node, ...]]] = {}
        for parent, child in wanted:
            field = endpoint_of(child).held_by
            held = [row for row in self._bodies[child.kind] if row.get(field) == parent.id] if field else []
            found.setdefault(parent.id, {})[child.option] = tuple(self.node(child, row) for row in held)
        for (parent, child), nodes in zip(requested, lists):
            found[parent.id][child.option] = tuple(nodes)
        return found


def _known_empty(parent: Node, child: Resource) -> bool:
    """Return whether the parent's row shows that it has no such link."""
    field, value = endpoint_of(child).listed_in or ("", "")
    listed = parent.values.get(field)
    return listed is not None and value not in listed


def _kinds(desired: Node) -> set[str]:
    """Return the kinds of top-level resources that have to be read."""
    kinds = {child.kind for child in desired.resource.children if child.option in desired.children}
    for node in desired.walk():
        kinds |= {child.kind for child in node.resource.children if child.link and _manages(node, child)}
        kinds |= {field.refers for field in node.resource.fields if field.refers and field.name in node.values}
    return kinds


def _manages(desired: Node, child: Resource) -> bool:
    """Return whether these children are managed. A deleted resource has its links detached first, declared or not."""
    return child.option in desired.children or (child.link and desired.deleted)


def _references(node: Node) -> Iterator[tuple[str, str, str]]:
    """Yield (option, kind, name) of each reference of a declared resource."""
    if node.deleted:
        return
    for field in node.resource.fields:
        if field.refers and node.values.get(field.name):
            yield field.name, field.refers, node.values[field.name]
    for child in node.resource.children:
        if child.link:
            for link in node.children.get(child.option, ()):
                yield child.option, child.kind, link.key[1]


def _ambiguous(rows: list[Node]) -> Ambiguous:
    sids, resource = [str(row.id) for row in rows], rows[0].resource
    return Ambiguous(
        f"{len(rows)} {resource.kind}s are called {resource.name_of(rows[0].values)}: {', '.join(sids)}.",
        "Rename or remove all but one of them; nobody can tell which one is meant.",
        sids=sids,
    )
