# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of command lines has what any user could have seen."""

from __future__ import annotations

import subprocess

from labtest.processes import ProcessWatch


def test_a_secret_on_a_command_line_is_seen_even_if_the_process_is_short():
    with ProcessWatch() as watch:
        subprocess.run(["sh", "-c", "sleep 0.3; : canary-on-a-command-line"], check=True)
    assert any("canary-on-a-command-line" in line for line in watch.seen)


def test_a_secret_on_standard_input_is_not():
    with ProcessWatch() as watch:
        subprocess.run(["sh", "-c", "sleep 0.3; cat >/dev/null"], input=b"canary-on-standard-input", check=True)
    assert watch.seen and not any("canary-on-standard-input" in line for line in watch.seen)
