# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What n8n_flows and the PBXs' pbx_n8n of the same inventory contradict each other in. Each of it sends calls to
`otherwise` of the PBX, which a run of neither side would notice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from .workflows import webhook_path


def disagreements(rows: Sequence[Mapping[str, Any]], routes: Sequence[Any]) -> Iterator[str]:
    """Yield a sentence for each contradiction.

    :param rows: complete rows of n8n_flows. :param routes: the rows of pbx_n8n of all PBXs, as they were typed.
    """
    known = [route for route in routes if isinstance(route, Mapping)]
    for index, row in enumerate(rows):
        place, path = f"n8n_flows[{index}]", webhook_path(row)
        asking = [route for route in known if _leads_to(route.get("url"), path)]
        telling = [route for route in known if _leads_to(route.get("events_url"), path)]
        if not asking and not telling:
            yield (f"{place} answers at /webhook/{path}, where no url and no events_url of pbx_n8n leads: no PBX of"
                   " this inventory will call it.")
        for route in {id(one): one for one in [*asking, *telling]}.values():
            if row["token"] not in (route.get("token"), route.get("previous_token")):
                yield (f"{place}.token is neither token nor previous_token of {route.get('name')} in pbx_n8n: n8n will"
                       " refuse what the PBX sends.")
        for route in asking:
            given = route.get("allow")
            allowed = [_named(one) for one in given] if isinstance(given, list) else []
            for where, to in _destinations(place, row):
                if _named(to) not in allowed:
                    yield (f"{where} is {_named(to)}, which is not in allow of {route.get('name')} in pbx_n8n: such"
                           " calls go to its otherwise.")


def _leads_to(url: Any, path: str) -> bool:
    try:
        return isinstance(url, str) and urlsplit(url).path.endswith(f"/webhook/{path}")
    except ValueError:
        return False


def _destinations(place: str, row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the destinations that a row names, and where each stands; of a workflow of the user's own none is known."""
    routes = (row["crm"] or {}).get("routes") or []
    for option, rules in (("callers", row["callers"]), ("crm.routes", routes), ("hours", row["hours"])):
        for index, rule in enumerate(rules):
            yield f"{place}.{option}[{index}].to", rule["to"]
    if row["otherwise"] is not None:
        yield f"{place}.otherwise", row["otherwise"]


def _named(destination: Any) -> str:
    if not isinstance(destination, Mapping):
        return str(destination)
    return ", ".join(f"{kind} {name}" for kind, name in destination.items() if name not in (None, ""))
