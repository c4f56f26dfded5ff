# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that is wrong with a configuration: what Asterisk says of it, and what it would find out in a call."""

from __future__ import annotations

import os
import re
from typing import Callable, Iterator, Mapping, Optional

from . import kinds, objects, targets
from .conf import Conf, Fault, Place, origin, read
from .dialplan import dialplan
from .scratch import Scratch, mentioned

SOUNDS = ("/usr/share/asterisk/sounds", "/var/lib/asterisk/sounds")
ROW = re.compile(r"\s*\w+:\s+(?P<name>[^/\s<]+).*")
SECRETS = re.compile(r"(?:password|secret|md5_cred|password_digest|oauth_secret|refresh_token|vmpassword|dbpass)", re.I)
HIDDEN = "********"


def problems(tree: Mapping[str, str], scratch: Scratch) -> list[Fault]:
    """All that is wrong, in the order of the files.

    :param tree: the configuration, what is written by hand included.
    :param scratch: an Asterisk that was started on it.
    """
    found = [*_unread(tree), *_parsed(tree), *_referred(tree, scratch)]
    places = {fault.place for fault in found}
    for complaint in scratch.complaints():
        if complaint.place is None or complaint.place.line == 0 or complaint.place not in places:
            found.append(Fault(f"Asterisk says: {complaint.text.rstrip('.')}", complaint.place))
    if scratch.died:
        place = mentioned(tree, scratch.died)
        found.append(Fault(f"Asterisk does not start on this configuration: {scratch.died}", place))
    else:
        found += _dropped(tree, scratch, found)
    return sorted(set(found), key=lambda fault: (fault.place is None, str(fault.place and fault.place.file),
                                                 fault.place.line if fault.place else 0, fault.what))


def sentence(fault: Fault, tree: Mapping[str, str]) -> str:
    """A fault with file, line and where that line comes from."""
    if fault.place is None:
        return f"{fault.what}."
    variable = origin(fault.place, tree)
    by = f" (from {variable})" if variable else " (written by hand)" if fault.place.file.startswith("local.d/") else ""
    return f"{fault.place}{by}: {fault.what}."


def secrets(tree: Mapping[str, str]) -> set[str]:
    """The values in a configuration that nobody should read."""
    found = set()
    for name in tree:
        for section in _alone(name, tree).sections:
            found.update(setting.value for setting in section.settings if SECRETS.fullmatch(setting.name))
    return {value for value in found if len(value) > 3}


def hide(text: str, values: set[str], by: str = HIDDEN) -> str:
    """A text with secrets taken out, the longest first, as one may be part of another."""
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value.replace(";", "\\;"), by).replace(value, by)
    return text


def _alone(name: str, tree: Mapping[str, str]) -> Conf:
    """A file without what it includes."""
    return read(name, {name: tree[name]})


def _unread(tree: Mapping[str, str]) -> Iterator[Fault]:
    reached = {file for name in tree if kinds.known(name) for file in read(name, tree).files}
    for name in tree:
        if name not in reached:
            yield Fault("Asterisk does not read this file by itself, and no other file includes it", Place(name))


def _parsed(tree: Mapping[str, str]) -> Iterator[Fault]:
    for name in tree:
        if kinds.known(name):
            yield from read(name, tree).faults


def _referred(tree: Mapping[str, str], scratch: Scratch) -> Iterator[Fault]:
    plan, pjsip = dialplan(tree), read("pjsip.conf", tree)
    others = {name: read(name, tree) for name in ("voicemail.conf", "acl.conf") if name in tree}
    yield from plan.faults
    yield from objects.faults(pjsip, plan, others)
    yield from targets.faults(plan, _known(tree, pjsip, scratch.ask if not scratch.died else None))


def _known(tree: Mapping[str, str], pjsip: Conf, ask: Optional[Callable]) -> targets.Known:
    queues = {section.name for section in read("queues.conf", tree).sections} - {"general"}
    boxes = {
        f"{setting.name}@{section.name}"
        for section in read("voicemail.conf", tree).sections if section.name not in ("general", "zonemessages")
        for setting in section.settings
    }
    return targets.Known(
        applications=frozenset(
            name.lower() for name in re.findall(r"^\s*([\w-]+):", ask("core show applications"), re.M)
        ) if ask else None,
        functions=frozenset(re.findall(r"^([A-Z_0-9]+)\s", ask("core show functions"), re.M)) if ask else None,
        endpoints=frozenset(name for kind, name in objects.objects(pjsip) if kind == "endpoint"),
        queues=frozenset(queues), mailboxes=frozenset(boxes), sounds=_sounds(),
    )


def _sounds() -> Optional[frozenset]:
    """The prompts on this host, by the names that a dialplan calls them; None where there are none at all."""
    found = set()
    for top in SOUNDS:
        for folder, _folders, names in os.walk(top):
            for name in names:
                path = os.path.relpath(os.path.join(folder, name), top).rpartition(".")[0]
                # With and without the folder of its language.
                found.update((path, path.partition("/")[2] or path))
    return frozenset(found) or None


def _dropped(tree: Mapping[str, str], scratch: Scratch, found: list[Fault]) -> Iterator[Fault]:
    """The objects that Asterisk passed over without a word about them."""
    there = objects.objects(read("pjsip.conf", tree))
    blamed = " ".join(fault.what for fault in found)
    for kind in sorted({kind for kind, _name in there if objects.LISTED.get(kind)}):
        table = scratch.ask(f"pjsip list {objects.LISTED[kind]}").splitlines()
        listed = {row["name"] for row in map(ROW.fullmatch, table) if row}
        for name in (name for other, name in there if other == kind and name not in listed):
            # A table cuts long names short.
            answer = scratch.ask(f"pjsip show {kind} {name}")
            if answer.strip().startswith("Unable to find object") and f"'{name}'" not in blamed:
                yield Fault(f"Asterisk drops {kind} {name} and does not say why", there[kind, name].place)
