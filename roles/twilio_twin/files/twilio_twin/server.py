# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP server: uvicorn, in which the application may cut a connection."""

import socket
import struct

import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol

# Keeps a connection as long as a client of many requests may pause.
KEEP_ALIVE_SECONDS = 75
# What hangs on purpose must not keep the service from stopping.
STOP_SECONDS = 1


class Cuttable(AutoHTTPProtocol):
    """One connection. Its requests carry, as the ASGI extension "twin.cut", a function that resets it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        app = self.app

        async def cuttable(scope, receive, send):
            scope["extensions"] = {**scope.get("extensions", {}), "twin.cut": self.cut}
            await app(scope, receive, send)

        self.app = cuttable

    def cut(self):
        # Lingering for no time at all, close() sends RST instead of FIN: socket(7).
        linger = struct.pack("ii", 1, 0)
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.transport.abort()


def run(app, host, port):
    """Serves until told to stop. The request log says what an access log would."""
    uvicorn.run(
        app, host=host, port=port, http=Cuttable, timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS, server_header=False, access_log=False,
    )
