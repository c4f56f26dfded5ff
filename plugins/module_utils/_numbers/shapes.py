# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An automaton's numbers as patterns of Asterisk's dialplan, of which no two fit the same number.

Which of two fitting patterns Asterisk takes depends on their order; these need no order.
"""

from __future__ import annotations

import functools
import re
from typing import Any, Callable, Hashable, Iterator, Optional

from .automaton import DIGITS, Automaton, States, ends

_NAMES = {DIGITS: "X", DIGITS[1:]: "Z", DIGITS[2:]: "N"}


#: From the marks of the patterns that a number fits to the verdict on it; None leaves the number out.
Verdict = Callable[[frozenset[Any]], Optional[Hashable]]


class _Node:
    """The verdict on the number that ends here, None for no number, and the node that each next digit leads to."""

    def __init__(self, here: Hashable, children: tuple[_Node | None, ...]):
        self.here, self.children = here, children


class _Tree:
    """The digits of all numbers. Equal nodes are one object, so that nodes are compared by identity, which is fast."""

    def __init__(self, numbers: Automaton, verdict: Verdict):
        self._numbers, self._verdict = numbers, verdict
        self._known: dict[States, _Node | None] = {}
        self._nodes: dict[tuple[Hashable, tuple[_Node | None, ...]], _Node] = {}

    def grow(self, states: States) -> _Node | None:
        """Return the node of these states, None where no number has a verdict."""
        if states not in self._known:
            children = tuple(self.grow(after) if after else None for after in self._numbers.steps(states))
            found = ends(states)
            here = self._verdict(found) if found else None
            key = (here, children)
            empty = here is None and not any(children)
            self._known[states] = None if empty else self._nodes.setdefault(key, _Node(*key))
        return self._known[states]


def any_of(digits: str) -> str:
    """Return a pattern of one place that each of these digits fits."""
    return digits if len(digits) == 1 else _NAMES.get(digits, f"[{digits}]")


def fits(pattern: str, number: str) -> bool:
    """Return whether a number fits a pattern of Asterisk's dialplan, without its underscore.

    (https://docs.asterisk.org/Configuration/Dialplan/Pattern-Matching/)
    """
    return bool(_expression(pattern).fullmatch(number))


@functools.lru_cache(maxsize=4096)
def _expression(pattern: str) -> re.Pattern[str]:
    places = {name: f"[{digits}]" for digits, name in _NAMES.items()}
    places.update({"+": "[+]", ".": ".+", "!": ".*"})
    return re.compile("".join(places.get(part, part) for part in re.findall(r"\[[0-9-]+\]|.", pattern)))


def patterns(numbers: Automaton, verdict: Verdict) -> list[tuple[str, Any]]:
    """Return pairs of a pattern, without its underscore, and the verdict on all numbers that fit it."""
    root = _Tree(numbers, verdict).grow(numbers.start)
    return list(_walk(root, "")) if root else []


def _walk(node: _Node, pattern: str) -> Iterator[tuple[str, Any]]:
    if node.here is not None:
        yield pattern, node.here
    alike: dict[_Node, str] = {}
    for digit, child in zip(DIGITS, node.children):
        if child:
            alike[child] = alike.get(child, "") + digit
    for child, digits in alike.items():
        yield from _walk(child, pattern + any_of(digits))
