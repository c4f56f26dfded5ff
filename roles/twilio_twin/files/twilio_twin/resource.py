# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a REST resource is: one declaration, which `rest` serves.

A new resource is a new declaration in `trunking`, `sip_lists`, `account` or a file like them.
"""

import dataclasses
import ipaddress
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from .errors import Code
from .settings import Settings
from .store import Row, Store

CREATE, UPDATE = "create", "update"

#: From a path of the API to its address in an answer.
Link = Callable[[str], str]
#: From the text of a form to the value for the database. It raises ValueError with what the text must be.
Parse = Callable[[str, Settings], Any]
E164 = re.compile(r"\+[1-9][0-9]{1,14}", re.ASCII)


def snake(name: str) -> str:
    """Turn OriginationUrls into origination_urls: Twilio's parameters are CamelCase, its answers are not."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def rfc2822(moment: str | None) -> str | None:
    """Return a time of the database as the 2010 API writes it."""
    return None if moment is None else format_datetime(datetime.fromisoformat(moment))


@dataclasses.dataclass(frozen=True)
class Style:
    """The style in which one of Twilio's two generations of API writes paths, links and times."""

    suffix: str                 # of every path
    absolute: bool              # links carry the host
    url: str                    # the key of a resource's own address,
    links: str                  # and of the addresses below it
    date: Callable[[str | None], str | None]    # from the database's time to the answer's


V1 = Style(suffix="", absolute=True, url="url", links="links", date=lambda moment: moment)
# Without .json Twilio would answer XML; the twin speaks JSON only and answers 404 there.
V2010 = Style(suffix=".json", absolute=False, url="uri", links="subresource_uris", date=rfc2822)


@dataclasses.dataclass(frozen=True)
class Field:
    """A form parameter of create and update."""

    param: str
    parse: Parse
    when: tuple[str, ...] = (CREATE, UPDATE)
    required: tuple[str, ...] = ()
    default: object = None          # on create; None leaves it to the schema
    column: str = ""

    def __post_init__(self) -> None:
        """Name the column after the parameter where the declaration does not name it."""
        object.__setattr__(self, "column", self.column or snake(self.param))


@dataclasses.dataclass(frozen=True)
class Filter:
    """A query parameter of a list: an SQL condition, and what each `?` in it stands for."""

    param: str
    sql: str
    value: Callable[[str], Any] = str


@dataclasses.dataclass(frozen=True)
class Change:
    """A create, an update or a delete, as the hooks of a resource see it."""

    store: Store
    settings: Settings
    resource: "Resource"
    account_sid: str
    parents: Mapping[str, str]  # the path's SIDs by name, such as trunk_sid
    values: Row                 # column -> value; a hook may add and replace
    current: Row                # the row that is updated or deleted; empty for a create


def _accept(change: Change) -> None:
    """Accept every change: the hook where a declaration has none."""


@dataclasses.dataclass(frozen=True)
class Resource:
    """A resource of the API.

    `source` is a query for what an answer needs: `position` (by which lists are ordered and cut), `sid`, `account_sid`
    and a column for each placeholder in `path`. The answer has `columns` and `booleans` under their own names;
    `computed(row, link)` adds the rest, where `link(path)` makes an address, and `details(row)` adds what a list leaves
    out. A resource that cannot be fetched has no address.
    """

    style: Style
    path: str                       # of the list, with a placeholder for each ancestor
    key: str                        # of the list in the answer
    prefix: str                     # of its SIDs
    source: str
    actions: frozenset[str]         # of list, create, fetch, update, delete
    columns: tuple[str, ...]
    booleans: tuple[str, ...] = ()
    dates: tuple[str, ...] = ("date_created", "date_updated")
    links: tuple[str, ...] = ()
    computed: Callable[[Row, Link], Row] = lambda row, link: {}
    details: Callable[[Row], Row] = lambda row: {}
    list_source: str = ""           # what a list reads where it lags behind `source`
    singleton: bool = False         # one for each parent: fetch and update at `path` itself
    newest_first: bool = False
    main_credentials: bool = False  # not for standard API keys
    missing_in: tuple[str, ...] = ()    # regions without it
    filters: tuple[Filter, ...] = ()

    table: str = ""
    parent: "Resource | None" = None
    parent_column: str = "account_sid"
    fields: tuple[Field, ...] = ()
    invalid: Code = Code.INVALID_PARAMETER      # what a wrong parameter is refused with
    limit: tuple[str, Code] | None = None       # (name of the setting, code beyond it)
    unique: tuple[tuple[str, ...], ...] = ()    # columns that may not repeat among siblings, a tuple each
    prepare: Callable[[Change], None] = _accept     # checks a create or update, and completes its values
    release: Callable[[Change], None] = _accept     # checks a delete, and removes what would prevent it
    insert: Callable[[Change], str] | None = None   # returns the SID, instead of a row in `table`
    erase: Callable[[Change], object] | None = None     # instead of deleting that row
    respond: Callable[[Change], Row] | None = None  # returns the body of a create that makes no resource
    statuses: Mapping[str, int] = dataclasses.field(default_factory=dict)   # of actions, where not the usual ones


EVERYTHING = frozenset({"list", "create", "fetch", "update", "delete"})


def text(maximum: int = 0, empty: bool = False) -> Parse:
    """Take text of at most `maximum` characters (0: any).

    Where `empty` is allowed, an empty value clears the field.
    """

    def parse(value: str, _settings: Settings) -> str | None:
        if not value:
            if empty:
                return None
            raise ValueError("must not be empty")
        if maximum and len(value) > maximum:
            raise ValueError(f"must have at most {maximum} characters")
        return value

    return parse


def truth(value: str) -> int:
    """Read true or false, in any case, as SQLite has it."""
    if value.lower() not in ("true", "false"):
        raise ValueError("must be true or false")
    return int(value.lower() == "true")


def boolean(value: str, _settings: Settings) -> int:
    """Take true or false."""
    return truth(value)


def integer(low: int, high: int) -> Parse:
    """Take a whole number in these bounds."""

    def parse(value: str, _settings: Settings) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value, re.ASCII) or not low <= int(value) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(value)

    return parse


def choice(*values: str, empty: bool = False) -> Parse:
    """Take one of these values; where `empty` is allowed, an empty value clears the field."""

    def parse(value: str, _settings: Settings) -> str | None:
        if not value and empty:
            return None
        if value not in values:
            raise ValueError(f"must be one of {', '.join(values)}")
        return value

    return parse


def sid(prefix: str, empty: bool = False) -> Parse:
    """Take a SID of this kind; where `empty` is allowed, an empty value clears the field."""

    def parse(value: str, _settings: Settings) -> str | None:
        if not value and empty:
            return None
        if not re.fullmatch(prefix + "[0-9a-fA-F]{32}", value):
            raise ValueError(f"must be {prefix} and 32 hexadecimal digits")
        return value

    return parse


def ipv4(value: str, _settings: Settings) -> str:
    """Take an IPv4 address."""
    try:
        return str(ipaddress.IPv4Address(value))
    except ValueError:
        raise ValueError("must be an IPv4 address in dotted form") from None


def web_url(value: str, _settings: Settings) -> str | None:
    """Take an http or https URL; an empty value clears the field."""
    if not value:
        return None
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an http or https URL")
    return value
