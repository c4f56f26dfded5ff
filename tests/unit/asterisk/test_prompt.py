# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A prompt that Asterisk cannot play is found before the call."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.prompt import PromptMissing, look_for

from .console import Manager, printed


def look(folder, name="demo-congrats", *there: str):
    for one in there:
        path = folder / "sounds" / one
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    manager = Manager(
        commands={"core show file formats": printed("formats")}, variables={"ASTDATADIR": str(folder)})
    look_for(manager, name)


@pytest.mark.parametrize(("name", "file"), [
    ("demo-congrats", "en/demo-congrats.wav"), ("demo-congrats", "demo-congrats.raw"),
    ("digits/1", "en/digits/1.ulaw"),
])
def test_a_prompt_that_is_there(tmp_path, name, file):
    look(tmp_path, name, file)


@pytest.mark.parametrize("file", ["en/demo-thanks.wav", "fr/demo-congrats.wav", "en/demo-congrats.gsm"])
def test_a_prompt_that_asterisk_cannot_play(tmp_path, file):
    with pytest.raises(PromptMissing, match="sounds/en/demo-congrats$"):
        look(tmp_path, "demo-congrats", file)
