# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a hundred right changes of hundreds and thousands of phones are all applied, idle and under load."""

from __future__ import annotations

import contextlib
import itertools
import os
import subprocess
import sys

from . import size
from .hosts import PBX, run
from .lab import twin
from .runs import NO_CALL, SITE, middle

CHANGE = "tests/bench/plays/change.yml"
PHONES = (300, 1000, 3000)
#: Runs of each number of phones, idle, and as many under load.
RUNS = 17


def measure(table):
    """One phone's caller name changes in each run of role pbx, and the run must say so."""
    table.section(f"{2 * RUNS * len(PHONES)} runs of role pbx that change one phone each")
    names = (f"Changed {number}" for number in itertools.count())
    try:
        with twin() as account:
            for phones in PHONES:
                variables = size.inventory(account, (phones, 10, 1))
                run(SITE, size.PROOF, **variables)
                for state, work in (("idle", contextlib.nullcontext), ("under load", busy)):
                    with work():
                        done, refused = changed(variables, names)
                    table.line(f"{phones:,} phones, {state}", f"{middle(done):.1f} s" if done else "",
                               f"none of {RUNS} refused", not refused)
                    for reason in refused:
                        print(f"    {reason}", flush=True)
    finally:
        run(SITE, **NO_CALL)


def changed(variables, names):
    """Return the runs that applied their change, and why the others did not."""
    done, refused = [], []
    for index in range(RUNS):
        variables["pbx_phones"][index]["caller_name"] = next(names)
        try:
            done.append(run(CHANGE, **variables))
        except SystemExit as failure:
            refused.append(failure)
        else:
            assert done[-1].changed == {PBX: 1}, done[-1].changed
    return done, refused


@contextlib.contextmanager
def busy():
    """Keep every core of the machine at work."""
    work = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for dummy in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for process in work:
            process.kill()
            process.wait()
