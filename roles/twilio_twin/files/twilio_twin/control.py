# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The twin's own surface under /twin/: seed it, look at what happened, empty it. JSON in, JSON out.

It has no authentication: the twin is for laboratories and holds nothing real. A refusal is
{"error": sentence}. What writes is idempotent and says {"changed": true | false}.
"""

import json
import re
import sqlite3
from datetime import datetime, timezone

from starlette.responses import FileResponse, JSONResponse
from starlette.routing import Route

from .account import national
from .resource import E164
from .store import new_sid, now

BEHAVIOURS = ("answer", "busy", "no-answer", "unknown")
STATUSES = ("active", "suspended", "closed")
MOST_ROWS = 1000
# Children go before what they refer to.
EMPTIED = ("call", "trunk", "ip_access_control_list", "credential_list")
SEEDED = ("incoming_phone_number", "outgoing_caller_id", "pstn_number")


class Mistake(Exception):
    """Bad input, or something that is not there; the sentence says how to mend it."""

    def __init__(self, sentence, status=400):
        super().__init__(sentence)
        self.status = status

    def response(self):
        return JSONResponse({"error": str(self)}, status_code=self.status)


async def _body(request, **types):
    """The request's JSON object (none at all counts as empty), with only these keys, of these types."""
    raw = await request.body()
    try:
        body = json.loads(raw or b"{}")
    except ValueError:
        raise Mistake("The body must be JSON") from None
    if not isinstance(body, dict):
        raise Mistake("The body must be a JSON object")
    for name, value in body.items():
        if name not in types:
            raise Mistake(f"Unknown key {name!r}; known are: {', '.join(types) or 'none'}")
        if type(value) is not types[name]:
            raise Mistake(f"{name} must be of type {types[name].__name__}")
    return body


def _number(request):
    number = request.path_params["number"]
    if not E164.fullmatch(number):
        raise Mistake(f"{number!r} is not a number in E.164 form, such as +17756187988")
    return number


def _rows(request):
    """How many rows a list may give: the query's ``limit``."""
    limit = request.query_params.get("limit", str(MOST_ROWS))
    if not re.fullmatch("[0-9]{1,4}", limit, re.ASCII) or not 1 <= int(limit) <= MOST_ROWS:
        raise Mistake(f"limit must be a whole number from 1 to {MOST_ROWS}")
    return int(limit)


def _sid(value, prefix, name):
    if not isinstance(value, str) or not re.fullmatch(prefix + "[0-9a-fA-F]{32}", value):
        raise Mistake(f"{name} must be {prefix} and 32 hexadecimal digits")
    return value


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


def _put(store, table, key, values, new):
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


async def health(request):
    accounts = request.app.state.store.one("SELECT count(*) AS n FROM account")["n"]
    return JSONResponse({"status": "ok", "accounts": accounts})


async def reset(request):
    """Empties the twin but for its accounts; {"keep_numbers": true} spares what was seeded of numbers."""
    body = await _body(request, keep_numbers=bool)
    store = request.app.state.store
    tables = EMPTIED if body.get("keep_numbers") else EMPTIED + SEEDED
    with store.transaction():
        changed = [store.run(f"DELETE FROM {table}") for table in tables]
    recordings = [path for path in request.app.state.recordings.glob("CA*.wav")]
    for path in recordings:
        path.unlink(missing_ok=True)
    return JSONResponse({"changed": any(changed) or bool(recordings)})


async def get_account(request):
    """The accounts and the sids of their API keys, without any secret."""
    store = request.app.state.store
    accounts = store.all("SELECT sid, friendly_name, status FROM account ORDER BY sid")
    for account in accounts:
        keys = store.all("SELECT sid FROM api_key WHERE account_sid = ? ORDER BY sid", account["sid"])
        account["api_keys"] = [key["sid"] for key in keys]
    return JSONResponse({"accounts": accounts})


async def put_account(request):
    """{"sid", "auth_token", "friendly_name"?, "status"?, "api_keys"?: [{"sid", "secret"}]}.

    ``api_keys``, where given, are all the keys that the account has.
    """
    body = await _body(request, sid=str, auth_token=str, friendly_name=str, status=str, api_keys=list)
    sid = _sid(body.get("sid"), "AC", "sid")
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
        keys[_sid(key["sid"], "SK", "sid of an API key")] = key["secret"]
    values = {name: body[name] for name in ("auth_token", "friendly_name", "status") if name in body}
    store = request.app.state.store
    with store.transaction():
        changed = _put(store, "account", {"sid": sid}, values, {"friendly_name": "Twin"})
        for key, secret in keys.items():
            other = store.one("SELECT account_sid FROM api_key WHERE sid = ? AND account_sid <> ?", key, sid)
            if other:
                raise Mistake(f"API key {key} belongs to account {other['account_sid']}")
            changed |= _put(store, "api_key", {"sid": key}, {"secret": secret}, {"account_sid": sid})
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
        number = _number(request)
        changed = bool(request.app.state.store.run(f"DELETE FROM {table} WHERE phone_number = ?", number))
        return JSONResponse({"changed": changed})

    return endpoint


