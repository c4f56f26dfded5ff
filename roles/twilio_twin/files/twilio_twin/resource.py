# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a REST resource is: one declaration, which ``rest`` serves.

Adding a resource is adding a declaration to ``trunking``, ``sip_lists``, ``account`` or a file like them.
"""

import dataclasses
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import urlsplit

from .errors import Code

CREATE, UPDATE = "create", "update"
E164 = re.compile(r"\+[1-9][0-9]{1,14}", re.ASCII)


def snake(name):
    """OriginationUrls becomes origination_urls: Twilio's parameters are CamelCase, its answers are not."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def rfc2822(moment):
    return None if moment is None else format_datetime(datetime.fromisoformat(moment))


@dataclasses.dataclass(frozen=True)
class Style:
    """How one of Twilio's two generations of API writes paths, links and times."""

    suffix: str                 # of every path
    absolute: bool              # links carry the host
    url: str                    # the key of a resource's own address,
    links: str                  # and of the addresses below it
    date: Callable              # from the database's time to the answer's


V1 = Style(suffix="", absolute=True, url="url", links="links", date=lambda moment: moment)
# Without .json Twilio would answer XML; the twin speaks JSON only and answers 404 there.
V2010 = Style(suffix=".json", absolute=False, url="uri", links="subresource_uris", date=rfc2822)


@dataclasses.dataclass(frozen=True)
class Field:
    """A form parameter of create and update.

    ``parse(text, settings)`` gives the value for the database or raises ValueError with what it must be.
    """

    param: str
    parse: Callable
    when: tuple = (CREATE, UPDATE)
    required: tuple = ()
    default: object = None          # on create; None leaves it to the schema
    column: str = ""

    def __post_init__(self):
        object.__setattr__(self, "column", self.column or snake(self.param))


@dataclasses.dataclass(frozen=True)
class Filter:
    """A query parameter of a list: an SQL condition, and what each ``?`` in it stands for."""

    param: str
    sql: str
    value: Callable = str


@dataclasses.dataclass(frozen=True)
class Change:
    """A create (``current`` is None), an update or a delete, as the hooks of a resource see it."""

    store: object
    settings: object
    resource: "Resource"
    account_sid: str
    parents: Mapping            # the path's sids by name, such as trunk_sid
    values: dict                # column -> value; a hook may add and replace
    current: dict | None = None


def _keep(change):
    """The hook that has nothing to say."""


@dataclasses.dataclass(frozen=True)
class Resource:
    """A resource of the API.

    ``source`` is a query that yields what an answer needs, ``position`` (what lists are ordered and cut by),
    ``sid``, ``account_sid`` and a column for each placeholder in ``path``. ``columns`` and ``booleans`` go
    into the answer as they are; ``computed(row, link)`` adds the rest, where ``link(path)`` makes an address, and
    ``details(row)`` what a list leaves out. A resource that cannot be fetched has no address.
    """

    style: Style
    path: str                       # of the list, with a placeholder for each ancestor
    key: str                        # of the list in the answer
    prefix: str                     # of its sids
    source: str
    actions: frozenset              # of list, create, fetch, update, delete
    columns: tuple
    booleans: tuple = ()
    dates: tuple = ("date_created", "date_updated")
    links: tuple = ()
    computed: Callable = lambda row, link: {}
    details: Callable = lambda row: {}
    list_source: str = ""           # what a list reads where it lags behind ``source``
    singleton: bool = False         # one a parent: fetch and update at ``path`` itself
    newest_first: bool = False
    main_credentials: bool = False  # not for standard API keys
    missing_in: tuple = ()          # regions without it
    filters: tuple = ()

    table: str = ""
    parent: "Resource | None" = None
    parent_column: str = "account_sid"
    fields: tuple = ()
    invalid: Code = Code.INVALID_PARAMETER      # what a wrong parameter is refused with
    limit: tuple | None = None                  # (name of the setting, code beyond it)
    unique: tuple = ()                          # columns that may not repeat among siblings, a tuple each
    prepare: Callable = _keep                   # checks a create or update, and completes its values
    release: Callable = _keep                   # checks a delete, and lets go of what would stand in its way
    insert: Callable | None = None              # (change) -> sid, instead of a row in ``table``
    erase: Callable | None = None               # (change), instead of deleting that row
    respond: Callable | None = None             # (change) -> body of a create that makes no resource
    statuses: Mapping = dataclasses.field(default_factory=dict)     # of actions, where not the usual ones


EVERYTHING = frozenset({"list", "create", "fetch", "update", "delete"})


def text(maximum=None, empty=False):
    """Text of at most ``maximum`` characters; where ``empty`` is allowed, an empty value clears the field."""

    def parse(value, _settings):
        if not value:
            if empty:
                return None
            raise ValueError("must not be empty")
        if maximum and len(value) > maximum:
            raise ValueError(f"must have at most {maximum} characters")
        return value

    return parse


def boolean(value, _settings):
    if value.lower() not in ("true", "false"):
        raise ValueError("must be true or false")
    return int(value.lower() == "true")


def integer(low, high):
    def parse(value, _settings):
        if not re.fullmatch(r"[0-9]{1,9}", value, re.ASCII) or not low <= int(value) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(value)

    return parse


def choice(*values, empty=False):
    def parse(value, _settings):
        if not value and empty:
            return None
        if value not in values:
            raise ValueError(f"must be one of {', '.join(values)}")
        return value

    return parse


def sid(prefix, empty=False):
    def parse(value, _settings):
        if not value and empty:
            return None
        if not re.fullmatch(prefix + "[0-9a-fA-F]{32}", value):
            raise ValueError(f"must be {prefix} and 32 hexadecimal digits")
        return value

    return parse


def web_url(value, _settings):
    """An http or https URL; an empty value clears the field."""
    if not value:
        return None
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an http or https URL")
    return value
