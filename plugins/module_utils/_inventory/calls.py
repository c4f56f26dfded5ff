# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validate the options of outbound calls: numbers, countries, classes of service, caller IDs."""

from __future__ import annotations

import importlib.util
import sys
from typing import Collection, Iterable, Iterator, Mapping, Sequence

from .._asterisk import validators as asterisk
from .._asterisk.config.dialplan import identity
from .._core.validators import E164, matching
from .._numbers.classes import BUILT_IN, CallClass, at_twilio, call_class
from .._numbers.dialling import KNOWN_EVERYWHERE, home_country
from .._numbers.plan import emergency_numbers, has_national_prefix
from .._numbers.ranges import countries, country_of
from .._twilio.validators import sid
from . import callers, parking, phone_options, speed_dials
from .options import Values
from .trunks import trunk_id
from .values import Check, wrong, wrong_entries, wrong_rows

PHONENUMBERS = importlib.util.find_spec("phonenumbers") is not None
#: The longest name of a context, AST_MAX_CONTEXT in Asterisk's include/asterisk/channel.h less the byte at its end.
_CONTEXT_LENGTH = 79


def problems(declared: Values) -> list[str]:
    """Return a sentence for everything about outbound calls that cannot be right. Each begins with its variable.

    :param declared: a value for each option of `options.of_pbx`, normalised.
    """
    if not PHONENUMBERS:
        return [f"Python package phonenumbers is missing: {sys.executable} -m pip install phonenumbers."]
    return [
        *_wrong_values(declared),
        *_countries_that_twilio_closes(declared),
        *_contradictions(declared),
        *_digits_that_a_pattern_lacks(declared["pbx_national_rules"]),
        *_caller_ids_of_no_country(declared),
        *_classes_that_do_not_fit(declared),
        *_outside_numbers_that_stay_closed(declared),
        *_speed_dials_that_stay_closed(declared),
        *_forwards_that_stay_closed(declared),
        *_numbers_that_hide_an_emergency_number(declared),
        *callers.problems(declared),
    ]


def _country(value: str) -> str:
    if value not in countries():
        meant = {"UK": "GB"}.get(value.upper(), value.upper())
        hint = f": write {meant}" if meant in countries() else ""
        raise ValueError(f"must be a country's two letters in capitals, such as US, not {value!r}{hint}")
    return value


_prefix = matching(r"\+[1-9][0-9]{0,14}", "must be a plus sign and 1 to 15 digits such as +1900")
_class_name = matching(r"[a-z0-9]{1,16}", "must be 1 to 16 lower-case letters and digits")
_emergency_number = matching(r"[0-9]{2,6}", "must be 2 to 6 digits")

#: Option to the check of each of its entries.
_LISTS: Mapping[str, Check] = {
    "pbx_international_prefixes": asterisk.dialled_prefix,
    "pbx_countries": _country,
    "pbx_allowed_prefixes": _prefix,
    "pbx_denied_prefixes": _prefix,
    "pbx_emergency_numbers": _emergency_number,
}
#: Column of pbx_classes to the check of each of its entries.
_CLASS_LISTS: Mapping[str, Check] = {
    "countries": _country, "allowed_prefixes": _prefix, "denied_prefixes": _prefix,
}


def _wrong_values(declared: Values) -> Iterator[str]:
    yield from wrong("pbx_home_country", _country, declared.get("pbx_home_country"))
    if declared.get("pbx_account_sid") != declared.get("twilio_trunk_account_sid"):
        yield from wrong("pbx_account_sid", sid("AC"), declared.get("pbx_account_sid") or None)
    yield from wrong_rows("pbx_classes", {"name": _class_name}, declared["pbx_classes"])
    for name, check in _LISTS.items():
        yield from wrong_entries(name, check, declared.get(name))
    for index, row in enumerate(declared["pbx_classes"]):
        for name, check in _CLASS_LISTS.items():
            yield from wrong_entries(f"pbx_classes[{index}].{name}", check, row.get(name))


