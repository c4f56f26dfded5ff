# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module host_files: the files of a host become what they should be, and what else a role asks of that host is told."""

from __future__ import annotations

import os
import re
import shlex
from typing import Iterator, List, Mapping, Optional

from .._asterisk.host.files import REMOVE, Change, File, Seen, apply, plan, validate
from .._core.errors import InvalidInput, TrunklineError
from .look import LOOK, look, problems_of_look
from .module import Module

_FILE = {
    "path": {"type": "str", "required": True},
    "mode": {"type": "str", "default": "0644"},
    "validate": {"type": "str", "default": ""},
    "marker": {"type": "str", "default": ""},
}


def _rows(**more) -> dict:
    return {"type": "list", "elements": "dict", "default": [], "options": {**_FILE, **more}}


#: What the module takes.
ARGUMENT_SPEC = {
    "files": _rows(content={"type": "str", "required": True}),
    "absent": {"type": "list", "elements": "str", "default": []},
    **LOOK,
}
#: What its action takes on the controller, and makes `files` of.
RENDERED = {
    "templates": _rows(src={"type": "str", "required": True}),
    "variables": {"type": "dict", "default": {}},
}
MODE = re.compile("0[0-7]{3}")


def problems(params: Mapping) -> List[str]:
    """What is wrong with the options, a sentence each, beginning with the option."""
    found = [problem for index, row in enumerate(params["files"]) for problem in _wrong_file(f"files[{index}]", row)]
    found += [f"absent[{index}] must be an absolute path, not {path!r}."
              for index, path in enumerate(params["absent"]) if not _is_absolute(path)]
    paths = [row["path"] for row in params["files"]] + params["absent"]
    twice = sorted({path for path in paths if paths.count(path) > 1})
    found += [f"{path} is named twice in files and absent." for path in twice]
    return found + problems_of_look(params)


def _wrong_file(where: str, row: Mapping) -> Iterator[str]:
    if not _is_absolute(row["path"]):
        yield f"{where}.path must be an absolute path, not {row['path']!r}."
    if not MODE.fullmatch(row["mode"]):
        yield f"{where}.mode must be four octal digits in quotes, such as \"0644\", not {row['mode']!r}."
    if row["validate"] and "%s" not in _words(row["validate"]):
        yield f"{where}.validate must be a command with the word %s, which becomes a path, not {row['validate']!r}."


def _is_absolute(path: str) -> bool:
    return os.path.isabs(path) and "\0" not in path


def _words(command: str) -> List[str]:
    try:
        return shlex.split(command)
    except ValueError:      # a quote that is not closed
        return []


def run(params: Mapping, dry: bool) -> dict:
    """Check the options, change what differs unless `dry`, look, and return the module's result."""
    found = problems(params)
    if found:
        raise InvalidInput(found)
    due = plan([
        File(row["path"], row["content"], int(row["mode"], 8), row["validate"], row["marker"])
        for row in params["files"]
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


def _diff(change: Change) -> dict:
    file = change.file
    after = None if file is None else Seen(file.content.encode(), file.mode, (0, 0))
    only_attributes = change.before and after and change.before.content == after.content
    shown = _attributes if only_attributes else _content
    return {
        "before_header": change.path, "before": shown(change.before),
        "after_header": change.path, "after": shown(after),
    }


def _content(seen: Optional[Seen]) -> str:
    return (seen.content or b"").decode(errors="replace") if seen else ""


def _attributes(seen: Seen) -> str:
    return f"owner {seen.owner[0]}, group {seen.owner[1]}, mode {seen.mode:04o}\n"


def main() -> None:
    """Run the module. This does not return: it exits as Ansible modules do."""
    module = Module(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    try:
        result = run(module.params, module.check_mode)
    except TrunklineError as error:
        module.fail_json(msg=str(error), **error.details)
    module.exit_json(**result)
