# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the handlers of the control surface share: how they read a request and how they refuse.

JSON in, JSON out. A refusal is {"error": sentence}.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from .resource import E164
from .store import Row, Store, now

MAX_ROWS = 1000


class ControlError(Exception):
    """A refusal of the control surface; the sentence says what to do about it."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status

    def response(self) -> JSONResponse:
        """Return {"error": sentence}."""
        return JSONResponse({"error": str(self)}, status_code=self.status)


async def json_object(request: Request) -> Row:
    """Return the request's JSON object; no body counts as an empty one."""
    raw = await request.body()
    try:
        # Infinity and NaN are no JSON (RFC 8259 section 6), though Python reads them.
        body = json.loads(raw or b"{}", parse_constant=_no_number)
    except ValueError:
        raise ControlError("The body must be JSON") from None
    if not isinstance(body, dict):
        raise ControlError("The body must be a JSON object")
    return body


def _no_number(name: str) -> None:
    raise ValueError(name)


def known_keys(body: Row, known: Iterable[str], where: str = "") -> None:
    """Raise ControlError where the object has a key that is not known."""
    for name in body:
        if name not in known:
            raise ControlError(f"{where}Unknown key {name!r}; known are: {', '.join(known) or 'none'}")


async def body_of(request: Request, **types: type) -> Row:
    """Return the request's JSON object, with only these keys, of these types."""
    body = await json_object(request)
    known_keys(body, types)
    for name, value in body.items():
        if type(value) is not types[name]:
            raise ControlError(f"{name} must be of type {types[name].__name__}")
    return body


def number_of(request: Request) -> str:
    """Return the phone number in the path."""
    number: str = request.path_params["number"]
    if not E164.fullmatch(number):
        raise ControlError(f"{number!r} is not a number in E.164 form, such as +17756187988")
    return number


def limit_of(request: Request, lowest: int = 1, most: int = MAX_ROWS) -> int:
    """Return how many rows a list may have: the query's `limit`, by default as many as it may be."""
    limit = request.query_params.get("limit", str(most))
    if not re.fullmatch("[0-9]{1,9}", limit, re.ASCII) or not lowest <= int(limit) <= most:
        raise ControlError(f"limit must be a whole number from {lowest} to {most}")
    return int(limit)


def checked_sid(value: Any, prefix: str, name: str) -> str:
    """Return the value, which must be a SID of this kind."""
    if not isinstance(value, str) or not re.fullmatch(prefix + "[0-9a-fA-F]{32}", value):
        raise ControlError(f"{name} must be {prefix} and 32 hexadecimal digits")
    return value


def put_row(store: Store, table: str, key: Row, values: Row, new: Mapping[str, Any]) -> bool:
    """Set these values in the row of this key, or insert it with those of `new` as well. Return whether it wrote."""
    where = " AND ".join(f"{column} = ?" for column in key)
    before = store.one(f"SELECT * FROM {table} WHERE {where}", *key.values())
    if before is None:
        store.insert(table, {**new, **key, **values})
        return True
    differing = {column: value for column, value in values.items() if before[column] != value}
    if not differing:
        return False
    if "date_updated" in before:
        differing["date_updated"] = now()
    assignments = ", ".join(f"{column} = ?" for column in differing)
    store.run(f"UPDATE {table} SET {assignments} WHERE {where}", *differing.values(), *key.values())
    return True
