# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ranges of numbers that countries have, as patterns of Asterisk's dialplan.

libphonenumber defines what a country is and which of its numbers are expensive. Several countries may share a country
code (+1 has 25), and the digits after the code tell them apart. Where one country has the code alone, every number with
it is that country's. Where the code is shared, a number that is in no country's plan belongs to nobody, so that an area
code which a country got after the library was released does not pass as another country's.
"""

from __future__ import annotations

from typing import Collection, Iterator, NamedTuple, Optional, Union

try:
    import phonenumbers
except ImportError:     # `_inventory.calls.problems` says so before anything here is called
    phonenumbers = None  # type: ignore[assignment]

from .automaton import DIGITS, Automaton, States, ends, marks

#: Personal numbers are among them: 070 in the United Kingdom costs as much as premium numbers there.
_EXPENSIVE = ("premium_rate", "shared_cost", "personal_number")
_PLAIN = ("fixed_line", "mobile", "toll_free", "voip", "pager", "uan", "voicemail")

# The marks. Where several countries have a number (+1 800 is for all of North America), the greatest counts.
_CLOSED, _OPEN, _PREMIUM, _OPENED = range(4)

#: Countries that share a code are told apart by so many digits, and by more only where several have those.
_AREA_DIGITS = 3


class Ranges(NamedTuple):
    """Patterns of Asterisk's dialplan, without the underscore. The premium patterns are tried first, because the
    pattern of the whole country may fit a premium number as well."""

    premium: list[str]
    open: list[str]


def countries() -> frozenset[str]:
    """Return all countries that have numbers of their own, by their ISO 3166-1 codes of two letters."""
    return frozenset(phonenumbers.SUPPORTED_REGIONS)


def country_of(number: str) -> str:
    """Return the country of an E.164 number, such as `US`; empty if no country has it."""
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return ""
    return region if region in phonenumbers.SUPPORTED_REGIONS else ""


def calling_code(number: str) -> str:
    """Return the calling code of the country of an E.164 number, such as `44`; empty if no country has it."""
    region = country_of(number)
    return str(phonenumbers.country_code_for_region(region)) if region else ""


def ranges(opened: Collection[str], premium: Collection[str] = ()) -> Ranges:
    """Return the ranges of the countries `opened`.

    :param premium: the countries among them whose premium numbers are open as well.
    """
    found = Ranges([], [])
    for code, regions in sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items()):
        if not set(regions) & set(opened) or regions == (phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY,):
            continue
        shared = len(regions) > 1
        tree = _PrefixTree(_automaton(regions, opened, premium), shared).root
        found.premium.extend(_patterns(tree, f"+{code}", _PREMIUM))
        found.open.extend(_patterns(tree, f"+{code}", _OPEN) if shared else [f"+{code}!"])
    return found


def _automaton(regions: Collection[str], opened: Collection[str], premium: Collection[str]) -> Automaton:
    numbers = Automaton()
    for region in regions:
        plan = phonenumbers.PhoneMetadata.metadata_for_region(region)
        for kinds, mark in ((_EXPENSIVE, _OPENED if region in premium else _PREMIUM), (_PLAIN, _OPEN)):
            patterns = {desc.national_number_pattern for desc in (getattr(plan, kind) for kind in kinds) if desc}
            for pattern in sorted(filter(None, patterns)):
                numbers.add(pattern, mark if region in opened else _CLOSED)
    return numbers


class _PrefixTree:
    """The verdict on national numbers by their prefix: one for all numbers with the prefix, or a `_Branch`."""

    def __init__(self, numbers: Automaton, shared: bool):
        self._numbers, self._shared = numbers, shared
        self._unknown = _CLOSED if shared else _OPEN
        self._known: dict[tuple[States, int], _Verdict] = {}
        self._branches: dict[tuple[_Verdict, ...], _Branch] = {}
        self.root = self._grow(numbers.start, 0)

    def _grow(self, states: States, depth: int) -> _Verdict:
        """Return the verdict on the numbers with these digits, None where no number has them."""
        found = marks(states)
        fine = self._shared and depth < _AREA_DIGITS
        verdict = _verdict(found)
        if not found:
            return None
        if verdict is not None and (not fine or verdict != _OPEN):
            return verdict
        key = (states, min(depth, _AREA_DIGITS))
        if key not in self._known:
            children = [self._grow(after, depth + 1) for after in self._numbers.steps(states)]
            here = _verdict(frozenset([max(ends(states))])) if ends(states) else None
            self._known[key] = self._merge(children, here, fine)
        return self._known[key]

    def _merge(self, children: list[_Verdict], here: int | None, fine: bool) -> _Verdict:
        alike = {child for child in (*children, here) if child is not None}
        if fine or len(alike) > 1:
            children = [self._unknown if child is None else child for child in children]
            alike = {child for child in (*children, here) if child is not None}
        one = alike.pop() if len(alike) == 1 else None
        if isinstance(one, int):
            return one
        key: tuple[_Verdict, ...] = (here, *children)
        if key not in self._branches:
            self._branches[key] = _Branch(here, tuple(children))
        return self._branches[key]


class _Branch:
    """The verdict on the number that ends here, None if none does, and the verdicts after each next digit.

    Equal branches of a tree are one object, so that branches are compared by identity, which is fast.
    """

    def __init__(self, here: int | None, children: tuple[_Verdict, ...]):
        self.here, self.children = here, children


#: One of the marks above, a branch, or None where no number is.
_Verdict = Optional[Union[int, _Branch]]


def _verdict(found: frozenset[int]) -> int | None:
    """Return the verdict that all numbers with these marks share, None if they differ."""
    if found <= {_OPEN, _OPENED}:
        return _OPEN
    return next(iter(found)) if len(found) == 1 else None


def _patterns(tree: _Verdict, prefix: str, wanted: int) -> Iterator[str]:
    if not isinstance(tree, _Branch):
        if tree == wanted:
            yield f"{prefix}!"
        return
    if tree.here == wanted:
        yield prefix
    alike: dict[_Verdict, list[str]] = {}
    for digit, child in zip(DIGITS, tree.children):
        alike.setdefault(child, []).append(digit)
    for child, digits in alike.items():
        any_of = {1: digits[0], len(DIGITS): "X"}.get(len(digits), f"[{''.join(digits)}]")
        yield from _patterns(child, prefix + any_of, wanted)
