# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twilio's REST API: one handler for every resource that is declared."""

import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from . import account, monitor, numbers, paging, sip_lists, trunking, voice
from .errors import Code, TwilioError
from .resource import CREATE, UPDATE, Change, Resource, snake
from .settings import Settings
from .store import Row, Store, new_sid, now

RESOURCES = (
    *account.RESOURCES, *numbers.RESOURCES, *sip_lists.RESOURCES, *trunking.RESOURCES, *voice.RESOURCES,
    *monitor.RESOURCES,
)
STATUSES = {"list": 200, "create": 201, "fetch": 200, "update": 200}
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
COLLECTION = {"GET": "list", "POST": "create"}
INSTANCE = {"GET": "fetch", "POST": "update", "DELETE": "delete"}


def authenticate(store: Store, header: str | None) -> tuple[Row, bool]:
    """Return the account's row, and whether the password was its auth token. Raises TwilioError 20003, 20005."""
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
    """One request to one resource, with the account that it came from."""

    def __init__(self, resource: Resource, request: Request, form: Mapping[str, str], owner: Row) -> None:
        self.resource = resource
        self.request = request
        self.form = form
        self.store: Store = request.app.state.store
        self.settings: Settings = request.app.state.settings
        self.account_sid: str = owner["sid"]
        # Paths of the 2010 API name the account, which may be a subaccount; under /v1/ the credentials alone decide.
        self.parents: dict[str, str] = {name: value for name, value in request.path_params.items() if name != "sid"}
        self.sid: str | None = request.path_params.get("sid")
        self.scope = {"account_sid": self.account_sid, **self.parents}

    def link(self, path: str) -> str:
        """Return an address in the resource's style: with the host by which the client reached the twin, or without."""
        if self.resource.style.absolute:
            return str(self.request.base_url).rstrip("/") + path
        return path + self.resource.style.suffix

    def not_found(self) -> TwilioError:
        """Return error 20404 for this path."""
        path = self.request.url.path.removeprefix("/v1")
        return TwilioError(Code.NOT_FOUND, f"The requested resource {path} was not found")

    def check_scope(self) -> None:
        """Check that the region has this resource, that the caller may use the account, and that the parent exists."""
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

    def parent_sid(self) -> str:
        """Return the SID of the parent, which is the account where no other resource is."""
        return list(self.parents.values())[-1] if self.resource.parent else self.account_sid

    def where(self, more: Iterable[tuple[str, list[Any]]] = ()) -> tuple[str, list[Any]]:
        """Return SQL that narrows the resource's source to the path, with its values; `more` adds conditions."""
        conditions = [*((f"{column} = ?", [value]) for column, value in self.scope.items()), *more]
        return " AND ".join(sql for sql, _ in conditions), [value for _, values in conditions for value in values]

    def row(self, sid: str | None = None) -> Row:
        """Return the row with this SID, by default the path's. Raises TwilioError 20404."""
        more = [] if self.resource.singleton else [("sid = ?", [sid or self.sid])]
        where, values = self.where(more)
        row = self.store.one(f"SELECT * FROM ({self.resource.source}) WHERE {where}", *values)
        if row is None:
            raise self.not_found()
        return row

    def render(self, row: Row) -> Row:
        """Return a row as lists have it."""
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

    def answer(self, action: str, body: Row) -> Response:
        """Return the answer of an action that succeeded."""
        return JSONResponse(body, status_code=self.resource.statuses.get(action, STATUSES[action]))

    def whole(self, row: Row) -> Row:
        """Return a row as it is answered alone."""
        return {**self.render(row), **self.resource.details(row)}

    def parsed(self, when: str) -> Row:
        """Return the form as values by column. Unknown parameters are ignored, as at Twilio. Raises TwilioError."""
        values: Row = {}
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

    def change(self, values: Row, current: Row | None = None) -> Change:
        """Return what the hooks of the resource take."""
        return Change(
            self.store, self.settings, self.resource, self.account_sid, self.parents, values, current or {}
        )

    def check_unique(self, change: Change) -> None:
        """Refuse values that a sibling has already."""
        for columns in self.resource.unique:
            whole = {**change.current, **change.values}
            same = " AND ".join(f"{column} = ?" for column in columns)
            if self.store.one(
                f"SELECT 1 FROM {self.resource.table} WHERE {self.resource.parent_column} = ? AND {same} AND sid <> ?",
                self.parent_sid(), *(whole[column] for column in columns), whole.get("sid", ""),
            ):
                words = " ".join(str(whole[column]) for column in columns)
                raise TwilioError(self.resource.invalid, f"{', '.join(columns)} {words} already exists")

    def check_limit(self, name: str, code: Code) -> None:
        """Refuse one more resource than the setting of this name allows."""
        most = getattr(self.settings, name)
        where, values = self.where()
        if self.store.value(f"SELECT count(*) FROM ({self.resource.source}) WHERE {where}", *values) >= most:
            raise TwilioError(code, f"The maximum of {most} {self.resource.key} is reached")

    def list(self) -> Response:
        """Answer one page of the list."""
        resource, query = self.resource, self.request.query_params
        wanted = paging.wanted_page(query, resource.prefix)
        where, values = self.where(self.filters(query))
        page = paging.read(self.store, resource, where, values, wanted)
        answer = paging.envelope(resource, resource.path.format(**self.scope), query, wanted, page, self.link)
        answer[resource.key] = [self.render(row) for row in page.rows]
        return self.answer("list", answer)

    def filters(self, query: QueryParams) -> Iterable[tuple[str, Any]]:
        """Return a condition and its values for each filter that the query has. Raises TwilioError 20001."""
        found = []
        for one in self.resource.filters:
            if not query.get(one.param):
                continue
            try:
                found.append((f"({one.sql})", [one.value(query[one.param])] * one.sql.count("?")))
            except ValueError as problem:
                raise TwilioError(Code.INVALID_PARAMETER, f"Invalid parameter {one.param}: {problem}") from None
        return found

    def create(self) -> Response:
        """Create a resource, unless it responds in a way of its own."""
        resource = self.resource
        change = self.change(self.parsed(CREATE))
        with self.store.transaction():
            if resource.respond:
                return self.answer("create", resource.respond(change))
            if resource.limit:
                self.check_limit(*resource.limit)
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

    def fetch(self) -> Response:
        """Answer the resource."""
        return self.answer("fetch", self.whole(self.row()))

    def update(self) -> Response:
        """Change the resource."""
        values = self.parsed(UPDATE)
        with self.store.transaction():
            change = self.change(values, self.row())
            self.resource.prepare(change)
            self.check_unique(change)
            self.store.update(self.resource.table, change.current["sid"], {**change.values, "date_updated": now()})
            row = self.row()
        return self.answer("update", self.whole(row))

    def delete(self) -> Response:
        """Delete the resource."""
        with self.store.transaction():
            change = self.change({}, self.row())
            self.resource.release(change)
            if self.resource.erase:
                self.resource.erase(change)
            else:
                self.store.run(f"DELETE FROM {self.resource.table} WHERE sid = ?", change.current["sid"])
        return Response(status_code=204)


