# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module n8n_flow: import and publish workflows into an n8n on this host, or into one that its public API reaches."""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .._core.errors import TrunklineError
from .._n8n.changes import Observed, Plan, digest, plan
from .._n8n.instance import Done, Instance
from .._n8n.public_api import Client
from .._n8n.remote import Remote
from .._n8n.workflows import TOKEN_HEADER
from .module import Module, run

ARGUMENT_SPEC = {
    "workflows": {"type": "list", "elements": "dict", "required": True},
    "credentials": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "id": {"type": "str", "required": True},
            "name": {"type": "str", "required": True},
            "header": {"type": "str", "default": TOKEN_HEADER},
            "token": {"type": "str", "required": True, "no_log": True},
        },
    },
    # Ansible hides their values wherever they stand, also in a workflow and its difference.
    "secrets": {"type": "list", "elements": "str", "default": [], "no_log": True},
    "keep": {"type": "list", "elements": "str", "default": []},
    "command": {"type": "list", "elements": "str", "default": ["/usr/local/sbin/n8n"]},
    "owner": {"type": "str", "default": "n8n"},
    "notes": {"type": "str", "default": "/var/lib/trunkline/n8n-flows.json"},
    "api_url": {"type": "str", "default": ""},
    "api_key": {"type": "str", "default": "", "no_log": True},
    "api_ca_file": {"type": "str", "default": ""},
}
#: A command of n8n loads the whole program, which takes ten seconds on a small machine.
COMMAND_SECONDS = 600


def command(argv: Sequence[str]) -> Done:
    """Run a command of n8n's.

    :raises TrunklineError: there is no such program, or it does not end.
    """
    try:
        done = subprocess.run(  # pylint: disable=ansible-bad-function
            argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace", check=False, timeout=COMMAND_SECONDS)
    except OSError as error:
        raise TrunklineError(f"{argv[0]} cannot be run: {error.strerror}.", "Run role n8n first.") from None
    except subprocess.TimeoutExpired:
        raise TrunklineError(f"{argv[0]} {argv[1]} has not ended after {COMMAND_SECONDS} s.") from None
    return Done(done.returncode, done.stdout)


@contextlib.contextmanager
def private_folder(owner: str) -> Iterator[str]:
    """Make a folder that only n8n's user and root can read, and remove it at the end."""
    try:
        user = pwd.getpwnam(owner)
    except KeyError:
        raise TrunklineError(f"This host has no user {owner}.", "Run role n8n first, or set owner.") from None
    folder = tempfile.mkdtemp(prefix="trunkline-n8n-")
    try:
        os.chown(folder, user.pw_uid, user.pw_gid)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def read_notes(path: str) -> dict[str, str]:
    """Return the digests of what earlier runs imported; none where there is no such file."""
    try:
        with open(path, encoding="utf-8") as file:
            notes = json.load(file)
    except (OSError, ValueError):
        return {}
    return notes if isinstance(notes, dict) else {}


def write_notes(module: Module, notes: Mapping[str, str]) -> None:
    """Keep the digests, at once or not at all."""
    path = module.params["notes"]
    os.makedirs(os.path.dirname(path), mode=0o755, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=module.tmpdir, delete=False, encoding="utf-8") as file:
        json.dump(notes, file, indent=2, sort_keys=True)
    module.atomic_move(file.name, path)


def converge(module: Module) -> dict[str, Any]:
    """Compare, change unless in check mode, and return the result."""
    given = module.params
    declared = given["workflows"], given["credentials"]
    if given["api_url"]:
        return _by_api(module)
    notes = read_notes(given["notes"])
    if module.check_mode and not os.path.exists(given["command"][0]):
        # A run would install n8n first, and then it has nothing.
        return _result(plan(*declared, Observed({}, {}), notes, given["keep"]))
    with private_folder(given["owner"]) as folder:
        instance = Instance(given["command"], command, folder)
        due = plan(*declared, instance.observe(), notes, given["keep"])
        if not module.check_mode:
            instance.apply(due)
    if not module.check_mode:
        kept = set(due.kept)
        noted = {one["id"]: digest(one) for one in given["workflows"] if one["id"] not in kept}
        if {**notes, **noted} != notes:
            write_notes(module, {**notes, **noted})
    return _result(due)


def _by_api(module: Module) -> dict[str, Any]:
    """Do the same by the public API. n8n serves at once what is published so."""
    given = module.params
    declared = given["workflows"], given["credentials"]
    remote = Remote(Client(given["api_url"], given["api_key"], given["api_ca_file"]), *declared)
    observed = remote.observe()
    due = plan(*declared, observed, remote.notes(), given["keep"])
    if not module.check_mode:
        remote.apply(due)
    return {**_result(due), "restart": False}


def _result(due: Plan) -> dict[str, Any]:
    return {
        "changed": bool(due.changes),
        "changes": [{"action": change.action, "what": change.what} for change in due.changes],
        "drift": due.drift,
        "kept": due.kept,
        "restart": bool(due.workflows or due.publish or due.unpublish),
        "diff": [{
            "before_header": change.what, "before": change.before, "after_header": change.what, "after": change.after,
        } for change in due.changes],
    }


def main() -> None:
    """Run the module. This does not return: it exits as Ansible modules do."""
    run(ARGUMENT_SPEC, converge)
