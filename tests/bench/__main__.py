# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests, how long and how much memory a run takes, against a twin on this machine: `make bench`.

Everything is told as a ratio of two things measured in this one run, since seconds alone say more about the machine.
Exits with 1 where a goal is missed.
"""

from __future__ import annotations

import sys

from . import edges, scale
from .lab import Table, twin


def main() -> int:
    table = Table()
    with twin() as account:
        for measure in (scale.calls, scale.whole_account, scale.thousand_credentials, edges.probe):
            measure(account, table)
    return table.verdict()


if __name__ == "__main__":
    sys.exit(main())
