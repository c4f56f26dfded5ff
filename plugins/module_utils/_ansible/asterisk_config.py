# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module asterisk_config: apply or remove Asterisk's configuration as one transaction."""

from __future__ import annotations

import re
from typing import Any, Iterator, Mapping

from .._asterisk.config import redact
from .._asterisk.config.prompts import Prompts
from .._asterisk.config.service import NOW, REPORT, WHEN_IDLE
from .._asterisk.config.store import LOCAL, ConfigStore
from .._asterisk.config.transaction import Desired, Outcome, Transaction
from .._core.errors import InvalidInput
from .module import Module, run

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\.(conf|json)")


def _rows(no_log: bool) -> dict[str, Any]:
    return {
        "type": "list", "elements": "dict", "default": [],
        "options": {
            "name": {"type": "str", "required": True},
            "content": {"type": "str", "required": True, "no_log": no_log},
            "once": {"type": "bool", "default": False},
        },
    }


ARGUMENT_SPEC = {
    "files": _rows(no_log=False),
    # Its names are shown; what the files hold is not.
    "secret_files": {**_rows(no_log=True), "no_log": False},
    "prompts": {"type": "list", "elements": "str", "default": []},
    "restart_policy": {"type": "str", "choices": [NOW, WHEN_IDLE, REPORT], "default": WHEN_IDLE},
    "restart_patience": {"type": "int", "default": 60},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}


def main() -> None:
    """Run the module. This does not return: it exits as Ansible modules do."""
    run(ARGUMENT_SPEC, _act)


def _act(module: Module) -> dict[str, Any]:
    params = module.params
    rows = params["files"] + params["secret_files"]
    problems = list(_problems(params, rows))
    if problems:
        raise InvalidInput(problems)
    if params["state"] == "absent":
        return _remove(module)
    desired = Desired(
        files={row["name"]: row["content"] for row in rows},
        once=frozenset(row["name"] for row in rows if row["once"]),
        restart=params["restart_policy"], patience=params["restart_patience"], prompts=Prompts(params["prompts"]),
    )
    return _result(module, Transaction(desired).run(dry=module.check_mode))


def _problems(params: Mapping[str, Any], rows: list[dict[str, Any]]) -> Iterator[str]:
    names = [row["name"] for row in rows]
    for name in names:
        if not NAME.fullmatch(name):
            yield f"files: {name!r} must be a file name that ends in .conf or .json, without a folder."
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"files: {name} is given twice."
    if params["state"] == "present" and not rows:
        yield "files: there must be at least one; to remove the configuration, set state to absent."
    if not 0 <= params["restart_patience"] <= 86400:
        yield f"restart_patience must be from 0 to 86400 seconds, not {params['restart_patience']}."


def _result(module: Module, outcome: Outcome) -> dict[str, Any]:
    if outcome.pending:
        module.warn(
            f"Asterisk must be restarted to apply this configuration: {'; '.join(outcome.pending)}."
            " A later run restarts it, as restart_policy says.")
    if outcome.unchecked:
        missing = ", ".join(outcome.unchecked)
        module.warn(f"The configuration was not checked, as these files do not exist yet: {missing}.")
    return {
        "changed": bool(outcome.changes), "changes": [{"note": "", **row} for row in outcome.changes],
        "reloaded": outcome.reloaded, "restart_pending": outcome.pending, **_diff(module, outcome.changes),
        # The options would be the whole configuration once more.
        "invocation": {},
    }


def _diff(module: Module, changes: list[dict[str, str]]) -> dict[str, Any]:
    """Return what `--diff` shows, if it is on."""
    # pylint: disable-next=protected-access
    return {"diff": [{"prepared": row["diff"]} for row in changes if row.get("diff")]} if module._diff else {}


def _remove(module: Module) -> dict[str, Any]:
    store = ConfigStore()
    current = store.read()
    if current.files and not module.check_mode:
        with store.locked():
            store.clear()
    diff = redact.Differ(current.all, {})
    changes = [
        {"action": "remove", "what": f"file {store.root}/{name}", "note": "",
         "diff": diff(f"{store.root}/{name}", text, "")}
        for name, text in current.files.items()
    ]
    return {
        "changed": bool(current.files), "reloaded": [], "restart_pending": [], "changes": changes,
        "kept": sorted(current.local), "kept_in": f"{store.root}/{LOCAL}", **_diff(module, changes),
    }
