# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A twin with no limits of its own, runs of the modules in processes of their own, and the table that is printed."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.contract.accounts import Twin
from tests.contract.serve import serve

ROOT = Path(__file__).parents[2]
UNLIMITED = {
    name: 100_000 for name in (
        "trunks_per_account", "origination_urls_per_trunk", "access_lists_per_account", "addresses_per_access_list",
        "credential_lists_per_account", "credentials_per_list",
    )
}


@contextlib.contextmanager
def twin():
    """An account on a twin that runs as its service does."""
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder)) as url:
        account = Twin(url)
        yield account


def emptied(account):
    """Nothing is in the account, and nothing limits it."""
    account.faults()
    account.empty()
    account.tell("PUT", "settings", **UNLIMITED)


def module_run(account, params):
    """A run of module twilio_trunking in a process of its own: (its result, seconds, peak memory in MiB).

    The seconds begin and end with the process: they hold what Python takes to start and to import.
    """
    begin = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.child"], cwd=ROOT, check=False, capture_output=True, text=True,
        input=json.dumps({**account.given, **params}),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    seconds = time.monotonic() - begin
    if done.returncode:
        raise SystemExit(f"A run failed:\n{done.stderr}")
    report = json.loads(done.stdout)
    return report["result"], seconds, report["memory"]


def memory():
    """The most memory that this process ever held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Table:
    """What was measured, a line each, beside the goal."""

    def __init__(self):
        self.missed = []

    def section(self, title):
        print(f"\n{title}\n{'-' * len(title)}", flush=True)

    def line(self, what, measured, goal="", good=True):
        mark = "" if not goal else f"  goal: {goal}  {'met' if good else 'MISSED'}"
        print(f"  {what:<52} {measured:>24}{mark}", flush=True)
        if not good:
            self.missed.append(what)

    def verdict(self):
        print(f"\n{'All goals met.' if not self.missed else 'Missed: ' + '; '.join(self.missed)}")
        return 1 if self.missed else 0
