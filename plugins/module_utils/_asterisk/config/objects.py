# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PJSIP's objects and what they refer to, which Asterisk does not look up when it reads them. Pure.

Source: Asterisk 22, res/res_pjsip/*.c; that a reference to nothing is accepted silently was measured.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Iterator, Mapping

from .conf import Conf, Fault, Section
from .dialplan import Dialplan

#: The objects that pjsip.conf can hold, and the word that the console lists them by ("": it does not list them).
LISTED = {
    "endpoint": "endpoints", "aor": "aors", "auth": "auths", "identify": "identifies", "transport": "transports",
    "registration": "registrations", "contact": "", "global": "", "system": "", "acl": "", "domain_alias": "",
    "resource_list": "", "inbound-publication": "", "outbound-publish": "", "asterisk-publication": "", "phoneprov": "",
}
#: Settings that name other objects: {type of the one that refers: {setting: type referred to}}. Each may be a list.
REFERENCES = {
    "endpoint": {"aors": "aor", "auth": "auth", "outbound_auth": "auth", "transport": "transport"},
    "identify": {"endpoint": "endpoint"},
    "registration": {"outbound_auth": "auth", "transport": "transport", "endpoint": "endpoint"},
}
SIP_URI = re.compile(r"sips?:.")
URIS = ("server_uri", "client_uri")
CONTEXTS = ("context", "message_context", "subscribe_context")


def objects(conf: Conf) -> dict[tuple[str, str], Section]:
    """The objects of `pjsip.conf` by type and name, without its templates."""
    return {(section.type, section.name): section for section in conf.sections if not section.template and section.type}


def faults(conf: Conf, plan: Dialplan, other: Mapping[str, Conf]) -> Iterator[Fault]:
    """Everything in `pjsip.conf` that names something which is not there, or that Asterisk would pass over in silence.

    :param other: voicemail.conf and acl.conf, by name, where there are any.
    """
    there = objects(conf)
    seen: dict = {}
    for section in conf.sections:
        if section.template:
            continue
        if not section.type:
            yield Fault(f"[{section.name}] has no type, and Asterisk passes over it", section.place)
        elif section.type not in LISTED:
            place = section.last("type").place
            yield Fault(f"[{section.name}] has type {section.type}, which PJSIP does not have", place)
        elif (section.type, section.name) in seen:
            first = seen[section.type, section.name]
            yield Fault(f"there are two objects [{section.name}] of type {section.type}; the other is at {first}",
                        section.place)
        seen.setdefault((section.type, section.name), section.place)
    for (kind, name), section in there.items():
        yield from _dangling(kind, name, section, there)
        for setting in section.settings:
            if kind == "registration" and setting.name.lower() in URIS and not SIP_URI.match(setting.value):
                what = f"registration {name} has {setting.name} {setting.value}, which is no SIP URI"
                yield Fault(what, setting.place)
            if kind == "endpoint" and setting.name.lower() in CONTEXTS and setting.value not in plan.contexts:
                yield Fault(f"endpoint {name} has {setting.name} {setting.value}, which the dialplan does not have",
                            setting.place)
            if kind == "identify" and setting.name.lower() == "match":
                yield from _names(name, setting)
        yield from _elsewhere(kind, name, section, other)
        if kind == "endpoint" and not section.last("context"):
            yield Fault(f"endpoint {name} has no context, and its calls would land in [default]", section.place)


def _dangling(kind: str, name: str, section: Section, there: Mapping) -> Iterator[Fault]:
    for setting_name, wanted in REFERENCES.get(kind, {}).items():
        setting = section.last(setting_name)
        for target in filter(None, (part.strip() for part in (setting.value if setting else "").split(","))):
            if (wanted, target) not in there:
                yield Fault(f"{kind} {name} has {setting_name} {target}, and there is no {wanted} of that name",
                            setting.place)


def _names(name: str, setting) -> Iterator[Fault]:
    for part in filter(None, (part.strip() for part in setting.value.split(","))):
        try:
            ipaddress.ip_network(part.lstrip("!").strip(), strict=False)
        except ValueError:
            yield Fault(
                f"identify {name} has match {part}, which is no address or network; one name that cannot be resolved"
                " would drop the whole object, and with it every call it lets in", setting.place)


def _elsewhere(kind: str, name: str, section: Section, other: Mapping[str, Conf]) -> Iterator[Fault]:
    if kind == "endpoint":
        setting = section.last("mailboxes")
        for box in filter(None, (part.strip() for part in (setting.value if setting else "").split(","))):
            number, _at, context = box.partition("@")
            sections = other["voicemail.conf"].named(context or "default") if "voicemail.conf" in other else []
            if not any(entry.name == number for found in sections for entry in found.settings):
                yield Fault(f"endpoint {name} has mailbox {box}, which voicemail.conf does not have", setting.place)
    for setting_name in ("acl", "contact_acl"):
        setting = section.last(setting_name)
        if setting and not ("acl.conf" in other and other["acl.conf"].named(setting.value)):
            what = f"{kind} {name} has {setting_name} {setting.value}, which acl.conf does not have"
            yield Fault(what, setting.place)
