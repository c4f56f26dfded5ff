# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An automaton's numbers as patterns of Asterisk's dialplan, of which no two fit the same number.

Which of two patterns Asterisk takes is a matter of order; where no two fit, there is nothing to order.
"""

from __future__ import annotations

from typing import Callable, Hashable, Iterator

from .automaton import DIGITS, Automaton, ends

_NAMES = {DIGITS: "X", DIGITS[1:]: "Z", DIGITS[2:]: "N"}


class _Node:
    """What becomes of the number that ends here, None for nothing, and what each next digit leads to."""

    def __init__(self, here: Hashable, children: tuple):
        self.here, self.children = here, children


class _Tree:
    """A tree has one node of each kind, so that two are compared by what they are and not by all that is in them."""

    def __init__(self, numbers: Automaton, verdict: Callable):
        self._numbers, self._verdict = numbers, verdict
        self._known: dict = {}
        self._nodes: dict = {}

    def grow(self, states: frozenset) -> _Node | None:
        """None where no number has a verdict."""
        if states not in self._known:
            children = tuple(self.grow(after) if after else None for after in self._numbers.steps(states))
            found = ends(states)
            here = self._verdict(found) if found else None
            key = (here, children)
            empty = here is None and not any(children)
            self._known[states] = None if empty else self._nodes.setdefault(key, _Node(*key))
        return self._known[states]


def any_of(digits: str) -> str:
    """A place in a pattern where each of these digits may stand."""
    return digits if len(digits) == 1 else _NAMES.get(digits, f"[{digits}]")


def patterns(numbers: Automaton, verdict: Callable) -> list[tuple]:
    """Pairs of a pattern, without its underscore, and the verdict on all numbers that fit it.

    :param verdict: takes the marks of the patterns that a number fits; None leaves the number out.
    """
    root = _Tree(numbers, verdict).grow(numbers.start)
    return list(_walk(root, "")) if root else []


def _walk(node: _Node, pattern: str) -> Iterator[tuple]:
    if node.here is not None:
        yield pattern, node.here
    alike: dict = {}
    for digit, child in zip(DIGITS, node.children):
        if child:
            alike[child] = alike.get(child, "") + digit
    for child, digits in alike.items():
        yield from _walk(child, pattern + any_of(digits))
