# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ASGI application: the REST API and the control surface on one port."""

import contextlib
from pathlib import Path

from starlette.applications import Starlette

from . import control, rest, surface
from .errors import Code, TwilioError
from .faults import Faults
from .requestlog import RequestLog
from .settings import Settings
from .store import Store, new_sid

# Whose host serves a path at Twilio.
PRODUCTS = (("/v1/Trunks", "trunking"), ("/v1/Alerts", "monitor"), ("/v1/", "voice"))


class Envelope:
    """ASGI middleware around the REST API: what concerns all of Twilio's answers alike.

    The headers that Twilio puts on every answer, the log of requests, and what the twin was told to spoil.
    """

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or scope["path"].startswith("/twin/"):
            await self.app(scope, receive, send)
            return
        body = await _whole_body(receive)
        if body is None:
            return
        state = scope["app"].state
        asked = state.requests.add(scope, body)
        product = next((name for start, name in PRODUCTS if scope["path"].startswith(start)), "api")
        unread = [{"type": "http.request", "body": body, "more_body": False}]

        async def replayed():
            return unread.pop() if unread else await receive()

        async def stamped(message):
            if message["type"] == "http.response.start":
                asked.status = message["status"]
                message["headers"] += [
                    (b"twilio-request-id", new_sid("RQ").encode()),
                    (b"twilio-request-duration", f"{asked.age():.3f}".encode()),
                    (b"x-api-domain", f"{product}.twilio.com".encode()),
                    (b"x-home-region", state.settings.region.encode()),
                ]
            await send(message)

        # Routes end at a line's end; a path that goes on behind it is none that they have.
        scope = {**scope, "path": scope["path"].replace("\n", "%0A")}
        try:
            await state.faults.serve(self.app, scope, replayed, stamped)
        finally:
            asked.seconds = round(asked.age(), 6)


async def _whole_body(receive):
    """The request's body, or None where the client went away. Read to its end, it leaves the connection usable."""
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _refused(_request, problem):
    return problem.response()


async def _failed(request, problem):
    if request.url.path.startswith("/twin/"):
        return surface.Mistake(f"The twin failed: {problem!r}; its log has more", status=500).response()
    return TwilioError(Code.SERVER_ERROR, "Internal Server Error").response()


def create(database, recordings=None, trace=None, settings=None):
    """The application on this database file, which is made where it is missing.

    ``recordings`` (a folder) and ``trace`` (a file) are by default beside the database.
    """
    folder = Path(database).parent
    store = Store(database)

    @contextlib.asynccontextmanager
    async def lifespan(_app):
        yield
        store.close()

    app = Starlette(
        routes=[*control.routes(), *rest.routes()],
        exception_handlers={TwilioError: _refused, surface.Mistake: _refused, Exception: _failed},
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
