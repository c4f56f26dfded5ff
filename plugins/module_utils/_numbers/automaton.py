# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An automaton of the patterns of a numbering plan: which of them a number may still fit after each digit.

The patterns are those of libphonenumber's metadata (https://github.com/google/libphonenumber): digits, `\\d`, classes
in brackets, `(?:…)`, `|`, and the counts `?`, `{n}` and `{n,m}`. No pattern repeats without end, so every number
is finite and no path meets a state twice. Why this is not a library: docs/decisions/0007-number-automaton.md.
"""

from __future__ import annotations

import functools
from typing import Any, Hashable, Iterable, NoReturn, Union

DIGITS = "0123456789"
_ANY = frozenset(DIGITS)


class State:
    """A state reads one of `digits` and leads to the states in `follow`. The end of a number reads no digit.

    `mark` is the mark of the pattern that the state belongs to.
    """

    __slots__ = ("digits", "follow", "mark")

    def __init__(self, digits: frozenset[str], follow: States, mark: Hashable):
        self.digits, self.follow, self.mark = digits, follow, mark


States = frozenset[State]
#: A parsed pattern: digits, or alternatives of which each is a sequence of (part, least count, most count).
_Node = Union[frozenset[str], list["_Sequence"]]
_Sequence = tuple[tuple[_Node, int, int], ...]


class Automaton:
    """The numbers that several patterns fit, each pattern with a mark.

    A set of states stands for the numbers that begin with the digits read so far; `start` is the set before the first
    digit. Equal continuations are one state, so equal sets mean equal continuations.
    """

    def __init__(self) -> None:
        self.start: States = frozenset()
        self._states: dict[tuple[frozenset[str], States, Hashable], State] = {}
        self._steps: dict[States, tuple[States, ...]] = {}

    def add(self, pattern: str, mark: Hashable) -> None:
        """Add the numbers that fit the whole pattern.

        :raises ValueError: the pattern has anything but the forms above.
        """
        end = frozenset([self._state(frozenset(), frozenset(), mark)])
        self.start |= self._before(_parsed(pattern), end, mark)

    def steps(self, states: States) -> tuple[States, ...]:
        """Return for each digit, 0 first, the states that it leads to."""
        if states not in self._steps:
            found: dict[str, set[State]] = {digit: set() for digit in DIGITS}
            for state in states:
                for digit in state.digits:
                    found[digit] |= state.follow
            self._steps[states] = tuple(map(frozenset, found.values()))
        return self._steps[states]

    def _state(self, digits: frozenset[str], follow: States, mark: Hashable) -> State:
        key = (digits, follow, mark)
        if key not in self._states:
            self._states[key] = State(*key)
        return self._states[key]

    def _before(self, node: _Node | _Sequence, follow: States, mark: Hashable) -> States:
        """Return the states from which `node` leads to `follow`."""
        if isinstance(node, frozenset):
            return frozenset([self._state(node, follow, mark)])
        if isinstance(node, list):      # alternatives
            return frozenset(state for one in node for state in self._before(one, follow, mark))
        for part, least, most in reversed(node):
            after = follow
            for dummy in range(most - least):
                follow = self._before(part, follow, mark) | after
            for dummy in range(least):
                follow = self._before(part, follow, mark)
        return follow


def marks(states: Iterable[State]) -> frozenset[Any]:
    """Return the marks of all numbers that the states may lead to."""
    return frozenset(state.mark for state in states)


def ends(states: Iterable[State]) -> frozenset[Any]:
    """Return the marks of the number that ends here, none if no number does."""
    return frozenset(state.mark for state in states if not state.digits)


@functools.cache    # each class of service reads the plans of its countries again
def _parsed(pattern: str) -> list[_Sequence]:
    return _Parser(pattern).parse()


class _Parser:
    """A recursive-descent parser of one pattern."""

    def __init__(self, pattern: str):
        self.pattern, self.at = pattern, 0

    def parse(self) -> list[_Sequence]:
        tree = self._alternatives()
        if self.at < len(self.pattern):
            self._fail()
        return tree

    def _fail(self) -> NoReturn:
        raise ValueError(f"cannot read {self.pattern!r} from {self.pattern[self.at:]!r} on")

    def _take(self, text: str) -> bool:
        found = self.pattern.startswith(text, self.at)
        self.at += len(text) if found else 0
        return found

    def _until(self, end: str) -> str:
        found = self.pattern.find(end, self.at)
        if found < 0:
            self._fail()
        begin, self.at = self.at, found + 1
        return self.pattern[begin:found]

    def _alternatives(self) -> list[_Sequence]:
        found = [self._sequence()]
        while self._take("|"):
            found.append(self._sequence())
        return found

    def _sequence(self) -> _Sequence:
        found: list[tuple[_Node, int, int]] = []
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            found.append((self._part(), *self._count()))
        return tuple(found)

    def _part(self) -> _Node:
        if self._take("(?:"):
            tree = self._alternatives()
            if not self._take(")"):
                self._fail()
            return tree
        if self._take(r"\d"):
            return _ANY
        if self._take("["):
            return self._class(self._until("]"))
        if self.pattern[self.at] not in DIGITS:
            self._fail()
        self.at += 1
        return frozenset(self.pattern[self.at - 1])

    def _class(self, text: str) -> frozenset[str]:
        found: set[str] = set()
        while text:
            first, last, rest = (text[0], text[2:3], text[3:]) if text[1:2] == "-" else (text[0], text[0], text[1:])
            if not (first + last).isdigit() or len(last) != 1:
                self._fail()
            found.update(DIGITS[int(first):int(last) + 1])
            text = rest
        return frozenset(found)

    def _count(self) -> tuple[int, int]:
        if self._take("?"):
            return 0, 1
        if self._take("{"):
            bounds = self._until("}").split(",")
            if not all(map(str.isdigit, bounds)):
                self._fail()
            return int(bounds[0]), int(bounds[-1])
        return 1, 1
