# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The diagnosis: from what a probe saw to the cause and the fix. Its knowledge is the table in causes.py."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any, Mapping

from .causes import CAUSES
from .ladder import Facts
from .problem import Problem

# What a sentence says in place of a fact that is not known.
UNKNOWN = {
    "acl": "the trunk's IP access control list",
    "credential_list": "the trunk's credential list",
    "address_seen": "an address that the response does not show",
    "caller": "(none)",
    "detail": "no detail",
}


@dataclass(frozen=True)
class Finding:
    """A cause: `name` is stable and for programs, `cause` and `fix` are sentences for people."""

    name: str
    cause: str
    fix: str


class _Words(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return UNKNOWN.get(key, f"(unknown {key})")


def diagnose(problem: Problem, facts: Facts, known: Mapping[str, Any]) -> Finding:
    """Return the first cause of the table that fits; its last row fits anything.

    :param facts: of the messages; they count only where a request was sent.
    :param known: what else the rows require or the sentences name: `trunk`, `endpoint`, `domain`, `acl`, `context`…
    """
    seen = {**known, **(asdict(facts) if facts.sent else {}), "problem": problem}
    words = _Words({key: value for key, value in seen.items() if value not in (None, "")})
    for cause in CAUSES:
        if all(_fits(expected, seen.get(fact)) for fact, expected in cause.when.items()):
            return Finding(cause.name, cause.cause.format_map(words), cause.fix.format_map(words))
    raise LookupError("the table of causes has no last resort")


def _fits(expected: object, value: object) -> bool:
    if isinstance(expected, re.Pattern):
        return bool(expected.search(str(value or "")))
    if isinstance(expected, (tuple, range)):
        return value in expected
    return value == expected
