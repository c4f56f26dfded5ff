# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP server: uvicorn, in which the application may cut a connection."""

import asyncio
import contextlib
import socket
import struct
import sys
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.auto import AutoHTTPProtocol

# Keeps a connection as long as a client of many requests may pause.
KEEP_ALIVE_SECONDS = 75
# A request that hangs on purpose must not keep the service from stopping.
STOP_SECONDS = 1


class Cuttable(AutoHTTPProtocol):  # type: ignore[valid-type,misc]  # uvicorn chooses the class at run time
    """One connection. Its requests carry, as the ASGI extension "twin.cut", a function that resets it."""

    app: ASGIApp
    transport: asyncio.Transport

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        app = self.app

        async def cuttable(scope: Scope, receive: Receive, send: Send) -> None:
            scope["extensions"] = {**scope.get("extensions", {}), "twin.cut": self.cut}
            await app(scope, receive, send)

        self.app = cuttable

    def cut(self) -> None:
        """Reset the connection."""
        # Lingering for no time at all, close() sends RST instead of FIN: socket(7).
        linger = struct.pack("ii", 1, 0)
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.transport.abort()


def listen(host: str, port: int) -> socket.socket:
    """Return a socket on which requests wait until `run` answers them. Raises OSError with what to do about it."""
    try:
        listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except (OSError, OverflowError) as problem:
        raise OSError(f"cannot listen on {host} port {port}: {problem}; name others with --host and --port") from None
    # Its connections have this as well. Without it an answer's body waits until its head is acknowledged: 40 ms.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def run(app: ASGIApp, listening: socket.socket) -> None:
    """Serve until a signal stops it. There is no access log: the request log has more."""
    server = uvicorn.Server(uvicorn.Config(
        app, http=Cuttable, timeout_keep_alive=KEEP_ALIVE_SECONDS, timeout_graceful_shutdown=STOP_SECONDS,
        server_header=False, access_log=False,
    ))
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listening])
    if not server.started:
        sys.exit("the twin did not start; the log above says why")
