# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a feature of the dialplan declares, and what a destination is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

#: Where a call leaves a PBX by itself: what may stand behind `hangup`, and the cause that the caller's side is given
#: (Q.850). Once a menu or an announcement has answered, the caller hears the end of the call and nothing else.
HANGUPS = {"normal": 16, "busy": 17, "unanswered": 19, "refused": 21}
#: What stands beside the kinds of destinations where a phone's calls go: a number outside, called as that phone.
NUMBER = "number"


class Destination(NamedTuple):
    """The place where a call goes: a kind, such as `menu`, and a name of that kind."""

    kind: str
    name: str

    @property
    def target(self) -> str:
        """The place in the dialplan, as Goto() takes it."""
        if self.kind == "phone":
            return f"internal,{self.name},1"
        if self.kind == "hangup":
            return f"hangup,{self.name},1"
        return f"{context_of(self.kind, self.name)},s,1"

    @property
    def step(self) -> str:
        """The step of the dialplan that goes there. Role verify's proof ends before it, and says what it reached."""
        if self.kind == "hours":        # what is reached depends on the time, and they say it
            return f"Goto({self.target})"
        return f'GotoIf($["${{PROOF}}" = "1"]?proof,reached,1:{self.target})'

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


def context_of(kind: str, name: str) -> str:
    """Return the name of the dialplan's context for one row of a feature."""
    return f"{kind.replace('_', '-')}-{name}"


def destination(value: Mapping[str, Any] | None) -> Destination | None:
    """Read a destination as an inventory states it, a dict of one key: `{"menu": "main"}`.

    :param value: normalised, so that it has each kind as a key, and None for those that were not given.
    :returns: None where nothing, or more than one kind, is given.
    """
    given = [Destination(kind, name) for kind, name in (value or {}).items() if name is not None]
    return given[0] if len(given) == 1 else None


def target_of(value: Mapping[str, Any] | None, default: str = "") -> str:
    """Return what Goto() takes for a destination, or `default` where none is given."""
    found = destination(value)
    return found.target if found else default


class Exit(NamedTuple):
    """A way out of a row: the option that states it, its value, and whether the caller has to choose it."""

    option: str
    value: Mapping[str, Any] | None
    by_caller: bool = False


def out_of_range(row: Mapping[str, Any], **ranges: tuple[int, int]) -> Iterator[tuple[str, str]]:
    """Find the numbers of a row that are not within their range, which includes both of its ends."""
    for option, (least, most) in ranges.items():
        if not least <= row[option] <= most:
            yield option, f"must be from {least} to {most}, not {row[option]}"


def wrong_members(row: Mapping[str, Any], host: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Find what is wrong with the option `members` of a row, which names phones."""
    phones = {phone["name"] for phone in host["pbx_phones"]}
    if not row["members"]:
        yield "members", "is empty: name at least one phone"
    for index, member in enumerate(row["members"]):
        if member not in phones:
            yield f"members[{index}]", f"names {member!r}, which is not in pbx_phones"
        elif member in row["members"][:index]:
            yield f"members[{index}]", f"repeats {member!r}"


class Names(NamedTuple):
    """The names that the rows of a feature may have: a pattern, and its words."""

    pattern: re.Pattern[str]
    words: str


#: The names of most features.
WORDS = Names(re.compile(r"[a-z][a-z0-9_-]{0,31}"), "1 to 32 of a-z, 0-9, _ and -, and begin with a letter")


@dataclass(frozen=True)
class Feature:
    """A kind of destination that the inventory declares in a list of its own.

    kind: the key of a destination, and the name of the template in `features/` of role pbx.
    variable: the list that declares it; each row has a name.
    exits: from a row to its ways out.
    problems: from a row and the host's options to what is wrong in the row, an option and the end of a sentence each.
    row: from a row to what the template prints, beside `name`, `source` and `context`.
    names: what its rows may be called.
    files, secret_files, modules: the configuration files of its own, those of its own that hold secrets, and the
        modules of Asterisk, that it needs where it has rows.
    """

    kind: str
    variable: str
    exits: Callable[[Mapping[str, Any]], Iterator[Exit]]
    problems: Callable[[Mapping[str, Any], Mapping[str, Any]], Iterator[tuple[str, str]]]
    row: Callable[[Mapping[str, Any]], dict[str, Any]]
    names: Names = WORDS
    files: tuple[str, ...] = ()
    secret_files: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()

    @property
    def template(self) -> str:
        return f"features/{self.kind}.j2"
