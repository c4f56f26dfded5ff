# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the inventory's rows of what extensions do: numbers that come in, phones' own extensions, groups, prompts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Collection

from ..._asterisk.config.conf import Place
from ..._asterisk.config.dialplan import Extension
from ..._asterisk.validators import feature_code
from ..._core.validators import E164
from ..phone_options import RING_SECONDS
from .endpoints import Endpoints
from .notes import Notes
from .routes import FOREVER, SILENT, End, Leave, Outside, Reader, Ring, Route, Say

#: Applications behind a code by which a phone hears its mailbox.
LISTEN = "voicemailmain"
#: The options whose rows are made for what leads to them, by kind of destination.
MADE = {"ring_group": "pbx_ring_groups", "announcement": "pbx_announcements"}


@dataclass
class Rows:
    """Rows by option, each with the place that it comes from."""

    notes: Notes
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    places: dict[str, list[Place]] = field(default_factory=dict)
    #: Seconds to the extensions that ring one phone so long.
    rings: dict[int, dict[str, Place]] = field(default_factory=dict)

    def add(self, option: str, row: dict[str, Any], place: Place) -> dict[str, Any]:
        self.rows.setdefault(option, []).append(row)
        self.places.setdefault(option, []).append(place)
        return row

    def named(self, option: str, kind: str, base: str, row: dict[str, Any], place: Place) -> dict[str, str]:
        """Add a row of a feature once, under a name of its own, and return the destination that leads to it."""
        rows = self.rows.get(option, [])
        same = next((one for one in rows if {**one, "name": ""} == {**row, "name": ""}), None)
        if same is None:
            base = re.sub(r"[^a-z0-9_-]", "-", base.lower())[:28]
            names, name, count = {one["name"] for one in rows}, base, 1
            while name in names:
                count += 1
                name = f"{base}-{count}"
            same = self.add(option, {"name": name, **row}, place)
        return {kind: same["name"]}

    def note_rings(self) -> None:
        """Note what rings one phone for another time than a phone rings here."""
        for seconds, found in self.rings.items():
            if seconds != RING_SECONDS:
                how = "until somebody answers" if seconds == FOREVER else f"for {seconds} seconds"
                ring = "ring" if len(found) > 1 else "rings"
                self.notes.add(f"{_shown(found)} {ring} {how}, which is not carried over: here a phone rings for"
                               f" {RING_SECONDS} seconds, and a ring group for its own",
                               next(iter(found.values())))

    def prune(self) -> None:
        """Remove the ring groups and announcements that nothing leads to."""
        while True:
            used = {(kind, name) for rows in self.rows.values() for row in rows for leads in row.values()
                    if isinstance(leads, dict) for kind, name in leads.items()}
            unused = [(option, index) for kind, option in MADE.items()
                      for index, row in enumerate(self.rows.get(option, ())) if (kind, row["name"]) not in used]
            if not unused:
                return
            for option, index in reversed(unused):
                self.remove(option, index)

    def remove(self, option: str, index: int) -> None:
        """Remove a row."""
        del self.rows[option][index], self.places[option][index]
        if not self.rows[option]:
            del self.rows[option]

    def destination(self, route: Route, place: Place) -> dict[str, str] | None:
        """Return where a route leads as the inventory says it, None where it cannot."""
        if isinstance(route, End):
            return {"hangup": route.reason}
        if isinstance(route, Leave):
            return {"mailbox": route.mailbox}
        if isinstance(route, Say):
            row = {"prompt": route.prompt, **self._after("then", route.rest, place)}
            return self.named("pbx_announcements", "announcement", f"say-{route.prompt}", row, place)
        if isinstance(route, Ring):
            row = {"members": list(route.phones), "seconds": route.seconds,
                   **self._after("otherwise", route.rest, place)}
            return self.named("pbx_ring_groups", "ring_group", f"ring-{'-'.join(route.phones)}", row, place)
        return None

    def _after(self, option: str, route: Route, place: Place) -> dict[str, Any]:
        found = None if route == End("normal") else self.destination(route, place)
        return {option: found} if found else {}


