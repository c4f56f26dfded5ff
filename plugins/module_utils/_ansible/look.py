# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read a host's state in one call: its release, the versions of packages, and what read-only commands print."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from typing import Any, Mapping, Sequence, TypedDict

from .._core.errors import TrunklineError

#: The options that say what to read.
LOOK = {
    "packages": {"type": "list", "elements": "str", "default": []},
    "commands": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "name": {"type": "str", "required": True},
            "argv": {"type": "list", "elements": "str", "required": True},
            "format": {"type": "str", "choices": ["deb", "rpm"]},
        },
    },
}
# The first of these files that exists counts (os-release(5)).
RELEASE = ("/etc/os-release", "/usr/lib/os-release")
#: IDs of systems whose packages are rpm's: Red Hat's family names one of these in ID or ID_LIKE.
RPM = frozenset({"rhel", "fedora"})
# Debian Policy 5.6.7. Red Hat's names may have more, and none of those is asked for.
PACKAGE = re.compile(r"[a-z0-9][a-z0-9+.-]+")
COMMAND_SECONDS = 30


class Result(TypedDict):
    """The exit code of a command, and its output."""

    rc: int
    stdout: str
    stderr: str


def problems_of_look(params: Mapping[str, Any]) -> list[str]:
    """Validate the options of :data:`LOOK`: return a sentence for each problem, beginning with the option's path."""
    found = [
        f"packages[{index}] must be the name of a package, not {name!r}."
        for index, name in enumerate(params["packages"]) if not PACKAGE.fullmatch(name)]
    first: dict[tuple[str, str | None], int] = {}
    for index, row in enumerate(params["commands"]):
        if not row["argv"] or not row["argv"][0]:
            found.append(f"commands[{index}].argv must begin with a program.")
        elif any("\0" in word for word in row["argv"]):
            found.append(f"commands[{index}].argv must not hold a null character.")
        name = row["name"], row.get("format")
        if name in first:
            twin = f"commands[{first[name]}], {row['name']!r}"
            found.append(f"commands[{index}] has the name of {twin}: give each a name of its own.")
        first.setdefault(name, index)
    return found


def release(paths: Sequence[str] = RELEASE) -> dict[str, str]:
    """Return the settings of os-release, names in lower case, values unquoted; {} where there is no such file."""
    for path in paths:
        try:
            with open(path, encoding="utf-8") as file:
                lines = file.read().splitlines()
        except FileNotFoundError:
            continue
        pairs = (line.partition("=") for line in lines if "=" in line and not line.lstrip().startswith("#"))
        return {name.strip().lower(): "".join(shlex.split(value)[:1]) for name, _is, value in pairs}
    return {}


def command(argv: Sequence[str]) -> Result:
    """Run a command and return its exit code and output. The code is 127 where there is no such program, as in a shell.

    :raises TrunklineError: the command has not ended after :data:`COMMAND_SECONDS` seconds.
    """
    try:
        # A module has run_command() for this, without a limit of time.
        done = subprocess.run(  # pylint: disable=ansible-bad-function
            argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False,
            timeout=COMMAND_SECONDS, env={**os.environ, "LC_ALL": "C.UTF-8"})
    except OSError as error:
        return {"rc": 127, "stdout": "", "stderr": f"{argv[0]}: {error.strerror}"}
    except subprocess.TimeoutExpired:
        raise TrunklineError(f"{shlex.join(argv)} has not ended after {COMMAND_SECONDS} s.") from None
    return {"rc": done.returncode, "stdout": done.stdout, "stderr": done.stderr}


def package_format(found: Mapping[str, str]) -> str:
    """Return what the packages of a system are, deb or rpm, by its os-release."""
    return "rpm" if RPM & {found.get("id", ""), *found.get("id_like", "").split()} else "deb"


def packages(names: Sequence[str], form: str = "deb") -> dict[str, str]:
    """Return the versions of the installed packages among `names`, by name."""
    if not names:
        return {}
    if form == "rpm":
        # Of a package that is not there rpm prints a sentence.
        lines = command(["rpm", "--query", "--queryformat", "%{NAME} installed %{EVR}\\n", *names])["stdout"]
    else:
        lines = command(
            ["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status} ${Version}\\n", *names])["stdout"]
    rows = (line.split(" ") for line in lines.splitlines())
    return {row[0]: row[2] for row in rows if len(row) == 3 and row[1] == "installed"}


def look(params: Mapping[str, Any]) -> dict[str, Any]:
    """Read what the options of :data:`LOOK` name, the release, and what the system's packages are."""
    found = release()
    form = package_format(found)
    return {
        "release": found,
        "format": form,
        "packages": packages(params["packages"], form),
        "commands": {
            row["name"]: command(row["argv"]) for row in params["commands"] if row.get("format") in (None, form)},
    }
