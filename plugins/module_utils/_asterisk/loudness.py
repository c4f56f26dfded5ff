# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure how much of a recording is sound and how much is silence. Pure, except for reading the file.

The standard library's audioop is gone since Python 3.13, so the arithmetic is here.
"""

from __future__ import annotations

import array
import math
import os
import sys
import wave
from dataclasses import asdict, dataclass
from typing import Sequence

# A window is as long as a packet of G.711. Speech is 20 to 40 dB above the threshold, line noise 10 dB below it.
WINDOW_SECONDS = 0.02
LOUD_DBFS = -45.0
FULL_SCALE = 32768.0
# The RIFF header that Asterisk writes (formats/format_wav.c).
HEADER_BYTES = 44


@dataclass(frozen=True)
class Sound:
    """The measured length, the part of it above the threshold, and the loudest window in dB relative to full scale."""

    seconds: float = 0.0
    loud_seconds: float = 0.0
    loudest_dbfs: float = -96.3

    def as_dict(self) -> dict[str, float]:
        """Return the fields as plain data."""
        return asdict(self)


def measure(samples: Sequence[int], rate: int) -> Sound:
    """Measure signed 16-bit samples of one channel, `rate` of them a second."""
    size = max(1, int(rate * WINDOW_SECONDS))
    levels = [_dbfs(samples[start:start + size]) for start in range(0, len(samples), size)]
    if not levels:
        return Sound()
    loud = sum(level > LOUD_DBFS for level in levels) * WINDOW_SECONDS
    return Sound(round(len(samples) / rate, 2), round(loud, 2), round(max(levels), 1))


def measure_file(path: str) -> tuple[Sound, bool]:
    """Measure a WAV file of one channel and 16 bits, as Asterisk writes it.

    :returns: the measurement, and whether the header has the whole length, as it does after Asterisk closed the file.
    :raises wave.Error, EOFError: the file has another format, or no header yet.
    """
    with wave.open(path, "rb") as file:
        if file.getsampwidth() != 2 or file.getnchannels() != 1:
            raise wave.Error("not 16 bits of one channel")
        length = file.getnframes() * 2
        samples = array.array("h", file.readframes(file.getnframes()))
        if sys.byteorder == "big":
            samples.byteswap()
        return measure(samples, file.getframerate()), length + HEADER_BYTES >= os.path.getsize(path)


def _dbfs(samples: Sequence[int]) -> float:
    power = sum(sample * sample for sample in samples) / len(samples)
    return 20 * math.log10(max(math.sqrt(power), 0.5) / FULL_SCALE)