def _countries_that_twilio_closes(declared: Values) -> Iterator[str]:
    rows = declared.get("twilio_trunk_countries")
    if rows is None or "countries" in (declared.get("twilio_trunk_keep_extra") or ()):
        may, closed = declared.get("pbx_countries"), "is not in pbx_countries"
    else:
        may, closed = at_twilio(rows)[0], "is not open in twilio_trunk_countries: Twilio would refuse every call"
        yield from _beyond("pbx_countries", declared.get("pbx_countries"), may, closed)
    for index, row in enumerate(declared["pbx_classes"]):
        if may is not None:
            yield from _beyond(f"pbx_classes[{index}].countries", row.get("countries"), may, closed)


def _beyond(where: str, chosen: Iterable[str] | None, may: Collection[str], closed: str) -> Iterator[str]:
    for index, country in enumerate(chosen or ()):
        if country in countries() and country not in may:
            yield f"{where}[{index}] is {country}, which {closed}."


def _contradictions(declared: Values) -> Iterator[str]:
    both = [("pbx_", declared["pbx_allowed_prefixes"], declared["pbx_denied_prefixes"])]
    for index, row in enumerate(declared["pbx_classes"]):
        both.append((f"pbx_classes[{index}].", row.get("allowed_prefixes"), row.get("denied_prefixes")))
    for place, allowed, denied in both:
        for prefix in sorted(set(allowed or ()) & set(denied or ())):
            yield f"{place}allowed_prefixes and {place}denied_prefixes both have {prefix}."


def _digits_that_a_pattern_lacks(rules: Sequence[Values]) -> Iterator[str]:
    for index, rule in enumerate(rules):
        most = len(rule["pattern"].rstrip("."))
        if not 0 <= rule["strip"] <= most:
            yield (
                f"pbx_national_rules[{index}].strip must be from 0 to {most}, the digits of its pattern, not"
                f" {rule['strip']}."
            )


def _caller_ids_of_no_country(declared: Values) -> Iterator[str]:
    """Yield the caller IDs whose country is unknown, where the open countries follow from them.

    A number may be newer than the library (https://github.com/daviddrysdale/python-phonenumbers).
    """
    if declared.get("pbx_countries") is not None or declared.get("twilio_trunk_countries") is not None:
        return
    for index, trunk in enumerate(declared["trunkline_trunks"]):
        if E164.fullmatch(trunk["caller_id"]) and not country_of(trunk["caller_id"]):
            yield (
                f"trunkline_trunks[{index}].caller_id is {trunk['caller_id']}, whose country Python package"
                " phonenumbers does not know, so that no country would be open. Give pbx_countries, such as [US]."
            )


def _classes_that_do_not_fit(declared: Values) -> Iterator[str]:
    known = list(BUILT_IN)
    for index, row in enumerate(declared["pbx_classes"]):
        if row["name"] in known:
            yield f"pbx_classes[{index}].name is {row['name']!r}, which is the name of another class."
        known.append(row["name"])
    named = {"pbx_default_class": declared["pbx_default_class"]}
    for option in ("pbx_phones", "pbx_outside_numbers"):
        named.update({f"{option}[{index}].class": row.get("class") for index, row in enumerate(declared[option])})
    for where, name in named.items():
        if name and name not in known:
            yield f"{where} names {name!r}, which is neither in pbx_classes nor one of {', '.join(BUILT_IN)}."
    longest = max(map(len, filter(None, named.values())), default=0)
    for index, trunk in enumerate(declared["trunkline_trunks"]):
        label = trunk["domain"].partition(".")[0]
        if len(f"outside-{trunk_id(trunk['domain'])}-") + longest > _CONTEXT_LENGTH:
            yield (
                f"trunkline_trunks[{index}].domain begins with {len(label)} characters, too many for Asterisk beside a"
                f" class's name of {longest}."
            )


def class_of(name: str, trunk: Values, host: Values) -> CallClass:
    """Return a class of service of a host, for calls on one of its trunks."""
    declared = {
        "countries": host["pbx_countries"],
        "twilio_countries": host["twilio_trunk_countries"],
        "allowed_prefixes": host["pbx_allowed_prefixes"],
        "denied_prefixes": host["pbx_denied_prefixes"],
        "classes": host["pbx_classes"],
    }
    return call_class(name, trunk["caller_id"], declared, [row["caller_id"] for row in host["trunkline_trunks"]])


