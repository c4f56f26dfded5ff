# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the records of calls in their order, across rotations, from the place where the last reader stopped.

A place is the name of the newest rotated file that was read to its end, and an offset in each later one. A file is
known by its first record, which is its own: its name and inode change as it is rotated and compressed.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

CALLS = "/var/log/asterisk/cdr-custom/calls.json"
EVENTS = "/var/log/asterisk/cel-custom/events.json"
#: What logrotate adds to a name: the day, and the second in which the file was rotated.
_ROTATED = "-[0-9]{8}-([0-9]{9,11})"
#: Asterisk opens the file for each record, and may still write the one that it began as the file was rotated.
SETTLED_SECONDS = 60
#: Longer than a record can be: Asterisk cuts it at 8 KiB.
_LONGEST = 1 << 16


@dataclass
class Place:
    """How far the files were read. `done` is the name of a rotated file, `offsets` are those of later ones."""

    done: str = ""
    offsets: dict[str, int] = field(default_factory=dict)

    @classmethod
    def load(cls, path: str) -> Place:
        """Return the place that was kept, or the very first one: what is read twice is stored once."""
        try:
            with open(path, encoding="utf-8") as file:
                kept = json.load(file)
            return cls(str(kept["done"]), {str(name): int(offset) for name, offset in kept["offsets"].items()})
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls()

    def keep(self, path: str) -> None:
        """Write the place so that a crash leaves the one before or this one.

        :raises OSError: with the file's name, also where its disk is full.
        """
        try:
            with open(f"{path}.new", "w", encoding="utf-8") as file:
                json.dump({"done": self.done, "offsets": self.offsets}, file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(f"{path}.new", path)
        except OSError as error:
            raise OSError(error.errno, error.strerror, path) from error


class Reader:
    """Reads the lines of a file and of those that it was rotated to."""

    def __init__(self, path: str, say: Callable[[str], None] = print, clock: Callable[[], float] = time.time):
        self._say, self._clock = say, clock
        self._folder, self._current = os.path.split(path)
        self._rotated = re.compile(re.escape(self._current) + _ROTATED)

    def after(self, place: Place, most: int) -> tuple[list[bytes], Place]:
        """Return so many lines at most that follow a place, and the place behind them."""
        lines: list[bytes] = []
        done, offsets, in_order = place.done, {}, True
        for name in self._files(place.done):
            settled = self._is_settled(name)
            first, offset, found, at_end = self._lines(name, place, most - len(lines), settled)
            lines += found
            in_order = in_order and settled and at_end
            if in_order:
                done = name[: -len(".gz")] if name.endswith(".gz") else name
            elif first:
                offsets[first] = offset
        return lines, Place(done, offsets)

    def _files(self, done: str) -> list[str]:
        """Return the files in the order of their records: the rotated ones that are not done, and the current one.

        While logrotate compresses a file, both forms are there, and the compressed one is not whole.
        """
        try:
            names = os.listdir(self._folder)
        except FileNotFoundError:
            return []   # It is made as Asterisk starts.
        plain = {name for name in names if self._rotated.fullmatch(name)}
        packed = {name[:-3]: name for name in names if name.endswith(".gz") and self._rotated.fullmatch(name[:-3])}
        found = {**packed, **{name: name for name in plain}}
        current = [self._current] if self._current in names else []
        return [found[name] for name in sorted(found) if name > done] + current

    def _is_settled(self, name: str) -> bool:
        rotated = self._rotated.match(name)
        return rotated is not None and self._clock() - int(rotated[1]) > SETTLED_SECONDS

    def _lines(self, name: str, place: Place, most: int, settled: bool) -> tuple[str, int, list[bytes], bool]:
        """Return what the file is known by, the offset behind the lines, the lines, and whether there are no more."""
        lines: list[bytes] = []
        first, offset, at_end = "", 0, False
        try:
            with self._open(name) as file:
                first = _known_by(file.readline(_LONGEST), settled)
                offset = _reached(file, place.offsets.get(first, 0))
                file.seek(offset)
                for line in _whole_lines(file, settled):
                    if len(lines) == most:
                        break
                    lines.append(line)
                    offset += len(line)
                else:
                    at_end = True
        except FileNotFoundError:
            pass    # It was renamed just now: the next reading finds it under its new name.
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            self._say(f"the rest of {name} cannot be read: {error}")
            at_end = True
        return first, offset, lines, at_end

    def _open(self, name: str) -> IO[Any]:
        path = os.path.join(self._folder, name)
        return gzip.open(path, "rb") if name.endswith(".gz") else open(path, "rb")


def _known_by(line: bytes, settled: bool) -> str:
    """Return what a file is known by: nothing as long as its first line is not whole."""
    return hashlib.sha256(line).hexdigest()[:32] if line.endswith(b"\n") or settled else ""


def _reached(file: IO[Any], offset: int) -> int:
    """Return an offset, or 0 where the file ends before it: an older copy was put back, and what came since is new."""
    file.seek(max(0, offset - 1))
    return offset if file.read(1) else 0


def _whole_lines(file: IO[Any], settled: bool) -> Iterator[bytes]:
    """Yield lines. What a file ends with that is no whole line may be one soon, but not in a file that is settled."""
    while line := file.readline(_LONGEST):
        if not (line.endswith(b"\n") or settled or len(line) == _LONGEST):
            return
        yield line
