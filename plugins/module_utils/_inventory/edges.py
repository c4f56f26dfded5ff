# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twilio's edges and SIP's timers: validate the declared ones, and derive others from a probe of the edges."""

from __future__ import annotations

from typing import Any, Iterator, Sequence

from .._twilio.edges import INTERCONNECT, PUBLIC
from .options import Values
from .trunks import trunk_id

AUTO = "auto"

# Asterisk 22, res/res_pjsip/config_system.c: TIMER_T1_MIN, and the least that it accepts for B.
MIN_T1, MAX_T1, T1S_IN_B = 100, 4000, 64


def problems(declared: Values) -> Iterator[str]:
    """Yield a sentence for everything that cannot be right. Each begins with its variable."""
    trunks = declared["trunkline_trunks"]
    for index, trunk in enumerate(trunks):
        yield from _of_trunk(f"trunkline_trunks[{index}]", trunk)
    yield from _endpoints_of_one_name(trunks)
    yield from _timers(declared.get("pbx_timer_t1"), declared.get("pbx_timer_b"))


def _of_trunk(where: str, trunk: Values) -> Iterator[str]:
    edges = trunk.get("edges")
    if edges is None:
        return
    if not edges:
        yield f"{where}.edges is empty: name edges, or auto, or leave it out to call the trunk's own domain."
    yield from wrong_names(f"{where}.edges", edges)
    if trunk.get("termination"):
        yield f"{where}.termination cannot be given beside edges, which say where calls are sent."


def wrong_names(where: str, edges: Sequence[str]) -> Iterator[str]:
    """Yield a sentence for each entry that is not the name of an edge, or is there twice. Each begins with `where`."""
    for place, edge in enumerate(edges):
        if edge in edges[:place]:
            yield f"{where}[{place}] repeats {edge}."
        elif edge == AUTO and len(edges) > 1:
            yield f"{where} must be auto alone, or names of edges."
        elif edge not in (AUTO, *PUBLIC, *INTERCONNECT):
            yield f"{where}[{place}] must be auto or one of {', '.join(PUBLIC + INTERCONNECT)}, not {edge!r}."


def _endpoints_of_one_name(trunks: Sequence[Values]) -> Iterator[str]:
    """Yield the trunks that would share an endpoint, as trunk `a` at edge `dublin` and trunk `a-dublin` would."""
    first: dict[str, int] = {}
    for index, trunk in enumerate(trunks):
        for name in endpoints(trunk_id(trunk["domain"]).lower(), trunk.get("edges") or ()):
            if first.setdefault(name, index) != index:
                yield (
                    f"trunkline_trunks[{index}].domain and trunkline_trunks[{first[name]}].domain would both make"
                    f" endpoint {name} of their edges."
                )


def endpoints(name: str, edges: Sequence[str]) -> list[str]:
    """Return the names of a trunk's PJSIP endpoints, one for each edge. `auto` stands for all public edges.

    :param name: the endpoint of a trunk without edges.
    """
    named = PUBLIC if list(edges) == [AUTO] else dict.fromkeys(edges)
    return [f"{name}-{edge}" for edge in named] or [name]


def _timers(t1: int | None, b: int | None) -> Iterator[str]:
    if t1 is None:
        if b is not None:
            yield "pbx_timer_b needs pbx_timer_t1 beside it: it must be at least 64 times that."
    elif not MIN_T1 <= t1 <= MAX_T1:
        yield f"pbx_timer_t1 must be from {MIN_T1} to {MAX_T1} milliseconds, not {t1}."
    elif b is not None and not T1S_IN_B * t1 <= b <= T1S_IN_B * MAX_T1:
        yield (
            f"pbx_timer_b must be at least 64 times pbx_timer_t1, {T1S_IN_B * t1} milliseconds, and at most"
            f" {T1S_IN_B * MAX_T1}, not {b}."
        )


#: By how many milliseconds an edge must be nearer than the edge before it for the two to change places. Round trips
#: over the Internet vary by less, and a new order is a change of the configuration.
MARGIN_MS = 10
#: The values that T1 takes where edges are measured: few of them, because a change restarts Asterisk.
_T1_STEPS, _T1_UNKNOWN = (100, 250, 500), 250


def measured(trunks: Sequence[Values]) -> Values | None:
    """Return the first trunk whose edges are `auto`, or None where no edge has to be probed."""
    return next((trunk for trunk in trunks if trunk["edges"] == [AUTO]), None)


def targets(trunk: Values, transport: str) -> list[dict[str, str]]:
    """Return the targets with which module sip_options measures the edges. The trunk does not matter: all trunks take
    the same way."""
    return [
        {"name": edge, "host": f"pstn.{edge}.twilio.com", "request_host": trunk["domain"], "transport": transport}
        for edge in PUBLIC
    ]


def in_order(trunk: Values, probe: Values) -> list[str]:
    """Return a trunk's edges in the order in which calls try them.

    :param probe: the result of module sip_options, empty where nothing was probed.
    """
    named = list(trunk["edges"] or ())
    return order(probe) if named == [AUTO] else named


def order(probe: Values) -> list[str]:
    """Return the edges from the nearest on, or in Twilio's own order where nothing was probed."""
    return list(probe.get("ranked") or PUBLIC)


def timers(host: Values, probe: Values, memory: Values) -> tuple[int, int]:
    """Return SIP's timers T1 and B in milliseconds.

    T1 is an estimate of the round trip (RFC 3261 17.1.1.2): with a smaller one every INVITE would be repeated. B is how
    long an edge that died unnoticed holds a call, so T1 is no larger than it must be.

    :param host: the host's options. :param memory: `timer_t1` of the run before, or empty.
    """
    t1 = host["pbx_timer_t1"] or measured_t1(probe, memory)
    return t1, host["pbx_timer_b"] or T1S_IN_B * t1


def measured_t1(probe: Values, memory: Values) -> int:
    """Return the least step that is 1.2 times the round trip to the nearest edge, or the step in use where it is within
    the margin of that (hysteresis)."""
    trips = [target["rtt_ms"]["min"] for target in probe.get("targets") or () if target.get("rtt_ms")]
    before: Any = memory.get("timer_t1")
    if not trips:
        return before or _T1_UNKNOWN
    now, cautious = (_step(1.2 * (min(trips) + margin)) for margin in (0, MARGIN_MS))
    return before if before and now <= before <= cautious else now


def _step(least: float) -> int:
    return next((step for step in _T1_STEPS if step >= least), _T1_STEPS[-1])
