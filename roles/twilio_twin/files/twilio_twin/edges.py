# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control surface of the edges that have an address of their own: how late each answers, and what.

The SIP edge (Kamailio) reads this table for each request that comes in on such an address.
"""

import ipaddress
import re

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from .store import Row
from .surface import ControlError, body_of, put_row

NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
STATUS_LINE = re.compile(r"[4-6][0-9][0-9] [A-Za-z][A-Za-z ]{0,60}")
SILENT, AS_TWILIO = "silent", ""
MAX_DELAY_MS = 10_000


def _name(request: Request) -> str:
    name: str = request.path_params["name"]
    if not NAME.fullmatch(name):
        raise ControlError(f"{name!r} is no name of an edge, such as ashburn")
    return name


def _checked(body: Row) -> Row:
    if "address" in body:
        try:
            ipaddress.IPv4Address(body["address"])
        except ValueError:
            raise ControlError(f"address must be an IPv4 address, not {body['address']!r}") from None
    if not 0 <= body.get("delay_ms", 0) <= MAX_DELAY_MS:
        raise ControlError(f"delay_ms must be from 0 to {MAX_DELAY_MS}")
    answer = body.get("answer", AS_TWILIO)
    if answer not in (AS_TWILIO, SILENT) and not STATUS_LINE.fullmatch(answer):
        raise ControlError("answer must be silent, a status and a reason such as 503 Service Unavailable, or empty")
    return body


async def get_edges(request: Request) -> JSONResponse:
    """List the edges."""
    return JSONResponse({"edges": request.app.state.store.all("SELECT * FROM edge ORDER BY name")})


async def put_edge(request: Request) -> JSONResponse:
    """Set {"address"?, "delay_ms"?, "answer"?} of an edge; a value that is not given stays.

    A new edge needs an address. `answer` is what each request outside a dialogue gets: a status and its reason, no
    answer ("silent", for requests in a dialogue too), or the answer that Twilio gives ("").
    """
    name = _name(request)
    body = _checked(await body_of(request, address=str, delay_ms=int, answer=str))
    store = request.app.state.store
    with store.transaction():
        if "address" in body:
            other = store.one("SELECT name FROM edge WHERE address = ? AND name <> ?", body["address"], name)
            if other:
                raise ControlError(f"{body['address']} is the address of edge {other['name']}")
        elif not store.one("SELECT 1 FROM edge WHERE name = ?", name):
            raise ControlError(f"There is no edge {name} yet: give its address")
        changed = put_row(store, "edge", {"name": name}, body, {})
    return JSONResponse({"changed": changed})


async def delete_edge(request: Request) -> JSONResponse:
    """Remove an edge's address of its own."""
    removed = request.app.state.store.run("DELETE FROM edge WHERE name = ?", _name(request))
    return JSONResponse({"changed": bool(removed)})


def routes() -> list[Route]:
    """Return the routes of the edges."""
    return [
        Route("/twin/edges", get_edges),
        Route("/twin/edges/{name}", put_edge, methods=["PUT"]),
        Route("/twin/edges/{name}", delete_edge, methods=["DELETE"]),
    ]