def _shown(names: Collection[str]) -> str:
    """Return the first of many names, and how many more there are."""
    first = list(names)[:3]
    return ", ".join(first) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def own_extensions(reader: Reader, found: Endpoints, rows: Rows) -> None:
    """Give each phone what its own extension does with a call that it does not take."""
    phones = {row["name"]: row for row in rows.rows.get("pbx_phones", [])}
    for name, phone in found.phones.items():
        at = reader.find(phone.context, name)
        route = reader.route(phone.context, name)
        if not isinstance(route, Ring) or route.phones != (name,):
            rows.notes.add(f"phone {name} is not what {name} rings in [{phone.context}]; here every phone reaches it by"
                           " that number", phone.place)
            continue
        place = at[1].steps[0].place if at and at[1].steps else phone.place
        rows.rings.setdefault(route.seconds, {})[name] = place
        if route.rest != End("normal"):
            leads = rows.destination(route.rest, place)
            phones[name].update({option: leads for option in ("when_busy", "when_unanswered", "when_absent")})
    for context, phone in {phone.context: phone for phone in found.phones.values()}.items():
        away = [other for other in found.phones if reader.find(context, other) is None]
        if away:
            rows.notes.add(f"[{context}] does not reach {_shown(away)}; here every phone may call every other one",
                           phone.place)


def incoming(reader: Reader, found: Endpoints, rows: Rows) -> None:
    """Read the numbers of the contexts in which calls from Twilio come in."""
    taken: dict[str, str] = {}
    for trunk in found.trunks.values():
        for context in reader.plan.reached(trunk.context):
            for extension in list(context.extensions.values()):
                number = extension.name.replace("-", "")
                if not E164.fullmatch(number) or not extension.steps:
                    continue
                place = extension.steps[0].place
                if number in taken:
                    rows.notes.add(f"{number} is in [{taken[number]}] as well, which counts here", place)
                    reader.extension(context, extension, number, entered=trunk.context)
                    continue
                first = next((one for one in reader.plan.reached(trunk.context) if any(one.answering(number))), context)
                if first is not context:
                    rows.notes.add(f"{number} is not in pbx_dids, since [{first.name}] has a pattern for it, and"
                                   f" Asterisk looks there before [{context.name}]", place)
                    reader.extension(context, extension, number, entered=trunk.context)
                    continue
                taken[number] = context.name
                route = reader.extension(context, extension, number, entered=trunk.context)
                _number(reader, rows, number, route, place)


def _number(reader: Reader, rows: Rows, number: str, route: Route, place: Place) -> None:
    phones = {row["name"]: row for row in rows.rows.get("pbx_phones", [])}
    if isinstance(route, Ring) and len(route.phones) == 1 and route.rest == End("normal") and not any(
            option.startswith("when_") for option in phones.get(route.phones[0], {})):
        rows.add("pbx_dids", {"number": number, "phone": route.phones[0]}, place)
        rows.rings.setdefault(route.seconds, {})[number] = place
        return
    destination = rows.destination(route, place)
    if destination:
        rows.add("pbx_dids", {"number": number, "to": destination}, place)
    elif isinstance(route, Outside):
        rows.notes.add(f"{number} is sent out on {route.trunk}, which is not carried over: a caller would spend your"
                       " money; see pbx_forward_outside", place)
    else:
        rows.notes.add(f"{number} is not in pbx_dids, since what it does is not one of the inventory's destinations",
                       place)


def listening(reader: Reader, found: Endpoints, rows: Rows) -> str:
    """Return the code that plays mailboxes, "" where there is none or more than one."""
    codes: dict[str, Place] = {}
    for phone in found.phones.values():
        for context in reader.plan.reached(phone.context):
            for key, extension in context.extensions.items():
                if any(step.application.lower() == LISTEN for step in extension.steps) and _is_code(extension):
                    codes[extension.name] = extension.steps[0].place
                    more = [step.application for step in extension.steps
                            if step.number and step.application.lower() not in (LISTEN, "hangup", *SILENT)]
                    if more:
                        rows.notes.add(f"extension {extension.name} of [{context.name}] plays mailboxes, and what it"
                                       f" does besides is not carried over ({', '.join(dict.fromkeys(more))})",
                                       extension.steps[0].place)
                    reader.seen.add((context.name, key))
    for code, place in list(codes.items())[1:]:
        rows.notes.add(f"{code} plays mailboxes as well; pbx_voicemail_code is one code", place)
    return next(iter(codes), "")


def _is_code(extension: Extension) -> bool:
    try:
        return bool(feature_code(extension.name))
    except ValueError:
        return False
