# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validate the user's options and convert them to the desired state."""

from __future__ import annotations

from typing import Any, Iterable, Iterator, Mapping, Sequence

from .errors import InvalidInput
from .resource import Field, Key, Node, Resource


def desired(resource: Resource, params: Mapping[str, Any], path: str = "") -> Node:
    """Validate the user's options and bring them into their normal form.

    :param params: option to value; None means not given, so not managed. Children are lists of dicts, links lists of
        names.
    :param path: the option that holds `params`, for messages.
    :raises InvalidInput: with all wrong values, each named by its option.
    """
    problems: list[str] = []
    node = _node(resource, params, path, problems)
    if problems:
        raise InvalidInput(problems)
    return node


def _node(resource: Resource, params: Mapping[str, Any], path: str, problems: list[str]) -> Node:
    values = {}
    for field in resource.settable():
        value = params.get(field.name)
        if value is None:
            if field.required or field.name in resource.identity:
                problems.append(f"{path}{field.name} is missing: a {resource.kind} needs one.")
            continue
        try:
            values[field.name] = _checked(field, value)
        except ValueError as error:
            problems.append(f"{path}{field.name} {error}.")
    problems.extend(f"{path}{problem}" for problem in resource.check(params))
    children = {}
    for child in resource.children:
        rows = params.get(child.option)
        if rows is None:
            continue
        if child.link:
            rows = [{child.identity[0]: name} for name in rows]
        children[child.option] = _siblings(child, rows, f"{path}{child.option}", problems)
    return Node(resource, values, children, state=params.get("state") or "present")


def _siblings(
    resource: Resource, rows: Sequence[Mapping[str, Any]], path: str, problems: list[str]
) -> tuple[Node, ...]:
    nodes: list[Node] = []
    first: dict[Key, int] = {}
    for index, row in enumerate(rows):
        before = len(problems)
        node = _node(resource, row, f"{path}[{index}].", problems)
        if len(problems) > before:
            continue
        if node.key in first:
            problems.append(f"{path}[{index}] repeats {path}[{first[node.key]}]: {node.title} is listed twice.")
        first.setdefault(node.key, index)
        nodes.append(node)
    problems.extend(_conflicts(resource, nodes, path))
    return tuple(nodes)


def _conflicts(resource: Resource, nodes: Sequence[Node], path: str) -> Iterator[str]:
    """Yield a sentence for each value that two siblings share although only one can have it."""
    for name in [field.name for field in resource.fields if field.unique]:
        for one, other in _twice((node, node.values.get(name)) for node in nodes):
            yield f"{path}: {one.title} and {other.title} have the same {name}; only one can have it."
    for child in [child for child in resource.children if child.single_owner]:
        links = ((node, link.title) for node in nodes for link in node.children.get(child.option, ()))
        for one, other in _twice(links):
            yield f"{path}: {one.title} and {other.title} name the same {child.kind} in {child.option}; only one can."


def _twice(pairs: Iterable[tuple[Node, Any]]) -> Iterator[tuple[Node, Node]]:
    """Yield the two nodes of each value that occurs more than once."""
    first: dict[Any, Node] = {}
    for node, value in pairs:
        if value is not None and first.setdefault(value, node) is not node:
            yield first[value], node


def _checked(field: Field, value: Any) -> Any:
    if field.clearable and isinstance(value, str) and not value.strip():
        return None
    if field.choices and value not in field.choices:
        raise ValueError(f"must be one of {', '.join(map(str, field.choices))}, not {value!r}")
    return field.check(value) if field.check else value