def _put_number(table):
    """{"friendly_name"?, "account_sid"?}; a number owned, or a caller ID verified, is the same here."""

    async def endpoint(request):
        number = _number(request)
        body = await _body(request, friendly_name=str, account_sid=str)
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
            changed = _put(store, table, key, values, new)
            sid = store.one(
                f"SELECT sid FROM {table} WHERE phone_number = ? AND account_sid = ?", number, owner
            )["sid"]
        return JSONResponse({"changed": changed, "sid": sid})

    return endpoint


async def put_pstn(request):
    """{"behaviour"}: what a call to this number of the telephone network meets."""
    number = _number(request)
    body = await _body(request, behaviour=str)
    if body.get("behaviour") not in BEHAVIOURS:
        raise Mistake(f"behaviour must be one of {', '.join(BEHAVIOURS)}")
    store = request.app.state.store
    with store.transaction():
        changed = _put(store, "pstn_number", {"phone_number": number}, body, {})
    return JSONResponse({"changed": changed})


async def get_calls(request):
    """Every call that the edge decided on, newest first; of one SIP dialogue with ?sip_call_id=."""
    wanted = request.query_params.get("sip_call_id")
    calls = request.app.state.store.all(
        "SELECT * FROM call WHERE ? IS NULL OR sip_call_id = ? ORDER BY rowid DESC LIMIT ?",
        wanted, wanted, _rows(request),
    )
    return JSONResponse({"calls": calls})


async def get_call(request):
    call = request.app.state.store.one("SELECT * FROM call WHERE sid = ?", request.path_params["sid"])
    if call is None:
        raise Mistake(f"There is no call {request.path_params['sid']}", status=404)
    return JSONResponse(call)


async def get_recording(request):
    """What the telephone network heard, as WAV, once the call is over."""
    sid = _sid(request.path_params["sid"], "CA", "The call's sid")
    path = request.app.state.recordings / f"{sid}.wav"
    if not path.is_file():
        raise Mistake(f"There is no recording of {sid}: nobody answered, or the call is not over", status=404)
    return FileResponse(path, media_type="audio/wav")


def _message(row):
    """A row of the table sip_trace as a message.

    Kamailio's module siptrace writes the text as bytes; its module db_sqlite (dbase.c) stores a whole second
    as a Julian day, half a second early.
    """
    seconds = round((row["time_stamp"] - 2440587.5) * 86400 + 0.5)
    moment = datetime.fromtimestamp(seconds, timezone.utc).replace(microsecond=row["time_us"])
    transport, _, source = row["fromip"].partition(":")
    return {
        "id": row["id"],
        "time": moment.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "direction": row["direction"],
        "source": source,
        "destination": row["toip"].partition(":")[2],
        "transport": transport,
        "call_id": row["callid"],
        "method": row["method"],
        "status": int(row["status"]) if row["status"] else None,
        "text": row["msg"].decode(errors="backslashreplace"),
    }


async def get_messages(request):
    """The newest SIP messages at the edge, in the order of time; of one dialogue with ?call_id=."""
    wanted, limit = request.query_params.get("call_id"), _rows(request)
    path = request.app.state.trace
    try:
        trace = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)
        trace.row_factory = sqlite3.Row
        try:
            rows = trace.execute(
                "SELECT * FROM sip_trace WHERE ? IS NULL OR callid = ? ORDER BY id DESC LIMIT ?",
                (wanted, wanted, limit),
            ).fetchall()
        finally:
            trace.close()
    except sqlite3.Error as problem:
        raise Mistake(f"The SIP trace {path} cannot be read: {problem}. Is the SIP edge running?", status=503) from None
    # Workers of the edge store messages side by side, so a later one can have the lower id.
    return JSONResponse({"messages": sorted((_message(row) for row in reversed(rows)), key=lambda one: one["time"])})


async def nowhere(request):
    await request.body()
    raise Mistake(f"The control surface has no {request.method} {request.url.path}", status=404)


def routes():
    made = [
        Route("/twin/health", health),
        Route("/twin/reset", reset, methods=["POST"]),
        Route("/twin/account", get_account),
        Route("/twin/account", put_account, methods=["PUT"]),
        Route("/twin/calls", get_calls),
        Route("/twin/calls/{sid}", get_call),
        Route("/twin/calls/{sid}/recording", get_recording),
        Route("/twin/messages", get_messages),
    ]
    for path, key, table, put in (
        ("/twin/numbers", "numbers", "incoming_phone_number", _put_number("incoming_phone_number")),
        ("/twin/caller-ids", "caller_ids", "outgoing_caller_id", _put_number("outgoing_caller_id")),
        ("/twin/pstn", "pstn", "pstn_number", put_pstn),
    ):
        made += [
            Route(path, _get_all(table, key)),
            Route(path + "/{number}", put, methods=["PUT"]),
            Route(path + "/{number}", _delete(table), methods=["DELETE"]),
        ]
    return [*made, Route("/twin/{path:path}", nowhere, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])]
