# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the configuration transaction on a lab host without Ansible: many times in one process, or to be killed."""

from __future__ import annotations

import json
import subprocess

from .container import inside
from .plays import ROOT

FOLDER = "/var/tmp/trunkline-remote-python"
START = f"""
import dataclasses, glob, hashlib, json, os, sys, time
sys.path.insert(0, {FOLDER!r})
from module_utils._asterisk.config import service, store
from module_utils._asterisk.config.transaction import ApplyFailed, Desired, InvalidConfig, Transaction

def current_files():
    return store.ConfigStore().read().files

def apply(files, **desired):
    try:
        outcome = Transaction(Desired(files=files, **desired)).run()
    except InvalidConfig as error:
        return {{"refused": error.problems}}
    except ApplyFailed as error:
        return {{"put_back": str(error)}}
    return {{name: getattr(outcome, name) for name in ("changes", "reloaded", "pending")}}

def check(files):
    try:
        Transaction(Desired(files=files)).run(dry=True)
    except InvalidConfig as error:
        return error.problems
    return []

given = json.load(sys.stdin)
"""


class RemotePython:
    """Python on one host, with the transaction imported. `host` is its testinfra host."""

    def __init__(self, host):
        self.host = host
        packed = subprocess.run(
            ["tar", "--create", "--exclude=__pycache__", "module_utils/_asterisk", "module_utils/_core"],
            cwd=ROOT / "plugins", stdout=subprocess.PIPE, check=True).stdout
        self._exec(["sh", "-c", f"rm -rf {FOLDER}; mkdir -p {FOLDER}; tar --extract --directory={FOLDER}"], packed)

    def run(self, script: str, given=None, under: tuple = (), check: bool = True):
        """Run a script that may use `current_files()`, `apply(files)`, `check(files)` and `given`; return its `result`.

        :param under: a command that runs the interpreter, such as a tracer.
        :returns: None if the script was killed or failed, and `check` is false.
        """
        code = f"{START}\n{script}\nprint(json.dumps(result))"
        done = self._exec([*under, "/usr/bin/python3", "-B", "-c", code], json.dumps(given).encode(), check)
        return json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 and done.stdout else None

    def _exec(self, command: list, given: bytes, check: bool = True):
        done = subprocess.run(
            inside(self.host, *command), input=given, capture_output=True, check=False)
        assert not check or done.returncode == 0, done.stderr.decode()[-3000:]
        return done
