# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paging: a code by which some phones speak at all phones of a group, which answer by themselves and are not heard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .._asterisk import validators as asterisk
from .features.feature import WORDS, context_of
from .values import wrong

VARIABLE = "pbx_paging_groups"
#: What Asterisk's conferences read, which carry a page: they do not load without it.
FILE = "confbridge.conf"
#: Devices that one Page can name, as one Dial: see `features.ring_group`.
_MOST_DEVICES = 32


def codes(host: Mapping[str, Any]) -> dict[str, str]:
    """Return the code of each group by its place."""
    return {f"{VARIABLE}[{index}].code": row["code"] for index, row in enumerate(host[VARIABLE]) if row["code"]}


def problems(host: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for everything that cannot be right in the paging groups of a host."""
    contacts = {phone["name"]: phone["max_contacts"] for phone in host["pbx_phones"]}
    first: dict[str, int] = {}
    for index, row in enumerate(host[VARIABLE]):
        place, name = f"{VARIABLE}[{index}]", row["name"]
        if name and not WORDS.pattern.fullmatch(name):
            yield f"{place}.name must be {WORDS.words}, not {name!r}."
        elif (other := first.setdefault(name, index)) != index:
            yield f"{place}.name repeats {VARIABLE}[{other}]: {name!r} is there twice."
        yield from wrong(f"{place}.code", asterisk.feature_code, row["code"] or None)
        for option in ("phones", "callers"):
            yield from _of_phones(f"{place}.{option}", row[option], contacts)
        devices = sum(contacts.get(phone, 0) for phone in row["phones"])
        if devices > _MOST_DEVICES:
            yield (
                f"{place}.phones have up to {devices} devices, by max_contacts of each, and no more than"
                f" {_MOST_DEVICES} can be paged at once: name fewer.")


def _of_phones(place: str, names: list[str], known: Mapping[str, int]) -> Iterator[str]:
    if not names:
        yield f"{place} is empty: name at least one phone."
    for index, name in enumerate(names):
        if name not in known:
            yield f"{place}[{index}] names {name!r}, which is not in pbx_phones."
        elif name in names[:index]:
            yield f"{place}[{index}] repeats {name!r}."


def modules(host: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the modules of Asterisk that paging needs."""
    return ("app_confbridge.so", "bridge_softmix.so", "app_page.so") if host[VARIABLE] else ()


def rows(host: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what the template prints."""
    return [
        {**row, "source": f"{VARIABLE}[{index}]", "context": context_of("paging", row["name"])}
        for index, row in enumerate(host[VARIABLE])]
