# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control surface that seeds the twin: its accounts, their numbers, what is on sale, who answers.

Each PUT and DELETE is idempotent and answers {"changed": true | false}.
"""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from .account import national
from .store import Row, Store, new_sid, now
from .surface import ControlError, body_of, checked_sid, number_of, put_row

BEHAVIOURS = ("answer", "busy", "no-answer", "unknown")
STATUSES = ("active", "suspended", "closed")

Endpoint = Callable[[Request], Awaitable[JSONResponse]]


def first_account(store: Store) -> tuple[str, str] | None:
    """Return the SID and the auth token of the account that was made first, or None."""
    row = store.one("SELECT sid, auth_token FROM account ORDER BY rowid")
    return (row["sid"], row["auth_token"]) if row else None


def _owner(store: Store, body: Row) -> str:
    """Return the account that a number is for: the one named, or the only one."""
    known: list[str] = [row["sid"] for row in store.all("SELECT sid FROM account ORDER BY sid")]
    if not known:
        raise ControlError("There is no account yet: PUT /twin/account first")
    if "account_sid" not in body and len(known) > 1:
        raise ControlError(f"There are several accounts, so account_sid must name one of {', '.join(known)}")
    wanted: str = body.get("account_sid", known[0])
    if wanted not in known:
        raise ControlError(f"There is no account {wanted}; known are {', '.join(known)}")
    return wanted


async def get_account(request: Request) -> JSONResponse:
    """List the accounts and the SIDs of their API keys, without any secret."""
    store = request.app.state.store
    accounts = store.all("SELECT sid, friendly_name, status, owner_account_sid FROM account ORDER BY sid")
    for account in accounts:
        keys = store.all("SELECT sid FROM api_key WHERE account_sid = ? ORDER BY sid", account["sid"])
        account["api_keys"] = [key["sid"] for key in keys]
    return JSONResponse({"accounts": accounts})


def _owner_of_subaccount(store: Store, sid: str, owner: str) -> str | None:
    """Return the owner, or None for none. Subaccounts are one level deep: twilio.com/docs/iam/api/subaccounts."""
    if not owner:
        return None
    if owner == sid or not store.one("SELECT 1 FROM account WHERE sid = ? AND owner_account_sid IS NULL", owner):
        raise ControlError(
            f"owner_account_sid must be another account that is no subaccount itself, which {owner} is not"
        )
    if store.one("SELECT 1 FROM account WHERE owner_account_sid = ?", sid):
        raise ControlError(f"{sid} has subaccounts, so it cannot become one")
    return owner


async def put_account(request: Request) -> JSONResponse:
    """Set an account.

    The body is {"sid", "auth_token", "friendly_name"?, "status"?, "owner_account_sid"?, "api_keys"?}.
    `api_keys`, a list of {"sid", "secret"}, are all the keys that the account has. `owner_account_sid` makes it a
    subaccount of that account, and "" an account of its own again.
    """
    body = await body_of(
        request, sid=str, auth_token=str, friendly_name=str, status=str, owner_account_sid=str, api_keys=list
    )
    sid = checked_sid(body.get("sid"), "AC", "sid")
    if not body.get("auth_token"):
        raise ControlError("auth_token must not be empty")
    if body.get("status", "active") not in STATUSES:
        raise ControlError(f"status must be one of {', '.join(STATUSES)}")
    keys = _keys(body)
    values: Row = {name: body[name] for name in ("auth_token", "friendly_name", "status") if name in body}
    store = request.app.state.store
    with store.transaction():
        if "owner_account_sid" in body:
            values["owner_account_sid"] = _owner_of_subaccount(store, sid, body["owner_account_sid"])
        changed = put_row(store, "account", {"sid": sid}, values, {"friendly_name": "Twin"})
        if "api_keys" in body:
            changed |= _put_keys(store, sid, keys)
    return JSONResponse({"changed": changed, "sid": sid})


def _keys(body: Row) -> dict[str, str]:
    """Return the secret of each API key in the body of `put_account`."""
    keys = {}
    for key in body.get("api_keys", []):
        if not isinstance(key, dict) or set(key) != {"sid", "secret"}:
            raise ControlError("Each of api_keys must be an object of sid and secret")
        if not isinstance(key["secret"], str) or not key["secret"]:
            raise ControlError("The secret of an API key must be text, and not empty")
        keys[checked_sid(key["sid"], "SK", "sid of an API key")] = key["secret"]
    return keys


def _put_keys(store: Store, account: str, keys: dict[str, str]) -> bool:
    """Let the account have these API keys and no others. Return whether it wrote."""
    changed = False
    for key, secret in keys.items():
        other = store.one("SELECT account_sid FROM api_key WHERE sid = ? AND account_sid <> ?", key, account)
        if other:
            raise ControlError(f"API key {key} belongs to account {other['account_sid']}")
        changed |= put_row(store, "api_key", {"sid": key}, {"secret": secret}, {"account_sid": account})
    for row in store.all("SELECT sid FROM api_key WHERE account_sid = ?", account):
        if row["sid"] not in keys:
            changed |= bool(store.run("DELETE FROM api_key WHERE sid = ?", row["sid"]))
    return changed


def _get_all(table: str, key: str) -> Endpoint:
    """List the numbers of this table."""

    async def endpoint(request: Request) -> JSONResponse:
        return JSONResponse({key: request.app.state.store.all(f"SELECT * FROM {table} ORDER BY phone_number")})

    return endpoint


def _delete(table: str) -> Endpoint:
    """Remove a number from this table."""

    async def endpoint(request: Request) -> JSONResponse:
        number = number_of(request)
        changed = bool(request.app.state.store.run(f"DELETE FROM {table} WHERE phone_number = ?", number))
        return JSONResponse({"changed": changed})

    return endpoint


def _put_number(table: str) -> Endpoint:
    """Set {"friendly_name"?, "account_sid"?} of a number that is owned, or of a caller ID that is verified."""

    async def endpoint(request: Request) -> JSONResponse:
        number = number_of(request)
        body = await body_of(request, friendly_name=str, account_sid=str)
        store = request.app.state.store
        moment = now()
        with store.transaction():
            owner = _owner(store, body)
            if table == "incoming_phone_number" and store.one(
                f"SELECT 1 FROM {table} WHERE phone_number = ? AND account_sid <> ?", number, owner
            ):
                raise ControlError(f"{number} belongs to another account: DELETE it first")
            key = {"phone_number": number, "account_sid": owner}
            new = {
                "sid": new_sid("PN"), "friendly_name": national(number),
                "date_created": moment, "date_updated": moment,
            }
            values = {"friendly_name": body["friendly_name"]} if body.get("friendly_name") else {}
            changed = put_row(store, table, key, values, new)
            sid = store.value(f"SELECT sid FROM {table} WHERE phone_number = ? AND account_sid = ?", number, owner)
        return JSONResponse({"changed": changed, "sid": sid})

    return endpoint


async def put_for_sale(request: Request) -> JSONResponse:
    """Put a number on sale, so that POST IncomingPhoneNumbers.json buys it."""
    number = number_of(request)
    await body_of(request)
    store = request.app.state.store
    with store.transaction():
        owned = store.one("SELECT account_sid FROM incoming_phone_number WHERE phone_number = ?", number)
        if owned:
            raise ControlError(
                f"{number} belongs to account {owned['account_sid']}: DELETE /twin/numbers/{number} first"
            )
        changed = put_row(store, "for_sale", {"phone_number": number}, {}, {})
    return JSONResponse({"changed": changed})


async def get_for_sale(request: Request) -> JSONResponse:
    """Return a number that is on sale."""
    number = number_of(request)
    row = request.app.state.store.one("SELECT * FROM for_sale WHERE phone_number = ?", number)
    if row is None:
        raise ControlError(f"{number} is not on sale", status=404)
    return JSONResponse(row)


async def put_pstn(request: Request) -> JSONResponse:
    """Set {"behaviour"}: what a call to this number of the telephone network meets."""
    number = number_of(request)
    body = await body_of(request, behaviour=str)
    if body.get("behaviour") not in BEHAVIOURS:
        raise ControlError(f"behaviour must be one of {', '.join(BEHAVIOURS)}")
    store = request.app.state.store
    with store.transaction():
        changed = put_row(store, "pstn_number", {"phone_number": number}, body, {})
    return JSONResponse({"changed": changed})


def routes() -> list[Route]:
    """Return the routes of what can be seeded."""
    made = [
        Route("/twin/account", get_account),
        Route("/twin/account", put_account, methods=["PUT"]),
        Route("/twin/for-sale/{number}", get_for_sale),
    ]
    for path, key, table, put in (
        ("/twin/numbers", "numbers", "incoming_phone_number", _put_number("incoming_phone_number")),
        ("/twin/caller-ids", "caller_ids", "outgoing_caller_id", _put_number("outgoing_caller_id")),
        ("/twin/for-sale", "for_sale", "for_sale", put_for_sale),
        ("/twin/pstn", "pstn", "pstn_number", put_pstn),
    ):
        made += [
            Route(path, _get_all(table, key)),
            Route(path + "/{number}", put, methods=["PUT"]),
            Route(path + "/{number}", _delete(table), methods=["DELETE"]),
        ]
    return made
