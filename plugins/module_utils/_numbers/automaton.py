# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which numbers a numbering plan's patterns fit, digit by digit: what a number may still become after each of them.

The patterns are those of libphonenumber's metadata (https://github.com/google/libphonenumber): digits, `\\d`, classes
in brackets, `(?:…)`, `|`, and the counts `?`, `{n}` and `{n,m}`. Nothing in them repeats without end, so every number
is finite and no state is met twice on the way.
"""

from __future__ import annotations

from typing import Hashable, Iterable

DIGITS = "0123456789"
_ANY = frozenset(DIGITS)


class State:
    """What may come next: one of `digits`, and then one of the states in `follow`. The end of a number has no digits.

    `mark` is what was said of the pattern that the state belongs to.
    """

    __slots__ = ("digits", "follow", "mark")

    def __init__(self, digits: frozenset, follow: frozenset, mark: Hashable):
        self.digits, self.follow, self.mark = digits, follow, mark


class Automaton:
    """The numbers that several patterns fit, each with a mark.

    A set of states stands for the numbers that begin with the digits read so far; `start` is the set before the first
    digit. Equal continuations are one state, so equal sets mean equal numbers to come.
    """

    def __init__(self) -> None:
        self.start: frozenset = frozenset()
        self._states: dict = {}
        self._steps: dict = {}

    def add(self, pattern: str, mark: Hashable) -> None:
        """The numbers that fit the whole pattern.

        :raises ValueError: where the pattern has anything but the forms above.
        """
        end = frozenset([self._state(frozenset(), frozenset(), mark)])
        self.start |= self._before(_Parser(pattern).parse(), end, mark)

    def steps(self, states: frozenset) -> tuple:
        """For each digit, 0 first, the states that it leads to."""
        if states not in self._steps:
            found: dict = {digit: set() for digit in DIGITS}
            for state in states:
                for digit in state.digits:
                    found[digit] |= state.follow
            self._steps[states] = tuple(map(frozenset, found.values()))
        return self._steps[states]

    def _state(self, digits: frozenset, follow: frozenset, mark: Hashable) -> State:
        key = (digits, follow, mark)
        if key not in self._states:
            self._states[key] = State(*key)
        return self._states[key]

    def _before(self, node, follow: frozenset, mark: Hashable) -> frozenset:
        """The states from which `node` leads to `follow`."""
        if isinstance(node, frozenset):
            return frozenset([self._state(node, follow, mark)])
        if isinstance(node, list):      # alternatives
            return frozenset().union(*(self._before(one, follow, mark) for one in node))
        for part, least, most in reversed(node):
            after = follow
            for _ in range(most - least):
                follow = self._before(part, follow, mark) | after
            for _ in range(least):
                follow = self._before(part, follow, mark)
        return follow


def marks(states: Iterable[State]) -> frozenset:
    """The marks of all numbers to come."""
    return frozenset(state.mark for state in states)


def ends(states: Iterable[State]) -> frozenset:
    """The marks of the number that ends here, none where no number does."""
    return frozenset(state.mark for state in states if not state.digits)


class _Parser:
    """A pattern as a tree: a list of alternatives, each a tuple of (part, least, most), a part being a set of digits or
    a list of alternatives again."""

    def __init__(self, pattern: str):
        self.pattern, self.at = pattern, 0

    def parse(self) -> list:
        tree = self._alternatives()
        if self.at < len(self.pattern):
            self._fail()
        return tree

    def _fail(self):
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

    def _alternatives(self) -> list:
        found = [self._sequence()]
        while self._take("|"):
            found.append(self._sequence())
        return found

    def _sequence(self) -> tuple:
        found = []
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            found.append((self._part(), *self._count()))
        return tuple(found)

    def _part(self):
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

    def _class(self, text: str) -> frozenset:
        found: set = set()
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
