# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How two states of one host's inventory differ, in the inventory's own words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .features import FEATURES
from .opens import LIMIT, OPENS, entry_opens, value_opens

#: What a row of an option is called.
NOUNS = {
    **{feature.variable: feature.kind.replace("_", " ") for feature in FEATURES},
    "pbx_classes": "class",
    "pbx_dids": "number",
    "pbx_phones": "phone",
    "trunkline_trunks": "trunk",
    "twilio_trunk_countries": "country",
}
#: What tells a row from its siblings: the first of these that all of them have.
KEYS = (("name",), ("number",), ("iso_code",), ("username",), ("sip_url",), ("ip_address", "cidr_prefix_length"))
#: What a line about a row that was added says besides its name.
DETAILS = {"pbx_dids": ("phone", "to", "trunk"), "pbx_phones": ("class",), "trunkline_trunks": ("domain",)}


class Change(NamedTuple):
    """One difference, and whether it opens something."""

    line: str
    opens: bool


def inventory_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Compare two validated inventories of one host, each without its secrets.

    :returns: a line for each difference, those that open something first. One line for all of it where there was none.
    """
    if not before:
        return [Change(_everything(after), True)]
    found = [
        change
        for option in sorted({*before, *after})
        for change in _option(option, option, "", before.get(option), after.get(option))
    ]
    return sorted(found, key=lambda change: not change.opens)


def _everything(after: Mapping) -> str:
    told = []
    for option in ("trunkline_trunks", "pbx_phones", "pbx_dids"):
        count = len(after.get(option) or ())
        told.append(f"{count} {NOUNS[option]}{'' if count == 1 else 's'}")
    return f"the whole inventory is new here: {', '.join(told)}"


def _option(path: str, name: str, row: str, before, after) -> Iterator[Change]:
    """Compare one option. `path` is its place in the table of what opens, `row` names the row that it is in."""
    if before == after:
        return
    if OPENS.get(path) == LIMIT and (before is None or after is None):
        yield _value(path, name, row, before, after)
    elif _is_list(before) and _is_list(after) and (before or after):
        yield from _entries(path, name, row, before or (), after or ())
    elif _of_one_key(before) and _of_one_key(after) and before.keys() != after.keys():
        yield _value(path, name, row, before, after)
    elif isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted({*before, *after}):
            opens = value_opens(path, before.get(key), after.get(key))
            for change in _option(f"{path}.{key}", f"{name}.{key}", row, before.get(key), after.get(key)):
                yield change._replace(opens=change.opens or opens)
    elif not (_is_empty(before) and _is_empty(after)):
        yield _value(path, name, row, before, after)


def _is_list(value) -> bool:
    return value is None or (isinstance(value, Sequence) and not isinstance(value, str))


def _of_one_key(value) -> bool:
    """Say whether a value is like a destination, `{"menu": "main"}`: its key says as much as its value."""
    return isinstance(value, Mapping) and len(value) == 1 and isinstance(next(iter(value.values())), str)


def _is_empty(value) -> bool:
    return value is None or value == "" or value == [] or value == {}


def _value(path: str, name: str, row: str, before, after) -> Change:
    place = f"{row}: {name}" if row else f"{name}:"
    return Change(f"{place} {_shown(before)} → {_shown(after)}", value_opens(path, before, after))


def _entries(path: str, name: str, row: str, before: Sequence, after: Sequence) -> Iterator[Change]:
    old, new = _keyed([*before], [*after])
    noun = NOUNS.get(path)
    prefix = f"{row}: " if row else ""

    def entry(key: str) -> str:
        return f"{prefix}{noun} {key}" if noun else f"{prefix}{name}: {key}"

    for key in new:
        if key not in old:
            yield Change(f"{entry(key)} added{_details(path, new[key])}", entry_opens(path, added=True))
    for key in old:
        if key not in new:
            yield Change(f"{entry(key)} removed", entry_opens(path, added=False))
        elif isinstance(old[key], Mapping) and isinstance(new[key], Mapping):
            for field in sorted({*old[key], *new[key]}):
                yield from _option(f"{path}.{field}", field, entry(key), old[key].get(field), new[key].get(field))
    stayed = [[key for key in rows if key in old and key in new] for rows in (old, new)]
    if stayed[0] != stayed[1]:
        yield Change(f"{prefix}{name}: order {', '.join(stayed[0])} → {', '.join(stayed[1])}",
                     value_opens(path, None, None))


def _keyed(before: list, after: list) -> tuple[dict, dict]:
    """Give both lists' rows by what tells them apart: their names, or else all that is in them."""
    rows = before + after
    for key in KEYS:
        if all(isinstance(row, Mapping) and row.get(key[0]) is not None for row in rows):
            named = [{_name(row, key): row for row in side} for side in (before, after)]
            if [len(side) for side in named] == [len(before), len(after)]:
                return named[0], named[1]
    return {_shown(row): row for row in before}, {_shown(row): row for row in after}


def _name(row: Mapping, key: tuple) -> str:
    return "/".join(str(row[part]) for part in key if row.get(part) is not None)


def _details(path: str, row) -> str:
    given = [f"{name} {_shown(row[name])}" for name in DETAILS.get(path, ()) if not _is_empty(row.get(name))]
    return f" ({', '.join(given)})" if given else ""


def _shown(value) -> str:
    if value is None:
        return "not given"
    if isinstance(value, str) and value:
        return value
    if _of_one_key(value):
        return " ".join(next(iter(value.items())))
    return json.dumps(value, ensure_ascii=False)
