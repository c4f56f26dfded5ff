# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control surface that seeds the twin: its accounts, their numbers, what is on sale, who answers.

What writes is idempotent and says {"changed": true | false}.
"""

from starlette.responses import JSONResponse
from starlette.routing import Route

from .account import national
from .store import new_sid, now
from .surface import Mistake, body_of, checked_sid, number_of, put_row

BEHAVIOURS = ("answer", "busy", "no-answer", "unknown")
STATUSES = ("active", "suspended", "closed")


def _owner(store, body):
    """The account a number is for: the one named, or the only one."""
    known = [row["sid"] for row in store.all("SELECT sid FROM account ORDER BY sid")]
    if not known:
        raise Mistake("There is no account yet: PUT /twin/account first")
    if "account_sid" not in body and len(known) > 1:
        raise Mistake(f"There are several accounts, so account_sid must name one of {', '.join(known)}")
    wanted = body.get("account_sid", known[0])
    if wanted not in known:
        raise Mistake(f"There is no account {wanted}; known are {', '.join(known)}")
    return wanted


async def get_account(request):
    """The accounts and the sids of their API keys, without any secret."""
    store = request.app.state.store
    accounts = store.all("SELECT sid, friendly_name, status, owner_account_sid FROM account ORDER BY sid")
    for account in accounts:
        keys = store.all("SELECT sid FROM api_key WHERE account_sid = ? ORDER BY sid", account["sid"])
        account["api_keys"] = [key["sid"] for key in keys]
    return JSONResponse({"accounts": accounts})


def _owner_of_subaccount(store, sid, owner):
    """Subaccounts are one level deep: https://www.twilio.com/docs/iam/api/subaccounts."""
    if not owner:
        return None
    if owner == sid or not store.one("SELECT 1 FROM account WHERE sid = ? AND owner_account_sid IS NULL", owner):
        raise Mistake(f"owner_account_sid must be another account that is no subaccount itself, which {owner} is not")
    if store.one("SELECT 1 FROM account WHERE owner_account_sid = ?", sid):
        raise Mistake(f"{sid} has subaccounts, so it cannot become one")
    return owner


async def put_account(request):
    """{"sid", "auth_token", "friendly_name"?, "status"?, "owner_account_sid"?, "api_keys"?: [{"sid", "secret"}]}.

    ``api_keys``, where given, are all the keys that the account has. ``owner_account_sid`` makes it a subaccount
    of that one, "" an account of its own again.
    """
    body = await body_of(
        request, sid=str, auth_token=str, friendly_name=str, status=str, owner_account_sid=str, api_keys=list
    )
    sid = checked_sid(body.get("sid"), "AC", "sid")
    if not body.get("auth_token"):
        raise Mistake("auth_token must not be empty")
    if body.get("status", "active") not in STATUSES:
        raise Mistake(f"status must be one of {', '.join(STATUSES)}")
    keys = {}
    for key in body.get("api_keys", []):
        if not isinstance(key, dict) or set(key) != {"sid", "secret"}:
            raise Mistake("Each of api_keys must be an object of sid and secret")
        if not isinstance(key["secret"], str) or not key["secret"]:
            raise Mistake("The secret of an API key must be text, and not empty")
        keys[checked_sid(key["sid"], "SK", "sid of an API key")] = key["secret"]
    values = {name: body[name] for name in ("auth_token", "friendly_name", "status") if name in body}
    store = request.app.state.store
    with store.transaction():
        if "owner_account_sid" in body:
            values["owner_account_sid"] = _owner_of_subaccount(store, sid, body["owner_account_sid"])
        changed = put_row(store, "account", {"sid": sid}, values, {"friendly_name": "Twin"})
        for key, secret in keys.items():
            other = store.one("SELECT account_sid FROM api_key WHERE sid = ? AND account_sid <> ?", key, sid)
            if other:
                raise Mistake(f"API key {key} belongs to account {other['account_sid']}")
            changed |= put_row(store, "api_key", {"sid": key}, {"secret": secret}, {"account_sid": sid})
        if "api_keys" in body:
            for key in store.all("SELECT sid FROM api_key WHERE account_sid = ?", sid):
                if key["sid"] not in keys:
                    changed |= bool(store.run("DELETE FROM api_key WHERE sid = ?", key["sid"]))
    return JSONResponse({"changed": changed, "sid": sid})


def _get_all(table, key):
    async def endpoint(request):
        return JSONResponse({key: request.app.state.store.all(f"SELECT * FROM {table} ORDER BY phone_number")})

    return endpoint


def _delete(table):
    async def endpoint(request):
        number = number_of(request)
        changed = bool(request.app.state.store.run(f"DELETE FROM {table} WHERE phone_number = ?", number))
        return JSONResponse({"changed": changed})

    return endpoint


def _put_number(table):
    """{"friendly_name"?, "account_sid"?}; a number owned, or a caller ID verified, is the same here."""

    async def endpoint(request):
        number = number_of(request)
        body = await body_of(request, friendly_name=str, account_sid=str)
        store = request.app.state.store
        moment = now()
        with store.transaction():
            owner = _owner(store, body)
            if table == "incoming_phone_number" and store.one(
                f"SELECT 1 FROM {table} WHERE phone_number = ? AND account_sid <> ?", number, owner
            ):
                raise Mistake(f"{number} belongs to another account: DELETE it first")
            key = {"phone_number": number, "account_sid": owner}
            new = {
                "sid": new_sid("PN"), "friendly_name": national(number),
                "date_created": moment, "date_updated": moment,
            }
            values = {"friendly_name": body["friendly_name"]} if body.get("friendly_name") else {}
            changed = put_row(store, table, key, values, new)
            sid = store.one(
                f"SELECT sid FROM {table} WHERE phone_number = ? AND account_sid = ?", number, owner
            )["sid"]
        return JSONResponse({"changed": changed, "sid": sid})

    return endpoint


async def put_for_sale(request):
    """Puts a number on sale, so that POST IncomingPhoneNumbers.json buys it."""
    number = number_of(request)
    await body_of(request)
    store = request.app.state.store
    with store.transaction():
        owned = store.one("SELECT account_sid FROM incoming_phone_number WHERE phone_number = ?", number)
        if owned:
            raise Mistake(f"{number} belongs to account {owned['account_sid']}: DELETE /twin/numbers/{number} first")
        changed = put_row(store, "for_sale", {"phone_number": number}, {}, {})
    return JSONResponse({"changed": changed})


async def get_for_sale(request):
    number = number_of(request)
    row = request.app.state.store.one("SELECT * FROM for_sale WHERE phone_number = ?", number)
    if row is None:
        raise Mistake(f"{number} is not on sale", status=404)
    return JSONResponse(row)


async def put_pstn(request):
    """{"behaviour"}: what a call to this number of the telephone network meets."""
    number = number_of(request)
    body = await body_of(request, behaviour=str)
    if body.get("behaviour") not in BEHAVIOURS:
        raise Mistake(f"behaviour must be one of {', '.join(BEHAVIOURS)}")
    store = request.app.state.store
    with store.transaction():
        changed = put_row(store, "pstn_number", {"phone_number": number}, body, {})
    return JSONResponse({"changed": changed})


def routes():
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
