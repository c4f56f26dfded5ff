# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compute what the templates of role pbx print. The templates themselves compute nothing."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Mapping

from .._numbers.classes import BUILT_IN
from .._numbers.dialling import Dialling, dialling
from . import (
    callers,
    card,
    edges,
    emergency,
    feature_codes,
    features,
    music,
    options,
    paging,
    parking,
    phone_options,
    prompts,
    recording,
    records,
    speed_dials,
)
from .calls import class_of
from .features import menu, outside_number, queue, ring_group
from .features.feature import HANGUPS
from .features.hours import switches
from .features.mailbox_login import LEAST_PIN
from .options import Values
from .sip_limits import Limits, sip_limits
from .trunks import TWILIO_ONLY, is_secure, legs, outbound_context, transport, trunk_id, uri_parameter

#: The certificate with its chain and its key, as Asterisk reads them. It is outside of the tree that role pbx owns,
#: because an ACME client renews it.
TLS_FILE = "/etc/ssl/asterisk.pem"
#: What asks n8n; role pbx installs it from its files.
N8N_SCRIPT = "/usr/local/lib/trunkline/n8n_route.py"
#: Where the dialplan writes events for n8n, and a service of its own reads them.
N8N_SPOOL = "/var/lib/asterisk/n8n-events"
_INTERNATIONAL = BUILT_IN[-1]
#: A call goes on to the next edge after this much silence: over twice the round trip to the farthest edge.
_SILENCE_SECONDS = 1.5


