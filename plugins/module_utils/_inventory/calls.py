# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an inventory says of calls out: who may call what, how often, how long; checked before anything is touched."""

from __future__ import annotations

import importlib.util
import re
import sys
from typing import Callable, Iterator, Mapping

from .._asterisk import validators as asterisk
from .._core.validators import E164, whole_number
from .._numbers.classes import BUILT_IN, at_twilio
from .._numbers.dialling import home_country
from .._numbers.plan import emergency_numbers
from .._numbers.ranges import countries, country_of

PHONENUMBERS = importlib.util.find_spec("phonenumbers") is not None
_DAY = 24 * 60 * 60
#: The longest name of a context, AST_MAX_CONTEXT in Asterisk's include/asterisk/channel.h less the byte at its end.
_CONTEXT_LENGTH = 79


def problems(declared: Mapping) -> list[str]:
    """Everything about calls out that cannot be right, a sentence each, beginning with the variable that it is in.

    :param declared: a value for each option of `options.of_pbx`, normalised.
    """
    if not PHONENUMBERS:
        return [f"Python package phonenumbers is missing: {sys.executable} -m pip install phonenumbers."]
    return [
        *(f"{where} {fault}." for where, fault in _wrong_values(declared)),
        *_countries_that_twilio_closes(declared),
        *_contradictions(declared),
        *_digits_that_are_not_there(declared["pbx_national_rules"]),
        *_caller_ids_of_no_country(declared),
        *_classes_that_are_not_one(declared),
        *_phones_that_hide_an_emergency_number(declared),
    ]


def _country(value: str) -> str:
    if value not in countries():
        meant = {"UK": "GB"}.get(value.upper(), value.upper())
        hint = f": write {meant}" if meant in countries() else ""
        raise ValueError(f"must be a country's two letters in capitals, such as US, not {value!r}{hint}")
    return value


def _form(pattern: str, sentence: str) -> Callable:
    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(f"must be {sentence}, not {value!r}")
        return value

    return check


_prefix = _form(r"\+[1-9][0-9]{0,14}", "a plus sign and 1 to 15 digits such as +1900")
_class_name = _form(r"[a-z0-9]{1,16}", "1 to 16 lower-case letters and digits")
_emergency = _form(r"[0-9]{2,6}", "2 to 6 digits")


def _account(value: str) -> str:
    """The sentence never shows what was given, since it may be a secret in the wrong place."""
    if not re.fullmatch(r"AC[0-9a-fA-F]{32}", value):
        raise ValueError("must be the SID of an account, AC and 32 hexadecimal digits, and is not")
    return value


_ROWS: dict = {
    "trunkline_trunks": {
        "max_calls": whole_number(1, 10000),
        "calls_per_second": whole_number(1, 100),
        "max_call_seconds": whole_number(60, _DAY),
    },
    "pbx_phones": {"max_calls": whole_number(1, 10000), "calls_per_second": whole_number(1, 100)},
    "pbx_national_rules": {"pattern": asterisk.dialled_pattern, "prefix": asterisk.country_prefix},
    "pbx_classes": {"name": _class_name},
}
_LISTS: dict = {
    "pbx_international_prefixes": asterisk.dialled_prefix,
    "pbx_countries": _country,
    "pbx_allowed_prefixes": _prefix,
    "pbx_denied_prefixes": _prefix,
    "pbx_emergency_numbers": _emergency,
}
_CLASS_LISTS: dict = {"countries": _country, "allowed_prefixes": _prefix, "denied_prefixes": _prefix}


def _wrong_values(declared: Mapping) -> Iterator[tuple[str, str]]:
    for where, check, value in _values(declared):
        try:
            check(value)
        except ValueError as error:
            yield where, str(error)


def _values(declared: Mapping) -> Iterator[tuple]:
    yield "pbx_max_wait_seconds", whole_number(0, 60), declared["pbx_max_wait_seconds"]
    if declared.get("pbx_home_country") is not None:
        yield "pbx_home_country", _country, declared["pbx_home_country"]
    if declared.get("pbx_account_sid") and declared["pbx_account_sid"] != declared.get("twilio_trunk_account_sid"):
        yield "pbx_account_sid", _account, declared["pbx_account_sid"]
    for variable, columns in _ROWS.items():
        for index, row in enumerate(declared[variable]):
            for option, check in columns.items():
                yield f"{variable}[{index}].{option}", check, row[option]
    lists = [(name, declared.get(name), check) for name, check in _LISTS.items()]
    for index, row in enumerate(declared["pbx_classes"]):
        lists += [(f"pbx_classes[{index}].{name}", row.get(name), check) for name, check in _CLASS_LISTS.items()]
    for name, values, check in lists:
        for index, value in enumerate(values or ()):
            yield f"{name}[{index}]", check, value


