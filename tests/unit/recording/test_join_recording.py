# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The script that joins the sides of a recorded call."""

from __future__ import annotations

import array
import importlib
import stat
import sys
import wave
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "roles/pbx/files"))
join_recording = importlib.import_module("join_recording")


@pytest.fixture
def folders(tmp_path):
    """Return the folder of sides and that of recordings."""
    found = tmp_path / "open", tmp_path / "recordings"
    for folder in found:
        folder.mkdir()
    return found


def side(path, samples):
    with wave.open(str(path), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(array.array("h", samples).tobytes())


def channels(path):
    with wave.open(str(path), "rb") as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (2, 2, 8000)
        samples = array.array("h", sound.readframes(sound.getnframes()))
    return list(samples[0::2]), list(samples[1::2])


@pytest.mark.parametrize(("caller", "called"), [
    (range(1, 20001), range(-1, -20001, -1)), ([1, 2, 3], [9]), ([1], [7] * 9000), ([], [5]), ([5], []),
])
def test_the_caller_is_left_and_the_shorter_side_ends_in_silence(folders, caller, called):
    parts, recordings = folders
    side(parts / "1.2-3-caller.wav", caller)
    side(parts / "1.2-3-called.wav", called)
    assert join_recording.join("1.2-3", str(parts), str(recordings))
    size = max(len(caller), len(called))
    left, right = channels(recordings / "1.2-3.wav")
    assert left == [*caller, *[0] * (size - len(caller))] and right == [*called, *[0] * (size - len(called))]
    assert list(parts.iterdir()) == [], "the sides are gone"
    assert stat.S_IMODE((recordings / "1.2-3.wav").stat().st_mode) == 0o640


def test_a_call_that_nobody_took_leaves_nothing(folders):
    parts, recordings = folders
    side(parts / "1.2-3-caller.wav", [])
    (parts / "1.2-3-called.wav").write_bytes(b"")
    assert not join_recording.join("1.2-3", str(parts), str(recordings))
    assert not join_recording.join("none", str(parts), str(recordings))
    assert list(parts.iterdir()) == list(recordings.iterdir()) == []


def test_a_side_that_is_missing_is_silent(folders):
    parts, recordings = folders
    side(parts / "1.2-3-called.wav", [4, 5])
    assert join_recording.join("1.2-3", str(parts), str(recordings))
    assert channels(recordings / "1.2-3.wav") == ([0, 0], [4, 5])


def test_what_cannot_be_written_is_said_and_the_sides_stay(folders, tmp_path):
    parts = folders[0]
    side(parts / "1.2-3-caller.wav", [1])
    with pytest.raises(SystemExit, match=r"recording 1\.2-3 was not joined: .*No such file.* Its sides are in "):
        join_recording.main("1.2-3", str(parts), str(tmp_path / "gone"))
    assert (parts / "1.2-3-caller.wav").exists()


def test_a_conference_is_one_channel_and_takes_the_place_of_no_other(folders):
    parts, recordings = folders
    for name, sound in (("1.2-3", [1, 2]), ("1.2-3-2", [3])):
        side(parts / "1.2-3-conference.wav", sound)
        join_recording.main("1.2-3", str(parts), str(recordings))
        made = recordings / f"{name}.wav"
        with wave.open(str(made), "rb") as file:
            assert (file.getnchannels(), file.getnframes()) == (1, len(sound))
        assert stat.S_IMODE(made.stat().st_mode) == 0o640
    assert list(parts.iterdir()) == []
