# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lint a configuration: the complaints of a scratch Asterisk, and the faults that Asterisk finds only in a call."""

from __future__ import annotations

import os
import re
from typing import Iterator

from . import pjsip, references, reload
from .conf import Fault, Place
from .configuration import Config
from .console import Ask
from .scratch import Complaint, Scratch, mentioned

SOUNDS = ("/usr/share/asterisk/sounds", "/var/lib/asterisk/sounds")
MODULE = re.compile(r"^(?P<name>\w+\.so)\b.*\bRunning\b", re.MULTILINE)
ABSENT_CONTEXT = re.compile(r"tries to include nonexistent context '(?P<name>[^']+)'")
#: The sections that Asterisk looks up by name, which finds the first of that name.
BY_NAME = {
    "modules.conf": ("modules",), "logger.conf": ("general", "logfiles"), "manager.conf": ("general",),
    "asterisk.conf": ("directories", "options", "files"), "extensions.conf": ("general", "globals"),
    "http.conf": ("general",), "rtp.conf": ("general",), "ccss.conf": ("general",), "voicemail.conf": ("general",),
    "queues.conf": ("general",), "indications.conf": ("general",), "musiconhold.conf": ("general",),
}


def problems(config: Config, scratch: Scratch) -> list[Fault]:
    """Return all faults, in the order of the files.

    :param config: the configuration, with what is written by hand.
    :param scratch: an Asterisk that was started on it.
    """
    ask = None if scratch.died else scratch.ask
    modules = _loaded(ask) if ask else None
    found = [*_unread(config, modules), *_parsed(config), *_referred(config, ask, modules)]
    places = {fault.place for fault in found}
    for complaint in scratch.complaints():
        if (complaint.place is None or complaint.place.line == 0 or complaint.place not in places) and not (
                ask and _exists_now(complaint, ask)):
            found.append(Fault(f"Asterisk says: {complaint.text.rstrip('.')}", complaint.place))
    if scratch.died:
        place = mentioned(config, scratch.died)
        found.append(Fault(f"Asterisk does not start on this configuration: {scratch.died}", place))
    else:
        found += _dropped(config, scratch.ask, found)
    return sorted(set(found), key=lambda fault: (fault.place is None, fault.place or Place(""), fault.what))


def sentence(fault: Fault, config: Config) -> str:
    """Write a fault with its file, line and the inventory variable of that line."""
    if fault.place is None:
        return f"{fault.what}."
    variable = config.origin(fault.place)
    by_hand = fault.place.file.startswith(("local.d/", "/"))
    by = f" (from {variable})" if variable else " (written by hand)" if by_hand else ""
    return f"{fault.place}{by}: {fault.what}."


def _loaded(ask: Ask) -> frozenset[str] | None:
    """Return the running modules, None where the console lists none."""
    return frozenset(MODULE.findall(ask("module show like .so"))) or None


def _exists_now(complaint: Complaint, ask: Ask) -> bool:
    """Return whether a complaint is about a context that a module made after the dialplan was read."""
    found = ABSENT_CONTEXT.search(complaint.text)
    return found is not None and _has_context(ask, found["name"])


def _has_context(ask: Ask, name: str) -> bool:
    return f"[ Context '{name}' created by" in ask(f"dialplan show {name}")


def _unread(config: Config, modules: frozenset[str] | None) -> Iterator[Fault]:
    reached = {file for name in config if reload.is_read_by_name(name) for file in config.conf(name).files}
    for name in config:
        if name.endswith(".conf") and name not in reached:     # other files are not for Asterisk
            yield Fault("Asterisk does not read this file by itself, and no other file includes it", Place(name))
        elif modules is not None and reload.MODULES.get(name, "") not in {"", *modules}:
            yield Fault(f"nothing reads this file, as {pjsip.not_loaded(reload.MODULES[name])}", Place(name))


def _parsed(config: Config) -> Iterator[Fault]:
    for name in config:
        if reload.is_read_by_name(name):
            yield from config.conf(name).faults
    for name, sections in BY_NAME.items():
        for section in sections:
            found = config.conf(name).named(section)
            for other in found[1:]:
                yield Fault(
                    f"this is a second section [{section}], and Asterisk reads the first one only, at {found[0].place};"
                    f" write [{section}](+) to add to that one", other.place)


def _referred(config: Config, ask: Ask | None, modules: frozenset[str] | None) -> Iterator[Fault]:
    available = _available(config, ask)
    yield from config.dialplan.faults
    yield from pjsip.faults(config.pjsip, pjsip.Available(
        contexts=config.dialplan.contexts, mailboxes=available.mailboxes or (), modules=modules,
        acls=config.conf("acl.conf").by_name))
    yield from references.faults(config.dialplan, available)


def _available(config: Config, ask: Ask | None) -> references.Available:
    boxes = {
        f"{setting.name}@{section.name}"
        for section in config.conf("voicemail.conf").sections if section.name not in ("general", "zonemessages")
        for setting in section.settings
    }
    return references.Available(
        applications=frozenset(
            name.lower() for name in re.findall(r"^\s*([\w-]+):", ask("core show applications"), re.M)
        ) if ask else None,
        functions=frozenset(re.findall(r"^([A-Z_0-9]+)\s", ask("core show functions"), re.M)) if ask else None,
        endpoints=frozenset(config.pjsip.names("endpoint")),
        queues=frozenset(config.conf("queues.conf").by_name) - {"general"},
        mailboxes=frozenset(boxes), sounds=_sounds(),
        **({"has_context": lambda name: _has_context(ask, name)} if ask else {}),
    )


def _sounds() -> frozenset[str] | None:
    """Return the prompts on this host by their names in a dialplan, None where there are none at all."""
    found: set[str] = set()
    for top in SOUNDS:
        for folder, _folders, names in os.walk(top):
            for name in names:
                path = os.path.relpath(os.path.join(folder, name), top).rpartition(".")[0]
                # With and without the folder of the language.
                found.update((path, path.partition("/")[2] or path))
    return frozenset(found) or None


def _dropped(config: Config, ask: Ask, found: list[Fault]) -> Iterator[Fault]:
    """Yield a fault for each object that Asterisk dropped without a message about it."""
    blamed = " ".join(fault.what for fault in found)
    for kind in sorted(pjsip.LISTED):
        names = config.pjsip.names(kind)
        table = ask(f"pjsip list {pjsip.LISTED[kind]}").splitlines() if names else []
        listed = {row["name"] for row in map(pjsip.ROW.fullmatch, table) if row}
        for name in (name for name in names if name not in listed):
            # The table truncates long names.
            answer = ask(f"pjsip show {kind} {name}")
            if answer.strip().startswith("Unable to find object") and f"'{name}'" not in blamed:
                place = config.pjsip.by_key[kind, name].place
                yield Fault(f"Asterisk drops {kind} {name} without a message", place)
