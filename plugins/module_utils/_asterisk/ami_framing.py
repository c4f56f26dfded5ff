# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The framing of Asterisk's manager interface (AMI): bytes to messages and back. Pure.

A message is lines `Name: value` that end in CR LF, closed by an empty line. A name may occur more than once: the
answer to `Action: Command` has one `Output` line for each line the command printed. A connection begins with a banner,
`Asterisk Call Manager/11.0.0`. Source: Asterisk, main/manager.c, and bytes recorded from Asterisk 22.10.1.
"""

from __future__ import annotations

from typing import Any, Iterable, Sequence

#: The lines of an action: `(name, value)` pairs, in which a name may be repeated.
Fields = Sequence[tuple[str, Any]]

END = b"\r\n\r\n"
BANNER = b"Asterisk Call Manager"
# Far above any real message: most have some kilobytes, and the long output of a command some hundreds of kilobytes.
MAX_MESSAGE_BYTES = 8 * 1024 * 1024


class FramingError(Exception):
    """The received bytes are not the manager interface's framing."""


class Message:
    """One message: its lines in order. Names are compared without regard to case, as Asterisk does."""

    def __init__(self, lines: Iterable[tuple[str, str]]) -> None:
        self.lines = tuple(lines)

    def get(self, name: str, default: str = "") -> str:
        """Return the first value of a name."""
        return next((value for key, value in self.lines if key.lower() == name.lower()), default)

    def all(self, name: str) -> list[str]:
        """Return every value of a name, in order."""
        return [value for key, value in self.lines if key.lower() == name.lower()]

    def __repr__(self) -> str:
        # Names only: a value may be a password (AuthDetail carries the trunk's).
        return f"Message({', '.join(key for key, _value in self.lines)})"


def encode(action: str, fields: Fields) -> bytes:
    """Return the bytes of an action.

    :param action: its name, such as `Originate`.
    :raises ValueError: a value holds a line break, which Asterisk would read as a second header.
    """
    lines = [("Action", action), *((name, str(value)) for name, value in fields)]
    for name, value in lines:
        if any(char in name + value for char in "\r\n\0"):
            raise ValueError(f"{name} must not hold a line break")
    return "".join(f"{name}: {value}\r\n" for name, value in lines).encode() + b"\r\n"


def decode(block: bytes) -> Message:
    """Make a message of the bytes between two empty lines."""
    lines = []
    for raw in block.split(b"\r\n"):
        # A SIP message inside Output keeps its own CR before the line's CR LF.
        name, colon, value = raw.decode("utf-8", "replace").rstrip("\r\n").partition(":")
        if colon:
            lines.append((name, value[1:] if value.startswith(" ") else value))
    return Message(lines)


class Reader:
    """Split a stream of bytes, received in pieces of any size, into messages."""

    def __init__(self) -> None:
        self._buffer = b""
        self._greeted = False

    def feed(self, data: bytes) -> list[Message]:
        """Return the messages that `data` completes, perhaps none.

        :raises FramingError: the first line is not Asterisk's banner, or a message does not end.
        """
        self._buffer += data
        if not self._greeted:
            banner, line_end, rest = self._buffer.partition(b"\r\n")
            if not (banner.startswith(BANNER) if line_end else BANNER.startswith(banner[: len(BANNER)])):
                raise FramingError("what answers is not Asterisk's manager interface")
            if not line_end:
                return []
            self._greeted, self._buffer = True, rest
        *blocks, self._buffer = self._buffer.split(END)
        if len(self._buffer) > MAX_MESSAGE_BYTES:
            raise FramingError(f"a message is longer than {MAX_MESSAGE_BYTES} bytes")
        return [decode(block) for block in blocks if block.strip()]
