# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's hosts: what runs on them, and the playbooks that are run against them."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import tempfile
import time
from dataclasses import dataclass

from .lab import ROOT

PBX, TWIN, PHONE = "pbx1", "twilio", "phone1"
NET = os.environ.get("TRUNKLINE_LAB_NET", "")
ADDRESS = {PBX: f"{NET}.10", TWIN: f"{NET}.20", PHONE: f"{NET}.30"}
INVENTORIES = (f"--inventory={ROOT / 'inventory'}", f"--inventory={ROOT / 'molecule/shared/inventory'}")


def on(host, *command, given="", codes=(0,)):
    """What a command prints on a host.

    :param given: its standard input, which is where secrets belong.
    :param codes: the exit codes that are no failure.
    """
    done = subprocess.run(
        ["podman", "exec", "--interactive", host, *command], input=given, capture_output=True, text=True, check=False)
    if done.returncode not in codes:
        raise SystemExit(f"{' '.join(command)} failed on {host}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def write(host, path, content):
    """A file for root alone."""
    on(host, "sh", "-c", 'umask 077; cat > "$0"', path, given=content)


@dataclass(frozen=True)
class Task:
    """One task of a run on all of its hosts. `seconds` is what the controller waited for it."""

    name: str
    action: str
    seconds: float
    skipped: bool


@dataclass(frozen=True)
class Run:
    """A whole run of ansible-playbook: `seconds` from its start to its end, `changed` is host to changed tasks."""

    seconds: float
    tasks: list[Task]
    changed: dict[str, int]

    def of(self, action):
        """Seconds spent in a module."""
        return sum(task.seconds for task in self.tasks if task.action == action)


def run(playbook, skip="", **variables):
    """Runs a playbook, given by its path, against the lab. A secret of the lab's may only be a lookup of it.

    :param skip: the tag of what is left out.
    """
    # Thousands of phones are no argument of a command.
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(variables, file)
        file.flush()
        command = ["ansible-playbook", *INVENTORIES, "--extra-vars", f"@{file.name}", str(ROOT / playbook)]
        begin = time.monotonic()
        done = subprocess.run(
            [*command, *(["--skip-tags", skip] if skip else [])],
            cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
            env={**os.environ, "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json", "ANSIBLE_JSON_INDENT": "0"})
        seconds = time.monotonic() - begin
    if done.returncode:
        raise SystemExit(f"{playbook} failed:\n{done.stdout[-4000:]}{done.stderr[-2000:]}")
    report = json.loads(done.stdout)
    tasks = [_task(task) for play in report["plays"] for task in play["tasks"] if task["hosts"]]
    return Run(seconds, tasks, {host: row["changed"] for host, row in report["stats"].items()})


def _task(report):
    results = list(report["hosts"].values())
    begin, end = (datetime.datetime.fromisoformat(report["task"]["duration"][name].rstrip("Z"))
                  for name in ("start", "end"))
    return Task(report["task"]["name"], results[0]["action"], (end - begin).total_seconds(),
                all(result.get("skipped") for result in results))