def _outside_numbers_that_stay_closed(declared: Values) -> Iterator[str]:
    """Yield the destinations outside that their class does not let out. What is wrong by itself is said elsewhere."""
    trunks = {trunk["name"]: trunk for trunk in declared["trunkline_trunks"]}
    known = (*BUILT_IN, *(row["name"] for row in declared["pbx_classes"]))
    for index, row in enumerate(declared["pbx_outside_numbers"]):
        number, place = row["number"], f"pbx_outside_numbers[{index}].number is {row['number']}"
        trunk = trunks.get(row["trunk"] or next(iter(trunks), ""))
        if not trunk or row["class"] not in known or not E164.fullmatch(number):
            continue
        if has_national_prefix(number):
            yield f"{place}, which has a national prefix after its country code: leave that out."
        elif fault := class_of(row["class"], trunk, declared).refusal(number):
            yield (
                f"{place}, which class {row['class']} does not let out: {fault}. Open it by pbx_countries or"
                " pbx_allowed_prefixes, or name another class."
            )


def _speed_dials_that_stay_closed(declared: Values) -> Iterator[str]:
    """Yield the numbers that no phone which has them may call. What is wrong by itself is said elsewhere."""
    trunks = {trunk["name"]: trunk for trunk in declared["trunkline_trunks"]}
    known = (*BUILT_IN, *(row["name"] for row in declared["pbx_classes"]))
    for index, row in enumerate(declared["pbx_speed_dials"]):
        phones = [phone for phone in declared["pbx_phones"] if not row["phones"] or phone["name"] in row["phones"]]
        ways = {
            (phone["class"] or declared["pbx_default_class"], phone["trunk"] or next(iter(trunks), ""))
            for phone in phones}
        if not row["number"] or not all(name in known and trunk in trunks for name, trunk in ways):
            continue
        try:
            number = callers.number_of(declared, row["number"])
        except ValueError:
            continue
        faults = [class_of(name, trunks[trunk], declared).refusal(number) for name, trunk in sorted(ways)]
        if faults and all(faults):
            yield f"pbx_speed_dials[{index}].number is {number}, which no phone that has it may call: {faults[0]}."


def _forwards_that_stay_closed(declared: Values) -> Iterator[str]:
    """Yield the numbers to which calls of a phone go that may not call them. What is wrong by itself is said
    elsewhere."""
    trunks = {trunk["name"]: trunk for trunk in declared["trunkline_trunks"]}
    known = (*BUILT_IN, *(row["name"] for row in declared["pbx_classes"]))
    for place, phone, text in phone_options.forwards_outside(declared):
        name = phone["class"] or declared["pbx_default_class"]
        trunk = trunks.get(phone["trunk"] or next(iter(trunks), ""))
        try:
            number = callers.number_of(declared, text)
        except ValueError:
            continue
        if trunk and name in known and (fault := class_of(name, trunk, declared).refusal(number)):
            yield f"{place} is {number}, which class {name} of the phone does not let out: {fault}."


def _numbers_that_hide_an_emergency_number(declared: Values) -> Iterator[str]:
    stated, home = declared.get("pbx_emergency_numbers"), declared.get("pbx_home_country")
    found = {number: "pbx_emergency_numbers has" for number in stated or ()}
    for trunk in declared["trunkline_trunks"] if stated is None else ():
        country = home_country(home, trunk["caller_id"])
        if country in countries():
            found.update(dict.fromkeys(emergency_numbers(country), f"is an emergency number in {country}"))
    for index, phone in enumerate(declared["pbx_phones"]):
        if why := found.get(identity(phone["name"])):
            yield (
                f"pbx_phones[{index}].name is {phone['name']}, which {why}: nobody could call it. Give the phone"
                " another name, or state pbx_emergency_numbers without it."
            )
    known = dict.fromkeys(KNOWN_EVERYWHERE if stated is None else (), "is an emergency number that phones may dial")
    for number in parking.dialled(declared):
        if why := {**known, **found}.get(number):
            yield f"pbx_parking takes the number {number}, which {why}. Give the parking lot other numbers."
    for number, place in speed_dials.dialled(declared).items():
        if why := {**known, **found}.get(number):
            yield f"{place} is {number}, which {why}: dial something else."
