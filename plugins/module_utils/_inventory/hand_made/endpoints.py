# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the phones and the trunks to Twilio of a PJSIP configuration."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Collection, Iterator

from ..._asterisk.config.conf import Place, Section, Setting
from ..._asterisk.config.configuration import Config
from ..._core.validators import E164
from ..._twilio.edges import PUBLIC
from ..options import of_pbx
from .notes import Notes

#: The host of a trunk's contact: a name, an edge of Twilio if need be.
TERMINATION = re.compile(r"(?P<name>[a-z0-9-]+)\.pstn(?:\.(?P<edge>[a-z0-9-]+))?\.twilio\.com")
#: The host of a SIP domain of Twilio's, in a region or not.
SIP_DOMAIN = re.compile(r"[a-z0-9-]+\.sip(?:\.[a-z0-9-]+)?\.twilio\.com")
URI = re.compile(r"<?sips?:(?:[^@>]*@)?(?P<host>\[[^\]]*\]|[^:;>]+)(?P<rest>[^>]*)>?", re.IGNORECASE)
CALLER = re.compile(r'\s*"?(?P<name>[^"<]*?)"?\s*(?:<(?P<number>[^>]*)>)?\s*')
#: Settings that are carried over, or for which role pbx has a value of its own that serves every phone.
SERVED = frozenset("""
    type context disallow allow auth aors outbound_auth callerid mailboxes from_user from_domain transport direct_media
    rtp_symmetric force_rport rewrite_contact dtmf_mode ice_support identify_by qualify_frequency qualify_timeout
    rtp_timeout rtp_timeout_hold rtp_keepalive tos_audio cos_audio allow_subscribe trust_id_inbound
    trust_id_outbound
    send_pai send_rpid timers direct_media_method disable_direct_media_on_nat
    use_avpf bind_rtp_to_media_address media_encryption_optimistic send_diversion
""".split())
SERVED_BY = {
    "endpoint": SERVED, "auth": frozenset(("type", "auth_type", "username", "password")),
    "aor": frozenset(("type", "contact", "max_contacts", "mailboxes", "qualify_frequency", "qualify_timeout"))}
#: Settings of a section of pjsip_wizard.conf itself that are read, or that change nothing here.
OF_WIZARD = frozenset("""
    type accepts_auth sends_auth accepts_registrations sends_registrations remote_hosts contact_pattern transport
    server_uri_pattern client_uri_pattern
""".split())
#: Prefixes in pjsip_wizard.conf, and the objects that they make.
WIZARD = {"endpoint": "endpoint", "aor": "aor", "inbound_auth": "auth", "outbound_auth": "auth",
          "identify": "identify", "registration": "registration"}
#: The ends of the names of the auths that it makes.
AUTHS = {"inbound_auth": "iauth", "outbound_auth": "oauth"}
#: Settings by which a phone may register or call from some addresses only.
NARROWING = ("acl", "contact_acl", "deny", "permit", "contact_deny", "contact_permit")
_MAX_CONTACTS = 32


@dataclass(frozen=True)
class Phone:
    """An endpoint that registers with a password. `context` is where its calls go."""

    name: str
    password: str
    context: str
    place: Place
    caller_name: str = ""
    max_contacts: int = 1
    mailbox: str = ""


@dataclass(frozen=True)
class Trunk:
    """An endpoint that calls Twilio. `context` is where its calls come in."""

    name: str
    domain: str
    context: str
    place: Place
    edges: tuple[str, ...] = ()
    transport: str = "udp"
    username: str = ""
    password: str = field(default="", repr=False)
    caller_id: str = ""
    caller_name: str = ""
    from_user: str = ""


@dataclass
class Endpoints:
    """The phones and trunks by the names of their endpoints, and all objects by type and name."""

    phones: dict[str, Phone]
    trunks: dict[str, Trunk]
    objects: dict[tuple[str, str], Section]


def endpoints(config: Config, notes: Notes) -> Endpoints:
    """Read the endpoints of `pjsip.conf` and `pjsip_wizard.conf`."""
    objects = _once(config, notes)
    for key, section in _from_wizard(config, notes):
        if key in objects:
            notes.add(f"{key[0]} {key[1]} is in {objects[key].place.file} as well, which counts here", section.place)
        objects.setdefault(key, section)
    found = Endpoints({}, {}, objects)
    for name in ("pjsip.conf", "pjsip_wizard.conf"):
        notes.extend(config.conf(name).faults)
    for kind, section in config.pjsip.sections:
        if not kind:
            notes.add(f"[{section.name}] has no type, and Asterisk ignores it", section.place)
    for (kind, name), section in objects.items():
        if kind == "endpoint":
            _Reader(found, notes, name, section).read()
    _others(found, notes)
    return found


