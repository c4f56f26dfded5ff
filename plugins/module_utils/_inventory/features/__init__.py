# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where calls that come in can go: a feature is one file here, one template, one page of docs/features.

`feature` says what a feature declares and what a destination is. FEATURES names them, and that is all that a new one
needs here: the checks of what destinations lead to, the rows that templates print, the files and modules that Asterisk
needs for it, and what a plan calls its rows are the same for all. The features are `ring_group`, `queue`, `menu`,
`hours`, `announcement`, `conference`, `mailbox`, `mailbox_login`, `n8n` and `outside_number`;
`opening_times`, `pins` and `prompts` are values that they take.
"""

from __future__ import annotations

import graphlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .announcement import ANNOUNCEMENT
from .conference import CONFERENCE
from .feature import NUMBER, Destination, Exit, Feature, context_of, destination
from .hours import HOURS
from .mailbox import MAILBOX
from .mailbox_login import MAILBOX_LOGIN
from .menu import MENU
from .n8n import N8N
from .outside_number import OUTSIDE_NUMBER
from .queue import QUEUE
from .ring_group import RING_GROUP

FEATURES: tuple[Feature, ...] = (
    RING_GROUP, QUEUE, MENU, HOURS, ANNOUNCEMENT, CONFERENCE, MAILBOX, MAILBOX_LOGIN, N8N, OUTSIDE_NUMBER)
#: What a phone does with a call that nobody took: when each happens, and the option that says where the call goes.
PHONE_EXITS = {"busy": "when_busy", "unanswered": "when_unanswered", "absent": "when_absent"}
#: Where a phone's calls go in place of ringing there, and after it.
FORWARDS = ("forward_always", *PHONE_EXITS.values())
_VARIABLES = {"phone": "pbx_phones", **{feature.kind: feature.variable for feature in FEATURES}}


def problems(host: Mapping[str, Any]) -> list[str]:
    """Find what cannot be right in the features of a host and in the destinations that it states.

    :param host: a value for each option of `options.of_pbx`, normalised.
    :returns: sentences that begin with a variable.
    """
    found = [*_wrong_numbers(host), *_wrong_rows(host), *_wrong_destinations(host)]
    return found or list(_circles(host))


def warnings(host: Mapping[str, Any]) -> list[str]:
    """Find the rows of features that no number, phone, speed dial or other feature leads to."""
    graph = dict(_graph(host))
    reached, new = set(), {Destination("number", did["number"]) for did in host["pbx_dids"]}
    new |= {Destination("phone", phone["name"]) for phone in host["pbx_phones"]}
    new |= {Destination("mailbox", phone["mailbox"]) for phone in host["pbx_phones"] if phone["mailbox"]}
    rows = [*host["pbx_blocked_callers"], *host["pbx_speed_dials"]]
    new |= {to for row in rows if (to := destination(row["to"]))}
    while new:
        reached |= new
        new = {to for one in new for to, dummy in graph.get(one, ())} - reached
    return [
        f"{feature.variable}[{index}] {row['name']!r} is reached by no number."
        for feature in FEATURES for index, row in enumerate(host[feature.variable])
        if Destination(feature.kind, row["name"]) not in reached
    ]


def files(host: Mapping[str, Any]) -> list[str]:
    """Return the configuration files that a host has because of its features: each is refused without its module."""
    return [name for feature in FEATURES if host[feature.variable] for name in feature.files]


def secret_files(host: Mapping[str, Any]) -> list[str]:
    """Return the configuration files with secrets that a host has because of its features."""
    return [name for feature in FEATURES if host[feature.variable] for name in feature.secret_files]


def rows(host: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what the templates print: for each feature that has rows its template, its modules and its rows."""
    return [
        {
            "kind": feature.kind,
            "modules": feature.modules,
            "template": feature.template,
            "rows": [
                {
                    "name": row["name"],
                    "source": f"{feature.variable}[{index}]",
                    "context": context_of(feature.kind, row["name"]),
                    **feature.row(row),
                }
                for index, row in enumerate(host[feature.variable])
            ],
        }
        for feature in FEATURES if host[feature.variable]
    ]


def number_destination(did: Mapping[str, Any]) -> Destination | None:
    """Return where the calls to a number go: to its phone, or to what `to` says; None where that is not one place."""
    return Destination("phone", did["phone"]) if did["phone"] else destination(did["to"])


