# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ASGI application: the REST API and the control surface on one port."""

import contextlib
import time
from pathlib import Path

from starlette.applications import Starlette

from . import control, rest
from .errors import Code, TwilioError
from .settings import Settings
from .store import Store, new_sid


class Envelope:
    """ASGI middleware around the REST API: the headers that Twilio puts on every answer.

    What concerns all of Twilio's answers alike belongs here, before or behind the application.
    """

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or scope["path"].startswith("/twin/"):
            await self.app(scope, receive, send)
            return
        begin = time.perf_counter()
        product = "trunking" if scope["path"].startswith("/v1/") else "api"

        async def stamped(message):
            if message["type"] == "http.response.start":
                message["headers"] += [
                    (b"twilio-request-id", new_sid("RQ").encode()),
                    (b"twilio-request-duration", f"{time.perf_counter() - begin:.3f}".encode()),
                    (b"x-api-domain", f"{product}.twilio.com".encode()),
                    (b"x-home-region", b"us1"),
                ]
            await send(message)

        await self.app(scope, receive, stamped)


async def _refused(_request, problem):
    return problem.response()


async def _failed(request, problem):
    if request.url.path.startswith("/twin/"):
        return control.Mistake(f"The twin failed: {problem!r}; its log has more", status=500).response()
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
        exception_handlers={TwilioError: _refused, control.Mistake: _refused, Exception: _failed},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.add_middleware(Envelope)
    app.state.store = store
    app.state.settings = settings or Settings()
    app.state.recordings = Path(recordings or folder / "recordings")
    app.state.trace = Path(trace or folder / "trace.db")
    return app
