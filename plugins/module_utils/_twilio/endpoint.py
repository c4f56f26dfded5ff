# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a resource lives in Twilio's API, and how its values travel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping

from .._core.resource import Resource

V2010 = "/2010-04-01/Accounts/{account_sid}"


@dataclass(frozen=True)
class Endpoint:
    """A REST collection.

    :param product: the first label of the host: `api`, `trunking`.
    :param path: the collection's path without suffix; `{0}`, `{1}` stand for the parents' SIDs from the outermost in.
    :param rows: the name of the list in an answer.
    :param sid: the field of a row that its own path ends in.
    :param target_sid: of a link: the parameter that names what it leads to.
    :param held_by: of a link: it is no row of its own, but this field of what it leads to holds the parent's SID.
    :param told_by: of a link: (a field of the parent, a value). Where the parent has the field without the value in it,
        it has no such link, and its list is not asked for.
    :param lags: after a change, the list may show the old state for a while.
    :param taken: the error codes by which Twilio refuses what is there already.
    """

    product: str
    path: str
    rows: str
    sid: str = "sid"
    target_sid: str = ""
    held_by: str = ""
    told_by: tuple = ()
    lags: bool = False
    taken: tuple = ()

    @property
    def names_account(self) -> bool:
        """Whether its path says whose rows are meant; elsewhere the credentials do."""
        return self.path.startswith(V2010)

    @property
    def suffix(self) -> str:
        """The 2010 API answers XML without it: https://www.twilio.com/docs/usage/twilios-response."""
        return ".json" if self.names_account else ""

    def collection(self, account_sid: str, parents: tuple) -> str:
        return self.path.format(*parents, account_sid=account_sid) + self.suffix

    def instance(self, account_sid: str, parents: tuple, sid: str, part: str = "") -> str:
        below = f"/{part}" if part else ""
        return f"{self.path.format(*parents, account_sid=account_sid)}/{sid}{below}{self.suffix}"


def forms(resource: Resource, values: Mapping) -> dict[str, dict]:
    """Values as Twilio's form parameters, by the part that takes them: `{"secure": True}` becomes
    `{"": {"Secure": "true"}}`; None clears."""
    found: dict[str, dict] = {}
    for field in resource.fields:
        if field.name in values:
            wire = (field.wire or field.name).rpartition(".")[2]
            found.setdefault(field.part, {})[camel(wire)] = _written(values[field.name])
    return found


def values_of(resource: Resource, body: Mapping, part: str = "") -> dict:
    """An answer's JSON object as field values; what the object does not hold is left out.

    :param part: the object is that of this part, and not of the whole thing.
    """
    values = {}
    for field in resource.fields:
        wire = field.wire or field.name
        if part and field.part != part:
            continue
        found = _at(body, wire.rpartition(".")[2] if part else wire)
        if found is not _ABSENT:
            values[field.name] = field.seen(found) if field.seen and found is not None else found
    return values


_ABSENT = object()


def _at(body: Any, path: str) -> Any:
    for name in path.split("."):
        if not isinstance(body, Mapping) or name not in body:
            return _ABSENT
        body = body[name]
    return body


def camel(snake: str) -> str:
    """`cidr_prefix_length` becomes `CidrPrefixLength`."""
    return "".join(word.capitalize() for word in snake.split("_"))


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