def _wrong_numbers(host: Mapping[str, Any]) -> Iterator[str]:
    for index, did in enumerate(host["pbx_dids"]):
        if did["phone"] and did["to"]:
            yield f"pbx_dids[{index}] has both phone and to: give one of them."
        elif not did["phone"] and not did["to"]:
            yield f"pbx_dids[{index}].to is missing: say where calls to {did['number']} go, such as {{menu: main}}."


def _wrong_rows(host: Mapping[str, Any]) -> Iterator[str]:
    for feature in FEATURES:
        first: dict[str, int] = {}
        for index, row in enumerate(host[feature.variable]):
            name, place = row["name"], f"{feature.variable}[{index}]"
            if name and not feature.names.pattern.fullmatch(name):
                yield f"{place}.name must be {feature.names.words}, not {name!r}."
            elif name in first:
                yield f"{place}.name repeats {feature.variable}[{first[name]}]: {name!r} is there twice."
            first.setdefault(name, index)
            yield from (f"{place}.{option} {fault}." for option, fault in feature.problems(row, host))


def _wrong_destinations(host: Mapping[str, Any]) -> Iterator[str]:
    known = {kind: {row["name"] for row in host[variable]} for kind, variable in _VARIABLES.items()}
    for place, one in _exits(host):
        if one.value is None:
            continue
        to = destination(one.value)
        if to is None:
            kinds = [kind for kind, name in one.value.items() if name is not None]
            fault = f"names {len(kinds)} destinations, {' and '.join(kinds)}: give one" if kinds else "is empty"
            yield f"{place}.{one.option} {fault}."
        elif to.kind not in ("hangup", NUMBER) and to.name not in known[to.kind]:
            others = [kind for kind, names in known.items() if to.name in names]
            hint = f"; did you mean {{{others[0]}: {to.name}}}?" if others else "."
            yield f"{place}.{one.option} names {to.kind} {to.name!r}, which is not in {_VARIABLES[to.kind]}{hint}"


def _exits(host: Mapping[str, Any]) -> Iterator[tuple[str, Exit]]:
    """Yield every destination that a host states, with the place of the row that states it."""
    for index, did in enumerate(host["pbx_dids"]):
        yield f"pbx_dids[{index}]", Exit("to", did["to"])
    for variable in ("pbx_blocked_callers", "pbx_speed_dials"):
        yield from ((f"{variable}[{index}]", Exit("to", row["to"])) for index, row in enumerate(host[variable]))
    for index, phone in enumerate(host["pbx_phones"]):
        yield from ((f"pbx_phones[{index}]", Exit(option, phone[option])) for option in FORWARDS)
    for feature in FEATURES:
        for index, row in enumerate(host[feature.variable]):
            yield from ((f"{feature.variable}[{index}]", one) for one in feature.exits(row))


def _graph(host: Mapping[str, Any]) -> Iterator[tuple[Destination, list[tuple[Destination, bool]]]]:
    """Yield for each number, phone and row where it leads to, and whether the caller has to choose that."""
    for did in host["pbx_dids"]:
        to = Destination("phone", did["phone"]) if did["phone"] else destination(did["to"])
        yield Destination("number", did["number"]), [(to, False)] if to else []
    for phone in host["pbx_phones"]:
        yield Destination("phone", phone["name"]), _ways(Exit(option, phone[option]) for option in FORWARDS)
    for feature in FEATURES:
        for row in host[feature.variable]:
            yield Destination(feature.kind, row["name"]), _ways(feature.exits(row))


def _ways(exits: Iterable[Exit]) -> list[tuple[Destination, bool]]:
    found = [(destination(one.value), one.by_caller) for one in exits]
    return [(to, chosen) for to, chosen in found if to and to.kind != NUMBER]


def _circles(host: Mapping[str, Any]) -> Iterator[str]:
    """Find a way round that no caller who only waits can leave: the call would go on for ever, and cost."""
    graph = {one: [to for to, chosen in ways if not chosen] for one, ways in _graph(host)}
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        circle = error.args[1][::-1]    # the sorter names them against the way of the call
        yield (
            f"{_VARIABLES[circle[0].kind]}: a call would go round for ever, {' → '.join(map(str, circle))}, unless the"
            " caller hangs up: let one of them end it."
        )
