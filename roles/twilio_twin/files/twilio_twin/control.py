# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control surface, everything under /twin/: seed the twin, make it misbehave, see what happened, reset it.

It has no authentication: the twin is for laboratories and holds nothing real. `surface` has what its handlers share;
`seeding`, `edges` and `evidence` have their topics; health, reset, faults and settings are here.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from . import edges, evidence, rest, seeding
from .faults import Faults
from .resource import CREATE
from .surface import ControlError, body_of, json_object

# What a reset empties beside the tables of resources that can be created.
EMPTIED = ("call", "dialing_permission", "reserved_domain")
SEEDED = ("incoming_phone_number", "outgoing_caller_id", "pstn_number", "for_sale")
# Columns that the API and the control surface change, and their value after a reset.
RESTORED = (
    ("account", "dialing_permissions_inheritance", 1), ("incoming_phone_number", "emergency_settled_at", 0),
    ("edge", "answer", ""),
)


def emptied() -> tuple[str, ...]:
    """Return the tables that a reset empties. Of resources, a later one may refer to an earlier one, so it goes first;
    the rows of a child go with those of its parent."""
    made = [one.table for one in rest.RESOURCES if CREATE in one.actions and one.table and not one.parent]
    return (*EMPTIED, *(table for table in reversed(made) if table not in SEEDED))


async def health(request: Request) -> JSONResponse:
    """Say that the twin serves, and how many accounts it has."""
    accounts = request.app.state.store.value("SELECT count(*) FROM account")
    return JSONResponse({"status": "ok", "accounts": accounts})


async def reset(request: Request) -> JSONResponse:
    """Empty the twin but for its accounts, end its faults, and bring back the settings that it was started with.

    {"keep_numbers": true} keeps the numbers that were seeded.
    """
    body = await body_of(request, keep_numbers=bool)
    state = request.app.state
    tables = emptied() + (() if body.get("keep_numbers") else SEEDED)
    with state.store.transaction():
        changed = sum(state.store.run(f"DELETE FROM {table}") for table in tables)
        for table, column, value in RESTORED:
            changed += state.store.run(f"UPDATE {table} SET {column} = ? WHERE {column} <> ?", value, value)
    recordings = list(state.recordings.glob("CA*.wav"))
    for path in recordings:
        path.unlink(missing_ok=True)
    changed += len(recordings) + len(state.faults.given) + (state.settings != state.first_settings)
    state.faults, state.settings = Faults(), state.first_settings
    return JSONResponse({"changed": bool(changed)})


async def get_faults(request: Request) -> JSONResponse:
    """Return what PUT set; {} where there are no faults."""
    return JSONResponse(request.app.state.faults.given)


async def put_faults(request: Request) -> JSONResponse:
    """Replace the faults, see module `faults`. Counts and chance begin anew."""
    faults = Faults(await json_object(request))
    changed = faults.given != request.app.state.faults.given
    request.app.state.faults = faults
    return JSONResponse({"changed": changed})


async def delete_faults(request: Request) -> JSONResponse:
    """End all faults."""
    changed = bool(request.app.state.faults.given)
    request.app.state.faults = Faults()
    return JSONResponse({"changed": changed})


async def get_settings(request: Request) -> JSONResponse:
    """Return every setting and its value."""
    return JSONResponse(request.app.state.settings.as_dict())


async def put_settings(request: Request) -> JSONResponse:
    """Change the settings in the body, by name; the others stay."""
    try:
        settings = request.app.state.settings.changed(await json_object(request))
    except ValueError as problem:
        raise ControlError(str(problem)) from None
    changed = settings != request.app.state.settings
    request.app.state.settings = settings
    return JSONResponse({"changed": changed})


async def not_found(request: Request) -> JSONResponse:
    """Refuse a path that the control surface does not have."""
    await request.body()
    raise ControlError(f"The control surface has no {request.method} {request.url.path}", status=404)


def routes() -> list[Route]:
    """Return every route under /twin/."""
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
        Route("/twin/{path:path}", not_found, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
    ]
