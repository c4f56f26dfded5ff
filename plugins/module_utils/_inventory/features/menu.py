# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Menus: a prompt, and keys of the telephone for each way to go on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..._asterisk import validators as asterisk
from .feature import Destination, Exit, Feature, out_of_range, target_of
from .prompts import prompt_problems

VARIABLE = "pbx_menus"
#: Keys whose sign YAML would read as something else.
_SIGNS = {"star": "*", "pound": "#"}
_KEY = re.compile("[0-9]{1,6}")
#: What a caller may dial of a phone: its name, where that is nothing but digits.
_DIALLED = re.compile("[0-9]{2,6}")


def _keys(row: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the keys in one order, however Ansible delivers them: those of one sign first."""
    given = {key: value for key, value in (row["keys"] or {}).items() if value is not None}
    return {key: given[key] for key in sorted(given, key=_order)}


def _order(key: str) -> tuple[int, int, str]:
    dialled = _SIGNS.get(key, key)
    return len(dialled), "0123456789*#".find(dialled[:1]), dialled


def key_exits(row: Mapping[str, Any]) -> Iterator[Exit]:
    """Yield where the keys of a menu, or of a queue, lead."""
    for key, value in _keys(row).items():
        yield Exit(f"keys.{key}", value, by_caller=True)


def wrong_single_keys(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Find what is no key, where one key leads on and no second one is waited for."""
    for key in _keys(row):
        if key not in (*"0123456789", *_SIGNS):
            yield f"keys.{key}", "is no key: there are 0 to 9, star and pound"


def key_targets(row: Mapping[str, Any]) -> dict[str, str]:
    """Return what Goto() takes for each key that the caller may press, by its sign."""
    return {_SIGNS.get(key, key): target_of(value) for key, value in _keys(row).items()}


def _exits(row: Mapping[str, Any]) -> Iterator[Exit]:
    yield from key_exits(row)
    yield Exit("otherwise", row["otherwise"])


def _problems(row: Mapping[str, Any], host: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from prompt_problems(row)
    keys = _keys(row)
    if not keys and not row["direct_dialling"]:
        yield "keys", "is empty: give at least one key a destination"
    phones = {name: index for index, name in enumerate(phone["name"] for phone in host["pbx_phones"])}
    for key in keys:
        if key not in _SIGNS and not _KEY.fullmatch(key):
            yield f"keys.{key}", "is no key: there are 0 to 9, star, pound, and 2 to 6 digits, in quotes"
        elif row["direct_dialling"] and key in phones:
            yield f"keys.{key}", (
                f"is pbx_phones[{phones[key]}].name as well, which direct_dialling lets callers dial: change one")
    if row["direct_dialling"] and not dialled(host):
        yield "direct_dialling", "is true, and no phone's name is 2 to 6 digits: nobody could be dialled"
    if row["language"]:
        try:
            asterisk.language(row["language"])
        except ValueError as error:
            yield "language", str(error)
    yield from out_of_range(row, seconds=(1, 60), attempts=(1, 10), next_key_seconds=(1, 10))


def dialled(host: Mapping[str, Any]) -> list[str]:
    """Return the names of the phones that callers may dial in a menu, where one of the menus lets them."""
    if not any(row["direct_dialling"] for row in host[VARIABLE]):
        return []
    return [phone["name"] for phone in host["pbx_phones"] if _DIALLED.fullmatch(phone["name"])]


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    keys = _keys(row)
    return {
        "prompt": row["prompt"],
        "language": row["language"],
        "seconds": row["seconds"],
        "attempts": row["attempts"],
        "keys": key_targets(row),
        "direct_dialling": row["direct_dialling"],
        # Nothing waits for a second key where there is none.
        "next_key_seconds": row["next_key_seconds"] if row["direct_dialling"] or _have_several_digits(keys) else 0,
        "otherwise": target_of(row["otherwise"], Destination("hangup", "normal").target),
    }


def _have_several_digits(keys: Mapping[str, Any]) -> bool:
    return any(len(key) > 1 for key in keys if key not in _SIGNS)


MENU = Feature("menu", VARIABLE, _exits, _problems, _row)
