# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service in memory that knows nothing but declarations: what a plan is applied to in the tests of `_core`."""

from __future__ import annotations

import itertools

from ansible_collections.trunkline.voice.plugins.module_utils._core.errors import TrunklineError
from ansible_collections.trunkline.voice.plugins.module_utils._core.resource import (
    SET,
    WRITE_ONLY,
    Field,
    Node,
    Resource,
)

STICKER = Resource(
    kind="sticker",
    option="stickers",
    identity=("name",),
    fields=(Field("name", required=True),),
    link=True,
)
LAMP = Resource(
    kind="lamp",
    option="lamps",
    identity=("name",),
    fields=(Field("name", required=True),),
    link=True,
    single_owner=True,
)
DRAWER = Resource(
    kind="drawer",
    option="drawers",
    identity=("label",),
    alternate_key="note",
    temporary_name=lambda note: note + " (was)",
    limit=4,
    fields=(
        Field("label", required=True),
        Field("depth", type="int", default=3),
        Field("note", unique=True, initial=lambda values: values["label"]),
        Field("key", mode=WRITE_ONLY, secret=True),
    ),
)
DESK = Resource(
    kind="desk",
    option="desks",
    identity=("name",),
    additive=True,
    fields=(
        Field("name", required=True),
        Field("colour", default="white", choices=("white", "black")),
        Field("wood", clearable=True),
        Field("tags", type="list", compare=SET),
    ),
    children=(STICKER, DRAWER, LAMP),
)
DOOR = Resource(
    kind="door",
    option="doors",
    identity=("name",),
    reset_to={"open": False},
    fields=(Field("name", required=True), Field("open", type="bool")),
)
ROOM = Resource(kind="room", identity=("name",), fields=(Field("name"),), children=(DESK, DOOR))


class Refused(TrunklineError):
    """The service said no."""


class Service:
    """Keeps rows as nested dicts and answers as a driver should. `fail_at` is the request that it refuses, from 0."""

    def __init__(self, fail_at=None, shuffle=None):
        self.shuffle = shuffle
        self.rows: dict = {}
        self.calls: list = []
        self.fail_at = fail_at
        self._ids = (f"ID{number}" for number in itertools.count(1))

    def carry_out(self, wave):
        """See `_core.apply.Driver`; in a random order where one is given, and stopping at the first no."""
        outcomes = [None] * len(wave)
        order = list(range(len(wave)))
        if self.shuffle:
            self.shuffle(order)
        for index in order:
            step, parents = wave[index]
            try:
                outcomes[index] = getattr(self, step.action)(step, parents[1:])
            except TrunklineError as error:
                outcomes[index] = error
                break
        return outcomes

    def create(self, step, parents):
        self._called("create", step)
        row = {
            "id": step.id if step.resource.link else next(self._ids),
            "values": self._filled(step.resource, step.values),
            "secrets": {k: v for k, v in step.values.items() if self._secret(step.resource, k)},
            "children": {child.option: {} for child in step.resource.children},
        }
        siblings = self._siblings(step, parents)
        assert not any(self._key(step.resource, other) == step.key[-1] for other in siblings.values()), "made twice"
        if step.resource.single_owner:
            for desk in self.rows.values():
                desk["children"][step.resource.option].pop(row["id"], None)
        self._refuse_two(step.resource, siblings, row["values"])
        if step.resource.limit and len(siblings) >= step.resource.limit:
            raise Refused("It is full.")
        siblings[row["id"]] = row
        return row["id"], dict(row["values"])

    def update(self, step, parents):
        self._called("update", step)
        siblings = self._siblings(step, parents)
        row = siblings[step.id]
        others = {id: other for id, other in siblings.items() if id != step.id}
        self._refuse_two(step.resource, others, {**row["values"], **step.values})
        for name, value in step.values.items():
            row["secrets" if self._secret(step.resource, name) else "values"][name] = value
        return step.id, dict(row["values"])

    def delete(self, step, parents):
        self._called("delete", step)
        if not step.resource.link:
            row = self._siblings(step, parents)[step.id]
            assert not row["children"].get("stickers"), "a thing was removed with links on it"
        del self._siblings(step, parents)[step.id]
        return step.id, {}

    @staticmethod
    def _refuse_two(resource, others, values):
        name = resource.alternate_key
        if name and any(one["values"][name] == values[name] for one in others.values()):
            raise Refused("Two would have the same name.")

    def _filled(self, resource, values):
        filled = {f.name: f.default for f in resource.fields if f.mode != WRITE_ONLY}
        return {**filled, **{k: v for k, v in values.items() if not self._secret(resource, k)}}

    def observe(self, resource, name, options=None):
        """The node of that name, with the children of `options` (all of them where None)."""
        for row in self.rows.values():
            if row["values"][resource.identity[0]] == name:
                return self._node(resource, row, options)
        return None

    def put(self, node):
        """Stores a node as it is, as if it had been made by hand."""
        self.rows[next(self._ids)] = self._row(node)

    def _row(self, node):
        children = {child.option: {} for child in node.resource.children}
        for option, nodes in node.children.items():
            children[option] = {one.id or next(self._ids): self._row(one) for one in nodes}
        initial = {f.name: f.initial(node.values) for f in node.resource.fields if f.initial}
        return {"values": self._filled(node.resource, {**initial, **node.values}), "secrets": {}, "children": children}

    def _node(self, resource, row, options=None):
        children = {
            child.option: tuple(
                self._node(child, one).but(id=identifier) for identifier, one in row["children"][child.option].items()
            )
            for child in resource.children
            if options is None or child.option in options
        }
        identifier = next((i for i, one in self.rows.items() if one is row), None)
        return Node(resource, dict(row["values"]), children, identifier)

    def _siblings(self, step, parents):
        rows = self.rows
        for depth, parent in enumerate(parents):
            rows = rows[parent]["children"][f"{step.key[depth + 2][0]}s"]
        return rows

    @staticmethod
    def _key(resource, row):
        return resource.key_of(row["values"])

    @staticmethod
    def _secret(resource, name):
        return next(f for f in resource.fields if f.name == name).mode == WRITE_ONLY

    def _called(self, verb, step):
        if self.fail_at == len(self.calls):
            raise Refused("The service said no.", "Ask nicely.")
        self.calls.append((verb, step.key[-1]))