def _once(config: Config, notes: Notes) -> dict[tuple[str, str], Section]:
    """Return the objects that are there once. Asterisk refuses a file that repeats one (res_sorcery_config.c)."""
    count = Counter((kind, section.name) for kind, section in config.pjsip.sections)
    for kind, section in config.pjsip.sections:
        if kind and count[kind, section.name] > 1:
            notes.add(f"{kind} {section.name} is there {count[kind, section.name]} times, which Asterisk refuses, so"
                      " none is carried over", section.place)
    return {key: section for key, section in config.pjsip.by_key.items() if count[key] == 1}


def parts(section: Section, name: str) -> list[str]:
    """Return the entries of a setting that is a list."""
    setting = section.last(name)
    return [part.strip() for part in setting.value.split(",") if part.strip()] if setting else []


def value(section: Section | None, name: str) -> str:
    """Return the setting that counts, "" where it is not given."""
    setting = section.last(name) if section else None
    return setting.value.strip() if setting else ""


def caller(text: str) -> tuple[str, str]:
    """Return the name and the number of a caller ID such as `"Anna" <+17756187988>`."""
    found = CALLER.fullmatch(text)
    if not found:
        return "", ""
    name, number = found["name"].strip(), (found["number"] or "").strip()
    return ("", name) if not number and re.fullmatch(r"\+?[0-9]+", name) else (name, number)


