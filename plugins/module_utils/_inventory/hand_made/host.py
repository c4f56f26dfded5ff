# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read what a host's own configuration says, into the options of the inventory and into notes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any, Collection, Mapping, Sequence

from ..._asterisk.config.configuration import Config
from ..._asterisk.config.dialplan import Dialplan
from ..._core.validators import E164
from ..options import Values
from . import accepted, numbers, routes, server
from .calling import Way, ways
from .endpoints import Endpoints, Trunk, endpoints
from .mailboxes import mailboxes
from .notes import Notes
from .numbers import Rows

#: Files that say who calls whom and that are not read, and why.
NOT_READ = {
    "sip.conf": "chan_sip, which Asterisk does not have any more; its phones and trunks are not read",
    "iax.conf": "IAX2, which this collection does not load",
    "users.conf": "phones and mailboxes of users.conf are not read",
    "extensions.ael": "a dialplan in AEL is not read",
    "extensions.lua": "a dialplan in Lua is not read",
    "queues.conf": "queues are not read; see pbx_queues",
    "confbridge.conf": "conferences are not read; see pbx_conferences",
    "meetme.conf": "conferences are not read; see pbx_conferences",
    "features.conf": "codes and transfers are not read; see pbx_feature_codes",
    "res_parking.conf": "parking is not read; see pbx_parking",
    "followme.conf": "followme is not read; see what phones do with calls that nobody took",
    "musiconhold.conf": "music is not read; see pbx_hold_music",
    "extconfig.conf": "objects in a database (realtime) are not read",
    "sorcery.conf": "objects in a database (realtime) are not read",
    "chan_dahdi.conf": "DAHDI lines are not read, and there are none here",
    "manager.conf": "users of the manager are not read; write yours into local.d/manager.conf",
    "ari.conf": "users of ARI are not read",
    "http.conf": "the web server is not read, and is off here",
}

#: Settings of [general] in extensions.conf that change nothing here, "" for any value.
GENERAL = {"static": "", "writeprotect": "", "clearglobalvars": "", "autofallthrough": "yes", "priorityjumping": "no",
           "extenpatternmatchnew": ""}
#: A variable of [globals] that a call changes.
CHANGED = re.compile(r"\bGLOBAL\(\s*(\w+)\s*\)\s*=", re.IGNORECASE)


@dataclass
class HandMade:
    """The content of a host's configuration.

    options: options of the host that are no rows. trunks: its endpoints that call Twilio. ways: endpoint of a phone to
    the patterns by which it calls trunks.
    """

    config: Config
    notes: Notes
    rows: Rows
    options: dict[str, Any]
    trunks: list[Trunk]
    ways: Mapping[str, Sequence[Way]] = field(default_factory=dict)

    def keep_accepted(self, name: str, variables: Values) -> dict[str, Any]:
        """Return the options of the host that validation accepts beside its other variables; the rest becomes notes."""
        accepted.keep_accepted(name, variables, self.options, self.rows)
        self.rows.prune()
        return {**self.options, **self.rows.rows}

    def sentences(self) -> list[str]:
        """Return what a person has to decide."""
        return self.notes.sentences(self.config)


def read_files(found: Values) -> HandMade:
    """Read a configuration.

    :param found: as `_asterisk.host.hand_made.read_folder` returns it.
    """
    config, notes = Config(found["files"]), Notes()
    rows = Rows(notes)
    _files(found, notes)
    made = endpoints(config, notes)
    plan = _dialplan(config, notes)
    for phone in made.phones.values():
        row = {"name": phone.name, "password": phone.password, "max_contacts": phone.max_contacts}
        row.update({option: text for option, text in (
            ("caller_name", phone.caller_name), ("mailbox", phone.mailbox.removesuffix("@default"))) if text})
        rows.add("pbx_phones", row, phone.place)
    mailboxes(config, rows)
    changed = {name for context in plan.contexts.values() for extension in context.extensions.values()
               for step in extension.steps for name in CHANGED.findall(step.arguments)}
    constants = {setting.name: setting.value for section in config.conf("extensions.conf").named("globals")
                 for setting in section.settings if setting.name not in changed}
    reader = routes.Reader(plan, frozenset(made.phones), made.trunks, notes, set(), constants)
    numbers.incoming(reader, made, rows)
    numbers.own_extensions(reader, made, rows)
    rows.note_rings()
    out = _outgoing(reader, made, notes)
    options = server.server(config, made, notes)
    code = numbers.listening(reader, made, rows)
    if code:
        options["pbx_voicemail_code"] = code
    _rest(reader, made, notes)
    return HandMade(config, notes, rows, options, list(made.trunks.values()), out)


