# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PJSIP's objects and their references, which Asterisk does not resolve when it reads them. Pure.

Source: Asterisk 22, res/res_pjsip/*.c; that a reference to nothing is accepted silently was measured.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Collection, Iterator

from .conf import Conf, Fault, Place, Section, Setting

#: The objects that pjsip.conf can hold, and the module that makes them.
MODULES = {
    **dict.fromkeys(("endpoint", "aor", "auth", "transport", "contact", "global", "system", "domain_alias"),
                    "res_pjsip.so"),
    "identify": "res_pjsip_endpoint_identifier_ip.so", "registration": "res_pjsip_outbound_registration.so",
    "acl": "res_pjsip_acl.so", "resource_list": "res_pjsip_pubsub.so", "inbound-publication": "res_pjsip_pubsub.so",
    "outbound-publish": "res_pjsip_outbound_publish.so", "asterisk-publication": "res_pjsip_publish_asterisk.so",
    "phoneprov": "res_pjsip_phoneprov_provider.so",
}
#: The types that the console lists, and their plural in `pjsip list`.
LISTED = {
    "endpoint": "endpoints", "aor": "aors", "auth": "auths", "identify": "identifies", "transport": "transports",
    "registration": "registrations",
}
#: A row of such a list.
ROW = re.compile(r"\s*\w+:\s+(?P<name>[^/\s<]+).*")
#: Settings that name other objects: {type of the referring object: {setting: type of the other}}. Each may be a list.
REFERENCES = {
    "endpoint": {"aors": "aor", "auth": "auth", "outbound_auth": "auth", "transport": "transport"},
    "identify": {"endpoint": "endpoint"},
    "registration": {"outbound_auth": "auth", "transport": "transport", "endpoint": "endpoint"},
}
WITH_PORT = re.compile(r"(?:(?P<v4>[\d.]+)|\[(?P<v6>[\da-fA-F:.]+)\]):(?P<port>\d{1,5})")
SIP_URI = re.compile(r"sips?:.")
URIS = ("server_uri", "client_uri")
CONTEXTS = ("context", "message_context", "subscribe_context")


class Objects:
    """The objects of a parsed `pjsip.conf`, without its templates.

    `sections` are all sections with their types ("" where there is none), `by_key` the objects by type and name.
    """

    def __init__(self, conf: Conf) -> None:
        self.sections = [(section.type, section) for section in conf.sections if not section.template]
        self.by_key = {(kind, section.name): section for kind, section in self.sections if kind}

    def names(self, kind: str) -> list[str]:
        """Return the names of the objects of a type."""
        return [name for other, name in self.by_key if other == kind]

    def trunks(self) -> dict[str, str]:
        """Return the AORs with a contact of their own, and the endpoint of each."""
        return {
            aor: name
            for (kind, name), section in self.by_key.items() if kind == "endpoint"
            for aor in _parts(section.last("aors"))
            if ("aor", aor) in self.by_key and self.by_key["aor", aor].all("contact")
        }


@dataclass(frozen=True)
class Available:
    """The names outside of `pjsip.conf` that it may refer to.

    :param contexts: the contexts of the dialplan.
    :param mailboxes: box@context each.
    :param acls: the access control lists.
    :param modules: the loaded modules, None where they are unknown.
    """

    contexts: Collection[str] = ()
    mailboxes: Collection[str] = ()
    acls: Collection[str] = ()
    modules: Collection[str] | None = None


def faults(objects: Objects, available: Available) -> Iterator[Fault]:
    """Yield a fault for each dangling reference in `pjsip.conf`, and each section that Asterisk ignores silently."""
    first: dict[tuple[str, str], Place] = {}
    for kind, section in objects.sections:
        if not kind:
            yield Fault(f"[{section.name}] has no type, and Asterisk ignores it", section.place)
        elif kind not in MODULES:
            yield Fault(f"[{section.name}] has type {kind}, which PJSIP does not have", section.place_of("type"))
        elif available.modules is not None and MODULES[kind] not in available.modules:
            yield Fault(f"[{section.name}] has type {kind}, which Asterisk ignores as {not_loaded(MODULES[kind])}",
                        section.place_of("type"))
        elif (kind, section.name) in first:
            yield Fault(f"there are two objects [{section.name}] of type {kind}; the other is at"
                        f" {first[kind, section.name]}", section.place)
        first.setdefault((kind, section.name), section.place)
    for (kind, name), section in objects.by_key.items():
        yield from _dangling(kind, name, section, objects)
        yield from _values(kind, name, section, available)
        yield from _elsewhere(kind, name, section, available)
        if kind == "endpoint" and not section.last("context"):
            yield Fault(f"endpoint {name} has no context, and its calls would land in [default]", section.place)


def not_loaded(module: str) -> str:
    """Return why something has no effect, and how to mend it."""
    return f"module {module} is not loaded; load it in local.d/modules.conf"


def _values(kind: str, name: str, section: Section, available: Available) -> Iterator[Fault]:
    for setting in section.settings:
        key = setting.name.lower()
        if kind == "registration" and key in URIS and not SIP_URI.match(setting.value):
            yield Fault(f"registration {name} has {setting.name} {setting.value}, which is no SIP URI", setting.place)
        elif kind == "endpoint" and key in CONTEXTS and setting.value not in available.contexts:
            yield Fault(f"endpoint {name} has {setting.name} {setting.value}, which the dialplan does not have",
                        setting.place)
        elif kind == "identify" and key == "match":
            yield from _matches(name, setting)


def _dangling(kind: str, name: str, section: Section, objects: Objects) -> Iterator[Fault]:
    for setting_name, wanted in REFERENCES.get(kind, {}).items():
        for target in _parts(section.last(setting_name)):
            if (wanted, target) not in objects.by_key:
                yield Fault(f"{kind} {name} has {setting_name} {target}, and there is no {wanted} of that name",
                            section.place_of(setting_name))


def _matches(name: str, setting: Setting) -> Iterator[Fault]:
    for part in _parts(setting):
        if not _is_address(part.lstrip("!").strip()):
            yield Fault(
                f"identify {name} has match {part}, which is no address or network; one name that cannot be resolved"
                " would drop the whole object, and with it every call it lets in", setting.place)


def _is_address(text: str) -> bool:
    """Return whether a text is an address, a network, or an address with the port that a request comes from."""
    with_port = WITH_PORT.fullmatch(text)
    if with_port and 0 < int(with_port["port"]) < 65536:
        text = with_port["v6"] or with_port["v4"]
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _elsewhere(kind: str, name: str, section: Section, available: Available) -> Iterator[Fault]:
    if kind == "endpoint":
        for box in _parts(section.last("mailboxes")):
            if (box if "@" in box else f"{box}@default") not in available.mailboxes:
                yield Fault(f"endpoint {name} has mailbox {box}, which voicemail.conf does not have",
                            section.place_of("mailboxes"))
    for setting_name in ("acl", "contact_acl"):
        setting = section.last(setting_name)
        if setting and setting.value not in available.acls:
            what = f"{kind} {name} has {setting_name} {setting.value}, which acl.conf does not have"
            yield Fault(what, setting.place)


def _parts(setting: Setting | None) -> list[str]:
    return [part.strip() for part in setting.value.split(",") if part.strip()] if setting else []