def whole(text: str) -> int | None:
    """Return a whole number, None where the text is none that any setting could have."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else None


def unknown(subject: str, section: Section, served: Collection[str], notes: Notes) -> None:
    """Note the settings of an object that are carried over nowhere."""
    names = sorted({setting.name.lower() for setting in section.settings} - set(served))
    if names:
        notes.add(f"{subject} has settings that are not carried over: {', '.join(names)}", section.place)


class _Reader:
    """Reads one endpoint."""

    def __init__(self, found: Endpoints, notes: Notes, name: str, section: Section):
        self.found, self.notes, self.name, self.section = found, notes, name, section
        self.aors = [found.objects[key] for aor in parts(section, "aors") if (key := ("aor", aor)) in found.objects]
        self.auths = [found.objects[key] for auth in parts(section, "auth") if (key := ("auth", auth)) in found.objects]

    def read(self) -> None:
        contacts = [setting.value for aor in self.aors for setting in aor.all("contact")]
        proxy, domain = value(self.section, "outbound_proxy"), value(self.section, "from_domain")
        hosts = [host for text in (*contacts, proxy) if (host := _host(text))]
        called = [found for host in hosts if (found := TERMINATION.fullmatch(host))]
        # Without a contact of Twilio's, from_domain alone says that it is a trunk.
        ours = called or [found for found in (TERMINATION.fullmatch(domain.lower()),) if found]
        if ours:
            self._trunk(ours, " ".join([*contacts, proxy]).lower())
        elif contacts:
            hint = ("; a SIP domain (sip.twilio.com) is another product than a trunk"
                    if any(SIP_DOMAIN.fullmatch(host) for host in hosts) else "")
            self._note(f"endpoint {self.name} calls {', '.join(hosts) or 'an address'}, which is no trunk of Twilio's,"
                       f" and is not carried over{hint}")
        else:
            self._phone()
        if self.name not in {**self.found.phones, **self.found.trunks}:
            return
        out = [self.found.objects[key] for auth in parts(self.section, "outbound_auth")
               if (key := ("auth", auth)) in self.found.objects]
        for kind, sections in (("endpoint", [self.section]), ("aor", self.aors), ("auth", [*self.auths, *out])):
            for section in sections:
                unknown(f"{kind} {section.name}", section, SERVED_BY[kind], self.notes)

    def _note(self, what: str, place: Place | None = None) -> None:
        self.notes.add(what, place or self.section.place)

    def _trunk(self, hosts: list[re.Match[str]], uris: str) -> None:
        name, edges = hosts[0]["name"], list(dict.fromkeys(one["edge"] or "" for one in hosts))
        if len({one["name"] for one in hosts}) > 1:
            self._note(f"endpoint {self.name} names more than one domain of Twilio's; {hosts[0].group()} is taken")
        for edge in edges:
            if edge and edge not in PUBLIC:
                self._note(f"endpoint {self.name} calls edge {edge}, which is not carried over; there are"
                           f" {', '.join(PUBLIC)}")
        edges = [edge for edge in edges if not edge or edge in PUBLIC]
        if len(edges) > 1 and "" in edges:
            self._note(f"endpoint {self.name} calls {', '.join(filter(None, edges))} and a name without an edge, of"
                       " which only the edges are carried over")
        if self.auths:
            self._note(f"endpoint {self.name} asks Twilio for a password (auth), which is not carried over; calls come"
                       " in from Twilio's addresses alone", self.section.place_of("auth"))
        auths = parts(self.section, "outbound_auth")
        if len(auths) > 1:
            self._note(f"endpoint {self.name} has more than one outbound_auth, of which only {auths[0]} is carried"
                       " over", self.section.place_of("outbound_auth"))
        auth = self.found.objects.get(("auth", next(iter(auths), "")))
        caller_name, number = caller(value(self.section, "callerid"))
        from_user = value(self.section, "from_user")
        for setting, shown in (("callerid", number), ("from_user", from_user)):
            if shown and not E164.fullmatch(shown):
                self._note(f"endpoint {self.name} shows {shown}, which is no number in E.164 such as +17755550100, and"
                           " is not carried over; see caller_id of the trunk", self.section.place_of(setting))
        self.found.trunks[self.name] = Trunk(
            self.name, f"{name}.pstn.twilio.com", value(self.section, "context") or "default", self.section.place,
            tuple(filter(None, edges)),
            "tls" if "transport=tls" in uris or "sips:" in uris else "tcp" if "transport=tcp" in uris else "udp",
            value(auth, "username"), value(auth, "password"), number if E164.fullmatch(number) else "", caller_name,
            from_user if E164.fullmatch(from_user) else "")

    def _phone(self) -> None:
        reason = self._no_phone()
        if reason:
            self._note(f"endpoint {self.name} is not carried over: {reason}")
            return
        aor, auth = self.aors[0], self.auths[0]
        caller_name, number = caller(value(self.section, "callerid"))
        if number and number != self.name:
            self._note(f"endpoint {self.name} shows the number {number}; here other phones see its name, and calls out"
                       " show the trunk's caller_id", self.section.place_of("callerid"))
        boxes = list(dict.fromkeys([*parts(self.section, "mailboxes"), *parts(aor, "mailboxes")]))
        if len(boxes) > 1:
            self._note(f"endpoint {self.name} has the mailboxes {', '.join(boxes)}; a phone here has one, the first")
        contacts = value(aor, "max_contacts")
        if int(contacts) > _MAX_CONTACTS:
            self._note(f"phone {self.name} may have {contacts} devices; here {_MAX_CONTACTS} are the most", aor.place)
        self.found.phones[self.name] = Phone(
            self.name, value(auth, "password"), value(self.section, "context") or "default", self.section.place,
            caller_name, min(int(contacts), _MAX_CONTACTS), next(iter(boxes), ""))

    def _no_phone(self) -> str:
        """Return why the endpoint is no phone as this collection has them, "" where it is one."""
        narrow = [name for name in NARROWING if self.section.last(name)]
        if narrow:
            return (f"it is open to some addresses only ({', '.join(narrow)}), which firewall_phone_networks says here,"
                    " for all phones")
        if not parts(self.section, "auth"):
            return "it has no auth, so whoever is taken for it calls without a password; give it one, in pbx_phones"
        if len(self.auths) != 1 or len(self.aors) != 1:
            return "it has not exactly one auth and one AOR that exist"
        auth, aor = self.auths[0], self.aors[0]
        if value(auth, "auth_type").lower() == "md5" or not value(auth, "password"):
            return "its auth has no password in clear text; write one into the vault"
        if not re.fullmatch("[1-9][0-9]{0,8}", value(aor, "max_contacts")):
            return "its AOR takes no registration (max_contacts)"
        if {self.name} != {aor.name, value(auth, "username") or self.name}:
            return (f"it logs in as {value(auth, 'username') or auth.name} at AOR {aor.name}; here a phone's endpoint,"
                    " AOR and user name are one, the name that is dialled")
        return ""


def _host(uri: str) -> str:
    found = URI.fullmatch(uri.strip())
    return found["host"].lower().strip("[]") if found else ""


def _others(found: Endpoints, notes: Notes) -> None:
    """Note the objects that no carried endpoint accounts for."""
    carried = {**found.phones, **found.trunks}
    options = (("aors", "aor"), ("auth", "auth"), ("outbound_auth", "auth"))
    named = {(kind, other) for name in carried for option, kind in options
             for other in parts(found.objects["endpoint", name], option)}
    for (kind, name), section in found.objects.items():
        if kind == "identify":
            _identify(name, section, found, notes)
        elif kind == "registration":
            notes.add(f"registration {name} is not carried over; a trunk of Twilio's needs none", section.place)
        elif kind in ("aor", "auth") and (kind, name) not in named:
            notes.add(f"{kind} {name} belongs to nothing that is carried over", section.place)
        elif kind not in ("endpoint", "aor", "auth", "transport"):
            notes.add(f"[{name}] of type {kind} is not carried over", section.place)


def _identify(name: str, section: Section, found: Endpoints, notes: Notes) -> None:
    networks = [ipaddress.IPv4Network(text) for text in of_pbx()["pbx_twilio_signalling_networks"]["default"]]
    endpoint = value(section, "endpoint")
    outside = [text for text in parts_of_all(section, "match") if not _within(text, networks)]
    if endpoint in found.trunks and outside:
        notes.add(f"identify {name} lets in calls from {', '.join(outside)}, which is none of Twilio's published"
                  " signalling networks, and is not carried over", section.place_of("match"))
    elif endpoint in found.trunks and section.last("match_header"):
        notes.add(f"identify {name} looks at a header (match_header), which is not carried over",
                  section.place_of("match_header"))
    elif endpoint not in found.trunks:
        notes.add(f"identify {name} takes calls from {', '.join(parts_of_all(section, 'match')) or 'somewhere'} for"
                  f" {endpoint or 'nobody'} without a password, and is not carried over", section.place)


def parts_of_all(section: Section, name: str) -> list[str]:
    """Return the entries of all settings of a name."""
    return [part.strip() for setting in section.all(name) for part in setting.value.split(",") if part.strip()]


def _within(text: str, networks: list[ipaddress.IPv4Network]) -> bool:
    try:
        network = ipaddress.IPv4Network(text, strict=False)
    except ValueError:
        return TERMINATION.fullmatch(text.lower()) is not None
    return any(network.subnet_of(one) for one in networks)


def _from_wizard(config: Config, notes: Notes) -> Iterator[tuple[tuple[str, str], Section]]:
    """Yield the objects that the sections of `pjsip_wizard.conf` make, as res_pjsip_config_wizard.c does."""
    for section in config.conf("pjsip_wizard.conf").sections:
        if section.template:
            continue
        if section.type != "wizard":
            notes.add(f"[{section.name}] has no type=wizard, and Asterisk ignores it", section.place)
            continue
        made: dict[str, list[Setting]] = {"endpoint": [], "aor": []}
        left: list[str] = []
        for setting in section.settings:
            prefix, slash, name = setting.name.partition("/")
            if slash and prefix.lower() in WIZARD:
                made.setdefault(prefix.lower(), []).append(setting._replace(name=name))
            elif setting.name.lower() not in OF_WIZARD:
                left.append(setting.name)
        if left:
            notes.add(f"[{section.name}] has settings that are not carried over: {', '.join(dict.fromkeys(left))}",
                      section.place)
        _complete(section, made)
        for prefix, settings in made.items():
            kind = WIZARD[prefix]
            name = section.name if prefix in ("endpoint", "aor") else _part(section, prefix)
            settings = [Setting("type", kind, section.place), *settings]
            yield (kind, name), Section(name, section.place, settings=settings)


def _part(section: Section, prefix: str) -> str:
    """Return the name of an object that a wizard's section makes beside the endpoint and its AOR."""
    return f"{section.name}-{AUTHS.get(prefix, prefix)}"


