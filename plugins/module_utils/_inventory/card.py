# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The card of feature codes: what the users of one PBX dial on it, as one page to print."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from . import feature_codes, parking, speed_dials
from .features.hours import switches

#: A part of the card: its title, and what is dialled with what that does.
Section = Mapping[str, Any]
#: The features that stand under each title.
_PARTS: Mapping[str, tuple[str, ...]] = {
    "Where your calls go": (
        "forward_always", "cancel_forward_always", "forward_busy", "cancel_forward_busy", "forward_unanswered",
        "cancel_forward_unanswered", "do_not_disturb", "cancel_do_not_disturb"),
    "Calls of others": ("pickup_group", "pickup_phone", "intercom", "call_back", "redial"),
    "Queues": ("queue_log_in", "queue_pause"),
}


def sections(host: Mapping[str, Any]) -> list[Section]:
    """Return the parts of a host's card that have something in them, which nobody else's phones can dial.

    :param host: a value for each option of `options.of_pbx`, of a valid inventory.
    """
    codes = {row["name"]: row for row in feature_codes.rows(host)}
    found = [(title, [_code(codes[name], host) for name in names if name in codes]) for title, names in _PARTS.items()]
    found += [("Parking a call", _parking(host)), ("Messages", _messages(host)), ("Opening hours", _switches(host)),
              ("Recording a call", _recording(host)), ("Paging", _paging(host)),
              ("Speed dials", [_row(*one) for one in speed_dials.shown(host)])]
    return [{"title": title, "rows": rows} for title, rows in found if rows]


def _row(dial: str, does: str, example: str = "") -> dict[str, str]:
    return {"dial": dial, "does": does, "example": example}


def _code(code: Mapping[str, Any], host: Mapping[str, Any]) -> dict[str, str]:
    if not code["takes_number"]:
        return _row(code["code"], code["does"])
    needs = feature_codes.NEEDS.get(code["key"])
    numbers = [phone["name"] for phone in host["pbx_phones"] if re.fullmatch("[0-9]+", phone["name"])
               and (not needs or phone[needs])]
    outside = code["sets"] and host["pbx_forward_outside"]
    return _row(
        f"{code['code']} and {'a number' if outside else 'a phone'}", code["does"],
        f"{code['code']}{numbers[-1]}" if numbers else "")


def _parking(host: Mapping[str, Any]) -> list[dict[str, str]]:
    slots = parking.slots(host)
    if not slots:
        return []
    number = host["pbx_parking"]["number"]
    span = f"{slots[0]} to {slots[-1]}" if len(slots) > 1 else slots[0]
    return [
        _row(f"transfer to {number}", "Park a call: you hear in which slot it waits"),
        _row(span, "Take the call that waits in this slot, at any phone"),
    ]


def _messages(host: Mapping[str, Any]) -> list[dict[str, str]]:
    return [_row(host["pbx_voicemail_code"], "Hear your messages, with your PIN")] if host["pbx_mailboxes"] else []


def _recording(host: Mapping[str, Any]) -> list[dict[str, str]]:
    if all(phone["record"] == "never" for phone in host["pbx_phones"]):
        return []
    return [_row(host["pbx_recording"]["code"], "In a call, at a phone that may: record it, pause, and go on")]


def _paging(host: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        _row(row["code"], f"Speak at the phones of {row['name']}, from {', '.join(row['callers'])}")
        for row in host["pbx_paging_groups"]]


def _switches(host: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        _row(row["code"], f"Close {row['name']} by hand; dialled again, the clock decides")
        for row in switches(host) if row["code"]]


def page(title: str, parts: Iterable[Section]) -> str:
    """Return the card as HTML: one file without another, that a browser prints on A4 or Letter.

    :param title: the PBX's name. :param parts: what `sections` returns.
    """
    name = escape(title)
    body = "".join(_part(part) for part in parts) or "<p>This PBX has no codes.</p>\n"
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Telephone codes of {name}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>Telephone codes <span>{name}</span></h1>\n"
        f"<p>Dial a code and what follows it in one go.</p>\n<main>\n{body}</main>\n</body>\n</html>\n")


#: Sizes in points and no paper's name, so that A4 and Letter both take it. A part is never torn.
_STYLE = """
@page { margin: 15mm }
body { font: 11pt/1.35 sans-serif; color: #000; background: #fff; max-width: 180mm; margin: 0 auto; padding: 4mm }
h1 { font-size: 18pt; margin: 0; border-bottom: 2pt solid }
h1 span { float: right; font-weight: normal }
h2 { font-size: 12pt; margin: 4mm 0 1mm }
main { columns: 2; column-gap: 8mm }
section { break-inside: avoid }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: 1mm 0; border-top: 0.5pt solid #999 }
th { white-space: nowrap; padding-right: 4mm; font-family: monospace; width: 1% }
small { font-size: 9pt }
@media print { body { padding: 0 } }
"""


def _part(part: Section) -> str:
    rows = "".join(
        f"<tr><th scope=\"row\">{escape(row['dial'])}</th><td>{escape(row['does'])}"
        + (f"<br><small>for example {escape(row['example'])}</small>" if row["example"] else "")
        + "</td></tr>\n"
        for row in part["rows"])
    return f"<section>\n<h2>{escape(part['title'])}</h2>\n<table>\n{rows}</table>\n</section>\n"
