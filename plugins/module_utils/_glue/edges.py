# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an inventory says of edges and of SIP's timers, checked.

Source of the names: https://www.twilio.com/docs/global-infrastructure/localized-uris/termination
"""

from __future__ import annotations

from typing import Iterator, List, Mapping, Sequence

AUTO = "auto"
PUBLIC = ("ashburn", "umatilla", "dublin", "frankfurt", "singapore", "tokyo", "sao-paulo", "sydney")
#: Those of Twilio Interconnect, which no PBX reaches without a line of its own to Twilio.
INTERCONNECT = (
    "ashburn-ix", "san-jose-ix", "london-ix", "frankfurt-ix", "singapore-ix", "tokyo-ix", "sydney-ix", "sao-paulo-ix")

# Asterisk 22, res/res_pjsip/config_system.c: TIMER_T1_MIN, and the least that it accepts for B.
LEAST_T1, MOST_T1, T1S_IN_B = 100, 4000, 64


def problems(declared: Mapping) -> Iterator[str]:
    """A sentence for each thing that cannot be right, beginning with its variable."""
    trunks = declared["trunkline_trunks"]
    for index, trunk in enumerate(trunks):
        yield from _of_trunk(f"trunkline_trunks[{index}]", trunk)
    yield from _endpoints_of_one_name(trunks)
    yield from _timers(declared.get("pbx_timer_t1"), declared.get("pbx_timer_b"))


def _of_trunk(where: str, trunk: Mapping) -> Iterator[str]:
    edges = trunk.get("edges")
    if edges is None:
        return
    if not edges:
        yield f"{where}.edges is empty: name edges, or auto, or leave it out to call the trunk's own domain."
    yield from wrong_names(f"{where}.edges", edges)
    if trunk.get("termination"):
        yield f"{where}.termination cannot be given beside edges, which say where calls are sent."


def wrong_names(where: str, edges: Sequence[str]) -> Iterator[str]:
    """A sentence for each name that is none, beginning with `where`."""
    for place, edge in enumerate(edges):
        if edge in edges[:place]:
            yield f"{where}[{place}] repeats {edge}."
        elif edge == AUTO and len(edges) > 1:
            yield f"{where} must be auto alone, or names of edges."
        elif edge not in (AUTO, *PUBLIC, *INTERCONNECT):
            yield f"{where}[{place}] must be auto or one of {', '.join(PUBLIC + INTERCONNECT)}, not {edge!r}."


def _endpoints_of_one_name(trunks: Sequence[Mapping]) -> Iterator[str]:
    """Trunk `a` at edge `dublin` and trunk `a-dublin` would be one endpoint."""
    first: dict = {}
    for index, trunk in enumerate(trunks):
        for name in endpoints("twilio-" + trunk["domain"].partition(".")[0].lower(), trunk.get("edges") or ()):
            if first.setdefault(name, index) != index:
                yield (
                    f"trunkline_trunks[{index}].domain and trunkline_trunks[{first[name]}].domain would both make"
                    f" endpoint {name} of their edges."
                )


def endpoints(name: str, edges: Sequence[str]) -> List[str]:
    """The names of the PJSIP endpoints that role pbx makes of a trunk, an edge each; `auto` is all public ones.

    :param name: the endpoint of a trunk without edges.
    """
    named = PUBLIC if list(edges) == [AUTO] else dict.fromkeys(edges)
    return [f"{name}-{edge}" for edge in named] or [name]


def _timers(t1, b) -> Iterator[str]:
    if t1 is not None and not LEAST_T1 <= t1 <= MOST_T1:
        yield f"pbx_timer_t1 must be from {LEAST_T1} to {MOST_T1} milliseconds, not {t1}."
    elif b is not None and t1 is None:
        yield "pbx_timer_b needs pbx_timer_t1 beside it: it must be at least 64 times that."
    elif b is not None and not T1S_IN_B * t1 <= b <= T1S_IN_B * MOST_T1:
        yield (
            f"pbx_timer_b must be at least 64 times pbx_timer_t1, {T1S_IN_B * t1} milliseconds, and at most"
            f" {T1S_IN_B * MOST_T1}, not {b}."
        )
