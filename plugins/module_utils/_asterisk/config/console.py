# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asterisk's console over its control socket. A command takes milliseconds; `asterisk -rx` would start a process.

Source: Asterisk 22, main/asterisk.c: the server sends `host/pid/version` and a line end; a client sends a
command, ended by a NUL; after one that begins with `cli quit after` the server closes.
"""

from __future__ import annotations

import re
import socket
import time
from typing import Callable

from ..._core.errors import TrunklineError

CONNECT_SECONDS = 2
ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|\x00")
#: Runs a console command and returns its output.
Ask = Callable[[str], str]


class ConsoleError(TrunklineError):
    """Nothing answers at the socket, or not in time."""


def ask(path: str, command: str, seconds: float = 60, wait: bool = True) -> str:
    """Run a console command and return its output.

    :param path: the control socket, such as /run/asterisk/asterisk.ctl.
    :param wait: off for a command that answers only when it is done, which Asterisk does whether or not anybody waits.
    :raises ConsoleError: there is no answer within `seconds`.
    """
    deadline = time.monotonic() + seconds
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
        try:
            link.settimeout(CONNECT_SECONDS)
            link.connect(path)
            greeting = b""
            while not greeting.endswith(b"\n"):
                greeting += _more(link, deadline)
            link.sendall(f"cli quit after {command}".encode() + b"\0")
            said = b""
            while wait:
                piece = _more(link, deadline, at_end=b"")
                if not piece:
                    return ESCAPES.sub("", said.decode(errors="replace")).strip("\r\n")
                said += piece
            return ""
        except (OSError, socket.timeout) as error:
            raise ConsoleError(f"{path}: {error}") from None


def _more(link: socket.socket, deadline: float, at_end: bytes | None = None) -> bytes:
    link.settimeout(max(0.01, deadline - time.monotonic()))
    piece = link.recv(65536)
    if not piece and at_end is None:
        raise OSError("it closed the connection without a greeting")
    return piece
