# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client for Asterisk's manager interface (AMI): one connection, every wait bounded."""

from __future__ import annotations

import collections
import itertools
import socket
import time
from typing import Any, Callable

from .._core.errors import TrunklineError
from . import ami_framing

Wanted = Callable[[ami_framing.Message], object]


class AmiError(TrunklineError):
    """Asterisk could not carry out an action. `what` is Asterisk's text, `problem` the name in the diagnosis."""

    problem = "ami-error"


class AmiUnreachable(AmiError):
    """Nothing answers at the address, or the connection was lost."""

    problem = "ami-unreachable"


class AmiLogin(AmiError):
    """Asterisk refused the user or the secret."""

    problem = "ami-login"


class AmiDenied(AmiError):
    """The user may not do this action."""

    problem = "ami-denied"


class Ami:
    """A connection, as a context manager that closes it.

    :param timeout: how long Asterisk may take for an answer, in seconds.
    :raises AmiUnreachable: nothing answers there.
    """

    def __init__(self, host: str, port: int, timeout: float = 10.0) -> None:
        self._timeout = timeout
        self._reader = ami_framing.Reader()
        self._arrived: collections.deque[ami_framing.Message] = collections.deque()
        self._ids = itertools.count(1)
        try:
            self._socket = socket.create_connection((host, port), timeout)
        except OSError as error:
            raise AmiUnreachable(error.strerror or str(error)) from None

    def __enter__(self) -> Ami:
        return self

    def __exit__(self, *_error: object) -> None:
        self._socket.close()

    def login(self, user: str, secret: str) -> None:
        """Log in, and subscribe to the events that the user may read.

        :raises AmiLogin: Asterisk refuses the user or the secret.
        """
        answer = self._ask("Login", [("Username", user), ("Secret", secret), ("Events", "on")])
        if answer.get("Response") != "Success":
            raise AmiLogin(answer.get("Message"))

    def action(self, name: str, *fields: tuple[str, Any]) -> ami_framing.Message:
        """Send an action and return its response.

        :raises AmiDenied: the user may not do this action.
        :raises AmiError: Asterisk answers with an error.
        """
        return _checked(self._ask(name, fields))

    def command(self, line: str) -> tuple[bool, list[str]]:
        """Run a console command: return whether it succeeded, and the lines of its output.

        :raises AmiDenied: the user may not run commands.
        """
        answer = self._ask("Command", [("Command", line)])
        if not answer.all("Output"):
            _checked(answer)
        return answer.get("Response") == "Success", answer.all("Output")

    def variable(self, name: str, channel: str = "") -> str:
        """Return the value of a variable or function, global or of a channel; "" where there is none."""
        return self._ask("Getvar", [("Channel", channel), ("Variable", name)]).get("Value")

    def event(self, seconds: float) -> ami_framing.Message | None:
        """Wait for the next event and return it, None where none comes within `seconds`."""
        return self._take(lambda message: message.get("Event"), time.monotonic() + seconds)

    def _ask(self, name: str, fields: ami_framing.Fields) -> ami_framing.Message:
        return self._response(self._send(name, fields))

    def _send(self, name: str, fields: ami_framing.Fields) -> str:
        action_id = f"trunkline-{next(self._ids)}"
        data = ami_framing.encode(name, [("ActionID", action_id), *fields])
        try:
            self._socket.settimeout(self._timeout)
            self._socket.sendall(data)
        except OSError as error:
            raise AmiUnreachable(error.strerror or str(error)) from None
        return action_id

    def _response(self, action_id: str) -> ami_framing.Message:
        return self._wait(
            lambda message: message.get("Response") and message.get("ActionID") == action_id, self._timeout)

    def _wait(self, wanted: Wanted, seconds: float) -> ami_framing.Message:
        message = self._take(wanted, time.monotonic() + seconds)
        if message is None:
            raise AmiUnreachable(f"no answer within {seconds:.0f} s")
        return message

    def _take(self, wanted: Wanted, deadline: float) -> ami_framing.Message | None:
        """Return the first message that is wanted, None at the deadline. The others stay for later calls."""
        while True:
            for message in self._arrived:
                if wanted(message):
                    self._arrived.remove(message)
                    return message
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            self._arrived.extend(self._receive(left))

    def _receive(self, seconds: float) -> list[ami_framing.Message]:
        try:
            self._socket.settimeout(seconds)
            data = self._socket.recv(65536)
            if not data:
                raise AmiUnreachable("Asterisk closed the connection")
            return self._reader.feed(data)
        except socket.timeout:
            return []
        except OSError as error:
            raise AmiUnreachable(error.strerror or str(error)) from None
        except ami_framing.FramingError as error:
            raise AmiUnreachable(str(error)) from None


def _checked(answer: ami_framing.Message) -> ami_framing.Message:
    if answer.get("Response") == "Error":
        text = answer.get("Message").strip() or "no reason given"
        raise (AmiDenied if "permission" in text.lower() else AmiError)(text)
    return answer
