# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How what is dialled becomes E.164 on one PBX: by its trunks' home countries, and by what the inventory says."""

from __future__ import annotations

from typing import Collection, Iterable, Mapping, NamedTuple, Sequence

from . import plan
from .plan import Row
from .ranges import country_of

#: Where a trunk has no home country and the inventory does not say: ITU-T's recommendation and North America's prefix.
_ANYWHERE = ("00", "011")
#: What people dial for help far from home: 112 from any mobile phone, whose standard has it (3GPP TS 22.101), 911 and
#: 999; and 933, which tests 911. Where they are no emergency numbers Twilio refuses them.
_KNOWN_EVERYWHERE = ("911", "933", "112", "999")


class Home(NamedTuple):
    """How people dial in a country. `name` is the context's: `number-GB`.

    `own` are the inventory's rows and those of international numbers, of which the most particular decides; `national`
    are the country's own rows, which come after them.
    """

    name: str
    own: tuple[Row, ...]
    national: tuple[Row, ...]


class Dialling(NamedTuple):
    """`contexts`: the name of each trunk's home. `emergency`: the emergency numbers on each trunk. `written`: rows for
    international numbers that are not E.164 yet."""

    contexts: list[str]
    emergency: list[list[str]]
    homes: list[Home]
    written: tuple[Row, ...]


def home(country: str, prefixes: Sequence[str] | None, rules: Iterable[Mapping]) -> Home:
    """What the inventory says comes before what the country does.

    :param country: its two letters, empty for none.
    :param prefixes: pbx_international_prefixes, in place of the country's; None where the inventory does not say.
    :param rules: pbx_national_rules.
    """
    if prefixes is None and country:
        own = list(plan.international(country))
    else:
        own = [plan.row(f"{one}X.", len(one), "+") for one in (_ANYWHERE if prefixes is None else prefixes)]
    own += [plan.row(rule["pattern"], rule.get("strip") or 0, rule["prefix"]) for rule in rules]
    return Home(
        f"number-{country}" if country else "number",
        tuple({row.pattern: row for row in own}.values()),
        plan.national(country) if country else ())


def home_country(stated: str | None, caller_id: str) -> str:
    """pbx_home_country, or the country of the trunk's caller ID."""
    return stated or country_of(caller_id)


def emergency(stated: Sequence[str] | None, country: str, phones: Collection[str]) -> list[str]:
    """pbx_emergency_numbers, or those of the home country and what is known everywhere, which no phone has.

    :param phones: the names of phones.
    """
    if stated is None:
        stated = [*(plan.emergency_numbers(country) if country else ()), *(set(_KNOWN_EVERYWHERE) - set(phones))]
    return sorted(set(stated))


def dialling(declared: Mapping, caller_ids: Sequence[str]) -> Dialling:
    """All that a PBX's dialplan has of it.

    :param declared: `home_country`, `international_prefixes` and `emergency_numbers`, each None where the inventory
        does not say; `national_rules`; and `phones`, their names.
    :param caller_ids: the trunks'.
    """
    countries = [home_country(declared.get("home_country"), number) for number in caller_ids]
    homes = {
        country: home(country, declared.get("international_prefixes"), declared.get("national_rules") or ())
        for country in countries
    }
    return Dialling(
        [homes[country].name for country in countries],
        [emergency(declared.get("emergency_numbers"), country, declared.get("phones") or ()) for country in countries],
        list(homes.values()),
        plan.written())
