# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bring the tables of Asterisk's releases and advisories up to date, from a clone of upstream's repository.

    list_asterisk_releases.py CLONE

CLONE is a clone of github.com/asterisk/asterisk with its tags; the network is not asked. A release's date is its
tag's. Which advisories it resolves stands in its change log. What people wrote into the tables stays: the series, CVE
numbers, modules, what Debian fixed, and releases that the clone does not have. A new advisory has no module yet: look
into its page, and write what it concerns.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

TABLE = Path(__file__).parents[1] / "roles/asterisk_build/vars/releases.yml"
SERIES = ("18", "20", "21", "22", "23", "24")
RELEASE = re.compile(rf"({'|'.join(SERIES)})\.\d+\.\d+")
_RESOLVED = re.compile(r"^  - \[(GHSA-[-0-9a-z]+)\]", re.M)
PAGES = "https://github.com/asterisk/asterisk/security/advisories"


def numbers(version: str) -> tuple[int, ...]:
    """Return a version as numbers that can be compared."""
    return tuple(int(part) for part in version.split("."))


def released(clone: Path) -> dict[str, str]:
    """Return the date of each release."""
    lines = _git(clone, "for-each-ref", "--format=%(refname:short) %(creatordate:short)", "refs/tags").splitlines()
    rows = (line.split() for line in lines)
    return {row[0]: row[1] for row in rows if RELEASE.fullmatch(row[0])}


def resolved(clone: Path, versions: list[str]) -> dict[str, dict[str, str]]:
    """Return the first release of each series that resolves an advisory, by advisory."""
    found: dict[str, dict[str, str]] = {}
    for version in sorted(versions, key=numbers):
        try:
            text = _git(clone, "show", f"{version}:ChangeLogs/ChangeLog-{version}.md")
        except subprocess.CalledProcessError:     # releases before mid-2023 have none
            continue
        for advisory in _RESOLVED.findall(text):
            found.setdefault(advisory, {}).setdefault(version.split(".", maxsplit=1)[0], version)
    return found


def updated(table: dict[str, Any], dates: dict[str, str], fixes: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Return the table with the releases and advisories of a clone."""
    releases = {**table["releases"], **dates}
    rows = {row["id"]: row for row in table["advisories"]}
    for advisory, fixed in fixes.items():
        row = rows.get(advisory, {"id": advisory, "modules": []})
        rows[advisory] = {**row, "fixed": {**row.get("fixed", {}), **fixed}}
    return {
        "series": table["series"],
        "until": max(table["until"], *dates.values()),
        "read": max(table["read"], *dates.values()),
        "releases": {version: releases[version] for version in sorted(releases, key=numbers)},
        "advisories": sorted(rows.values(), key=lambda row: (sorted(row["fixed"].items()), row["id"]), reverse=True),
    }


def written(table: dict[str, Any]) -> str:
    """Return the table as YAML, a line for each release and a few for each advisory."""
    lines = ["  series:"]
    lines += [f'    "{name}": {_flow(row)}' for name, row in table["series"].items()]
    lines += [f'  until: "{table["until"]}"', f'  read: "{table["read"]}"', "  releases:"]
    lines += [f'    "{version}": "{date}"' for version, date in table["releases"].items()]
    lines += ["  advisories:"]
    for row in table["advisories"]:
        lines += [f"    - id: {row['id']}"]
        lines += [f"      {name}: {_flow(row[name])}" for name in ("cve", "modules", "fixed", "debian") if name in row]
    return "\n".join(lines) + "\n"


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}": {_flow(one)}' if str(key).isdigit() else f"{key}: {_flow(one)}"
                               for key, one in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(value)}]"
    return f'"{value}"' if re.match(r"[\d]", str(value)) else str(value)


def _git(clone: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", str(clone), *words], capture_output=True, text=True, check=True).stdout


def main(arguments: list[str]) -> int:
    """Rewrite the table below its opening comment."""
    if len(arguments) != 1:
        sys.stderr.write("Give the path of a clone of github.com/asterisk/asterisk.\n")
        return 2
    text = TABLE.read_text(encoding="utf-8")
    head, name, dummy = text.partition("__asterisk_build_releases:\n")
    table = yaml.safe_load(text)["__asterisk_build_releases"]
    dates = released(Path(arguments[0]))
    TABLE.write_text(head + name + written(updated(table, dates, resolved(Path(arguments[0]), list(dates)))),
                     encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
