# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ASGI application: the REST API and the control surface on one port."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import control, rest, surface
from .errors import Code, TwilioError
from .faults import Faults
from .requestlog import RequestLog
from .settings import Settings
from .store import Store, new_sid

# The product whose host serves a path at Twilio; every other path is of "api".
PRODUCTS = (("/v1/Trunks", "trunking"), ("/v1/Alerts", "monitor"), ("/v1/", "voice"))


class Envelope:
    """ASGI middleware around the REST API: the headers of every Twilio answer, the log of requests, and the faults."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"].startswith("/twin/"):
            await self.app(scope, receive, send)
            return
        body = await _whole_body(receive)
        if body is None:
            return
        state = scope["app"].state
        logged = state.requests.add(scope, body)
        product = next((name for start, name in PRODUCTS if scope["path"].startswith(start)), "api")
        unread: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replayed() -> Message:
            return unread.pop() if unread else await receive()

        async def stamped(message: Message) -> None:
            if message["type"] == "http.response.start":
                logged.status = message["status"]
                message["headers"] += [
                    (b"twilio-request-id", new_sid("RQ").encode()),
                    (b"twilio-request-duration", f"{logged.age():.3f}".encode()),
                    (b"x-api-domain", f"{product}.twilio.com".encode()),
                    (b"x-home-region", state.settings.region.encode()),
                ]
            await send(message)

        # The $ of a route's pattern matches before a line break at the end as well; no route has such a path.
        scope = {**scope, "path": scope["path"].replace("\n", "%0A")}
        try:
            await state.faults.serve(self.app, scope, replayed, stamped)
        finally:
            logged.seconds = round(logged.age(), 6)


async def _whole_body(receive: Receive) -> bytes | None:
    """Read the request's body to its end, which keeps the connection usable. None: the client disconnected."""
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _refused(_request: Request, problem: Exception) -> Response:
    assert isinstance(problem, (TwilioError, surface.ControlError))
    return problem.response()


async def _failed(request: Request, problem: Exception) -> Response:
    if request.url.path.startswith("/twin/"):
        return surface.ControlError(f"The twin failed: {problem!r}; its log has more", status=500).response()
    return TwilioError(Code.SERVER_ERROR, "Internal Server Error").response()


def create(
    database: str | Path, recordings: str | None = None, trace: str | None = None, settings: Settings | None = None,
) -> Starlette:
    """Return the application on this database file, which is made where it is missing.

    `recordings` (a folder) and `trace` (a file) are by default beside the database.
    """
    folder = Path(database).parent
    store = Store(database)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        store.close()

    app = Starlette(
        routes=[*control.routes(), *rest.routes()],
        exception_handlers={TwilioError: _refused, surface.ControlError: _refused, Exception: _failed},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.add_middleware(Envelope)
    app.state.store = store
    app.state.settings = app.state.first_settings = settings or Settings()
    app.state.faults = Faults()
    app.state.requests = RequestLog()
    app.state.recordings = Path(recordings or folder / "recordings")
    app.state.trace = Path(trace or folder / "trace.db")
    return app