def _endpoint(resource: Resource, methods: Mapping[str, str]) -> Callable[[Request], Awaitable[Response]]:
    """Return what serves one path of a resource. `methods` has the action of each HTTP method there."""

    async def endpoint(request: Request) -> Response:
        # Reading the whole body first keeps the connection usable after a refusal.
        body = await request.body()
        owner, main = authenticate(request.app.state.store, request.headers.get("authorization"))
        if resource.main_credentials and not main:
            raise TwilioError(Code.AUTHENTICATE, "Authenticate")
        name = methods.get(request.method, "")
        if name not in resource.actions:
            raise TwilioError(Code.METHOD_NOT_ALLOWED, f"Method not allowed: {request.method}")
        action = Action(resource, request, _form(body), owner)
        action.check_scope()
        answer: Response = getattr(action, name)()
        return answer

    return endpoint


def _form(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    except UnicodeDecodeError:
        raise TwilioError(Code.INVALID_PARAMETER, "The request body must be a UTF-8 form") from None


async def not_found(request: Request) -> NoReturn:
    """Refuse a path that no resource has: with 404, once the credentials are right."""
    await request.body()
    authenticate(request.app.state.store, request.headers.get("authorization"))
    path = request.url.path.removeprefix("/v1")
    raise TwilioError(Code.NOT_FOUND, f"The requested resource {path} was not found")


def paths(resource: Resource) -> dict[str, Mapping[str, str]]:
    """Return the paths of a resource, and for each the action of each HTTP method."""
    ends = {"": INSTANCE} if resource.singleton else {"": COLLECTION, "/{sid}": INSTANCE}
    return {resource.path + end + resource.style.suffix: methods for end, methods in ends.items()}


def routes() -> list[Route]:
    """Return a route for each path of each declared resource, and one for every other path."""
    made = [
        Route(path, _endpoint(resource, methods), methods=METHODS)
        for resource in RESOURCES for path, methods in paths(resource).items()
    ]
    return [*made, Route("/{path:path}", not_found, methods=METHODS)]
