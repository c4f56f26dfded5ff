# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The twin's own surface under /twin/: seed it, make it misbehave, look at what happened, empty it.

It has no authentication: the twin is for laboratories and holds nothing real. ``surface`` says how it reads
and refuses; ``seeding``, ``edges`` and ``evidence`` hold their topics; the twin's behaviour is here.
"""

from starlette.responses import JSONResponse
from starlette.routing import Route

from . import edges, evidence, seeding
from .faults import Faults
from .surface import Mistake, body_of, json_object

# Children go before what they refer to.
EMPTIED = ("call", "trunk", "ip_access_control_list", "credential_list", "dialing_permission", "address",
           "reserved_domain")
SEEDED = ("incoming_phone_number", "outgoing_caller_id", "pstn_number", "for_sale")
# What else the API changed, and what it was.
RESTORED = (
    ("account", "dialing_permissions_inheritance", 1), ("incoming_phone_number", "emergency_settled_at", 0),
    ("edge", "answer", ""),
)


async def health(request):
    accounts = request.app.state.store.one("SELECT count(*) AS n FROM account")["n"]
    return JSONResponse({"status": "ok", "accounts": accounts})


async def reset(request):
    """Empties the twin but for its accounts, and lets it behave as it was started.

    {"keep_numbers": true} spares what was seeded of numbers.
    """
    body = await body_of(request, keep_numbers=bool)
    state = request.app.state
    tables = EMPTIED if body.get("keep_numbers") else EMPTIED + SEEDED
    with state.store.transaction():
        changed = sum(state.store.run(f"DELETE FROM {table}") for table in tables)
        for table, column, value in RESTORED:
            changed += state.store.run(f"UPDATE {table} SET {column} = ? WHERE {column} <> ?", value, value)
    recordings = list(state.recordings.glob("CA*.wav"))
    for path in recordings:
        path.unlink(missing_ok=True)
    changed += len(recordings) + len(state.faults.told) + (state.settings != state.first_settings)
    state.faults, state.settings = Faults(), state.first_settings
    return JSONResponse({"changed": bool(changed)})


async def get_faults(request):
    """What PUT set; {} while the twin behaves."""
    return JSONResponse(request.app.state.faults.told)


async def put_faults(request):
    """Sets how the twin misbehaves, see ``faults``, instead of what was set. Counts and chance begin anew."""
    faults = Faults(await json_object(request))
    changed = faults.told != request.app.state.faults.told
    request.app.state.faults = faults
    return JSONResponse({"changed": changed})


async def delete_faults(request):
    changed = bool(request.app.state.faults.told)
    request.app.state.faults = Faults()
    return JSONResponse({"changed": changed})


async def get_settings(request):
    return JSONResponse(request.app.state.settings.told())


async def put_settings(request):
    """{name: value}: changes these switches of ``settings``; the others stay."""
    try:
        settings = request.app.state.settings.changed(await json_object(request))
    except ValueError as problem:
        raise Mistake(str(problem)) from None
    changed = settings != request.app.state.settings
    request.app.state.settings = settings
    return JSONResponse({"changed": changed})


async def nowhere(request):
    await request.body()
    raise Mistake(f"The control surface has no {request.method} {request.url.path}", status=404)


def routes():
    return [
        Route("/twin/health", health),
        Route("/twin/reset", reset, methods=["POST"]),
        Route("/twin/faults", get_faults),
        Route("/twin/faults", put_faults, methods=["PUT"]),
        Route("/twin/faults", delete_faults, methods=["DELETE"]),
        Route("/twin/settings", get_settings),
        Route("/twin/settings", put_settings, methods=["PUT"]),
        *seeding.routes(),
        *edges.routes(),
        *evidence.routes(),
        Route("/twin/{path:path}", nowhere, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
    ]
