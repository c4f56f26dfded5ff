# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists in pages, in the two forms that Twilio's generations of API have.

A client reaches a page by the link of the page before it: the link's PageToken says after (PA) or before (PB) which row
to read, so that no row is repeated or left out while others come and go. Page is the client's own counter: it is
echoed, and nothing is computed from it. https://www.twilio.com/docs/usage/twilios-response#pagination
"""

import dataclasses
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from .errors import Code, TwilioError
from .resource import Link, Resource
from .store import Row, Store

DEFAULT_SIZE = 50
MAXIMUM_SIZE = 1000
PAGING = ("PageSize", "Page", "PageToken")


@dataclasses.dataclass(frozen=True)
class Wanted:
    """The page that a query asks for."""

    size: int
    page: int
    position: int | None        # of the row that the page comes after or before
    backwards: bool


@dataclasses.dataclass(frozen=True)
class Page:
    """A page that was read, and whether there are rows on its two sides."""

    rows: list[Row]
    before: bool
    after: bool


def _number(query: QueryParams, name: str, default: int, lowest: int) -> int:
    value = query.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,9}", value, re.ASCII) or int(value) < lowest:
        raise TwilioError(Code.INVALID_PARAMETER, f"Invalid parameter {name}: must be a whole number from {lowest}")
    return int(value)


def wanted_page(query: QueryParams, prefix: str) -> Wanted:
    """Read PageSize, Page and PageToken. Raises TwilioError 20001, 20007 or 21481."""
    size = _number(query, "PageSize", DEFAULT_SIZE, 1)
    if size > MAXIMUM_SIZE:
        raise TwilioError(Code.PAGE_SIZE_TOO_LARGE, f"Page size must not exceed {MAXIMUM_SIZE}")
    position, backwards = None, False
    token = query.get("PageToken")
    if token:
        parts = re.fullmatch(f"P([AB]){prefix}([0-9a-f]{{32}})", token)
        # SQLite's integers have 64 bits, of which a position needs 63.
        if not parts or parts[2] > f"{2 ** 63 - 1:032x}":
            raise TwilioError(Code.INVALID_PAGE_TOKEN, "Invalid PageToken")
        position, backwards = int(parts[2], 16), parts[1] == "B"
    return Wanted(size, _number(query, "Page", 0, 0), position, backwards)


def read(store: Store, resource: Resource, where: str, values: Sequence[Any], wanted: Wanted) -> Page:
    """Read one page of a resource's list. `where` is SQL, and `values` are for its question marks."""
    newest_first, source = resource.newest_first, resource.list_source or resource.source
    downwards = newest_first != wanted.backwards
    sql = f"SELECT * FROM ({source}) WHERE {where}"
    bound: list[Any] = list(values)
    if wanted.position is not None:
        sql += f" AND position {'<' if downwards else '>'} ?"
        bound.append(wanted.position)
    sql += f" ORDER BY position {'DESC' if downwards else 'ASC'} LIMIT ?"
    rows = store.all(sql, *bound, wanted.size + 1)
    more = len(rows) > wanted.size
    rows = rows[: wanted.size]
    # A page that was reached by a link has the page with that link on its other side.
    linked = wanted.position is not None
    if wanted.backwards:
        return Page(rows[::-1], before=more, after=linked)
    return Page(rows, before=linked, after=more)


def envelope(resource: Resource, path: str, query: QueryParams, wanted: Wanted, found: Page, link: Link) -> Row:
    """Return the answer around the rows: flat keys (2010) or `meta` (v1). Its links keep the list's filters."""
    rows, prefix = found.rows, resource.prefix
    filters = [(name, value) for name, value in query.multi_items() if name not in PAGING]

    def page(number: int, token: str = "") -> str:
        paging = [("PageSize", str(wanted.size)), ("Page", str(number))] + ([("PageToken", token)] if token else [])
        return link(path) + "?" + urlencode(filters + paging)

    first, here = page(0), page(wanted.page)
    previous = following = None
    if wanted.position is not None:
        here = page(wanted.page, query["PageToken"])
    if rows and found.before:
        previous = page(max(wanted.page - 1, 0), f"PB{prefix}{rows[0]['position']:032x}")
    if rows and found.after:
        following = page(wanted.page + 1, f"PA{prefix}{rows[-1]['position']:032x}")
    if resource.style.absolute:
        return {"meta": {
            "first_page_url": first, "key": resource.key, "next_page_url": following, "page": wanted.page,
            "page_size": wanted.size, "previous_page_url": previous, "url": here,
        }}
    start = wanted.page * wanted.size
    return {
        "end": start + max(len(rows) - 1, 0), "first_page_uri": first, "next_page_uri": following,
        "page": wanted.page, "page_size": wanted.size, "previous_page_uri": previous, "start": start, "uri": here,
    }
