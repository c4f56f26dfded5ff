# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run playbooks against the lab as a user would, and keep their output, which is later searched for secrets."""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .processes import ProcessWatch

ROOT = Path(__file__).parents[3]
PROJECT = ROOT / "inventory"
LAB = f"--inventory={ROOT / 'molecule' / 'shared' / 'inventory'}"
#: That of the scenario whose folder the tests run in, where it has one.
SCENARIO = [f"--inventory={folder}" for folder in [Path.cwd() / "inventory"] if folder.exists()]
INVENTORY = [f"--inventory={PROJECT}", LAB, *SCENARIO]

#: The output of every playbook of this session, for the search for canary secrets.
PRINTED: list[str] = []

#: The command line of every process that ran meanwhile, on the controller and on the hosts.
PROCESSES: set[str] = set()


@dataclass(frozen=True)
class Run:
    """The result of a playbook's run. `output` is stdout and stderr."""

    code: int
    output: str

    @property
    def changed(self) -> dict[str, int]:
        """Return the number of changed tasks by host, from the recap."""
        return {host: int(count) for host, count in re.findall(r"^(\S+)\s*: ok=\d+\s+changed=(\d+)", self.output, re.M)}

    @property
    def failure(self) -> str:
        """Return the message of the failed task, as Ansible printed it, on one line."""
        found = re.search(
            r"(?:fatal: .*?|\[ERROR\]: Task failed: )(.*?)(?=\n\S+\s*: ok=|\nPLAY RECAP|\nOrigin:|\Z)",
            self.output,
            re.S,
        )
        return " ".join(found.group(1).split()) if found else ""


def play(
    playbook: str, *arguments: str, variables: dict | None = None, environment: dict | None = None,
    inventory: str = str(PROJECT),
) -> Run:
    """Run `playbooks/<playbook>.yml` against the lab.

    :param inventory: what the user's inventory is, below the lab's own.
    :param variables: extra variables. They travel as a command line argument, so no secret may be among them.
    :param environment: variables of the environment that differ from this process's.
    """
    command = ["ansible-playbook", f"--inventory={inventory}", LAB, *SCENARIO]
    command += [str(ROOT / "playbooks" / f"{playbook}.yml"), *arguments]
    if variables:
        command += ["--extra-vars", json.dumps(variables)]
    with ProcessWatch() as watch:
        done = _ansible(command, environment)
    PROCESSES.update(watch.seen)
    return done


def module(name: str, host: str) -> dict:
    """Return what a module without options answers on a host of the lab."""
    done = _ansible(["ansible", *INVENTORY, host, "-m", f"trunkline.voice.{name}"])
    assert done.code == 0, done.output
    return json.loads(done.output[done.output.index("{") :])


def _ansible(command: list[str], environment: dict | None = None) -> Run:
    """Run one of Ansible's commands without colours, which a runner of pipelines may force on it."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **(environment or {}), "ANSIBLE_NOCOLOR": "1", "ANSIBLE_FORCE_COLOR": "0"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
    )
    PRINTED.append(done.stdout)
    return Run(done.returncode, done.stdout)


@lru_cache(maxsize=1)
def hosts() -> dict:
    """Return the lab's hosts and their variables, as Ansible reads them."""
    listed = subprocess.run(
        ["ansible-inventory", *INVENTORY, "--list"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(listed.stdout)["_meta"]["hostvars"]
