# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The differences between two states of one host's inventory, in the inventory's own words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .features import FEATURES
from .features.feature import NUMBER
from .opens import LIMIT, OPENS, entry_opens, value_opens
from .options import Values

#: What a row of an option is called.
NOUNS = {
    **{feature.variable: feature.kind.replace("_", " ") for feature in FEATURES},
    "pbx_blocked_callers": "blocked caller",
    "pbx_classes": "class",
    "pbx_directory": "name",
    "pbx_dids": "number",
    "pbx_music": "music",
    "pbx_paging_groups": "paging group",
    "pbx_phones": "phone",
    "pbx_prompts": "prompt",
    "pbx_prompts.translations": "translation",
    "pbx_speed_dials": "speed dial",
    "trunkline_trunks": "trunk",
    "twilio_trunk_countries": "country",
}
#: What identifies a row among its siblings: the first of these columns that all rows have.
KEYS = (("name",), ("number",), ("iso_code",), ("username",), ("sip_url",), ("ip_address", "cidr_prefix_length"),
        ("dial",), ("member",), ("language",))
#: What the line about an added row says beside the row's name.
DETAILS = {"pbx_dids": ("phone", "to", "trunk"), "pbx_phones": ("class",), "trunkline_trunks": ("domain",)}

#: Columns that open something in whatever row they stand, such as a number or a key of a menu: a call goes out again,
#: which costs, or somebody listens to messages.
OPENING = ("outside_number", "outside_members", "mailbox_login")


class Change(NamedTuple):
    """A line about one difference, and whether the difference opens something."""

    line: str
    opens: bool


def inventory_changes(before: Values, after: Values) -> list[Change]:
    """Compare two validated inventories of one host, each without its secrets.

    :returns: the differences, those that open something first. A single one where there was no inventory before.
    """
    if not before:
        return [Change(_everything(after), True)]
    found = [
        change
        for option in sorted({*before, *after})
        for change in _option(option, option, "", before.get(option), after.get(option))
    ]
    return sorted(found, key=lambda change: not change.opens)


def _everything(after: Values) -> str:
    counts = []
    for option in ("trunkline_trunks", "pbx_phones", "pbx_dids"):
        count = len(after.get(option) or ())
        counts.append(f"{count} {NOUNS[option]}{'' if count == 1 else 's'}")
    return f"the whole inventory is new here: {', '.join(counts)}"


def _option(path: str, name: str, row: str, before: Any, after: Any) -> Iterator[Change]:
    """Compare one option. `path` is its place in the table of what opens; `row` names the row that has it."""
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


def _is_list(value: Any) -> bool:
    return value is None or (isinstance(value, Sequence) and not isinstance(value, str))


def _of_one_key(value: Any) -> bool:
    """Say whether a value is like a destination, `{"menu": "main"}`: its key says as much as its value."""
    return isinstance(value, Mapping) and len(value) == 1 and isinstance(next(iter(value.values())), str)


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


def _value(path: str, name: str, row: str, before: Any, after: Any) -> Change:
    place = f"{row}: {name}" if row else f"{name}:"
    opens = value_opens(path, before, after) or _leads_to_more({name.rpartition(".")[2]: after})
    return Change(f"{place} {_shown(before)} → {_shown(after)}", opens)


def _leads_to_more(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(
            key in OPENING and bool(one) or _is_a_number(one) or _leads_to_more(one) for key, one in value.items())
    return isinstance(value, Sequence) and not isinstance(value, str) and any(map(_leads_to_more, value))


def _is_a_number(value: Any) -> bool:
    """Say whether calls go to a number outside by this: `{"number": "+12025550143"}`. A row has more columns."""
    return _of_one_key(value) and NUMBER in value


def _entries(path: str, name: str, row: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Change]:
    old, new = _keyed([*before], [*after])
    noun = NOUNS.get(path)
    prefix = f"{row}: " if row else ""

    def entry(key: str) -> str:
        return f"{prefix}{noun} {key}" if noun else f"{prefix}{name}: {key}"

    for key in new:
        if key not in old:
            opens = entry_opens(path, added=True) or _leads_to_more(new[key])
            yield Change(f"{entry(key)} added{_details(path, new[key])}", opens)
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


def _keyed(before: list[Any], after: list[Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the rows of both lists by what identifies them: their names, or else their whole content."""
    rows = before + after
    for key in KEYS:
        if all(isinstance(row, Mapping) and row.get(key[0]) is not None for row in rows):
            named = [{_name(row, key): row for row in side} for side in (before, after)]
            if [len(side) for side in named] == [len(before), len(after)]:
                return named[0], named[1]
    return {_shown(row): row for row in before}, {_shown(row): row for row in after}


def _name(row: Values, key: tuple[str, ...]) -> str:
    return "/".join(str(row[part]) for part in key if row.get(part) is not None)


def _details(path: str, row: Any) -> str:
    given = [f"{name} {_shown(row[name])}" for name in DETAILS.get(path, ()) if not _is_empty(row.get(name))]
    return f" ({', '.join(given)})" if given else ""


def _shown(value: Any) -> str:
    if value is None:
        return "not given"
    if isinstance(value, str) and value:
        return value
    if _of_one_key(value):
        return " ".join(next(iter(value.items())))
    return json.dumps(value, ensure_ascii=False)
