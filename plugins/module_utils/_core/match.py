# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Match the declared resources of one kind in one parent with the observed ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterator, Mapping, Sequence

from .errors import TrunklineError
from .resource import Key, Node, Resource


@dataclass(frozen=True)
class Matches:
    """The result of `match`.

    :param declared: what should exist.
    :param partners: key of a declared resource to the observed one that it is, or that is changed into it.
    :param extras: observed resources to remove.
    :param kept: observed resources that are not declared, and stay.
    :param absent: the keys of what is declared absent.
    """

    resource: Resource
    declared: list[Node]
    partners: Mapping[Key, Node]
    extras: list[Node]
    kept: list[Node]
    absent: set[Key]

    @property
    def pairs(self) -> list[tuple[Node, Node]]:
        """Each declared resource that exists already, with the observed one."""
        return [(node, self.partners[node.key]) for node in self.declared if node.key in self.partners]

    @property
    def count(self) -> int:
        """The number of resources once all extras are removed."""
        return len(self.declared) + len(self.kept)

    @property
    def overfull(self) -> bool:
        """Whether something is added although there will be more than the service allows."""
        return 0 < self.resource.limit < self.count and len(self.declared) > len(self.partners)

    def renames(self) -> dict[str, tuple[Any, Any]]:
        """Observed id to (unique name now, unique name after), as `rename_order` takes it."""
        name = self.resource.unique_name
        return {str(seen.id): (seen.values.get(name), alternate_of(node, seen)) for node, seen in self.pairs}

    def removals(self) -> Iterator[tuple[Node, bool]]:
        """Yield each extra, and whether it must be removed first: its unique name is needed, or both have no room.

        All others are removed last, since an address that replaces another must not leave a gap between them.
        """
        claimed = self._claimed_names()
        room = self.resource.limit - self.count if self.resource.limit else len(self.extras)
        for number, node in enumerate(self.extras):
            in_the_way = number < len(self.extras) - room or node.values.get(self.resource.unique_name) in claimed
            yield node, in_the_way

    def conflicts(self) -> Iterator[TrunklineError]:
        """Declared resources whose unique name belongs to one that stays."""
        name = self.resource.unique_name
        claimed = self._claimed_names()
        for holder in self.kept:
            node = claimed.get(holder.values.get(name))
            if node is not None:
                yield TrunklineError(
                    f"{node.title} cannot have the {name} {holder.values[name]}: {holder.title} has it, and stays.",
                    f"Give {node.title} another one, or declare {holder.title} too.",
                )

    def _claimed_names(self) -> dict[Any, Node]:
        """Unique name to the declared resource that will have it."""
        if not self.resource.unique_name:
            return {}
        return _without_none({alternate_of(node): node for node in self.declared})


def match(resource: Resource, rows: Sequence[Node], observed: Sequence[Node], additive: bool) -> Matches:
    """Match declared rows with observed resources of the same kind.

    :param rows: everything declared, including what is declared absent.
    :param additive: whether an observed resource that is not declared stays.
    """
    declared = [node for node in rows if not node.deleted]
    absent = {node.key for node in rows if node.deleted}
    partners = _partners(resource, declared, observed)
    paired = {id(node) for node in partners.values()}
    rest = [node for node in observed if id(node) not in paired]
    extras = [node for node in rest if node.key in absent or not additive]
    kept = [node for node in rest if node.key not in absent and additive]
    return Matches(resource, declared, partners, extras, kept, absent)


def _partners(resource: Resource, declared: Sequence[Node], observed: Sequence[Node]) -> dict[Key, Node]:
    by_key: dict[Key, Node] = {}
    for node in observed:
        by_key.setdefault(node.key, node)
    partners = {node.key: by_key[node.key] for node in declared if node.key in by_key}
    if resource.alternate_key:
        spare = _without_none({
            node.values.get(resource.alternate_key): node for key, node in by_key.items() if key not in partners
        })
        for node in declared:
            name = alternate_of(node)
            if node.key not in partners and name in spare:
                partners[node.key] = spare.pop(name)
    return partners


def alternate_of(desired: Node, observed: Node | None = None) -> Any:
    """Return the alternate key that a declared resource will have; None where it has none.

    :param observed: the resource that it is; where nothing is declared, this one's alternate key stays.
    """
    name = desired.resource.alternate_key
    if not name:
        return None
    if observed is not None and name not in desired.values:
        return observed.values.get(name)
    return initial_values(desired).get(name)


def initial_values(desired: Node) -> dict[str, Any]:
    """Return a declared resource's values, with what a new one needs and the user did not give."""
    values = dict(desired.values)
    for field in desired.resource.fields:
        if field.initial and values.get(field.name) is None:
            values[field.name] = field.initial(values)
    return values


def _without_none(nodes: dict[Any, Node]) -> dict[Any, Node]:
    return {name: node for name, node in nodes.items() if name is not None}
