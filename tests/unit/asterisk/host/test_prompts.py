# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prompts are made by sox and espeak-ng, of which these are stand-ins. The lab has the real ones."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.host import prompts
from ansible_collections.trunkline.voice.plugins.module_utils._core.errors import TrunklineError

#: Stand-ins that note their arguments and their input, and write a sound, nothing, or a complaint.
SOX = """#!/bin/sh
echo "$@" >>"$NOTES"
for last; do :; done
case "$4" in
*broken*) echo "sox FAIL formats: no header"; exit 2;;
*empty*) : >"$last";;
*) echo x >"$last";;
esac
"""
SPEAK = """#!/bin/sh
echo "$@" >>"$NOTES"
cat >>"$NOTES"
[ "$4" != xx ] || { echo "Error: The specified espeak-ng voice does not exist."; exit 1; }
"""


@pytest.fixture
def notes(tmp_path, monkeypatch):
    """The file in which the stand-ins note how they were called."""
    for name, script in (("sox", SOX), ("espeak-ng", SPEAK)):
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / name).write_text(script)
        (tmp_path / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    monkeypatch.setenv("NOTES", str(tmp_path / "notes"))
    return tmp_path / "notes"


def test_a_sound_file_is_converted_to_each_codec(tmp_path, notes):
    folder = tmp_path / "new" / "prompts"
    prompts.make([prompts.Prompt("pbx_prompts[0].file", "a-1", "/tmp/a.mp3")], ["ulaw", "sln16"], str(folder))
    assert sorted(one.name for one in folder.iterdir()) == ["a-1.sln16", "a-1.ulaw"]
    assert {one.stat().st_mode & 0o777 for one in (folder, *folder.iterdir())} == {0o755, 0o644}
    first, second = notes.read_text().splitlines()
    assert first == f"-V1 -D -G /tmp/a.mp3 -t raw -c 1 -r 8000 -e u-law -b 8 {folder}/.a-1.ulaw"
    assert second == f"-V1 -D -G /tmp/a.mp3 -t raw -c 1 -r 16000 -e signed-integer -b 16 {folder}/.a-1.sln16"


def test_a_translation_is_in_a_folder_that_everybody_may_read(tmp_path, notes):
    folder = tmp_path / "prompts"
    prompts.make([
        prompts.Prompt("pbx_prompts[0]", "a-1", "/tmp/a.mp3"),
        prompts.Prompt("pbx_prompts[0].translations[0]", "de/a-1", text="Danke", language="de")], ["ulaw"], str(folder))
    assert sorted(str(one.relative_to(folder)) for one in folder.rglob("*")) == ["a-1.ulaw", "de", "de/a-1.ulaw"]
    assert (folder / "de").stat().st_mode & 0o777 == 0o755
    assert f" {folder}/de/.a-1.ulaw" in notes.read_text()


def test_a_text_is_spoken_without_being_an_argument(tmp_path, notes):
    text = "--help `id` $(id) <b>We're</b> à l'heure"
    prompts.make([prompts.Prompt("pbx_prompts[0]", "a-1", text=text, language="fr")], ["alaw"], str(tmp_path / "p"))
    spoken, said, converted = notes.read_text().splitlines()[:2] + notes.read_text().splitlines()[-1:]
    assert spoken.startswith("-b 1 -v fr -s 150 -w /") and spoken.endswith("/a-1.wav --stdin")
    assert said.startswith(text) and "a-1.wav -t raw" in said + converted


@pytest.mark.parametrize(("prompt", "sentence"), [
    (prompts.Prompt("pbx_prompts[3].file", "a-1", "/tmp/broken.mp3"),
     "pbx_prompts[3].file cannot be converted: sox FAIL formats: no header."),
    (prompts.Prompt("pbx_prompts[3].file", "a-1", "/tmp/empty.mp3"),
     "pbx_prompts[3].file cannot be converted: there is no sound in it."),
    (prompts.Prompt("pbx_prompts[3].text", "a-1", text="Hello", language="xx"),
     "pbx_prompts[3].text cannot be spoken in xx: Error: The specified espeak-ng voice does not exist."),
])
def test_what_cannot_be_made_leaves_no_file(tmp_path, notes, prompt, sentence):
    with pytest.raises(TrunklineError) as failure:
        prompts.make([prompt], ["ulaw"], str(tmp_path / "prompts"))
    assert str(failure.value) == sentence
    assert not [one for one in (tmp_path / "prompts").iterdir() if not one.name.startswith(".")]


def test_a_missing_program_is_said(tmp_path, notes):
    (tmp_path / "bin" / "sox").unlink()
    with pytest.raises(TrunklineError, match="file cannot be converted: sox: No such file or directory."):
        prompts.make([prompts.Prompt("pbx_prompts[0].file", "a-1", "/tmp/a.mp3")], ["ulaw"], str(tmp_path / "prompts"))
