# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The systems that role asterisk knows, rows of data, and the row of a host."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

Row = Mapping[str, Any]
#: What may stand in a row, and what has to.
COLUMNS = {"name", "id", "codename", "version", "architecture", "package", "install", "build", "tried", "warning"}
NEEDED = {"name", "id", "install", "tried"}


def row_of(platforms: Sequence[Row], release: Mapping[str, str], architecture: str) -> Row | None:
    """Return the row of a host, None where no row fits.

    :param release: what os-release(5) says, the names in lower case.
    :param architecture: in dpkg's words; "" on a host without dpkg.
    """
    for row in platforms:
        if row["id"] != release.get("id") or row.get("architecture", architecture) != architecture:
            continue
        if "codename" in row:
            fits = row["codename"] == release.get("version_codename")
        else:
            fits = f"{release.get('version_id', '')}.".startswith(f"{row['version']}.")
        if fits:
            return row
    return None


def supported(platforms: Sequence[Row]) -> str:
    """Name the systems that are proven, as a sentence lists them."""
    return ", ".join(row["name"] for row in platforms if row["tried"])


def state(row: Row) -> str:
    """Return the word of the tables: proven or prepared."""
    return "proven" if row["tried"] else "prepared, untried"
