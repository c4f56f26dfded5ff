# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The changes that tasks made, in the form in which roles publish them: rows of `action`, `what` and perhaps `note`."""

from __future__ import annotations

from typing import Any, Iterable, Iterator, Mapping

ADD, CHANGE, REMOVE = "add", "change", "remove"


def of_results(results: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return a row for each change that tasks made: those that they report, removed files, stopped services.

    :param results: what tasks registered; of a loop, every item counts. A skipped task has no row.
    """
    return [row for result in results for one in result.get("results") or [result] for row in _rows(one)]


def _rows(result: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    if not result.get("changed"):
        return
    if "changes" in result:
        yield from result["changes"]
    elif result.get("state") == "absent" and "path" in result:
        yield {"action": REMOVE, "what": f"file {result['path']}"}
    elif "name" in result and "status" in result:
        yield {"action": CHANGE, "what": f"service {result['name']}", "note": "stop, also at boot"}
