# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prompts of the user's own: what is right, each wrong value by its name, and what the dialplan then plays."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory import pbx, prompts
from ansible_collections.trunkline.voice.plugins.plugin_utils import sound_files

from .features.test_wrong_values import RIGHT
from .whole import HOST, files, whole

SPOKEN = {"name": "closed", "text": "We're closed; call again, please – à bientôt.\nThank you.", "language": "en-gb"}
RECORDED = {"name": "welcome", "file": "prompts/Welcome, dear caller's.mp3"}
GREETED = {**RIGHT, "pbx_announcements": [*RIGHT["pbx_announcements"], {"name": "welcome", "prompt": "welcome"}]}


def inventory(*rows, **more):
    return whole({**GREETED, "pbx_prompts": list(rows), **more})


@pytest.mark.parametrize("rows", [
    [RECORDED, SPOKEN], [{"name": "a", "text": "1"}], [{**SPOKEN, "language": "es-419"}],
    [{**RECORDED, "file": "/srv/a b.wav"}], [{**RECORDED, "file": "~/é.ogg", "text": ""}], [{**SPOKEN, "language": ""}],
    [],
])
def test_right_values_are_taken(rows):
    assert inventory(*rows).problems == []


@pytest.mark.parametrize(("row", "sentence"), [
    ({"name": "welcome"}, "pbx_prompts[0] has neither file nor text: give one of them."),
    ({**RECORDED, "text": "Hello"}, "pbx_prompts[0] has both file and text: give one of them."),
    ({"text": "Hello"}, "pbx_prompts[0].name is missing"),
    ({**SPOKEN, "name": "Wel come"}, "pbx_prompts[0].name must be 1 to 32 of a-z"),
    ({**SPOKEN, "name": "company/welcome"}, "pbx_prompts[0].name must be 1 to 32 of a-z"),
    ({**SPOKEN, "name": "../beep"}, "pbx_prompts[0].name must be 1 to 32 of a-z"),
    ({**SPOKEN, "name": "a)U(outbound"}, "pbx_prompts[0].name must be 1 to 32 of a-z"),
    ({**SPOKEN, "text": " \n"}, "pbx_prompts[0] has neither file nor text: give one of them."),
    ({**SPOKEN, "text": "?!"}, "pbx_prompts[0].text must be at most 2000 characters, with a word among them"),
    ({**SPOKEN, "text": "a\0b"}, "pbx_prompts[0].text must be at most 2000 characters"),
    ({**SPOKEN, "text": "word " * 401}, "pbx_prompts[0].text must be at most 2000 characters"),
    ({**SPOKEN, "text": ["Hello"]}, "pbx_prompts[0].text must be one text"),
    ({**SPOKEN, "language": "en_US"}, "pbx_prompts[0].language must be a voice of espeak-ng"),
    ({**SPOKEN, "language": "English"}, "pbx_prompts[0].language must be a voice of espeak-ng"),
    ({**SPOKEN, "language": "../en"}, "pbx_prompts[0].language must be a voice of espeak-ng"),
    ({**SPOKEN, "language": False}, "pbx_prompts[0].language must be "),
    ({**RECORDED, "file": "a\nb.wav"}, "pbx_prompts[0].file must be a path on the controller"),
    ({**RECORDED, "file": ["a.wav"]}, "pbx_prompts[0].file must be one text"),
    ({**RECORDED, "path": "a.wav"}, "pbx_prompts[0].path is no option"),
])
def test_a_wrong_value_is_refused_by_name(row, sentence):
    found = inventory(row).problems
    assert any(one.startswith(sentence) for one in found), found


def test_a_name_is_there_once():
    assert "pbx_prompts[1].name repeats pbx_prompts[0]: 'closed' is there twice." in inventory(SPOKEN, SPOKEN).problems


def test_a_prompt_that_nothing_plays_is_a_warning():
    warnings = inventory(SPOKEN, RECORDED).warnings
    assert any(one.endswith("pbx_prompts[0] 'closed' is played by nothing.") for one in warnings)
    assert not any("'welcome' is played" in one for one in warnings)