def _complete(section: Section, made: dict[str, list[Setting]]) -> None:
    """Add the references between the objects of a wizard's section, and the contacts of its hosts."""
    place = section.place

    def yes(name: str) -> bool:
        return value(section, name).lower() in ("yes", "true", "y", "t", "1", "on")

    made["endpoint"].append(Setting("aors", section.name, place))
    both = (("accepts_auth", "inbound_auth", "auth"), ("sends_auth", "outbound_auth", "outbound_auth"))
    for flag, prefix, option in both:
        if yes(flag):
            username = [one for one in made.setdefault(prefix, []) if one.name.lower() == "username"]
            if not username:
                made[prefix].append(Setting("username", section.name, place))
            made["endpoint"].append(Setting(option, _part(section, prefix), place))
        else:
            made.pop(prefix, None)
    hosts = parts_of_all(section, "remote_hosts")
    if not yes("accepts_registrations"):
        pattern = value(section, "contact_pattern") or "sip:${REMOTE_HOST}"
        made["aor"] += [Setting("contact", pattern.replace("${REMOTE_HOST}", host), place) for host in hosts]
    if yes("sends_registrations"):
        made.setdefault("registration", [])
    else:
        made.pop("registration", None)
    if hosts and not yes("accepts_registrations"):
        matches = [Setting("match", host.partition(":")[0], place) for host in hosts]
        made.setdefault("identify", []).extend([Setting("endpoint", section.name, place), *matches])
    else:
        made.pop("identify", None)
