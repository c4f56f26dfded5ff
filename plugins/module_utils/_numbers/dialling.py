# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The normalisation of dialled numbers to E.164 on one PBX, from its trunks' home countries and the inventory."""

from __future__ import annotations

from typing import Any, Collection, Iterable, Mapping, NamedTuple, Sequence

from . import plan
from .plan import Row
from .ranges import country_of

#: International prefixes of a trunk without a home country: ITU-T's recommendation and North America's prefix.
_ANYWHERE = ("00", "011")
#: Emergency numbers that people dial abroad: 112, which is in the standard of mobile phones (3GPP TS 22.101), 911 and
#: 999; and 933, which tests 911. Twilio refuses those that are no emergency number in the country.
KNOWN_EVERYWHERE = ("911", "933", "112", "999")


class Home(NamedTuple):
    """The rules of dialling in a country. `name` is the context's: `number-GB`.

    `own` are the rows of the inventory and of international numbers, of which Asterisk takes the most specific.
    `national` are the rows of the country's numbers, which it tries afterwards.
    """

    name: str
    own: tuple[Row, ...]
    national: tuple[Row, ...]


class Dialling(NamedTuple):
    """The data by which the dialplan of a PBX normalises numbers.

    `contexts`: the context of each trunk's home country. `emergency`: the emergency numbers on each trunk. `homes`: the
    rows of each context. `written`: the rows for international numbers with a national prefix.
    """

    contexts: list[str]
    emergency: list[list[str]]
    homes: list[Home]
    written: tuple[Row, ...]


def home(country: str, prefixes: Sequence[str] | None, rules: Iterable[Mapping[str, Any]]) -> Home:
    """Return the rows of a country, after those of the inventory.

    :param country: its two letters, empty for none.
    :param prefixes: pbx_international_prefixes, which replace the country's; None if the inventory has none.
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
    """Return pbx_home_country, or the country of the trunk's caller ID."""
    return stated or country_of(caller_id)


def emergency(stated: Sequence[str] | None, country: str, phones: Collection[str]) -> list[str]:
    """Return pbx_emergency_numbers, or the home country's and those known everywhere that are no phone's name.

    :param phones: the names of phones.
    """
    if stated is None:
        stated = [*(plan.emergency_numbers(country) if country else ()), *(set(KNOWN_EVERYWHERE) - set(phones))]
    return sorted(set(stated))


def dialling(declared: Mapping[str, Any], caller_ids: Sequence[str]) -> Dialling:
    """Return what a PBX's dialplan needs to normalise numbers.

    :param declared: `home_country`, `international_prefixes` and `emergency_numbers`, each None if the inventory does
        not set it; `national_rules`; and `phones`, their names.
    :param caller_ids: of the trunks.
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
