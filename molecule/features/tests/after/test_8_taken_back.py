# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All features are taken back."""

from __future__ import annotations

from labtest.plays import play


def test_nothing_stays(detail):
    """After all features are taken out of the inventory a run changes nothing and proves the call."""
    run = play("site", "--diff", "-vvv")
    assert run.code == 0, run.output[-4000:]
    detail(str(run.changed))
    assert run.changed and set(run.changed.values()) == {0}
