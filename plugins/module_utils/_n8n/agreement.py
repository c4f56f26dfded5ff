# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contradictions between n8n_flows and pbx_n8n of the same inventory, which send calls to `otherwise` of the PBX."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from .workflows import webhook_path


def disagreements(rows: Sequence[Mapping[str, Any]], routes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a sentence for each contradiction; none shows a token.

    :param rows: the rows of n8n_flows. :param routes: the rows of pbx_n8n of all PBXs. Both have a value for each
        option, or None.
    """
    for index, row in enumerate(rows):
        place, path = f"n8n_flows[{index}]", webhook_path(row)
        asking = [route for route in routes if _leads_to(route["url"], path)]
        telling = [route for route in routes if _leads_to(route["events_url"], path)]
        if not asking and not telling:
            yield (f"{place} answers at /webhook/{path}, where no url and no events_url of pbx_n8n leads: no PBX of"
                   " this inventory will call it.")
        for route in (one for one in routes if one in asking or one in telling):
            if row["token"] not in (route["token"], route["previous_token"]):
                yield (f"{place}.token is neither token nor previous_token of {route['name']} in pbx_n8n: n8n will"
                       " refuse what the PBX sends.")
        for route in asking:
            allowed = [_named(one) for one in route["allow"]]
            for where, to in _destinations(place, row):
                if _named(to) not in allowed:
                    yield (f"{where} is {_named(to)}, which is not in allow of {route['name']} in pbx_n8n: such calls"
                           " go to its otherwise.")


def _leads_to(url: str | None, path: str) -> bool:
    try:
        return urlsplit(url or "").path.endswith(f"/webhook/{path}")
    except ValueError:
        return False


def _destinations(place: str, row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the destinations that a row names, and where each stands; of a workflow of the user's own none is known."""
    routes = row["crm"]["routes"] if row["crm"] else []
    for option, rules in (("callers", row["callers"]), ("crm.routes", routes), ("hours", row["hours"])):
        for index, rule in enumerate(rules):
            yield f"{place}.{option}[{index}].to", rule["to"]
    if row["otherwise"] is not None:
        yield f"{place}.otherwise", row["otherwise"]


def _named(destination: Mapping[str, Any]) -> str:
    return ", ".join(f"{kind} {name}" for kind, name in destination.items() if name not in (None, ""))
