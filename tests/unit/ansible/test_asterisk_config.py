# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What module asterisk_config returns: a diff a changed file, and the options not once more."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._ansible import asterisk_config
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.transaction import Outcome

ROWS = [
    {"action": "change", "what": "file /etc/asterisk/pjsip.conf", "diff": "-a\n+b\n"},
    {"action": "change", "what": "service asterisk", "note": "restart"},
]


class FakeModule:
    def __init__(self, diff):
        self._diff = diff


@pytest.mark.parametrize("diff", [False, True])
def test_a_changed_file_has_its_diff_which_ansible_gets_in_diff_mode(diff):
    result = asterisk_config._result(FakeModule(diff), Outcome(changes=ROWS))
    assert result["changes"] == [{"note": "", **row} for row in ROWS] and result["changed"]
    assert result.get("diff") == ([{"prepared": "-a\n+b\n"}] if diff else None)
    assert result["invocation"] == {}
