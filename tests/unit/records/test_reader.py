# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read of the records' files: each line once, in order, whatever happens to the files meanwhile."""

from __future__ import annotations

import gzip
import random

import pytest

from .imported import reader as records_reader

Place = records_reader.Place
NOW = 1800000000
FIRST, SECOND = f"calls.json-20270115-{NOW}", f"calls.json-20270116-{NOW + 86400}"


class Folder:
    """The records' files and a reader of them."""

    def __init__(self, path):
        self.path, self.now, self.said, self.place = path, NOW, [], Place()
        self.current = path / "calls.json"

    def write(self, *lines, end="\n"):
        with open(self.current, "a", encoding="utf-8") as file:
            file.write("".join(f"{line}{end}" for line in lines))

    def rotate(self, name):
        self.current.rename(self.path / name)

    def compress(self, name):
        (self.path / f"{name}.gz").write_bytes(gzip.compress((self.path / name).read_bytes()))
        (self.path / name).unlink()

    def read(self, most=100):
        reader = records_reader.Reader(str(self.current), self.said.append, lambda: self.now)
        lines, self.place = reader.after(self.place, most)
        return [line.decode().rstrip("\n") for line in lines]


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


def test_a_line_is_read_once(folder):
    assert folder.read() == []
    folder.write("a", "b")
    assert (folder.read(1), folder.read(1), folder.read(1)) == (["a"], ["b"], [])
    folder.write("c")
    assert folder.read() == ["c"]


def test_a_folder_that_asterisk_has_not_made_yet_has_nothing(folder):
    folder.current = folder.path / "later/calls.json"
    assert (folder.read(), folder.said) == ([], [])


def test_a_line_that_is_not_whole_waits(folder):
    folder.write("a")
    folder.write("hal", end="")
    assert folder.read() == ["a"]
    folder.write("f")
    assert folder.read() == ["half"]


def test_a_first_line_that_is_not_whole_waits(folder):
    folder.write("hal", end="")
    assert folder.read() == [] and folder.place == Place()
    folder.write("f")
    assert (folder.read(), folder.read()) == (["half"], [])


def test_a_rotation_between_two_readings(folder):
    folder.write("a")
    assert folder.read() == ["a"]
    folder.write("b")
    folder.rotate(FIRST)
    folder.write("c")
    assert folder.read() == ["b", "c"] and folder.place.done == ""
    folder.now += 61
    assert folder.read() == [] and folder.place.done == FIRST


def test_a_record_that_was_being_written_as_its_file_was_rotated(folder):
    folder.write("a")
    folder.rotate(FIRST)
    assert folder.read() == ["a"]
    with open(folder.path / FIRST, "a", encoding="utf-8") as file:
        file.write("late\n")
    assert folder.read() == ["late"]


def test_what_was_compressed_while_nobody_read(folder):
    folder.write("a", "b")
    assert folder.read(1) == ["a"]
    folder.rotate(FIRST)
    folder.write("c")
    folder.rotate(SECOND)
    folder.compress(FIRST)
    folder.write("d")
    folder.now += 2 * 86400
    assert folder.read() == ["b", "c", "d"] and folder.place.done == SECOND
    assert folder.read() == []


def test_while_a_file_is_compressed_its_first_form_counts(folder):
    folder.write("a")
    folder.rotate(FIRST)
    (folder.path / f"{FIRST}.gz").write_bytes(b"\x1f\x8b")
    assert (folder.read(), folder.said) == (["a"], [])


def test_a_compressed_file_that_is_damaged_holds_nothing_up(folder):
    folder.write(*"abc")
    folder.rotate(FIRST)
    folder.compress(FIRST)
    packed = folder.path / f"{FIRST}.gz"
    packed.write_bytes(packed.read_bytes()[:-8])
    folder.write("d")
    folder.now += 3600
    assert folder.read()[-1] == "d" and folder.place.done == FIRST
    assert f"the rest of {FIRST}.gz cannot be read" in folder.said[0]


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_that_is_shorter_than_what_was_read_is_read_again(folder, packed):
    """An older copy of the file was put back: what came since then is new, and nothing is cut."""
    folder.write(*"abc")
    assert folder.read() == ["a", "b", "c"]
    folder.current.write_text("a\nnew\n")
    folder.place.offsets.update({first: 9 for first in folder.place.offsets})
    if packed:
        folder.rotate(FIRST)
        folder.compress(FIRST)
    assert (folder.read(), folder.read()) == (["a", "new"], [])
    folder.write("later")
    assert folder.read() == ["later"]


def test_the_end_of_a_settled_file_is_read_also_where_it_is_cut_off(folder):
    folder.write("a")
    folder.write("hal", end="")
    folder.rotate(FIRST)
    assert folder.read() == ["a"]
    folder.now += 61
    assert (folder.read(), folder.read(), folder.place.done) == (["hal"], [], FIRST)


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"done": 1}', '{"done": "", "offsets": []}'])
def test_a_place_that_cannot_be_read_is_the_first(tmp_path, kept):
    (tmp_path / "place").write_text(kept)
    assert Place.load(str(tmp_path / "place")) == Place()


def test_a_place_is_kept(tmp_path):
    Place("x", {"a": 3}).keep(str(tmp_path / "place"))
    assert Place.load(str(tmp_path / "place")) == Place("x", {"a": 3})


@pytest.mark.parametrize("seed", range(20))
def test_whatever_happens_every_line_is_read_once(folder, seed):
    chance, written, seen, names = random.Random(seed), 0, [], []
    for dummy in range(200):
        step = chance.choice(("write", "write", "read", "read", "rotate", "compress", "later"))
        if step == "write":
            folder.write(written)
            written += 1
        elif step == "read":
            seen += folder.read(chance.choice((1, 3, 100)))
        elif step == "rotate" and folder.current.exists():
            folder.now += 1
            names.append(f"calls.json-20270115-{folder.now}")
            folder.rotate(names[-1])
        elif step == "compress" and len(names) > 1 and (folder.path / names[-2]).exists():
            folder.compress(names[-2])
        elif step == "later":
            folder.now += chance.choice((1, 100))
    while more := folder.read():
        seen += more
    assert sorted(map(int, seen)) == list(range(written))
