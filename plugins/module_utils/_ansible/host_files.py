# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module host_files: converge a host's files, and read its state in the same call."""

from __future__ import annotations

import os
import re
import shlex
from typing import Any, Iterator, Mapping

from .._asterisk.host.files import REMOVE, Change, File, FileState, apply, plan, validate
from .._core.errors import InvalidInput
from .look import LOOK, look, package_format, problems_of_look, release
from .module import run

_FILE = {
    "path": {"type": "str", "required": True},
    "mode": {"type": "str", "default": "0644"},
    "validate": {"type": "str", "default": ""},
    "marker": {"type": "str", "default": ""},
    "format": {"type": "str", "choices": ["deb", "rpm"]},
}


def _rows(**more: Any) -> dict[str, Any]:
    return {"type": "list", "elements": "dict", "default": [], "options": {**_FILE, **more}}


ARGUMENT_SPEC = {
    "files": _rows(content={"type": "str", "required": True}),
    "absent": {"type": "list", "elements": "str", "default": []},
    **LOOK,
}
#: Options of the action plugin on the controller, which renders these templates into `files`.
RENDERED = {
    "templates": _rows(src={"type": "str", "required": True}),
    "variables": {"type": "dict", "default": {}},
}
MODE = re.compile("0[0-7]{3}")


def problems(params: Mapping[str, Any]) -> list[str]:
    """Validate the options: return a sentence for each problem, beginning with the option's path."""
    found = [problem for index, row in enumerate(params["files"]) for problem in _wrong_file(f"files[{index}]", row)]
    found += [f"absent[{index}] must be an absolute path, not {path!r}."
              for index, path in enumerate(params["absent"]) if not _is_absolute(path)]
    paths = [row["path"] for row in params["files"]] + params["absent"]
    twice = sorted({path for path in paths if paths.count(path) > 1})
    found += [f"{path} is named twice in files and absent." for path in twice]
    return found + problems_of_look(params)


def _wrong_file(where: str, row: Mapping[str, Any]) -> Iterator[str]:
    if not _is_absolute(row["path"]):
        yield f"{where}.path must be an absolute path, not {row['path']!r}."
    if not MODE.fullmatch(row["mode"]):
        yield f"{where}.mode must be four octal digits in quotes, such as \"0644\", not {row['mode']!r}."
    if row["validate"] and "%s" not in _words(row["validate"]):
        yield f"{where}.validate must be a command with the word %s, which becomes a path, not {row['validate']!r}."


def _is_absolute(path: str) -> bool:
    return os.path.isabs(path) and "\0" not in path


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:      # a quote that is not closed
        return []


def converge(params: Mapping[str, Any], dry: bool) -> dict[str, Any]:
    """Validate the options, change the files that differ unless `dry`, read the host's state, and return the result."""
    found = problems(params)
    if found:
        raise InvalidInput(found)
    form = package_format(release())
    due = plan([
        File(row["path"], row["content"], int(row["mode"], 8), row["validate"], row["marker"])
        for row in params["files"] if row.get("format") in (None, form)
    ], params["absent"])
    validate(due.changes, dry)
    if not dry:
        apply(due.changes)
    return {
        "changed": bool(due.changes),
        "changes": [{"action": change.action, "what": f"file {change.path}"} for change in due.changes],
        "written": [change.path for change in due.changes if change.action != REMOVE],
        "removed": [change.path for change in due.changes if change.action == REMOVE],
        "foreign": due.foreign,
        "diff": [_diff(change) for change in due.changes],
        **look(params),
    }


def _diff(change: Change) -> dict[str, str]:
    before, after = change.before, None if change.file is None else change.file.state
    if before and after and before.content == after.content:
        texts = _attributes(before), _attributes(after)
    else:
        texts = _content(before), _content(after)
    return {"before_header": change.path, "before": texts[0], "after_header": change.path, "after": texts[1]}


def _content(state: FileState | None) -> str:
    return (state.content or b"").decode(errors="replace") if state else ""


def _attributes(state: FileState) -> str:
    return f"owner {state.owner[0]}, group {state.owner[1]}, mode {state.mode:04o}\n"


def main() -> None:
    """Run the module. This does not return: it exits as Ansible modules do."""
    run({**ARGUMENT_SPEC, **RENDERED}, lambda module: converge(module.params, module.check_mode))