def played(found, sounds=None) -> str:
    """Return the prompt that the announcement plays."""
    context = pbx.context(found.hosts[HOST], {}, {}, 22, sounds=sounds)
    dialplan = "\n".join(files("pbx", context, "extensions.conf.j2"))
    return re.search(r"\[announcement-welcome\].*?Playback\((.*?)\)", dialplan, re.S)[1]


def test_the_dialplan_names_the_files_of_what_the_prompt_is_made_of():
    """Another content, text or voice is another file, and the name of a prompt without one is Asterisk's to find."""
    contents = {RECORDED["file"]: "one"}, {RECORDED["file"]: "two"}
    recorded = [played(inventory(RECORDED), one) for one in contents]
    spoken = [played(inventory({**SPOKEN, "name": "welcome", **more})) for more in ({}, {"language": "fr"})]
    paths = [*recorded, *spoken]
    assert len({*paths}) == 4
    assert all(re.fullmatch(r"/var/lib/trunkline/prompts/welcome-[0-9a-f]{16}", path) for path in paths)
    assert played(inventory(SPOKEN)) == "welcome"


def test_there_is_a_file_for_each_codec():
    host = inventory(SPOKEN, pbx_codecs=["alaw", "g722"]).hosts[HOST]
    assert [name.partition(".")[2] for name in prompts.files(host, {})] == ["alaw", "sln16"]


KINDS = {
    "wav": b"RIFF\x24\x08\x00\x00WAVEfmt ", "mp3": b"ID3\x04\x00", "ogg": b"OggS" + bytes(24) + b"\x01vorbis",
    "flac": b"fLaC\x00", "aiff": b"FORM\x00\x00\x00\x20AIFF", "au": b".snd\x00",
}


@pytest.mark.parametrize(("kind", "beginning"), [
    *KINDS.items(), ("mp3", b"\xff\xfb\x90\x64"), ("mp3", b"\xff\xf3\x40\xc0"),
    ("", b""), ("", b"\x00\x00\x00\x20ftypM4A "), ("", b"OggS" + bytes(24) + b"OpusHead"), ("", b"\xff\xf1\x50\x80"),
    ("", b"RIFF\x24\x08\x00\x00AVI "), ("", b"#!/bin/sh\n"),
])
def test_the_kind_of_a_sound_file_is_what_it_begins_with(kind, beginning):
    assert prompts.kind_of(beginning) == kind


def test_a_sound_file_is_looked_at_before_anything_is_touched(tmp_path, monkeypatch):
    monkeypatch.setattr(sound_files, "MOST_BYTES", 1_000_000)
    (tmp_path / "folder").mkdir()
    contents = {"right.wav": KINDS["wav"], "text": b"We are closed.", "long.wav": KINDS["wav"] + bytes(2_000_000)}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    rows = [{"name": f"p{index}", "file": name} for index, name in enumerate(
        ["right.wav", str(tmp_path / "right.wav"), "absent.mp3", "text", "long.wav", "folder"])]
    found = list(sound_files.problems(inventory(*rows).hosts[HOST], str(tmp_path)))
    assert found == [
        f"pbx_prompts[2].file cannot be read on the controller: {tmp_path}/absent.mp3: No such file or directory.",
        f"pbx_prompts[3].file is no sound file of a kind that is converted, {prompts.KINDS}: {tmp_path}/text.",
        f"pbx_prompts[4].file has 2 MB, and a sound has at most 1: {tmp_path}/long.wav.",
        f"pbx_prompts[5].file cannot be read on the controller: {tmp_path}/folder: Is a directory.",
    ]


def test_the_digest_of_a_sound_file_is_that_of_its_content(tmp_path):
    host = inventory(RECORDED).hosts[HOST]
    file = Path(tmp_path, RECORDED["file"])
    file.parent.mkdir()
    first, second = (
        sound_files.digests(host, str(tmp_path)) for content in (b"1", b"2") if file.write_bytes(content))
    assert first.keys() == second.keys() == {RECORDED["file"]} and first != second
