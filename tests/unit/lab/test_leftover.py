# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A command that takes the CPU that others leave runs as given, and leaves no control group behind."""

from __future__ import annotations

import subprocess
from pathlib import Path

SCRIPT = Path(__file__).parents[3] / "molecule" / "shared" / "leftover.sh"


def test_a_command_is_run_as_given():
    command = ["sh", "-c", 'printf "%s|" "$@" "$(nice)"; cat /proc/self/cgroup; exit 3', "sh", "a b", "", "*"]
    done = subprocess.run([SCRIPT, *command], stdout=subprocess.PIPE, text=True, check=False)
    *arguments, groups = done.stdout.split("|")
    assert (done.returncode, arguments) == (3, ["a b", "", "*", "19"])
    joined = [line.rpartition(":")[2] for line in groups.splitlines() if "trunkline-leftover-" in line]
    assert not [name for name in joined for root in ("cpu", ".") if Path(f"/sys/fs/cgroup/{root}{name}").exists()]
