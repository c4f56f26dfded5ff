# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control surface of the edges that have an address of their own: how late each answers, and what.

The SIP edge (Kamailio) looks at each request that comes in on such an address.
"""

import ipaddress
import re

from starlette.responses import JSONResponse
from starlette.routing import Route

from .surface import Mistake, body_of, put_row

NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
STATUS_LINE = re.compile(r"[4-6][0-9][0-9] [A-Za-z][A-Za-z ]{0,60}")
SILENT, AS_TWILIO = "silent", ""
MOST_DELAY = 10_000     # milliseconds


def _name(request):
    name = request.path_params["name"]
    if not NAME.fullmatch(name):
        raise Mistake(f"{name!r} is no name of an edge, such as ashburn")
    return name


def _checked(body):
    if "address" in body:
        try:
            ipaddress.IPv4Address(body["address"])
        except ValueError:
            raise Mistake(f"address must be an IPv4 address, not {body['address']!r}") from None
    if not 0 <= body.get("delay_ms", 0) <= MOST_DELAY:
        raise Mistake(f"delay_ms must be from 0 to {MOST_DELAY}")
    answer = body.get("answer", AS_TWILIO)
    if answer not in (AS_TWILIO, SILENT) and not STATUS_LINE.fullmatch(answer):
        raise Mistake("answer must be silent, a status and a reason such as 503 Service Unavailable, or empty")
    return body


async def get_edges(request):
    return JSONResponse({"edges": request.app.state.store.all("SELECT * FROM edge ORDER BY name")})


async def put_edge(request):
    """{"address"?, "delay_ms"?, "answer"?}: what is not given stays, and a new edge needs an address.

    ``answer`` is what any request outside a dialogue gets: a status and its reason, nothing ("silent", for requests
    in a dialogue too), or what Twilio says ("").
    """
    name = _name(request)
    body = _checked(await body_of(request, address=str, delay_ms=int, answer=str))
    store = request.app.state.store
    with store.transaction():
        if "address" in body:
            other = store.one("SELECT name FROM edge WHERE address = ? AND name <> ?", body["address"], name)
            if other:
                raise Mistake(f"{body['address']} is the address of edge {other['name']}")
        elif not store.one("SELECT 1 FROM edge WHERE name = ?", name):
            raise Mistake(f"There is no edge {name} yet: give its address")
        changed = put_row(store, "edge", {"name": name}, body, {})
    return JSONResponse({"changed": changed})


async def delete_edge(request):
    removed = request.app.state.store.run("DELETE FROM edge WHERE name = ?", _name(request))
    return JSONResponse({"changed": bool(removed)})


def routes():
    return [
        Route("/twin/edges", get_edges),
        Route("/twin/edges/{name}", put_edge, methods=["PUT"]),
        Route("/twin/edges/{name}", delete_edge, methods=["DELETE"]),
    ]
