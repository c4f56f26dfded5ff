# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Observes and changes what is in a Twilio account, resource by resource, as their declarations say."""

from __future__ import annotations

from typing import Mapping, Optional

from .._core.errors import Ambiguous, TrunklineError
from .._core.plan import Step
from .._core.resource import Node, Resource
from .client import Door
from .endpoint import form, values_of


class Missing(TrunklineError):
    """A list that a trunk should have does not exist."""


class TwilioDriver:
    """`_core.apply`'s driver for Twilio, and the eyes that go with it."""

    def __init__(self, door: Door):
        self.door = door

    def observe(self, desired: Node) -> Optional[Node]:
        """What is there under the desired thing's name, as far as it is managed.

        :returns: None where nothing has that name.
        :raises Ambiguous: where more than one thing has it, with all of their SIDs.
        """
        same = [row for row in self._siblings(desired.resource, ()) if row.key == desired.key]
        if len(same) > 1:
            raise _ambiguous(desired, [str(node.id) for node in same])
        if not same:
            return None
        children = {
            child.option: tuple(self._siblings(child, (same[0].id,)))
            for child in desired.resource.children
            if child.option in desired.children
        }
        return same[0].but(children=children)

    def linked(self, desired: Node) -> tuple[Node, list[Missing]]:
        """The desired thing with the SIDs that its links lead to, and what is missing for that."""
        children, missing = dict(desired.children), []
        for child in desired.resource.children:
            if not child.link or not desired.children.get(child.option):
                continue
            sids: dict[str, list[str]] = {}
            for node in self._siblings(child.target, ()):
                sids.setdefault(node.resource.name_of(node.values), []).append(node.id)
            nodes = []
            for node in desired.children[child.option]:
                name = child.name_of(node.values)
                found = sids.get(name, [])
                if len(found) > 1:
                    raise _ambiguous(node, found)
                if not found:
                    missing.append(Missing(
                        f"{child.option}: there is no {child.kind} called {name} in this account.",
                        "Make it first, or correct the name.",
                    ))
                nodes.append(node.but(id=found[0] if found else None))
            children[child.option] = tuple(nodes)
        return desired.but(children=children), missing

    def create(self, step: Step, parents: tuple) -> tuple[str, Mapping]:
        endpoint = step.resource.service
        sent = {endpoint.target_sid: step.id} if step.resource.link else form(step.resource, step.values)
        body = self.door.create(endpoint, parents, sent)
        return body["sid"], values_of(step.resource, body)

    def update(self, step: Step, parents: tuple) -> Mapping:
        body = self.door.update(step.resource.service, parents, step.id, form(step.resource, step.values))
        return values_of(step.resource, body)

    def delete(self, step: Step, parents: tuple) -> None:
        self.door.delete(step.resource.service, parents, step.id)

    def _siblings(self, resource: Resource, parents: tuple):
        for body in self.door.rows(resource.service, parents):
            yield Node(resource, values_of(resource, body), id=body["sid"])


def _ambiguous(named: Node, sids: list[str]) -> Ambiguous:
    return Ambiguous(
        f"{len(sids)} {named.resource.kind}s are called {named.resource.name_of(named.values)}: {', '.join(sids)}.",
        "Rename or remove all but one of them; nobody can tell which one is meant.",
        sids=sids,
    )
