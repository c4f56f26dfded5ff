# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of module asterisk_config: options in, the transaction, what it changed out, with every secret hidden."""

from __future__ import annotations

import re

from .._asterisk.config import redact
from .._asterisk.config.scratch import ScratchFailed
from .._asterisk.config.service import LiveFailed
from .._asterisk.config.store import LOCAL, ConfigStore
from .._asterisk.config.transaction import (
    NOW,
    REPORT,
    WHEN_IDLE,
    Desired,
    Outcome,
    PutBack,
    Refused,
    Transaction,
)
from .module import Module

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\.(conf|json)")


def options() -> dict:
    """The argument spec."""
    def rows(no_log):
        return {
            "type": "list", "elements": "dict", "default": [],
            "options": {
                "name": {"type": "str", "required": True},
                "content": {"type": "str", "required": True, "no_log": no_log},
                "once": {"type": "bool", "default": False},
            },
        }

    return {
        "files": rows(False),
        "secret_files": rows(True),
        "restart_policy": {"type": "str", "choices": [NOW, WHEN_IDLE, REPORT], "default": WHEN_IDLE},
        "restart_patience": {"type": "int", "default": 60},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    }


def main() -> None:
    """The whole module."""
    module = Module(argument_spec=options(), supports_check_mode=True)
    rows = module.params["files"] + module.params["secret_files"]
    wrong = list(_wrong(module.params, rows))
    if wrong:
        module.fail_json(" ".join(wrong))
    if module.params["state"] == "absent":
        _remove(module)
    desired = Desired(
        files={row["name"]: row["content"] for row in rows},
        once=frozenset(row["name"] for row in rows if row["once"]),
        restart=module.params["restart_policy"], patience=module.params["restart_patience"],
    )
    try:
        outcome = Transaction(desired).run(dry=module.check_mode)
    except Refused as error:
        told = f"The configuration cannot be right, and nothing was changed. {error}"
        module.fail_json(told, problems=error.sentences)
    except PutBack as error:
        module.fail_json(str(error))
    except LiveFailed as error:
        module.fail_json(f"Asterisk: {error}. Nothing was changed.")
    except ScratchFailed as error:
        module.fail_json(
            "The configuration could not be checked, and nothing was changed: a scratch Asterisk is started in a"
            f" network namespace of its own, and {error}.")
    _report(module, outcome)


def _wrong(params: dict, rows: list):
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


def _report(module: Module, outcome: Outcome) -> None:
    if outcome.pending:
        module.warn(
            f"Asterisk must be restarted to take this configuration up: {'; '.join(outcome.pending)}."
            " A later run does it, as restart_policy says.")
    if outcome.unchecked:
        module.warn(f"The configuration was not checked, as these are not there yet: {', '.join(outcome.unchecked)}.")
    # The options would be the whole configuration once more, on its way back.
    module.exit_json(
        invocation={}, changed=bool(outcome.changes), changes=[{"note": "", **row} for row in outcome.changes],
        reloaded=outcome.reloaded, restart_pending=outcome.pending, **_diff(module, outcome.changes))


def _diff(module: Module, changes: list) -> dict:
    """What `--diff` shows, where it was asked for."""
    # pylint: disable-next=protected-access
    return {"diff": [{"prepared": row["diff"]} for row in changes if row.get("diff")]} if module._diff else {}


def _remove(module: Module) -> None:
    store = ConfigStore()
    current = store.look()
    if current.files and not module.check_mode:
        with store.locked():
            store.clear()
    diff = redact.Differ(current.all, {})
    changes = [
        {"action": "remove", "what": f"file {store.root}/{name}", "note": "",
         "diff": diff(f"{store.root}/{name}", text, "")}
        for name, text in current.files.items()
    ]
    module.exit_json(
        changed=bool(current.files), reloaded=[], restart_pending=[], changes=changes,
        kept=sorted(current.local), kept_in=f"{store.root}/{LOCAL}", **_diff(module, changes))
