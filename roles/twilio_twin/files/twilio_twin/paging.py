# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists in pages, in the two ways Twilio writes them.

A page is reached by the link of the one before: its PageToken says behind (PA) or before (PB) which row to
read, so rows that come and go meanwhile neither repeat nor vanish. Page is the client's own counter: it is
echoed, never computed with. https://www.twilio.com/docs/usage/twilios-response#pagination
"""

import dataclasses
import re
from urllib.parse import urlencode

from .errors import Code, TwilioError

DEFAULT_SIZE = 50
MAXIMUM_SIZE = 1000
PAGING = ("PageSize", "Page", "PageToken")


@dataclasses.dataclass(frozen=True)
class Asked:
    size: int
    page: int
    position: int | None        # of the row that the page lies behind or before
    backwards: bool


def _number(query, name, default, lowest):
    value = query.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,9}", value, re.ASCII) or int(value) < lowest:
        raise TwilioError(Code.INVALID_PARAMETER, f"Invalid parameter {name}: must be a whole number from {lowest}")
    return int(value)


def asked(query, prefix):
    """What PageSize, Page and PageToken ask for. Raises TwilioError 20001, 20007 or 21481."""
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
    return Asked(size, _number(query, "Page", 0, 0), position, backwards)


def read(store, source, where, values, wanted, newest_first):
    """(rows of the page, is there a page before, is there one behind).

    ``source`` and ``where`` are SQL, ``values`` fill their marks.
    """
    downwards = newest_first != wanted.backwards
    sql = f"SELECT * FROM ({source}) WHERE {where}"
    bound = list(values)
    if wanted.position is not None:
        sql += f" AND position {'<' if downwards else '>'} ?"
        bound.append(wanted.position)
    sql += f" ORDER BY position {'DESC' if downwards else 'ASC'} LIMIT ?"
    rows = store.all(sql, *bound, wanted.size + 1)
    beyond = len(rows) > wanted.size
    rows = rows[: wanted.size]
    # A page that was reached by a link has the page that held the link on its other side.
    behind_it = wanted.position is not None
    if wanted.backwards:
        return rows[::-1], beyond, behind_it
    return rows, behind_it, beyond


def envelope(style, key, prefix, path, query, wanted, rows, before, behind, link):
    """The answer around the records: 2010's flat keys, or v1's ``meta``; links keep the list's filters."""
    filters = [(name, value) for name, value in query.multi_items() if name not in PAGING]

    def page(number, token=None):
        paging = [("PageSize", wanted.size), ("Page", number)] + ([("PageToken", token)] if token else [])
        return link(path) + "?" + urlencode(filters + paging)

    first, here, previous, following = page(0), page(wanted.page), None, None
    if wanted.position is not None:
        here = page(wanted.page, query["PageToken"])
    if rows and before:
        previous = page(max(wanted.page - 1, 0), f"PB{prefix}{rows[0]['position']:032x}")
    if rows and behind:
        following = page(wanted.page + 1, f"PA{prefix}{rows[-1]['position']:032x}")
    if style.absolute:
        return {"meta": {
            "first_page_url": first, "key": key, "next_page_url": following, "page": wanted.page,
            "page_size": wanted.size, "previous_page_url": previous, "url": here,
        }}
    start = wanted.page * wanted.size
    return {
        "end": start + max(len(rows) - 1, 0), "first_page_uri": first, "next_page_uri": following,
        "page": wanted.page, "page_size": wanted.size, "previous_page_uri": previous, "start": start, "uri": here,
    }
