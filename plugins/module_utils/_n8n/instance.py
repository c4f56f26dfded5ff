# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An instance of n8n on this host, read and changed by its command line."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from .._core.errors import TrunklineError
from .changes import Observed, Plan


class Done(NamedTuple):
    """The exit code of a command, and its output."""

    code: int
    output: str


class Instance:
    """n8n's commands.

    :param command: the program and its first arguments; it runs as n8n's own user, with the settings of the service.
    :param run: runs a command.
    :param folder: a folder that only n8n's user, and root, can read: files pass through it.
    """

    def __init__(self, command: Sequence[str], run: Callable[[Sequence[str]], Done], folder: str):
        self._command, self._run, self._folder = list(command), run, Path(folder)

    def observe(self) -> Observed:
        """Read all workflows and credentials."""
        return Observed(
            self._export("workflow", "--all"), self._export("credentials", "--all", "--decrypted"))

    def apply(self, plan: Plan) -> None:
        """Carry out a plan: credentials before the workflows that use them."""
        if plan.credentials:
            self._import("credentials", plan.credentials)
        if plan.workflows:
            self._import("workflow", plan.workflows)
        for identity in plan.publish:
            self._do("publish:workflow", f"--id={identity}")
        for identity in plan.unpublish:
            self._do("unpublish:workflow", f"--id={identity}")

    def _export(self, kind: str, *arguments: str) -> dict[str, Mapping[str, Any]]:
        path = self._folder / f"{kind}.json"
        done = self._run([*self._command, f"export:{kind}", *arguments, f"--output={path}"])
        if not path.exists():
            # An instance that has none says so, and fails.
            if "found" in done.output and "No " in done.output:
                return {}
            raise self._error(f"export:{kind}", done)
        try:
            rows: Iterable[Mapping[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        finally:
            path.unlink()
        return {str(row["id"]): row for row in rows}

    def _import(self, kind: str, rows: Sequence[Mapping[str, Any]]) -> None:
        path = self._folder / f"{kind}.json"
        owner = os.stat(self._folder)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(list(rows), file)
        os.chown(path, owner.st_uid, owner.st_gid)
        try:
            self._do(f"import:{kind}", f"--input={path}")
        finally:
            path.unlink()

    def _do(self, *arguments: str) -> None:
        done = self._run([*self._command, *arguments])
        if done.code:
            raise self._error(arguments[0], done)

    def _error(self, action: str, done: Done) -> TrunklineError:
        lines = [line.strip() for line in done.output.splitlines() if line.strip()]
        return TrunklineError(
            f"n8n's command {action} ended with {done.code}: {' '.join(lines[-3:]) or 'it printed nothing'}.",
            f"Run {' '.join(self._command)} {action} by hand; does the instance run, and with the same encryption key?")
