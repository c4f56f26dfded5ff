# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prompts that no configuration names any more go, once the one that does not is in force, and not before."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.prompts import Prompts
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.service import REPORT
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.transaction import ApplyFailed

from .test_transaction import FILES, edited

FORMER, NEW, OTHER = (
    f"{name}-{digit * 16}.ulaw" for name, digit in (("welcome", "1"), ("welcome", "2"), ("closed", "3")))
CHANGED = edited("extensions.conf", "exten = 2,1,Hangup()\n")


@pytest.fixture
def folder(tmp_path):
    """A folder with the prompts of the run before, a new one, and what a run that was killed left."""
    path = tmp_path / "prompts"
    path.mkdir()
    for name in (FORMER, NEW, OTHER, ".welcome-4.ulaw"):
        (path / name).touch()
    return path


def names(folder):
    return {one.name for one in folder.iterdir()}


def prompts(folder, *wanted):
    return Prompts(wanted, str(folder))


def removed(outcome):
    return [change["what"] for change in outcome.changes if change["action"] == "remove"]


def test_they_go_with_the_change_and_a_dry_run_says_the_same(pbx, folder):
    pbx(FILES, prompts=prompts(folder, FORMER, NEW, OTHER))
    dry = pbx(CHANGED, dry=True, prompts=prompts(folder, NEW))
    assert removed(dry) == ["prompt closed"] and len(names(folder)) == 3
    assert removed(pbx(CHANGED, prompts=prompts(folder, NEW))) == ["prompt closed"]
    assert names(folder) == {NEW}
    assert pbx(CHANGED, prompts=prompts(folder, NEW)).changes == []


def test_the_folder_goes_with_the_last_one(pbx, folder):
    assert removed(pbx(FILES, prompts=prompts(folder))) == ["prompt closed", "prompt welcome"]
    assert not folder.exists()
    assert pbx(FILES, prompts=prompts(folder)).changes == []


def test_a_change_that_is_rolled_back_leaves_the_former_ones(pbx, folder):
    pbx(FILES, prompts=prompts(folder, FORMER, NEW, OTHER))
    pbx.service.deaf = True
    with pytest.raises(ApplyFailed):
        pbx(CHANGED, prompts=prompts(folder, NEW))
    assert {FORMER, OTHER} <= names(folder)


def test_an_asterisk_that_has_still_to_be_restarted_keeps_its_own(pbx, folder):
    pbx(FILES, prompts=prompts(folder, FORMER, NEW, OTHER))
    pending = pbx(edited("modules.conf", "load = x.so\n"), restart=REPORT, prompts=prompts(folder, NEW))
    assert pending.pending and removed(pending) == [] and FORMER in names(folder)


def test_translations_go_with_their_prompt_and_a_language_with_its_last_one(pbx, folder):
    for name in (f"de/{FORMER}", f"de/{NEW}", f"es_MX/{FORMER}"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    assert removed(pbx(FILES, prompts=prompts(folder, NEW, f"de/{NEW}"))) == ["prompt closed"]
    assert names(folder) == {NEW, "de"} and names(folder / "de") == {NEW}
    assert removed(pbx(CHANGED, prompts=prompts(folder))) == ["prompt welcome"]
    assert not folder.exists()
