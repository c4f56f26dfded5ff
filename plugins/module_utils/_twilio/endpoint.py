# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The endpoint of a resource in Twilio's API: its paths, the form of its values, and hooks for its quirks."""

from __future__ import annotations

from dataclasses import dataclass, field as dataclass_field
from typing import TYPE_CHECKING, Any, Callable, Mapping

from .._core.resource import Node, Resource, Values

if TYPE_CHECKING:
    from .._core.apply import Outcome
    from .._core.plan import Step
    from .account_state import AccountState

V2010 = "/2010-04-01/Accounts/{account_sid}"


@dataclass(frozen=True)
class Endpoint:
    """A REST collection.

    :param product: the first label of the host: `api`, `trunking`.
    :param path: the collection's path without suffix; `{0}`, `{1}` stand for the parents' SIDs, the outermost first.
    :param rows: the name of the list in an answer.
    :param sid: the field of a row that ends the row's own path.
    :param target_sid: of a link: the parameter that names its target.
    :param held_by: of a link without a row of its own: the field of its target that holds the parent's SID.
    :param listed_in: of a link: (a field of the parent, a value). Where the parent has the field without the value, it
        has no such link, and the list is not requested.
    :param lags: after a change, the list may show the old state for a while.
    :param taken: the error codes by which Twilio refuses what exists already.

    Hooks, for what only this resource does; each takes the AccountState first:

    :param write_all: carries out all steps of a wave itself; returns their outcomes (as `_core.apply.Driver`) and
        warnings.
    :param update: sends a change of a row: (account, SID, form) to Twilio's answer.
    :param writers: field name to a function that sets this field alone: (account, SID, value before, value).
    :param before_delete: called with the step before a row is deleted.
    :param side_effects: of a link: from its target, as it was read, to what attaching it ends, for the user.
    """

    product: str
    path: str
    rows: str
    sid: str = "sid"
    target_sid: str = ""
    held_by: str = ""
    listed_in: tuple[str, str] | None = None
    lags: bool = False
    taken: tuple[int, ...] = ()
    write_all: Callable[[AccountState, list[Step]], tuple[list[Outcome], list[str]]] | None = None
    update: Callable[[AccountState, str, Mapping[str, str]], Values] | None = None
    writers: Mapping[str, Callable[[AccountState, str, Any, Any], None]] = dataclass_field(default_factory=dict)
    before_delete: Callable[[AccountState, Step], None] | None = None
    side_effects: Callable[[Node], str] | None = None

    @property
    def names_account(self) -> bool:
        """Whether the path names the account; elsewhere the credentials do."""
        return self.path.startswith(V2010)

    @property
    def suffix(self) -> str:
        """The 2010 API answers XML without it: https://www.twilio.com/docs/usage/twilios-response."""
        return ".json" if self.names_account else ""

    def collection(self, account_sid: str, parents: tuple[str, ...]) -> str:
        """Return the path of the list in these parents."""
        return self.path.format(*parents, account_sid=account_sid) + self.suffix

    def instance(self, account_sid: str, parents: tuple[str, ...], sid: str, part: str = "") -> str:
        """Return the path of one row, or of a part below it."""
        below = f"/{part}" if part else ""
        return f"{self.path.format(*parents, account_sid=account_sid)}/{sid}{below}{self.suffix}"


def endpoint_of(resource: Resource) -> Endpoint:
    """Return the endpoint that a resource of Twilio's declares."""
    endpoint: Endpoint = resource.service
    return endpoint


def forms(resource: Resource, values: Values) -> dict[str, dict[str, str]]:
    """Convert values to Twilio's form parameters, by the part that takes them: `{"secure": True}` becomes
    `{"": {"Secure": "true"}}`; None clears."""
    found: dict[str, dict[str, str]] = {}
    for field in resource.fields:
        if field.name in values:
            wire = (field.wire or field.name).rpartition(".")[2]
            found.setdefault(field.part, {})[camel(wire)] = _written(values[field.name])
    return found


def values_of(resource: Resource, body: Values, part: str = "") -> dict[str, Any]:
    """Convert an answer's JSON object to field values; a field that the object lacks is left out.

    :param part: the object is that of this part, and not of the whole resource.
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
    """Write a name in camel case: `cidr_prefix_length` becomes `CidrPrefixLength`."""
    return "".join(word.capitalize() for word in snake.split("_"))


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
