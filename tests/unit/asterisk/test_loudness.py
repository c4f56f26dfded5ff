# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sound and silence."""

from __future__ import annotations

import array
import math
import wave

import pytest
from hypothesis import given, strategies as st

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.loudness import Sound, measure, measure_file

RATE = 8000


def tone(seconds, amplitude, rate=RATE):
    times = (index / rate for index in range(int(seconds * rate)))
    return array.array("h", (int(amplitude * math.sin(2 * math.pi * 440 * time)) for time in times))


def write(path, samples, width=2, channels=1):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return str(path)


@pytest.mark.parametrize("samples, loud, loudest", [
    (tone(1, 8000), 1.0, -15.3),
    (tone(1, 0), 0.0, -96.3),
    (tone(1, 100), 0.0, -53.3),
    (tone(1, 300), 1.0, -43.8),
    (tone(0.5, 8000) + tone(1.5, 0), 0.5, -15.3),
])
def test_measure(samples, loud, loudest):
    sound = measure(samples, RATE)
    assert sound.seconds == len(samples) / RATE
    assert (sound.loud_seconds, sound.loudest_dbfs) == (loud, pytest.approx(loudest, abs=0.2))


def test_nothing():
    assert measure(array.array("h"), RATE) == Sound()


@given(st.lists(st.integers(-32768, 32767), max_size=500), st.sampled_from([8000, 16000, 48000]))
def test_any_samples(samples, rate):
    sound = measure(array.array("h", samples), rate)
    assert -96.4 < sound.loudest_dbfs <= 0.1 and sound.loud_seconds <= sound.seconds + 0.02


def test_a_file(tmp_path):
    path = write(tmp_path / "a.wav", tone(1, 8000))
    assert measure_file(path) == (measure(tone(1, 8000), RATE), True)


def test_a_file_that_asterisk_has_not_closed(tmp_path):
    path = tmp_path / "a.wav"
    write(path, array.array("h"))
    with open(path, "ab") as file:
        file.write(tone(1, 8000).tobytes())
    assert measure_file(str(path)) == (Sound(), False)


@pytest.mark.parametrize("width, channels", [(1, 1), (2, 2)])
def test_another_kind_of_file(tmp_path, width, channels):
    with pytest.raises(wave.Error):
        measure_file(write(tmp_path / "a.wav", tone(1, 8000), width, channels))


def test_a_file_without_a_head(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"")
    with pytest.raises(EOFError):
        measure_file(str(tmp_path / "a.wav"))
