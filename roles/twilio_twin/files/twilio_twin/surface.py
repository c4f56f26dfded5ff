# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the handlers of the control surface share: how they read a request and how they refuse.

JSON in, JSON out. A refusal is {"error": sentence}.
"""

import json
import re

from starlette.responses import JSONResponse

from .resource import E164
from .store import now

MOST_ROWS = 1000


class Mistake(Exception):
    """Bad input, or something that is not there; the sentence says how to mend it."""

    def __init__(self, sentence, status=400):
        super().__init__(sentence)
        self.status = status

    def response(self):
        return JSONResponse({"error": str(self)}, status_code=self.status)


async def json_object(request):
    """The request's JSON object; none at all counts as empty."""
    raw = await request.body()
    try:
        # Infinity and NaN are no JSON (RFC 8259 section 6), though Python reads them.
        body = json.loads(raw or b"{}", parse_constant=_no_number)
    except ValueError:
        raise Mistake("The body must be JSON") from None
    if not isinstance(body, dict):
        raise Mistake("The body must be a JSON object")
    return body


def _no_number(name):
    raise ValueError(name)


def known_keys(body, known, where=""):
    """Raises Mistake where the object has a key that is not known."""
    for name in body:
        if name not in known:
            raise Mistake(f"{where}Unknown key {name!r}; known are: {', '.join(known) or 'none'}")


async def body_of(request, **types):
    """The request's JSON object, with only these keys, of these types."""
    body = await json_object(request)
    known_keys(body, types)
    for name, value in body.items():
        if type(value) is not types[name]:
            raise Mistake(f"{name} must be of type {types[name].__name__}")
    return body


def number_of(request):
    number = request.path_params["number"]
    if not E164.fullmatch(number):
        raise Mistake(f"{number!r} is not a number in E.164 form, such as +17756187988")
    return number


def limit_of(request, lowest=1, most=MOST_ROWS, default=MOST_ROWS):
    """How many rows a list may give: the query's ``limit``."""
    limit = request.query_params.get("limit", str(default))
    if not re.fullmatch("[0-9]{1,9}", limit, re.ASCII) or not lowest <= int(limit) <= most:
        raise Mistake(f"limit must be a whole number from {lowest} to {most}")
    return int(limit)


def checked_sid(value, prefix, name):
    if not isinstance(value, str) or not re.fullmatch(prefix + "[0-9a-fA-F]{32}", value):
        raise Mistake(f"{name} must be {prefix} and 32 hexadecimal digits")
    return value


def put_row(store, table, key, values, new):
    """Makes the row of this key hold these values; ``new`` completes a row that was not there. True if it wrote."""
    where = " AND ".join(f"{column} = ?" for column in key)
    there = store.one(f"SELECT * FROM {table} WHERE {where}", *key.values())
    if there is None:
        store.insert(table, {**new, **key, **values})
        return True
    differing = {column: value for column, value in values.items() if there[column] != value}
    if not differing:
        return False
    if "date_updated" in there:
        differing["date_updated"] = now()
    assignments = ", ".join(f"{column} = ?" for column in differing)
    store.run(f"UPDATE {table} SET {assignments} WHERE {where}", *differing.values(), *key.values())
    return True
