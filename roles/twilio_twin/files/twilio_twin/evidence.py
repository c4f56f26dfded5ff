# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control surface that shows what happened: API requests, calls, recordings, SIP messages."""

import sqlite3
from datetime import datetime, timezone

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse
from starlette.routing import Route

from . import requestlog
from .store import Row
from .surface import ControlError, checked_sid, limit_of


async def get_requests(request: Request) -> JSONResponse:
    """List the API requests since the last DELETE, oldest first; the newest of them with ?limit=, which may be 0."""
    limit = limit_of(request, lowest=0, most=requestlog.MAX_KEPT)
    log = request.app.state.requests
    return JSONResponse({"count": log.count, "requests": log.newest(limit)})


async def delete_requests(request: Request) -> JSONResponse:
    """Empty the log of requests."""
    return JSONResponse({"changed": request.app.state.requests.clear()})


async def get_calls(request: Request) -> JSONResponse:
    """List the calls that the edge decided on, newest first; those of one SIP dialogue with ?sip_call_id=."""
    wanted = request.query_params.get("sip_call_id")
    calls = request.app.state.store.all(
        "SELECT * FROM call WHERE ? IS NULL OR sip_call_id = ? ORDER BY rowid DESC LIMIT ?",
        wanted, wanted, limit_of(request),
    )
    return JSONResponse({"calls": calls})


async def get_call(request: Request) -> JSONResponse:
    """Return one call."""
    call = request.app.state.store.one("SELECT * FROM call WHERE sid = ?", request.path_params["sid"])
    if call is None:
        raise ControlError(f"There is no call {request.path_params['sid']}", status=404)
    return JSONResponse(call)


async def get_recording(request: Request) -> FileResponse:
    """Return what the telephone network heard, as WAV, once the call is over."""
    sid = checked_sid(request.path_params["sid"], "CA", "The call's sid")
    path = request.app.state.recordings / f"{sid}.wav"
    if not path.is_file():
        raise ControlError(f"There is no recording of {sid}: nobody answered, or the call is not over", status=404)
    return FileResponse(path, media_type="audio/wav")


def _message(row: sqlite3.Row) -> Row:
    """Return a row of the table sip_trace as a message.

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


async def get_messages(request: Request) -> JSONResponse:
    """List the newest SIP messages at the edge, in the order of time; those of one dialogue with ?call_id=."""
    wanted, limit = request.query_params.get("call_id"), limit_of(request)
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
        raise ControlError(
            f"The SIP trace {path} cannot be read: {problem}. Is the SIP edge running?", status=503
        ) from None
    # Workers of the edge store messages side by side, so a later one can have the lower id.
    return JSONResponse({"messages": sorted((_message(row) for row in reversed(rows)), key=lambda one: one["time"])})


def routes() -> list[Route]:
    """Return the routes of what happened."""
    return [
        Route("/twin/requests", get_requests),
        Route("/twin/requests", delete_requests, methods=["DELETE"]),
        Route("/twin/calls", get_calls),
        Route("/twin/calls/{sid}", get_call),
        Route("/twin/calls/{sid}/recording", get_recording),
        Route("/twin/messages", get_messages),
    ]
