# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A playbook's own yes or no is read as strictly as an option: a mistyped one is never a no."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.voice.plugins.filter.flag import flag

PLAYBOOKS = Path(__file__).parents[3] / "playbooks"


@pytest.mark.parametrize("value, default, read", [
    (None, False, False), (None, True, True), ("yes", False, True), ("no", True, False), (False, True, False)])
def test_what_is_yes_or_no(value, default, read):
    assert flag(value, "teardown_keep_trunks", default) is read


@pytest.mark.parametrize("value", ["ture", "maybe", 2, [], {"a": "b"}])
def test_anything_else_is_refused_by_name(value):
    with pytest.raises(AnsibleFilterError, match="^teardown_keep_trunks must be true or false, not "):
        flag(value, "teardown_keep_trunks")


def test_no_playbook_takes_a_text_for_no():
    for path in PLAYBOOKS.rglob("*.yml"):
        assert not re.search(r"\|\s*bool\b", path.read_text()), path