def context(
    host: Values, probe: Values, memory: Values, asterisk_major: int, name: str = "localhost",
    sounds: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the variables of the templates.

    :param host: the host's options, of a valid inventory. :param probe: the result of module sip_options, or empty.
    :param memory: the `order` of the edges and the `timer_t1` of the run before, or empty. :param name: the host's name
        in the inventory. :param sounds: the digest of each sound file of the prompts, by its path.
    """
    host = prompts.resolved(host, sounds or {})
    t1, b = edges.timers(host, probe, memory)
    dialled = _dialling(host)
    trunks = [
        {**_trunk(index, trunk, host, probe), "number_context": number, "emergency_numbers": emergency}
        for index, (trunk, number, emergency) in enumerate(
            zip(host["trunkline_trunks"], dialled.contexts, dialled.emergency))
    ]
    by_name = {trunk["name"]: trunk for trunk in trunks}
    codes, recorded = feature_codes.rows(host), recording.rows(host)
    phones = [
        {**_phone(index, phone, host, by_name), "steps": phone_options.steps(
            phone, bool(codes), phone["name"] in recorded.get("phones", ()), bool(host["pbx_n8n"]))}
        for index, phone in enumerate(host["pbx_phones"])]
    numbers = phone_options.outside_rows(host)
    rows = features.rows(host)
    several_edges = any(len(trunk["legs"]) > 1 for trunk in trunks)
    return {
        **{name: host[name] for name in options.of_role("pbx")["main"] if name not in _ROWS},
        "trunks": trunks,
        "phones": phones,
        "dids": [_did(index, did, trunks[0], by_name) for index, did in enumerate(host["pbx_dids"])],
        "features": rows,
        "modules": _modules(rows, host, several_edges),
        "emergency": emergency.row(host, phones, trunks),
        "busy_at": any(phone["busy_at"] for phone in phones),
        "phones_show_numbers": phone_options.show_numbers(host),
        "emergency_caller_ids": any(phone["emergency_caller_id"] for phone in phones),
        "outside_numbers": [
            _outside_number(index, row, host, by_name) for index, row in enumerate(host["pbx_outside_numbers"])],
        "outside_asked": any(row["confirm"] for row in host["pbx_outside_numbers"]),
        "skips_busy": ring_group.skips_busy(host),
        "menu_dialled": menu.dialled(host),
        "has_mailboxes": bool(host["pbx_mailboxes"]),
        "asks_for_pins": bool(host["pbx_conferences"] or host["pbx_mailbox_logins"]),
        "least_pin": LEAST_PIN if host["pbx_mailbox_logins"] else 4,
        "has_n8n": bool(host["pbx_n8n"]),
        "codes": codes,
        "forward_numbers": numbers,
        "forwards_out": host["pbx_forward_outside"] and bool(codes or numbers),
        "callers": callers.rows(host),
        "parking": {"slots": parking.slots(host)},
        "music": {
            "is_there": music.is_there(host), "of_folder": music.is_folder(host[music.HOLD]),
            "classes": prompts.classes(host, sounds or {})},
        "recording": recorded,
        "queue_phones": queue.phones(host),
        "speed_dials": speed_dials.rows(host),
        "paging": paging.rows(host),
        "switches": switches(host),
        "hangups": HANGUPS,
        "classes": sorted({one.name: one for trunk in trunks for one in trunk["classes"].values()}.items()),
        "homes": dialled.homes,
        "written": dialled.written,
        "record_fields": records.fields(host),
        "events": records.EVENTS,
        "event_applications": records.APPLICATIONS,
        "event_fields": records.EVENT_FIELDS,
        "quality": records.quality(asterisk_major),
        "records_database": records.connection(host, name),
        "secure": is_secure(host),
        "several_edges": several_edges,
        "tls_file": TLS_FILE,
        "n8n_script": N8N_SCRIPT,
        "n8n_spool": N8N_SPOOL,
        "n8n_events": _n8n_events(host),
        "max_wait_ms": host["pbx_max_wait_seconds"] * 1000,
        "silence_seconds": _SILENCE_SECONDS,
        "timer_t1": t1,
        "timer_b": b,
        "asterisk_major": asterisk_major,
    }


def _modules(rows: list[dict[str, Any]], host: Values, several_edges: bool) -> list[str]:
    """Return the modules of Asterisk that some hosts need, each once."""
    edge = ("app_originate.so",) if several_edges else ()
    others = (
        *emergency.modules(host), *paging.modules(host), *outside_number.modules(host), *recording.modules(host))
    return list(dict.fromkeys([*edge, *(one for row in rows for one in row["modules"]), *others]))


#: Options whose rows templates get from the functions below.
_ROWS = (
    "trunkline_trunks", "pbx_phones", "pbx_dids", callers.DIRECTORY, callers.BLOCKED, speed_dials.VARIABLE,
    paging.VARIABLE, prompts.VARIABLE, music.VARIABLE, *(feature.variable for feature in features.FEATURES))


def without_secrets(host: Values) -> str:
    """Return the options of a PBX as JSON, from which a plan tells what changed in the inventory's words.

    Options that concern Twilio's side or a proof alone are left out: they change nothing on the PBX.
    """
    roles = [options.of_role(role)["main"] for role in _CONFIGURING]
    spec = {name: option for role in roles for name, option in role.items()}
    trunk = options.of_pbx()["trunkline_trunks"]
    columns = {name: option for name, option in trunk["options"].items() if name not in TWILIO_ONLY}
    spec["trunkline_trunks"] = {**trunk, "options": columns}
    return json.dumps(_public(spec, host), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


#: The roles that configure a PBX.
_CONFIGURING = ("pbx", "asterisk", "firewall")


def public(host: Values) -> dict[str, Any]:
    """Return what tasks may know of a host: its single values, and what a probe needs of each trunk.

    There is no secret in it, and none of the rows of which there may be thousands.
    """
    spec = {name: option for name, option in options.of_pbx().items() if "options" not in option}
    asked = edges.measured(host["trunkline_trunks"])
    return {
        "options": {name: host[name] for name, option in spec.items() if not option.get("no_log")},
        "trunks": [
            {
                **{name: trunk[name] for name in _PROBED},
                "edges": trunk["edges"] or [],
                "endpoint": trunk_id(trunk["domain"]),
                "context": outbound_context(trunk["domain"]),
            }
            for trunk in host["trunkline_trunks"]
        ],
        "secure": is_secure(host),
        "edge_targets": edges.targets(asked, transport(asked)) if asked else [],
        "edge_margin_ms": edges.MARGIN_MS,
        "sip_limits": asdict(_sip_limits(host)),
        "tls_file": TLS_FILE,
        "n8n": [row["name"] for row in host["pbx_n8n"]],
        "n8n_events": _n8n_events(host),
        "card": card.sections(host),
        "recording": recording.kept(host),
        "prompts": prompts.are_there(host),
        "emergency_mail": emergency.notifies_by_mail(host),
        "records_database": bool(host["pbx_records_database"]),
        "tls_called_as": host["trunkline_public_name"] or host["trunkline_public_address"],
    }


def _n8n_events(host: Values) -> bool:
    return any(row["events_url"] for row in host["pbx_n8n"])


#: Options of a trunk that its probes need.
_PROBED = ("name", "domain", "ip_access_control_list", "credential_list")


def _sip_limits(host: Values) -> Limits:
    """Return the limits of the firewall. Several devices may register under one phone's name."""
    devices = sum(phone["max_contacts"] for phone in host["pbx_phones"])
    return sip_limits(devices, host["firewall_sip_rate"], host["firewall_sip_burst"])


def _public(spec: options.Spec, values: Values) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, option in spec.items():
        value = values.get(name)
        if option.get("no_log") or value is None:
            continue
        columns = option.get("options")
        if "values" in option:
            found[name] = {key: _public(option["values"], row) for key, row in value.items()}
        elif columns and option["type"] == "dict":
            found[name] = _public(columns, value)
        else:
            found[name] = [_public(columns, row) for row in value] if columns else value
    return found


def _trunk(index: int, trunk: Values, host: Values, probe: Values) -> dict[str, Any]:
    """Return a trunk with the names of its objects, its legs, and what each class of its phones may call."""
    first = host["trunkline_trunks"][0]["name"]

    def classes(rows: list[Values]) -> list[str]:
        mine = (row for row in rows if (row["trunk"] or first) == trunk["name"])
        return list(dict.fromkeys(row["class"] or host["pbx_default_class"] for row in mine))

    used = classes(host["pbx_phones"])
    ways_out = list(dict.fromkeys([*used, *classes(host["pbx_outside_numbers"])]))
    return {
        **trunk,
        "source": f"trunkline_trunks[{index}]",
        "id": trunk_id(trunk["domain"]),
        "transport": transport(trunk),
        "contact": f"sip:{trunk['termination'] or trunk['domain']}{uri_parameter(trunk)}",
        "legs": legs(trunk, edges.in_order(trunk, probe)),
        "username": _escaped(trunk["username"]),
        "password": _escaped(trunk["password"]),
        "caller_name": trunk["caller_name"] or "",
        "used_classes": used,
        "ways_out": ways_out,
        "classes": {name: class_of(name, trunk, host) for name in (_INTERNATIONAL, *ways_out)},
    }


def _dialling(host: Values) -> Dialling:
    declared = {
        "home_country": host["pbx_home_country"],
        "international_prefixes": host["pbx_international_prefixes"],
        "emergency_numbers": host["pbx_emergency_numbers"],
        "national_rules": host["pbx_national_rules"],
        "phones": [phone["name"] for phone in host["pbx_phones"]],
    }
    return dialling(declared, [trunk["caller_id"] for trunk in host["trunkline_trunks"]])


def _phone(index: int, phone: Values, host: Values, trunks: Mapping[str, Values]) -> dict[str, Any]:
    trunk = trunks[phone["trunk"] or host["trunkline_trunks"][0]["name"]]
    return {
        **phone,
        "source": f"pbx_phones[{index}]",
        "trunk_id": trunk["id"],
        "context": f"phones-{trunk['id']}-{phone['class'] or host['pbx_default_class']}",
        "transfers": f"refer-{trunk['id']}-{phone['class'] or host['pbx_default_class']}",
        "way_out": f"outside-{trunk['id']}-{phone['class'] or host['pbx_default_class']}",
        "caller_name": phone["caller_name"] or phone["name"],
        "password": _escaped(phone["password"]),
    }


def _outside_number(index: int, row: Values, host: Values, trunks: Mapping[str, Values]) -> dict[str, Any]:
    trunk = trunks[row["trunk"] or host["trunkline_trunks"][0]["name"]]
    return {
        **row,
        "source": f"pbx_outside_numbers[{index}]",
        "way_out": f"outside-{trunk['id']}-{row['class']}",
        "queued": any(row["name"] in queue["outside_members"] for queue in host["pbx_queues"]),
    }


def _did(index: int, did: Values, first: Values, trunks: Mapping[str, Values]) -> dict[str, Any]:
    trunk = trunks[did["trunk"]] if did["trunk"] else first
    return {
        **did, "source": f"pbx_dids[{index}]", "secure": trunk["secure"], "trunk_id": trunk["id"],
        "home": trunk["number_context"],
        "destination": features.number_destination(did)}


def _escaped(text: str | None) -> str:
    """Escape the semicolons of a text, which would begin a comment in a .conf file (Asterisk, main/config.c)."""
    return (text or "").replace(";", "\\;")