def _files(found: Values, notes: Notes) -> None:
    for name, why in found["unreadable"].items():
        notes.add(f"{name} cannot be read: {why}")
    for name in found["latin1"]:
        notes.add(f"{name} is not UTF-8 and was read as Latin-1")
    for name in found["others"]:
        if name in NOT_READ:
            notes.add(f"{name}: {NOT_READ[name]}")
    more = [name for name in found["others"] if name not in NOT_READ]
    if more:
        notes.add(f"other files of the folder are not read: {', '.join(more)}")


def _dialplan(config: Config, notes: Notes) -> Dialplan:
    """Return the dialplan without what is in force at certain hours only."""
    plan = config.dialplan
    notes.extend(config.conf("extensions.conf").faults)
    notes.extend(plan.faults)
    for section in config.conf("extensions.conf").sections:
        for setting in section.settings:
            name = setting.name.lower()
            if section.name == "general" and GENERAL.get(name) not in ("", setting.value.lower()):
                notes.add(f"{setting.name} = {setting.value} of [general] is not carried over", setting.place)
            if name == "include" and "," in setting.value and section.name in plan.contexts:
                notes.add(f"[{section.name}] includes {setting.value.partition(',')[0]} at certain hours only, which is"
                          " not carried over; see pbx_hours", setting.place)
                context = plan.contexts[section.name]
                context.includes = [row for row in context.includes if row[1] != setting.place]
            elif name == "include" and section.name in plan.contexts and setting.value not in plan.contexts:
                notes.add(f"[{section.name}] includes {setting.value}, which is in no file that was read, and is not"
                          " carried over", setting.place)
            elif name in ("switch", "lswitch", "eswitch"):
                notes.add(f"[{section.name}] has a {setting.name}, which is not carried over", setting.place)
    return plan


def _outgoing(reader: routes.Reader, made: Endpoints, notes: Notes) -> dict[str, Sequence[Way]]:
    """Return the ways out of each phone, and note each of them."""
    callers = {trunk.name: trunk.from_user or trunk.caller_id for trunk in made.trunks.values()}
    by_context: dict[str, list[Way]] = {}
    for phone in made.phones.values():
        if phone.context not in by_context:
            by_context[phone.context] = ways(reader, phone.context, callers)
    for way in dict.fromkeys(way for found in by_context.values() for way in found):
        notes.add(f"extension {way.pattern} of [{way.context}] calls out on {way.trunk}; what may be called is for"
                  " pbx_countries and the phones' class to say", way.place)
    for name, trunk in made.trunks.items():
        made.trunks[name] = replace(trunk, caller_id=_shown(trunk, by_context, notes))
    return {name: by_context[phone.context] for name, phone in made.phones.items()}


def _shown(trunk: Trunk, by_context: Mapping[str, Sequence[Way]], notes: Notes) -> str:
    """Return the number that calls on a trunk show. Twilio looks at From, whose user is from_user where that is set."""
    set_there = {way.shown: way.place for found in by_context.values() for way in found
                 if way.trunk == trunk.name and E164.fullmatch(way.shown)}
    for way in (way for found in by_context.values() for way in found if way.trunk == trunk.name and way.shown):
        if not E164.fullmatch(way.shown):
            notes.add(f"calls show {way.shown} here, which is no number in E.164 such as +17755550100, and is not"
                      " carried over", way.place)
    number = trunk.from_user or next(iter(set_there), "") or trunk.caller_id
    for other, place in set_there.items():
        if other != number:
            notes.add(f"calls show {other} here, and {number} elsewhere; a trunk shows one number, caller_id", place)
    return number


def _rest(reader: routes.Reader, made: Endpoints, notes: Notes) -> None:
    """Note each extension and hint that nothing accounted for."""
    for context in reader.plan.contexts.values():
        for extension in context.extensions.values():
            for step in extension.steps:
                if not step.number and not _is_of_phone(extension.name, step.arguments, made.phones):
                    notes.add(f"the hint of {extension.name} of [{context.name}] ({step.arguments}) is not carried"
                              " over; see pbx_busy_lamps", step.place)
    entered = {*(phone.context for phone in made.phones.values()), *(trunk.context for trunk in made.trunks.values())}
    entered = {reached.name for name in entered for reached in reader.plan.reached(name)}
    for context, extension in list(routes.unread(reader.plan, reader.seen)):
        steps = [step for step in extension.steps if step.number]
        applications = ", ".join(dict.fromkeys(step.application for step in steps))
        reach = "" if context.name in entered else ", which nothing that is carried over leads to,"
        notes.add(f"extension {extension.name} of [{context.name}]{reach} is not carried over"
                  f" ({applications}){'; see pbx_blocked_callers' if '/' in extension.name else ''}", steps[0].place)


def _is_of_phone(extension: str, hint: str, phones: Collection[str]) -> bool:
    """Return whether a hint says of a phone what it says here: whether it is in use."""
    return (extension in phones or extension.startswith("_")) and hint.lower() in (
        "pjsip/${exten}", f"pjsip/{extension.lower()}")
