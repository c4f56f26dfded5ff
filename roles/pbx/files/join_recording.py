#!/usr/bin/python3
# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Join the two sides of a call into one file: MixMonitor runs `join_recording.py NAME` when a recording ends.

MixMonitor wrote NAME-caller.wav and NAME-called.wav. NAME.wav gets both, the caller on the left channel, and appears
whole. Of a conference it wrote NAME-conference.wav, one channel in which everybody is.
"""

from __future__ import annotations

import array
import contextlib
import os
import sys
import wave
from collections.abc import Iterator

FOLDER = "/var/spool/asterisk/recordings"
PARTS = "/var/spool/asterisk/recordings-open"
SIDES = ("caller", "called")
#: A second of what Asterisk records.
BLOCK = RATE = 8000


def join(name: str, parts: str = PARTS, folder: str = FOLDER) -> bool:
    """Join the sides of a call; return whether anything was recorded. A side that is shorter ends in silence."""
    sides = [os.path.join(parts, f"{name}-{side}.wav") for side in SIDES]
    new, path = os.path.join(parts, f"{name}.new"), os.path.join(folder, f"{name}.wav")
    heard = False
    # Its group is that of the folder, which is made with the bit for that.
    with open(os.open(new, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o640), "wb") as file, wave.open(file, "wb") as both:
        os.fchmod(file.fileno(), 0o640)
        both.setparams((len(SIDES), 2, RATE, 0, "NONE", ""))
        left, right = (_blocks(side) for side in sides)
        while True:
            block = next(left, b""), next(right, b"")
            if not any(block):
                break
            heard = True
            both.writeframesraw(_interleaved(*block))
    if heard:
        os.replace(new, path)
    for one in (new, *sides):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(one)
    return heard


def keep(name: str, parts: str = PARTS, folder: str = FOLDER) -> bool:
    """Move the recording of a conference; return whether there is one. It never takes the place of another."""
    whole = os.path.join(parts, f"{name}-conference.wav")
    if not os.path.exists(whole):
        return False
    os.chmod(whole, 0o640)
    path, count = os.path.join(folder, f"{name}.wav"), 1
    while os.path.exists(path):
        count += 1
        path = os.path.join(folder, f"{name}-{count}.wav")
    os.replace(whole, path)
    return True


def _blocks(path: str) -> Iterator[bytes]:
    try:
        with wave.open(path, "rb") as side:
            while block := side.readframes(BLOCK):
                yield block
    except (FileNotFoundError, EOFError, wave.Error):    # nothing was written to it
        return


def _interleaved(left: bytes, right: bytes) -> bytes:
    size = max(len(left), len(right))
    both = array.array("h", bytes(2 * size))
    both[0::2] = array.array("h", left.ljust(size, b"\0"))
    both[1::2] = array.array("h", right.ljust(size, b"\0"))
    return both.tobytes()


def main(name: str, parts: str = PARTS, folder: str = FOLDER) -> None:
    """Join a recording; say on stderr, which is the journal's, why that failed. The sides stay then."""
    try:
        if not keep(name, parts, folder):
            join(name, parts, folder)
    except OSError as error:
        sys.exit(f"trunkline: recording {name} was not joined: {error}. Its sides are in {parts}.")


if __name__ == "__main__":
    main(sys.argv[1])
