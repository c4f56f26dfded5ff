# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One look at what a role wants to know of a host beside files, for the modules that make something there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from typing import Dict, List, Mapping, Sequence

from .._core.errors import TrunklineError

#: Options for what a look tells.
LOOK = {
    "packages": {"type": "list", "elements": "str", "default": []},
    "commands": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "name": {"type": "str", "required": True},
            "argv": {"type": "list", "elements": "str", "required": True},
        },
    },
}
# Where a system says what it is, the first that is there (os-release(5)).
RELEASE = ("/etc/os-release", "/usr/lib/os-release")
# Debian Policy 5.6.7.
PACKAGE = re.compile(r"[a-z0-9][a-z0-9+.-]+")
PATIENCE = 30  # seconds


def problems_of_look(params: Mapping) -> List[str]:
    """What is wrong with the options of :data:`LOOK`, a sentence each, beginning with the option."""
    found = [f"packages[{index}] must be the name of a Debian package, not {name!r}."
              for index, name in enumerate(params["packages"]) if not PACKAGE.fullmatch(name)]
    first: dict = {}
    for index, row in enumerate(params["commands"]):
        if not row["argv"] or not row["argv"][0]:
            found.append(f"commands[{index}].argv must begin with a program.")
        elif any("\0" in word for word in row["argv"]):
            found.append(f"commands[{index}].argv must not hold a null character.")
        if row["name"] in first:
            twin = f"commands[{first[row['name']]}], {row['name']!r}"
            found.append(f"commands[{index}] has the name of {twin}: give each a name of its own.")
        first.setdefault(row["name"], index)
    return found


def release(paths: Sequence[str] = RELEASE) -> Dict[str, str]:
    """What os-release says, in lower case, values without their quotes; {} where there is none."""
    for path in paths:
        try:
            with open(path, encoding="utf-8") as file:
                lines = file.read().splitlines()
        except FileNotFoundError:
            continue
        pairs = (line.partition("=") for line in lines if "=" in line and not line.lstrip().startswith("#"))
        return {name.strip().lower(): "".join(shlex.split(value)[:1]) for name, _is, value in pairs}
    return {}


def command(argv: Sequence[str]) -> dict:
    """What a command printed, and what it ended with: 127 where there is no such program, as a shell would say.

    :raises TrunklineError: it has not ended after :data:`PATIENCE` seconds.
    """
    try:
        done = subprocess.run(
            argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False,
            timeout=PATIENCE, env={**os.environ, "LC_ALL": "C.UTF-8"})
    except OSError as error:
        return {"rc": 127, "stdout": "", "stderr": f"{argv[0]}: {error.strerror}"}
    except subprocess.TimeoutExpired:
        raise TrunklineError(f"{shlex.join(argv)} has not ended after {PATIENCE} s.") from None
    return {"rc": done.returncode, "stdout": done.stdout, "stderr": done.stderr}


def packages(names: Sequence[str]) -> Dict[str, str]:
    """The versions of those packages that are installed, by name."""
    if not names:
        return {}
    form = "--showformat=${Package} ${db:Status-Status} ${Version}\\n"
    lines = command(["dpkg-query", "--show", form, *names])["stdout"].splitlines()
    rows = (line.split(" ") for line in lines)
    return {row[0]: row[2] for row in rows if len(row) == 3 and row[1] == "installed"}


def look(params: Mapping) -> dict:
    """What the options of :data:`LOOK` ask for, and the release."""
    return {
        "release": release(),
        "packages": packages(params["packages"]),
        "commands": {row["name"]: command(row["argv"]) for row in params["commands"]},
    }
