# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan as data: what a run would change at each place, and its exit code. plan_text.py shows it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .changes import inventory_changes
from .opens import value_opens
from .options import Values

#: Exit codes of playbooks/plan.yml.
NOTHING, ERROR, CHANGES = 0, 1, 2
ACTIONS = {"add": "+", "change": "~", "remove": "-"}
#: The file in which a PBX keeps the inventory that it was last configured from.
INVENTORY_FILE = "/trunkline_inventory.json"
MARK = " ⚠ opens"
#: What a change at Twilio is called that opens something when it is added, or when it is removed.
_ATTACHED = r"(IP access control|credential) list .+ to trunk "
_OPENS_ADDED = re.compile(rf"IP address |credential \S+ of credential list |{_ATTACHED}")
_OPENS_REMOVED = re.compile(_ATTACHED)


def plan_report(places: Sequence[Values]) -> dict[str, Any]:
    """Assemble a plan.

    :param places: the places that a run looks at, in their order: `where`, and one of `changes` (rows with `action`,
        `what` and perhaps `fields`, `note`, `before` and `after`), `error` (a sentence), and `skipped` (the reason);
        perhaps `notes`, sentences about a place that was looked at.
    """
    errors, skipped = _messages(places, "error"), _messages(places, "skipped")
    looked_at = [place for place in places if not place.get("error") and not place.get("skipped")]
    rows = [(place["where"], change) for place in looked_at for change in place.get("changes") or ()]
    changes = [_change(*row) for row in rows]
    words = [line for row in rows for line in _words(*row)]
    counts: Counter[str] = Counter(change["action"] for change in changes)
    return {
        **{action: counts[action] for action in ACTIONS},
        "drift": sum(change["drift"] for change in changes),
        "opens": sum(row["opens"] for row in changes + words),
        "looked_at": [visible(place["where"]) for place in looked_at],
        "notes": [{"where": visible(place["where"]), "message": visible(note)}
                  for place in looked_at for note in place.get("notes") or ()],
        "changes": changes,
        "inventory": words,
        "errors": errors,
        "skipped": skipped,
        "summary": _summary(counts, len(errors), len(skipped)),
        "code": ERROR if errors or skipped else CHANGES if changes else NOTHING,
    }


def _messages(places: Sequence[Values], kind: str) -> list[dict[str, str]]:
    return [{"where": visible(place["where"]), "message": visible(place[kind])} for place in places if place.get(kind)]


def visible(text: object) -> str:
    """Return text as one line without control characters, which a terminal or a browser would obey.

    White space becomes one space. Control and format characters, with which a value could overwrite a line or reverse
    it (U+202E), are written as their code points.
    """
    return "".join(
        f"\\u{{{ord(one):x}}}" if unicodedata.category(one) in ("Cc", "Cf", "Cs") else one
        for one in " ".join(str(text).split())
    )


def _summary(counts: Mapping[str, int], errors: int, skipped: int) -> str:
    totals = ", ".join(f"{counts[action]} to {action}" for action in ACTIONS)
    if errors:
        return f"No whole plan: {errors} error{'' if errors == 1 else 's'}. Nothing was changed."
    if skipped:
        places = "1 place was" if skipped == 1 else f"{skipped} places were"
        return f"No whole plan: {places} not looked at. Nothing was changed."
    if any(counts.values()):
        return f"Plan: {totals}. Nothing was changed yet; playbooks/site.yml does it."
    return f"Nothing to change: {totals}."


def _change(where: str, change: Values) -> dict[str, Any]:
    action, what, note = change["action"], change["what"], change.get("note") or ""
    fields = change.get("fields") or {}
    drift, opens = action != "add", _opens(action, what, fields)
    shown = ", ".join(_fields(action, what, fields))
    line = "".join((
        f"{ACTIONS[action]} {what}", f" ({shown})" if shown else "", f"; {note}" if note else "",
        " [drift]" if drift else "", MARK if opens else "",
    ))
    return {
        "where": visible(where), "action": action, "what": what, "fields": fields, "note": note, "drift": drift,
        "opens": opens, "line": visible(line),
    }


def _fields(action: str, what: str, fields: Mapping[str, Values]) -> Iterator[str]:
    for name, value in fields.items():
        before, after = (json.dumps(value[side], ensure_ascii=False) for side in ("before", "after"))
        if action == "change":
            yield f"{name} {before} → {after}"
        elif value["after"] is not None and not (isinstance(value["after"], str) and value["after"] in what):
            yield f"{name} {after}"


def _opens(action: str, what: str, fields: Mapping[str, Values]) -> bool:
    """Return whether a change at Twilio lets something in, or out, that was kept out before."""
    if action == "remove":
        return bool(_OPENS_REMOVED.match(what))
    if what.startswith("country "):
        return any(value["after"] is True and not value["before"] for value in fields.values())
    if action == "add":
        return bool(_OPENS_ADDED.match(what))
    if what.startswith("IP address "):
        return bool({"ip_address", "cidr_prefix_length"} & set(fields))     # another address is let in
    return any(
        value_opens(f"trunkline_trunks.{name}", fields[name]["before"], fields[name]["after"])
        for name in ("secure", "transfer_mode") if name in fields
    )


def _words(where: str, change: Values) -> list[dict[str, Any]]:
    """Return the differences of the inventory that a PBX was configured from, which its other files follow."""
    if not change["what"].endswith(INVENTORY_FILE) or not change.get("after"):
        return []
    found = inventory_changes(json.loads(change.get("before") or "{}"), json.loads(change["after"]))
    return [
        {"where": visible(where), "line": visible(one.line + (MARK if one.opens else "")), "opens": one.opens}
        for one in found
    ]
