# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Observes and changes what is in a Twilio account, as the declarations say."""

from __future__ import annotations

from functools import partial
from typing import Iterable, Mapping, Optional

from .._core.errors import Ambiguous, TrunklineError
from .._core.plan import CREATE, DELETE, Step
from .._core.resource import Node, Resource
from .client import ATTEMPTS, Door
from .endpoint import forms, values_of
from .errors import ApiError, Unclear
from .resources.account import ACCOUNT
from .settle import Settler

OWN = {child.kind: child for child in ACCOUNT.children}


class Missing(TrunklineError):
    """Something that is referred to does not exist."""


class TwilioDriver:
    """`_core.apply`'s driver for Twilio, and the eyes that go with it.

    :ivar warnings: what the user should know although nothing failed.
    """

    def __init__(self, door: Door):
        self.door = door
        self.warnings: list[str] = []
        self._settler = Settler(self)
        self._rows: dict[str, list[Node]] = {}      # of the account's own things, by kind

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
            id=self.door.account_sid,
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
        """What the wanted things refer to and is neither there nor wanted itself."""
        known = {(kind, *row.key[1:]) for kind, rows in self._rows.items() for row in rows}
        own = [node for nodes in wanted.children.values() for node in nodes]
        known |= {node.key for node in own if node.state != node.resource.removes}
        return [
            Missing(
                f"{place}: there is no {kind} {'' if kind == 'phone number' else 'called '}{name} in this account.",
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

    def carry_out(self, wave: list) -> list:
        """See `_core.apply.Driver`."""
        resource = wave[0][0].resource
        if resource.blank is not None:
            return self._settler.permissions([step for step, _ in wave])
        outcomes = self.door.together([partial(self._one, step, parents[1:]) for step, parents in wave])
        if resource.service.lags:
            done = [job for job, outcome in zip(wave, outcomes) if isinstance(outcome, tuple)]
            self.warnings += self._settler.lists([(step, parents[1:]) for step, parents in done])
        return outcomes

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

    def siblings(self, resource: Resource, parents: tuple) -> list[Node]:
        """Everything of this kind in its parent, as it is now."""
        held_by = resource.service.held_by
        if held_by:
            return [self._node(resource, body) for body in self._bodies(resource, ()) if body[held_by] == parents[-1]]
        return [self._node(resource, body) for body in self._bodies(resource, parents)]

    # Reading

    def _read(self, kinds: Iterable[str]) -> None:
        # What others refer to comes first: a number's row holds the SID of its trunk, and shows its name.
        kinds = [kind for kind in OWN if kind in kinds]
        bodies = self.door.all([partial(self._bodies, OWN[kind], ()) for kind in kinds])
        for kind, found in zip(kinds, bodies):
            self._rows[kind] = [self._node(OWN[kind], body) for body in found]
        self._held = {kind: found for kind, found in zip(kinds, bodies)}
        for kind in kinds:
            self._rows[kind] = [row.but(values=self._named(row)) for row in self._rows[kind]]

    def _bodies(self, resource: Resource, parents: tuple) -> list[Mapping]:
        rows = list(self.door.rows(resource.service, parents))
        for row in rows:
            self._belongs(row)
        return rows

    def _belongs(self, body: Mapping) -> None:
        owner = body.get("account_sid", self.door.account_sid)
        if owner != self.door.account_sid:
            raise TrunklineError(
                f"{body.get('sid')} belongs to account {owner}, and account_sid is {self.door.account_sid}.",
                "Trunks belong to the account whose credentials are used. Give the credentials of the account that is"
                " named, or the name of theirs.",
            )

    def _node(self, resource: Resource, body: Mapping) -> Node:
        return Node(resource, values_of(resource, body), id=body[resource.service.sid])

    def _named(self, row: Node) -> Mapping:
        """Its values, with names for the SIDs of what it refers to."""
        values = dict(row.values)
        for field in row.resource.fields:
            if field.refers and values.get(field.name):
                known = [other for other in self._rows.get(field.refers, ()) if other.id == values[field.name]]
                if known:
                    values[field.name] = known[0].resource.name_of(known[0].values)
        return values

    def _found(self, resource: Resource, nodes: tuple) -> list[tuple[Optional[Node], Node]]:
        """(what is wanted, what is there) of siblings that are the account's own; the first is None for what is there
        and only has another name in common with one that is wanted."""
        by_key: dict[tuple, list[Node]] = {}
        for row in self._rows[resource.kind]:
            by_key.setdefault(row.key, []).append(row)
        found: list = []
        for node in nodes:
            same = by_key.get(node.key, [])
            if len(same) > 1:
                raise _ambiguous(same)
            found += [(node, row) for row in same]
        if resource.blank is not None:
            wanted = {node.key for node in nodes}
            return found + [(None, row) for row in self._rows[resource.kind] if row.key not in wanted]
        if resource.other_name:
            others = {node.values.get(resource.other_name): node for node in nodes if node.key not in by_key}
            others.pop(None, None)
            for row in self._rows[resource.kind]:
                node = others.get(row.values.get(resource.other_name))
                if node is not None and all(row is not seen for _, seen in found):
                    found.append((node, row))
        return found

    def _children(self, wanted: list[tuple[Node, Resource]]) -> dict[str, dict]:
        """Parent's SID to option to nodes."""
        read = [(parent, child) for parent, child in wanted if not child.service.held_by]
        lists = self.door.all([partial(self.siblings, child, (parent.id,)) for parent, child in read])
        found: dict[str, dict] = {}
        for (parent, child), nodes in zip(read, lists):
            found.setdefault(parent.id, {})[child.option] = tuple(nodes)
        for parent, child in wanted:
            if child.service.held_by:
                bodies = self._held[child.kind]
                found.setdefault(parent.id, {})[child.option] = tuple(
                    self._node(child, body) for body in bodies if body[child.service.held_by] == parent.id
                )
        return found

    # Writing

    def _one(self, step: Step, parents: tuple) -> tuple[Optional[str], Mapping]:
        resource, endpoint = step.resource, step.resource.service
        if endpoint.held_by:
            sid = step.id or self.sid_of(resource.kind, step.key[-1][1])
            body = self.door.update(endpoint, (), sid, {"TrunkSid": "" if step.action == DELETE else parents[-1]})
            return sid, values_of(resource, body)
        if step.action == DELETE:
            if step.before.get("emergency_address"):
                self._settler.emergency_address(step.id, step.before["emergency_address"], None)
            self.door.delete(endpoint, parents, step.id)
            return step.id, {}
        values = {
            field.name: self.sid_of(field.refers, step.values[field.name]) if field.refers else step.values[field.name]
            for field in resource.fields if field.name in step.values
        }
        address = {name: values.pop(name) for name in ("emergency_address",) if name in values}
        if step.action == CREATE:
            sid, answered = self._create(step, parents, values)
        else:
            sid, answered = self._update(step, parents, values)
        for name, address_sid in address.items():
            self._settler.emergency_address(sid, step.before.get(name), address_sid)
            answered = {**answered, name: step.values[name]}
        return sid, answered

    def _update(self, step: Step, parents: tuple, values: Mapping) -> tuple[str, Mapping]:
        answered: dict = {}
        for part, form in forms(step.resource, values).items():
            body = self.door.update(step.resource.service, parents, step.id, form, part)
            answered.update(values_of(step.resource, body, part))
        return step.id, self._named(Node(step.resource, answered))

    def _create(self, step: Step, parents: tuple, values: Mapping) -> tuple[str, Mapping]:
        resource, endpoint = step.resource, step.resource.service
        parted = forms(resource, values)
        if resource.link:
            parted = {"": {endpoint.target_sid: step.id or self.sid_of(resource.kind, step.key[-1][1])}}
        node = self._made(step, parents, parted.pop("", {}))
        if len(parents) == 0:
            self._rows.setdefault(resource.kind, []).append(node)
        answered = dict(node.values)
        for part, form in parted.items():
            answered.update(values_of(resource, self.door.update(endpoint, parents, node.id, form, part), part))
        return node.id, answered

    def _made(self, step: Step, parents: tuple, form: Mapping) -> Node:
        """Makes a thing once. Where no answer tells whether it was made, it looks before it asks again."""
        resource, endpoint, unclear = step.resource, step.resource.service, False
        for attempt in range(1, ATTEMPTS + 1):
            try:
                body = self.door.create(endpoint, parents, form)
            except (Unclear, ApiError) as error:
                taken = isinstance(error, ApiError) and error.code in endpoint.taken and (unclear or resource.link)
                if not taken and not isinstance(error, Unclear):
                    raise
                unclear = True
                self.door.wait(attempt)
                found = self._found_after_all(step, parents, form)
                if found:
                    return found
                if attempt == ATTEMPTS:
                    raise
                continue
            if body.get("account_sid", self.door.account_sid) != self.door.account_sid:
                self.door.delete(endpoint, parents, body["sid"])
            self._belongs(body)
            return self._node(resource, body)
        raise AssertionError("unreachable: the last attempt returns or raises")


    def _found_after_all(self, step: Step, parents: tuple, form: Mapping) -> Optional[Node]:
        """A thing that may have been made. A link is asked for itself, since lists of links lag."""
        resource, endpoint = step.resource, step.resource.service
        if not resource.link:
            return next((node for node in self.siblings(resource, parents) if node.key == step.key[-1]), None)
        try:
            return self._node(resource, self.door.fetch(endpoint, parents, form[endpoint.target_sid]))
        except ApiError as error:
            if error.status == 404:
                return None
            raise


def _kinds(wanted: Node) -> set[str]:
    """The kinds of the account's own things that have to be read."""
    kinds = {child.kind for child in wanted.resource.children if child.option in wanted.children}
    for node in _each(wanted):
        kinds |= {child.kind for child in node.resource.children if child.link and _managed(child, node)}
        kinds |= {field.refers for field in node.resource.fields if field.refers and field.name in node.values}
    return kinds


def _managed(child: Resource, wanted: Node) -> bool:
    """A thing that is to go has its links taken off first, even if nothing was said of them."""
    return child.option in wanted.children or (child.link and wanted.state == wanted.resource.removes)


def _each(node: Node):
    yield node
    for nodes in node.children.values():
        for child in nodes:
            yield from _each(child)


def _references(node: Node):
    """(option, kind, name) of what a wanted thing refers to."""
    if node.state == node.resource.removes:
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
