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
    :param target_sid: of a link: the parameter that names what it leads to.
    """

    product: str
    path: str
    rows: str
    target_sid: str = ""

    @property
    def suffix(self) -> str:
        """The 2010 API answers XML without it: https://www.twilio.com/docs/usage/twilios-response."""
        return ".json" if self.path.startswith(V2010) else ""

    def collection(self, account_sid: str, parents: tuple) -> str:
        return self.path.format(*parents, account_sid=account_sid) + self.suffix

    def instance(self, account_sid: str, parents: tuple, sid: str) -> str:
        return f"{self.path.format(*parents, account_sid=account_sid)}/{sid}{self.suffix}"


def form(resource: Resource, values: Mapping) -> dict:
    """Values as Twilio's form parameters: `{"secure": True}` becomes `{"Secure": "true"}`; None clears."""
    fields = {field.name: field for field in resource.fields}
    return {camel(fields[name].wire or name): _written(value) for name, value in values.items()}


def values_of(resource: Resource, body: Mapping) -> dict:
    """An answer's JSON object as field values; what the object does not hold is left out."""
    return {
        field.name: body[field.wire or field.name]
        for field in resource.fields
        if (field.wire or field.name) in body
    }


def camel(snake: str) -> str:
    """`cidr_prefix_length` becomes `CidrPrefixLength`."""
    return "".join(word.capitalize() for word in snake.split("_"))


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
