# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialling plan of a country, as rows of Asterisk's dialplan that normalise dialled numbers to E.164.

libphonenumber knows the prefixes that are dialled before international and national numbers, the patterns of national
numbers, and which of them are dialled without the national prefix. There is no row for digits that the metadata reads
as two different numbers, nor for a prefix whose meaning would get lost: a carrier's that replaces the national prefix,
one for collect calls, one that hides the caller's number.
"""

from __future__ import annotations

import functools
import re
from typing import Any, Iterator, NamedTuple

try:
    import phonenumbers
    from phonenumbers import PhoneMetadata, PhoneNumberDesc
except ImportError:     # `_inventory.calls.problems` says so before anything here is called
    phonenumbers = None  # type: ignore[assignment]

from .automaton import DIGITS, Automaton, States
from .shapes import fits, patterns

_E164_DIGITS = 15

#: libphonenumber has all 40 codes that Singapore may assign to carriers, and reads 00 44 as the code 004 and +4. These
#: are assigned; 020 is for Malaysia (https://en.wikipedia.org/wiki/Telephone_numbers_in_Singapore, after IMDA's plan).
_INTERNATIONAL_PREFIX = {"SG": "0(?:0[0128]|1[1389]|21)"}

# What a pattern of the metadata means for the numbers that fit it, in one reading.
_SHAPE, _LENGTH, _SERVICE, _LONGER, _ABROAD = "shape", "length", "service", "longer", "abroad"
#: Numbers that are the same wherever in the country they are dialled.
_SERVICES = ("toll_free", "shared_cost", "premium_rate", "uan", "voip", "personal_number")


class Row(NamedTuple):
    """A pattern of the dialplan with its underscore, and the number it is rewritten to: `_00Z.`, `+${EXTEN:2}`."""

    pattern: str
    target: str


class _Reading(NamedTuple):
    """One way to read dialled digits: drop `strip` of them, and put `+` and `code` before the rest.

    `bare`: the national prefix was not dialled although the country has one. `asks`: the prefix has another meaning.
    """

    strip: int
    code: str
    bare: bool = False
    asks: bool = False


def row(pattern: str, strip: int, prefix: str) -> Row:
    """Return the row that drops `strip` digits of what fits `pattern` and prepends `prefix`."""
    return Row(f"_{pattern}", f"{prefix}${{EXTEN:{strip}}}" if strip else f"{prefix}${{EXTEN}}")


@functools.cache
def international(country: str) -> tuple[Row, ...]:
    """Return the rows for numbers with an international prefix. No country code begins with 0.

    Where one prefix begins another (00 and 001 in Hong Kong), digits that may begin with either have no row.
    """
    prefixes = _strings(_international_prefix(country))
    begun = {prefix + digit: prefix for prefix in prefixes for digit in DIGITS[1:]}
    within = {(start[:length], start) for start in begun for length in range(1, len(start)) if start[:length] in begun}
    doubtful = {one for pair in within for one in pair}
    numbers = Automaton()
    for prefix in prefixes:
        if digits := "".join(digit for digit in DIGITS[1:] if prefix + digit not in doubtful):
            numbers.add(f"{prefix}[{digits}]", len(prefix))
    return tuple(row(f"{pattern}.", length, "+") for pattern, length in patterns(numbers, min))


@functools.cache
def national(country: str) -> tuple[Row, ...]:
    """Return the rows for numbers of the country itself, each of a fixed length."""
    plan = _metadata(country)
    numbers = Automaton()
    numbers.add(rf"(?:{_international_prefix(country)})[1-9]\d{{0,{_E164_DIGITS}}}", (None, _ABROAD))
    code = str(plan.country_code)
    _add_prefixes(numbers, plan, code)
    without = _Reading(0, code, bare=bool(plan.national_prefix))
    _add_shape(numbers, plan, without, "")
    _add_formats(numbers, plan, without)
    for local, area in _local_numbers(plan):
        for what in (_SHAPE, _LENGTH):
            numbers.add(local, (_Reading(0, code + area, asks=not area), what))
    formats = [form.dialled for form in _formats(plan)]
    found = patterns(numbers, lambda marks: _verdict(marks, formats))
    return tuple(row(pattern, reading.strip, f"+{reading.code}") for pattern, reading in found)


@functools.cache
def written() -> tuple[Row, ...]:
    """Return the rows for international numbers as people write them, with a national prefix that is not dialled:
    +44 (0)20 7946 0958. A country where a national number may begin with the prefix has no row."""
    codes = Automaton()
    for code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
        plan = PhoneMetadata.metadata_for_region_or_calling_code(code, phonenumbers.region_code_for_country_code(code))
        prefix = plan.national_prefix if plan else None
        if plan and prefix and not _may_begin(plan, prefix):
            codes.add(f"{code}{prefix}[1-9]", (1 + len(str(code)), len(prefix)))
    return tuple(
        Row(f"_+{pattern}.", f"${{EXTEN:0:{keep}}}${{EXTEN:{keep + drop}}}")
        for pattern, (keep, drop) in patterns(codes, min))


def has_national_prefix(number: str) -> bool:
    """Return whether an international number has a national prefix that is not dialled, as in +44 (0)20 7946 0958."""
    return any(fits(row.pattern[1:], number) for row in written())


def emergency_numbers(country: str) -> list[str]:
    """Return a country's emergency numbers; for the United States and Canada with Twilio's test number
    (https://www.twilio.com/docs/sip-trunking/emergency-calling)."""
    plan = PhoneMetadata.short_metadata_for_region(country)
    pattern = plan.emergency.national_number_pattern if plan and plan.emergency else None
    found = _strings(pattern) if pattern else []
    return sorted([*found, "933"] if country in ("US", "CA") else found)


def _may_begin(plan: PhoneMetadata, prefix: str) -> bool:
    """Return whether a national number begins with the digits of `prefix` and one from 1 to 9."""
    numbers = Automaton()
    for pattern in _shapes(plan):
        numbers.add(pattern, None)
    states = numbers.start
    for digit in prefix:
        states = numbers.steps(states)[int(digit)]
    return any(numbers.steps(states)[1:])


def _verdict(marks: frozenset[Any], formats: list[str]) -> _Reading | None:
    """Return the only reading in which the dialled digits are a national number."""
    if (None, _ABROAD) in marks:
        return None
    fit = []
    for reading in {reading for reading, _what in marks}:
        said = {what for of, what in marks if of == reading}
        if {_SHAPE, _LENGTH} <= said and _LONGER not in said and (reading.strip or _dialled_so(reading, said, formats)):
            fit.append(reading)
    return fit[0] if len(fit) == 1 and not fit[0].asks else None


def _dialled_so(reading: _Reading, said: set[Any], formats: list[str]) -> bool:
    """Return whether a number is dialled without the national prefix, by the first format that fits it."""
    for index, dialled in enumerate(formats):
        if {("digits", index), ("begins", index)} <= said:
            return dialled == _SO or dialled == _LOCAL and _SERVICE in said
    return not reading.bare or not formats


def _shapes(plan: PhoneMetadata) -> list[str]:
    """Return the patterns of national numbers, with those of the main country of the code, which the metadata of the
    other countries does not repeat."""
    return sorted({_general(one).national_number_pattern or "" for one in (plan, _first(plan))})


def _general(plan: PhoneMetadata) -> PhoneNumberDesc:
    """Return what holds for all national numbers; every country's metadata has it."""
    return plan.general_desc or PhoneNumberDesc()


def _add_shape(numbers: Automaton, plan: PhoneMetadata, reading: _Reading, prefix: str, rest: str = "") -> None:
    """Add a reading's patterns and lengths, after a prefix.

    :param rest: the pattern that has to follow the prefix, empty for any number.
    """
    for pattern in _shapes(plan):
        numbers.add(f"{prefix}(?:{pattern})", (reading, _SHAPE))
    for length in _general(plan).possible_length:
        numbers.add(f"{prefix}{rest}" if rest else rf"{prefix}\d{{{length}}}", (reading, _LENGTH))


def _add_prefixes(numbers: Automaton, plan: PhoneMetadata, code: str) -> None:
    """Add the readings with a prefix. Where one prefix begins another, the longer one counts."""
    own, asking, rest = _prefixes(plan)
    for prefix in own:
        reading = _Reading(len(prefix), code)
        is_carriers = prefix != plan.national_prefix
        _add_shape(numbers, plan, reading, prefix, rest if is_carriers else "")
        for longer in own:
            if longer != prefix and longer.startswith(prefix):
                numbers.add(rf"{longer}{rest}\d{{0,{_E164_DIGITS}}}", (reading, _LONGER))
    if asking:
        _add_shape(numbers, plan, _Reading(1, code, asks=True), f"(?:{'|'.join(asking)})")


def _add_formats(numbers: Automaton, plan: PhoneMetadata, reading: _Reading) -> None:
    for index, form in enumerate(_formats(plan)):
        numbers.add(form.digits, (reading, ("digits", index)))
        numbers.add(rf"(?:{form.begins})\d{{0,{_E164_DIGITS + 2}}}", (reading, ("begins", index)))
    for desc in (getattr(plan, kind) for kind in _SERVICES):
        if desc and desc.national_number_pattern:
            numbers.add(desc.national_number_pattern, (reading, _SERVICE))


#: How numbers of a format are dialled: as they are, with the national prefix, or as they are in one place only.
_SO, _WITH, _LOCAL = "so", "with", "local"


class _Format(NamedTuple):
    """A format of national numbers: the patterns of their digits and of their beginning, and how they are dialled."""

    digits: str
    begins: str
    dialled: str


def _formats(plan: PhoneMetadata) -> list[_Format]:
    """Return the formats of a country, which are those of the main country of its code. Local numbers and services are
    those with a national format only."""
    plan = _first(plan)
    abroad = {(form.pattern, *form.leading_digits_pattern) for form in plan.intl_number_format}
    found = []
    for form in plan.number_format:
        before = (form.national_prefix_formatting_rule or "").partition(r"\1")[0]
        dialled = _WITH if plan.national_prefix and plan.national_prefix in before else _SO
        if form.national_prefix_optional_when_formatting:
            dialled = _SO
        if abroad and dialled == _SO and (form.pattern, *form.leading_digits_pattern) not in abroad:
            dialled = _LOCAL
        found.append(_Format(_without_groups(form.pattern or ""), (form.leading_digits_pattern or [""])[-1], dialled))
    return found


def _first(plan: PhoneMetadata) -> PhoneMetadata:
    return _metadata(phonenumbers.region_code_for_country_code(plan.country_code or 0))


def _prefixes(plan: PhoneMetadata) -> tuple[list[str], list[str], str]:
    """Return the national prefixes, alone and with a carrier's code; the prefixes that ask for something; and the
    pattern of the number that has to follow a carrier's code, empty if any may."""
    form, rule = plan.national_prefix_for_parsing or "", plan.national_prefix_transform_rule
    rest = re.search(r"\((\\d{[0-9,]+})\)", form) if rule == r"\2" else None    # Brazil's
    if rule and not rest:
        return [plan.national_prefix] if plan.national_prefix else [], [], ""
    all_of_them = _strings(form.replace(rest[0], "") if rest else form)
    own = [one for one in all_of_them if plan.national_prefix and one.startswith(plan.national_prefix)]
    return own, [one for one in all_of_them if one and one not in own], rest[1] if rest else ""


def _local_numbers(plan: PhoneMetadata) -> Iterator[tuple[str, str]]:
    """Yield the patterns of local numbers in a country with one area code, and that code. Japan has none; its local
    numbers are services that only its own networks know."""
    area, group, rest = (plan.national_prefix_transform_rule or "").partition(r"\1")
    local = re.match(r"\(([^()]*)\)\$", plan.national_prefix_for_parsing or "")
    if local and group and not rest:
        yield local[1], area


def _strings(pattern: str) -> list[str]:
    """Return all numbers that a pattern fits."""
    numbers = Automaton()
    numbers.add(_without_groups(pattern), None)
    return sorted(_spelt(numbers.start))


def _spelt(states: States) -> Iterator[str]:
    for state in states:
        if not state.digits:
            yield ""
        for rest in _spelt(state.follow) if state.digits else ():
            yield from (digit + rest for digit in state.digits)


def _without_groups(pattern: str) -> str:
    return re.sub(r"\((?!\?)", "(?:", pattern)


def _international_prefix(country: str) -> str:
    return _INTERNATIONAL_PREFIX.get(country) or _metadata(country).international_prefix or ""


def _metadata(country: str) -> PhoneMetadata:
    found = PhoneMetadata.metadata_for_region(country)
    if found is None:
        raise LookupError(f"libphonenumber has no country {country!r}")
    return found
