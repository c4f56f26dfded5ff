# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twilio's REST API: one handler for every resource that is declared."""

import base64
import binascii
import hmac
from urllib.parse import parse_qsl

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from . import account, monitor, numbers, paging, sip_lists, trunking, voice
from .errors import Code, TwilioError
from .resource import CREATE, UPDATE, Change, snake
from .store import new_sid, now

RESOURCES = (
    *account.RESOURCES, *numbers.RESOURCES, *sip_lists.RESOURCES, *trunking.RESOURCES, *voice.RESOURCES,
    *monitor.RESOURCES,
)
STATUSES = {"list": 200, "create": 201, "fetch": 200, "update": 200}
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
COLLECTION = {"GET": "list", "POST": "create"}
INSTANCE = {"GET": "fetch", "POST": "update", "DELETE": "delete"}


def authenticate(store, header):
    """(the account's row, True if by its auth token and not by an API key). Raises TwilioError 20003, 20005."""
    scheme, _, encoded = (header or "").partition(" ")
    if scheme.lower() != "basic":
        raise TwilioError(Code.AUTHENTICATE, "Authentication Error - No credentials provided")
    try:
        user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise TwilioError(Code.AUTHENTICATE, "Authenticate") from None
    owner = store.one("SELECT *, auth_token AS secret FROM account WHERE sid = ?", user)
    main = owner is not None
    if not main:
        owner = store.one(
            "SELECT a.*, k.secret FROM api_key k JOIN account a ON a.sid = k.account_sid WHERE k.sid = ?", user
        )
    if not owner or not hmac.compare_digest(owner["secret"].encode(), password.encode()):
        raise TwilioError(Code.AUTHENTICATE, "Authenticate")
    if owner["status"] != "active":
        raise TwilioError(Code.ACCOUNT_NOT_ACTIVE, f"Account {owner['sid']} is {owner['status']}")
    return owner, main


