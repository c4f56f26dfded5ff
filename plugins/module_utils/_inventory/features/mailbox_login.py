# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access to mailboxes from outside: a caller keys the number of a mailbox and its PIN, and hears the messages.

Nobody listens so unless a row names the mailbox. Wrong PINs are counted for the caller and for the mailbox, over calls.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .feature import Exit, Feature, out_of_range

VARIABLE = "pbx_mailbox_logins"
#: Anybody can try: at five wrong PINs an hour, four digits last twelve weeks, and six last over twenty years.
LEAST_PIN = 6


def _exits(row: Mapping[str, Any]) -> Iterator[Exit]:
    for index, name in enumerate(row["mailboxes"]):
        yield Exit(f"mailboxes[{index}]", {"mailbox": name}, by_caller=True)


def _problems(row: Mapping[str, Any], host: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if not row["mailboxes"]:
        yield "mailboxes", "is empty: name at least one mailbox"
    pins = {box["name"]: box["pin"] for box in host["pbx_mailboxes"]}
    for index, name in enumerate(row["mailboxes"]):
        if name in row["mailboxes"][:index]:
            yield f"mailboxes[{index}]", f"repeats {name!r}"
        elif len(pins.get(name) or "0" * LEAST_PIN) < LEAST_PIN:     # None where secrets were not read
            yield f"mailboxes[{index}]", (
                f"names mailbox {name!r}, whose pin has fewer than {LEAST_PIN} digits: give it a longer one, since"
                " anybody may try from outside")
    yield from out_of_range(row, wrong_pins=(1, 20), lock_minutes=(10, 10080))


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "mailboxes": row["mailboxes"],
        "wrong_pins": row["wrong_pins"],
        "lock_minutes": row["lock_minutes"],
    }


MAILBOX_LOGIN = Feature("mailbox_login", VARIABLE, _exits, _problems, _row, modules=("app_read.so", "app_readexten.so"))