def _countries_that_twilio_closes(declared: Mapping) -> Iterator[str]:
    rows = declared.get("twilio_trunk_countries")
    if rows is None or "countries" in (declared.get("twilio_trunk_keep_extra") or ()):
        may, closed = declared.get("pbx_countries"), "is not in pbx_countries"
    else:
        may, closed = at_twilio(rows)[0], "is not open in twilio_trunk_countries: Twilio would refuse every call"
        yield from _beyond("pbx_countries", declared.get("pbx_countries"), may, closed)
    for index, row in enumerate(declared["pbx_classes"]):
        if may is not None:
            yield from _beyond(f"pbx_classes[{index}].countries", row.get("countries"), may, closed)


def _beyond(where: str, chosen, may, closed: str) -> Iterator[str]:
    for index, country in enumerate(chosen or ()):
        if country in countries() and country not in may:
            yield f"{where}[{index}] is {country}, which {closed}."


def _contradictions(declared: Mapping) -> Iterator[str]:
    both = [("pbx_", declared["pbx_allowed_prefixes"], declared["pbx_denied_prefixes"])]
    for index, row in enumerate(declared["pbx_classes"]):
        both.append((f"pbx_classes[{index}].", row.get("allowed_prefixes"), row.get("denied_prefixes")))
    for place, allowed, denied in both:
        for prefix in sorted(set(allowed or ()) & set(denied or ())):
            yield f"{place}allowed_prefixes has {prefix}, and {place}denied_prefixes has it too."


def _digits_that_are_not_there(rules) -> Iterator[str]:
    for index, rule in enumerate(rules):
        most = len(rule["pattern"].rstrip("."))
        if not 0 <= rule["strip"] <= most:
            yield (
                f"pbx_national_rules[{index}].strip must be from 0 to {most}, the digits of its pattern, not"
                f" {rule['strip']}."
            )


def _caller_ids_of_no_country(declared: Mapping) -> Iterator[str]:
    """Where nothing names the countries, those of the caller IDs are open, and a number may be newer than the library
    that knows its country (https://github.com/daviddrysdale/python-phonenumbers)."""
    if declared.get("pbx_countries") is not None or declared.get("twilio_trunk_countries") is not None:
        return
    for index, trunk in enumerate(declared["trunkline_trunks"]):
        if E164.fullmatch(trunk["caller_id"]) and not country_of(trunk["caller_id"]):
            yield (
                f"trunkline_trunks[{index}].caller_id is {trunk['caller_id']}, whose country Python package"
                " phonenumbers does not know, so that no country would be open. Give pbx_countries, such as [US]."
            )


def _classes_that_are_not_one(declared: Mapping) -> Iterator[str]:
    known = list(BUILT_IN)
    for index, row in enumerate(declared["pbx_classes"]):
        if row["name"] in known:
            yield f"pbx_classes[{index}].name is {row['name']!r}, which is the name of another class."
        known.append(row["name"])
    named = {"pbx_default_class": declared["pbx_default_class"]}
    named.update({f"pbx_phones[{index}].class": row.get("class") for index, row in enumerate(declared["pbx_phones"])})
    for where, name in named.items():
        if name and name not in known:
            yield f"{where} names {name!r}, which is neither in pbx_classes nor one of {', '.join(BUILT_IN)}."
    longest = max(map(len, filter(None, named.values())), default=0)
    for index, trunk in enumerate(declared["trunkline_trunks"]):
        label = trunk["domain"].partition(".")[0]
        if len(f"outside-twilio-{label}-") + longest > _CONTEXT_LENGTH:
            yield (
                f"trunkline_trunks[{index}].domain begins with {len(label)} characters, too many for Asterisk beside a"
                f" class's name of {longest}."
            )


def _phones_that_hide_an_emergency_number(declared: Mapping) -> Iterator[str]:
    stated, home = declared.get("pbx_emergency_numbers"), declared.get("pbx_home_country")
    found = {number: "pbx_emergency_numbers has" for number in stated or ()}
    for trunk in declared["trunkline_trunks"] if stated is None else ():
        country = home_country(home, trunk["caller_id"])
        if country in countries():
            found.update(dict.fromkeys(emergency_numbers(country), f"is an emergency number in {country}"))
    for index, phone in enumerate(declared["pbx_phones"]):
        if phone["name"] in found:
            yield (
                f"pbx_phones[{index}].name is {phone['name']}, which {found[phone['name']]}: nobody could call it. Give"
                " the phone another name, or state pbx_emergency_numbers without it."
            )
