# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs and servers cost, each as a ratio of two measurements of the same run: `make bench`.

Seconds alone say more about the machine. Exits with 1 where a goal is missed.
"""

from __future__ import annotations

import argparse
import sys

from . import built, changes, company, edges, runs, scale, server, size
from .lab import Table, twin


def account(table):
    """How many requests, how long and how much memory a run takes, against a twin on this machine."""
    with twin() as one:
        for measure in (scale.calls, scale.whole_account, scale.thousand_credentials, edges.probe):
            measure(one, table)


# All but the first against the hosts of the lab.
PARTS = {"account": account, "runs": runs.measure, "size": size.measure, "company": company.measure,
         "server": server.measure}
# Measured where they are named only, as each takes a quarter of an hour.
NAMED = {"build": built.measure, "changes": changes.measure}


def main() -> int:
    parser = argparse.ArgumentParser(description="Measures all parts, or those that are named.")
    known = {**PARTS, **NAMED}
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(known))
    wanted = parser.parse_args().parts or list(PARTS)
    if unknown := set(wanted) - set(known):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    table = Table()
    for name in wanted:
        known[name](table)
    return table.verdict()


if __name__ == "__main__":
    sys.exit(main())
