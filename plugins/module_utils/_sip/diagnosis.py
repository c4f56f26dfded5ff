# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what was seen to the cause and the fix, each in a sentence. The knowledge is the table in causes.py."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .causes import CAUSES

# A fact's name in a sentence, where the fact itself is not known.
UNKNOWN = {
    "acl": "the trunk's IP access control list",
    "credential_list": "the trunk's credential list",
    "address_seen": "an address that the response does not show",
    "caller": "(none)",
    "detail": "no detail",
}


@dataclass(frozen=True)
class Finding:
    """A cause: `name` is stable and made for programs, `cause` and `fix` are sentences for people."""

    name: str
    cause: str
    fix: str


class _Words(dict):
    def __missing__(self, key):
        return UNKNOWN.get(key, f"(unknown {key})")


def diagnose(seen: dict) -> Finding:
    """The first cause of the table that fits.

    :param seen: `problem`, a name for what went wrong before or beside SIP, the facts of `ladder.facts`, and what else
        the sentences are filled with: `trunk`, `endpoint`, `domain`, `acl`, `credential_list`, `context`…
    :returns: always one: the table's last cause fits anything.
    """
    words = _Words({key: value for key, value in seen.items() if value not in (None, "")})
    for cause in CAUSES:
        if all(_fits(expected, seen.get(fact)) for fact, expected in cause.when.items()):
            return Finding(cause.name, cause.cause.format_map(words), cause.fix.format_map(words))
    raise LookupError("the table of causes has no last resort")


def _fits(expected, value) -> bool:
    if isinstance(expected, re.Pattern):
        return bool(expected.search(str(value or "")))
    if isinstance(expected, (tuple, range)):
        return value in expected
    return value == expected