class Action:
    """One request to one resource: who asks, where, with what."""

    def __init__(self, resource, request, form, owner):
        self.resource = resource
        self.request = request
        self.form = form
        self.store = request.app.state.store
        self.settings = request.app.state.settings
        self.account_sid = owner["sid"]
        # A subaccount is reached by the paths that name it; whose /v1/ is, the credentials alone say.
        self.parents = {name: value for name, value in request.path_params.items() if name != "sid"}
        self.sid = request.path_params.get("sid")
        self.scope = {"account_sid": self.account_sid, **self.parents}

    def link(self, path):
        """An address in the resource's own style: with the host by which the client reached the twin, or without."""
        if self.resource.style.absolute:
            return str(self.request.base_url).rstrip("/") + path
        return path + self.resource.style.suffix

    def not_found(self):
        path = self.request.url.path.removeprefix("/v1")
        return TwilioError(Code.NOT_FOUND, f"The requested resource {path} was not found")

    def check_scope(self):
        """The region has this resource, the account in the path is the caller's or below it, the parent is there."""
        if self.settings.region in self.resource.missing_in:
            raise self.not_found()
        named = self.parents.get("account_sid", self.account_sid)
        if named != self.account_sid:
            if not self.store.one(
                "SELECT 1 FROM account WHERE sid = ? AND owner_account_sid = ?", named, self.account_sid
            ):
                raise self.not_found()
            self.account_sid = named
        parent = self.resource.parent
        if parent and not self.store.one(
            f"SELECT 1 FROM ({parent.source}) WHERE sid = ? AND account_sid = ?", self.parent_sid(), self.account_sid
        ):
            raise self.not_found()

    def parent_sid(self):
        return list(self.parents.values())[-1] if self.resource.parent else self.account_sid

    def where(self, more=()):
        """SQL that narrows the resource's source to the path, and its values; ``more`` are conditions and values."""
        conditions = [(f"{column} = ?", [value]) for column, value in self.scope.items()] + list(more)
        return " AND ".join(sql for sql, _ in conditions), [value for _, values in conditions for value in values]

    def row(self, sid=None):
        """The row in the path, or with this sid. Raises TwilioError 20404."""
        more = [] if self.resource.singleton else [("sid = ?", [sid or self.sid])]
        where, values = self.where(more)
        row = self.store.one(f"SELECT * FROM ({self.resource.source}) WHERE {where}", *values)
        if row is None:
            raise self.not_found()
        return row

    def render(self, row):
        """A row as the API answers it."""
        resource = self.resource
        answer = {column: row[column] for column in resource.columns}
        answer.update((column, bool(row[column])) for column in resource.booleans)
        answer.update((column, resource.style.date(row[column])) for column in resource.dates)
        answer.update(resource.computed(row, self.link))
        if "fetch" in resource.actions and not resource.singleton:
            here = f"{resource.path.format(**self.scope)}/{row['sid']}"
            answer[resource.style.url] = self.link(here)
            if resource.links:
                answer[resource.style.links] = {snake(name): self.link(f"{here}/{name}") for name in resource.links}
        return answer

    def answer(self, action, body):
        return JSONResponse(body, status_code=self.resource.statuses.get(action, STATUSES[action]))

    def whole(self, row):
        """A row as the API answers it alone."""
        return {**self.render(row), **self.resource.details(row)}

    def parsed(self, when):
        """The form as values by column. Unknown parameters are ignored, as Twilio does. Raises TwilioError."""
        values = {}
        for field in self.resource.fields:
            if when not in field.when:
                continue
            given = self.form.get(field.param)
            if given is None or (given == "" and when in field.required):
                if when in field.required:
                    raise TwilioError(
                        self.resource.invalid, f"Missing required parameter {field.param} in the post body"
                    )
                if when == CREATE and field.default is not None:
                    values[field.column] = field.default
                continue
            try:
                values[field.column] = field.parse(given, self.settings)
            except ValueError as problem:
                raise TwilioError(self.resource.invalid, f"Invalid parameter {field.param}: {problem}") from None
        return values

    def change(self, values, current=None):
        return Change(
            self.store, self.settings, self.resource, self.account_sid, self.parents, values, current
        )

    def check_unique(self, change):
        for columns in self.resource.unique:
            whole = {**(change.current or {}), **change.values}
            same = " AND ".join(f"{column} = ?" for column in columns)
            if self.store.one(
                f"SELECT 1 FROM {self.resource.table} WHERE {self.resource.parent_column} = ? AND {same} AND sid <> ?",
                self.parent_sid(), *(whole[column] for column in columns), whole.get("sid", ""),
            ):
                words = " ".join(str(whole[column]) for column in columns)
                raise TwilioError(self.resource.invalid, f"{', '.join(columns)} {words} already exists")

    def check_limit(self):
        name, code = self.resource.limit
        most = getattr(self.settings, name)
        where, values = self.where()
        there = self.store.one(f"SELECT count(*) AS n FROM ({self.resource.source}) WHERE {where}", *values)["n"]
        if there >= most:
            raise TwilioError(code, f"The maximum of {most} {self.resource.key} is reached")

    def list(self):
        resource, query = self.resource, self.request.query_params
        wanted = paging.asked(query, resource.prefix)
        where, values = self.where(self.filters(query))
        rows, before, behind = paging.read(
            self.store, resource.list_source or resource.source, where, values, wanted, resource.newest_first
        )
        answer = paging.envelope(
            resource.style, resource.key, resource.prefix, resource.path.format(**self.scope), query, wanted,
            rows, before, behind, self.link,
        )
        answer[resource.key] = [self.render(row) for row in rows]
        return self.answer("list", answer)

    def filters(self, query):
        """A condition and its values for each filter that the query has. Raises TwilioError 20001."""
        found = []
        for one in self.resource.filters:
            if not query.get(one.param):
                continue
            try:
                found.append((f"({one.sql})", [one.value(query[one.param])] * one.sql.count("?")))
            except ValueError as problem:
                raise TwilioError(Code.INVALID_PARAMETER, f"Invalid parameter {one.param}: {problem}") from None
        return found

    def create(self):
        resource = self.resource
        change = self.change(self.parsed(CREATE))
        with self.store.transaction():
            if resource.respond:
                return self.answer("create", resource.respond(change))
            if resource.limit:
                self.check_limit()
            resource.prepare(change)
            self.check_unique(change)
            if resource.insert:
                sid = resource.insert(change)
            else:
                moment, sid = now(), new_sid(resource.prefix)
                self.store.insert(resource.table, {
                    "sid": sid, resource.parent_column: self.parent_sid(), **change.values,
                    "date_created": moment, "date_updated": moment,
                })
            row = self.row(sid)
        return self.answer("create", self.whole(row))

    def fetch(self):
        return self.answer("fetch", self.whole(self.row()))

    def update(self):
        values = self.parsed(UPDATE)
        with self.store.transaction():
            change = self.change(values, self.row())
            self.resource.prepare(change)
            self.check_unique(change)
            self.store.update(self.resource.table, change.current["sid"], {**change.values, "date_updated": now()})
            row = self.row()
        return self.answer("update", self.whole(row))

    def delete(self):
        with self.store.transaction():
            change = self.change({}, self.row())
            self.resource.release(change)
            if self.resource.erase:
                self.resource.erase(change)
            else:
                self.store.run(f"DELETE FROM {self.resource.table} WHERE sid = ?", change.current["sid"])
        return Response(status_code=204)


def _endpoint(resource, methods):
    """``methods`` maps what this path answers to the name of an action."""

    async def endpoint(request):
        # Reading the whole body first keeps the connection usable after a refusal.
        body = await request.body()
        owner, main = authenticate(request.app.state.store, request.headers.get("authorization"))
        if resource.main_credentials and not main:
            raise TwilioError(Code.AUTHENTICATE, "Authenticate")
        name = methods.get(request.method)
        if name not in resource.actions:
            raise TwilioError(Code.METHOD_NOT_ALLOWED, f"Method not allowed: {request.method}")
        action = Action(resource, request, _form(body), owner)
        action.check_scope()
        return getattr(action, name)()

    return endpoint


def _form(body):
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    except UnicodeDecodeError:
        raise TwilioError(Code.INVALID_PARAMETER, "The request body must be a UTF-8 form") from None


async def nowhere(request):
    """A path that no resource has: 404, but only for who may know."""
    await request.body()
    authenticate(request.app.state.store, request.headers.get("authorization"))
    path = request.url.path.removeprefix("/v1")
    raise TwilioError(Code.NOT_FOUND, f"The requested resource {path} was not found")


def routes():
    """A Starlette route for each path of each declared resource, and one for every other path."""
    made = []
    for resource in RESOURCES:
        paths = {"": COLLECTION, "/{sid}": INSTANCE}
        if resource.singleton:
            paths = {"": INSTANCE}
        for end, methods in paths.items():
            path = resource.path + end + resource.style.suffix
            made.append(Route(path, _endpoint(resource, methods), methods=METHODS))
    made.append(Route("/{path:path}", nowhere, methods=METHODS))
    return made
