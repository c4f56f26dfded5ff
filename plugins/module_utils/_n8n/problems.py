# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What cannot be right in the variables of roles n8n and n8n_flow, as sentences that name the variable.

The values are as Ansible delivers them: a time without quotes is a number by then, and a number has lost its plus.
"""

from __future__ import annotations

import ipaddress
import re
import zoneinfo
from collections.abc import Iterator, Mapping
from typing import Any

from .._core.validators import E164
from .workflows import EVENTS, WEBHOOK, complete_events, webhook_path

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: What a row of n8n_flows may have, with its value where it is not given.
ROW: dict[str, Any] = {
    "name": None, "token": None, "path": "", "callers": [], "hours": [], "timezone": "UTC", "otherwise": None,
    "events": None, "workflow": None, "keep_edits": False,
}
#: The kinds of destinations that pbx_n8n may allow.
KINDS = (
    "phone", "ring_group", "queue", "menu", "hours", "announcement", "conference", "mailbox", "n8n",
    "outside_number", "hangup",
)
_RULE = ("to", "caller_name", "tag")
CALLER, HOURS = ("number", *_RULE), ("days", "from", "until", *_RULE)
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,24}")
_PATH = re.compile(r"[A-Za-z0-9_-]{1,40}(?:/[A-Za-z0-9_-]{1,40}){0,3}")
_TOKEN = re.compile(r"[!-~]{16,200}")
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+/-]{1,60}")
_DESTINATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_TABLE = re.compile(r"[a-z][a-z0-9_]{0,31}")
_TAG = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")
_SETTING = re.compile(r"[A-Z][A-Z0-9_]{0,99}")
#: Settings that the role makes of options of its own.
OWN_SETTINGS = frozenset({
    "N8N_ENCRYPTION_KEY", "N8N_ENCRYPTION_KEY_FILE", "N8N_LISTEN_ADDRESS", "N8N_PORT", "N8N_USER_FOLDER",
    "WEBHOOK_URL", "N8N_EDITOR_BASE_URL", "GENERIC_TIMEZONE", "EXECUTIONS_DATA_MAX_AGE", "PATH", "HOME",
})


def of_host(options: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong in the options of role n8n, by name of each."""
    key = options["n8n_encryption_key"]
    if not isinstance(key, str) or not re.fullmatch(r"[!-~]{24,200}", key):
        yield ("n8n_encryption_key must be 24 to 200 visible characters of ASCII, such as openssl rand -hex 24 makes;"
               " keep it in the vault, since without it n8n cannot read its credentials any more.")
    if not _is(options["n8n_version"], _VERSION):
        yield f"n8n_version must be three numbers in quotes, such as \"2.41.1\", not {options['n8n_version']!r}."
    address = options["n8n_listen_address"]
    try:
        open_to_all = ipaddress.ip_address(address).is_unspecified if isinstance(address, str) else None
    except ValueError:
        open_to_all = None
    if open_to_all is None:
        yield f"n8n_listen_address must be an IP address of the host, such as 127.0.0.1, not {address!r}."
    elif open_to_all or not ipaddress.ip_address(address).is_private:
        yield (f"n8n_listen_address must be loopback or a private address, not {address}: n8n speaks no TLS by itself,"
               " so that passwords and tokens could be read; put a reverse proxy before it.")
    yield from _whole("n8n_port", options["n8n_port"], 1024, 65535)
    if options["n8n_port"] in (5679, "5679"):
        yield "n8n_port must not be 5679, where n8n's own task broker listens."
    yield from _whole("n8n_executions_hours", options["n8n_executions_hours"], 1, 8760)
    yield from _whole("n8n_memory_megabytes", options["n8n_memory_megabytes"], 1024, 65536)
    url = options["n8n_public_url"]
    if url and not (isinstance(url, str) and re.fullmatch(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?/", url)):
        yield f"n8n_public_url must be https and end with /, such as https://n8n.example.com/, not {url!r}."
    if not _is_zone(options["n8n_timezone"]):
        yield f"n8n_timezone must be a time zone, such as Europe/Berlin, not {options['n8n_timezone']!r}."
    registry = options["n8n_npm_registry"]
    if not (isinstance(registry, str) and re.fullmatch(r"https?://[!-~]+", registry) and "@" not in registry):
        yield "n8n_npm_registry must be a URL without a password, such as https://registry.npmjs.org."
    authority = options["n8n_npm_ca_file"]
    if authority and not (isinstance(authority, str) and re.fullmatch(r"/[A-Za-z0-9._/-]+", authority)):
        yield f"n8n_npm_ca_file must be a path on the host that begins with /, not {authority!r}."
    yield from _settings(options["n8n_environment"])


def _settings(given: Any) -> Iterator[str]:
    if not isinstance(given, Mapping):
        yield f"n8n_environment must be a dict of n8n's variables, such as {{DB_TYPE: postgresdb}}, not {given!r}."
        return
    for name, value in given.items():
        place = f"n8n_environment.{name}"
        if not _is(name, _SETTING):
            yield f"n8n_environment has {name!r}, which is no name of a variable, such as DB_TYPE."
        elif name in OWN_SETTINGS:
            yield f"{place} is made from an option of this role: set that one."
        elif re.search("PASSWORD|SECRET|TOKEN|_KEY", name) and not name.endswith("_FILE"):
            yield f"{place} would put a secret into a file of settings: give {name}_FILE, a path of a file that has it."
        elif not isinstance(value, str) or not re.fullmatch(r"[^\x00-\x1f\x7f'\\]*", value):
            yield f"{place} must be a text in quotes, without ' and \\ and on one line, such as \"true\"."


def of_flows(rows: Any) -> Iterator[str]:
    """Yield what is wrong in n8n_flows."""
    if not isinstance(rows, list):
        yield f"n8n_flows must be a list of rows, each with a name, not {_what(rows)}."
        return
    names: list[Any] = []
    paths: list[Any] = []
    for index, row in enumerate(rows):
        place = f"n8n_flows[{index}]"
        if not isinstance(row, Mapping):
            yield f"{place} must be a dict of {', '.join(ROW)}, not {_what(row)}."
            continue
        yield from _unknown(place, row, ROW)
        full = complete(row)
        yield from _row(place, full)
        for option, value, seen in (("name", full["name"], names), ("path", webhook_path(full), paths)):
            if value in seen:
                yield f"{place}.{option} repeats {value!r}, which n8n_flows[{seen.index(value)}] has."
            seen.append(value)


def complete(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with a value for each option; one that is null counts as not given."""
    return {name: default if row.get(name) is None else row[name] for name, default in ROW.items()}


def _row(place: str, row: Mapping[str, Any]) -> Iterator[str]:
    if not _is(row["name"], _NAME):
        yield f"{place}.name must be 1 to 25 of a-z, 0-9, _ and -, and begin with a letter, not {row['name']!r}."
    if not _is(row["token"], _TOKEN):
        yield (f"{place}.token must be 16 to 200 visible characters of ASCII in quotes, the same as in pbx_n8n, such as"
               " openssl rand -hex 24 makes.")
    if row["path"] != "" and not _is(row["path"], _PATH):
        yield f"{place}.path must be words of letters, digits, _ and -, such as calls, not {row['path']!r}."
    if not isinstance(row["keep_edits"], bool):
        yield f"{place}.keep_edits must be true or false, not {row['keep_edits']!r}."
    if row["workflow"] is not None:
        yield from _own(place, row)
    elif row["events"] is not None:
        yield from _events(place, row)
    else:
        yield from _rules(place, row)


def _events(place: str, row: Mapping[str, Any]) -> Iterator[str]:
    yield from _of_no_use(place, row, "events", ("callers", "hours", "otherwise"))
    given = row["events"]
    if not isinstance(given, Mapping):
        yield f"{place}.events must be a dict of {', '.join(EVENTS)}, such as {{table: calls}}, not {given!r}."
        return
    yield from _unknown(f"{place}.events", given, EVENTS)
    full = complete_events(given)
    if not _is(full["table"], _TABLE):
        yield (f"{place}.events.table must be 1 to 32 of a-z, 0-9 and _, and begin with a letter, not"
               f" {full['table']!r}.")
    yield from _whole(f"{place}.events.keep_days", full["keep_days"], 1, 3650)


def _of_no_use(place: str, row: Mapping[str, Any], beside: str, options: tuple[str, ...]) -> Iterator[str]:
    for option in options:
        if row[option] not in (None, []):
            yield f"{place}.{option} is of no use beside {beside}: give it a row of its own, or leave it out."


def _own(place: str, row: Mapping[str, Any]) -> Iterator[str]:
    given = row["workflow"]
    yield from _of_no_use(place, row, "workflow", ("callers", "hours", "otherwise", "events"))
    nodes = given.get("nodes") if isinstance(given, Mapping) else None
    if not isinstance(nodes, list) or not all(
            isinstance(node, Mapping) and isinstance(node.get("name"), str) and isinstance(node.get("type"), str)
            for node in nodes):
        yield f"{place}.workflow must be a workflow as n8n's editor downloads it, a dict with a list of nodes."
        return
    for option in ("connections", "settings"):
        if not isinstance(given.get(option) or {}, Mapping):
            yield f"{place}.workflow.{option} must be a dict, as n8n's editor downloads it, not {_what(given[option])}."
    webhooks = [node for node in nodes if node["type"] == WEBHOOK]
    if len(webhooks) != 1:
        yield f"{place}.workflow must have one node Webhook, which the PBX calls; it has {len(webhooks)}."
        return
    yield from _webhook(f"{place}.workflow has the node {webhooks[0]['name']!r}, which", webhooks[0])


def _webhook(subject: str, node: Mapping[str, Any]) -> Iterator[str]:
    parameters = node.get("parameters") or {}
    if not isinstance(parameters, Mapping):
        yield f"{subject} must have a dict of parameters, as n8n's editor downloads it, not {_what(parameters)}."
        return
    # The editor leaves the method out where it is GET.
    methods = parameters.get("httpMethod", "GET")
    if "POST" not in (methods if isinstance(methods, list) else [methods]):
        yield f"{subject} must take POST, as the PBX asks, not {methods!r}: set its HTTP method in n8n's editor."
    if node.get("disabled"):
        yield f"{subject} is deactivated, so that nothing would answer: activate it in n8n's editor."


def _rules(place: str, row: Mapping[str, Any]) -> Iterator[str]:
    if not _is_zone(row["timezone"]):
        yield f"{place}.timezone must be a time zone, such as Europe/Berlin, not {row['timezone']!r}."
    if row["otherwise"] is None:
        yield f"{place}.otherwise is missing: say where all other calls go, such as {{ring_group: sales}}."
    else:
        yield from _destination(f"{place}.otherwise", row["otherwise"])
    yield from _rows(f"{place}.callers", row["callers"], CALLER, _caller)
    yield from _rows(f"{place}.hours", row["hours"], HOURS, _hours)
    if isinstance(row["callers"], list):
        numbers = [one["number"] for one in row["callers"]
                   if isinstance(one, Mapping) and isinstance(one.get("number"), str)]
        for number in sorted({one for one in numbers if numbers.count(one) > 1}):
            yield f"{place}.callers names {number} twice."


def _rows(place: str, rows: Any, names: tuple[str, ...], check: Any) -> Iterator[str]:
    if not isinstance(rows, list):
        yield f"{place} must be a list of rows, each a dict of {', '.join(names)}."
        return
    for index, row in enumerate(rows):
        where = f"{place}[{index}]"
        if not isinstance(row, Mapping):
            yield f"{where} must be a dict of {', '.join(names)}, not {_what(row)}."
            continue
        yield from _unknown(where, row, names)
        yield from check(where, row)
        yield from _destination(f"{where}.to", row.get("to"))
        shown, tag = row.get("caller_name"), row.get("tag")
        if shown is not None and not (isinstance(shown, str) and len(shown) <= 60 and shown.isprintable()):
            yield f"{where}.caller_name must be a text of at most 60 characters, not {shown!r}."
        if tag is not None and not _is(tag, _TAG):
            yield f"{where}.tag must be 1 to 64 of letters, digits, _ . : and -, not {tag!r}."


def _caller(place: str, row: Mapping[str, Any]) -> Iterator[str]:
    if not _is(row.get("number"), E164):
        yield (f"{place}.number must be a number with its plus, in quotes, such as \"+919876543210\", not"
               f" {row.get('number')!r}.")


def _hours(place: str, row: Mapping[str, Any]) -> Iterator[str]:
    days = row.get("days")
    if not isinstance(days, list) or not days or not all(day in DAYS for day in days):
        yield f"{place}.days must be a list of {', '.join(DAYS)}, not {days!r}."
    begin, end = row.get("from"), row.get("until")
    for option, value in (("from", begin), ("until", end)):
        if not (_is(value, _TIME) or option == "until" and value == "24:00"):
            yield f"{place}.{option} must be a time in quotes, such as \"09:00\", not {value!r}."
    if _is(begin, _TIME) and (_is(end, _TIME) or end == "24:00") and str(begin) >= str(end):
        yield f"{place}.until must be later than from on the same day; write a night as two rows."


def _destination(place: str, value: Any) -> Iterator[str]:
    if not isinstance(value, Mapping) or len(value) != 1:
        yield f"{place} must be one destination of the PBX, such as {{ring_group: sales}}, not {value!r}."
        return
    (kind, name), = value.items()
    if kind not in KINDS:
        yield f"{place} has {kind!r}, which is no kind of destination; there are {', '.join(KINDS)}."
    elif not _is(name, _DESTINATION):
        yield f"{place}.{kind} must be a name in quotes, such as \"1001\", not {name!r}."


def _unknown(place: str, row: Mapping[str, Any], known: Any) -> Iterator[str]:
    for name in row:
        if name not in known:
            yield f"{place} has {name!r}, which is none of {', '.join(known)}."


def _what(value: Any) -> str:
    """Return the kind of a value and not the value, which may be a secret; Ansible has classes of its own for each."""
    for kind, name in ((Mapping, "a dict"), (list, "a list"), (str, "a text"), (type(None), "null"),
                       (bool, "a boolean"), ((int, float), "a number")):
        if isinstance(value, kind):
            return name
    return type(value).__name__


def _is_zone(value: Any) -> bool:
    """Return whether a value is a time zone; where the controller has no list of them, whether it looks like one."""
    known = zoneinfo.available_timezones()
    return _is(value, _ZONE) and (not known or value in known)


def _is(value: Any, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _whole(name: str, value: Any, least: int, most: int) -> Iterator[str]:
    number = int(value) if isinstance(value, str) and re.fullmatch(r"[1-9][0-9]{0,9}", value) else value
    if isinstance(number, bool) or not isinstance(number, int) or not least <= number <= most:
        yield f"{name} must be a whole number from {least} to {most}, not {value!r}."
