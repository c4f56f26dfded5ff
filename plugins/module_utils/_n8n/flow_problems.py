# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What cannot be right in n8n_flows and the options of the API, as sentences that name the variable."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Callable

from .._core.validators import E164
from .checks import address_fault, is_a, is_zone, url_fault, what, whole
from .workflows import NUMBER, WEBHOOK, WORDS, webhook_path

#: The kinds of destinations that pbx_n8n may allow.
KINDS = (
    "phone", "ring_group", "queue", "menu", "hours", "announcement", "conference", "mailbox", "mailbox_login", "n8n",
    "outside_number", "hangup",
)
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,24}")
_PATH = re.compile(r"[A-Za-z0-9_-]{1,40}(?:/[A-Za-z0-9_-]{1,40}){0,3}")
_TOKEN = re.compile(r"[!-~]{16,200}")
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_DESTINATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_TABLE = re.compile(r"[a-z][a-z0-9_]{0,31}")
_TAG = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
_SHOWN = re.compile(r"[!-~](?:[ -~]{0,998}[!-~])?")
#: A key of JSON may have blanks and letters of any language.
_FIELD = re.compile(r"[\w@:-](?:[\w @:-]{0,58}[\w@:-])?(?:\.[\w@:-](?:[\w @:-]{0,58}[\w@:-])?){0,9}")
#: n8n sets these itself, and a request with two of them, or with a wrong one, is no request.
_OWN_HEADERS = ("connection", "content-length", "content-type", "host", "transfer-encoding", "upgrade")
#: The one that is shown to a CRM where no other is named.
_USUAL_HEADER = "Authorization"
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}")
_KEY_OF_API = re.compile(r"[A-Za-z0-9_.-]{20,2000}")
_FILE = re.compile(r"/[A-Za-z0-9._/-]{1,300}")
_ARGUMENT = re.compile(r"[^\x00-\x1f\x7f]{1,300}")
#: Users of a directory have dots and a domain; units are as systemd.unit(5) says.
_USER = re.compile(r"[A-Za-z_][A-Za-z0-9_.@-]{0,63}")
_SERVICE = re.compile(r"[A-Za-z0-9:_.@-]{1,200}")

#: Yields what is wrong in a row that stands at a place.
Check = Callable[[str, Mapping[str, Any]], Iterator[str]]


def of_flows(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield what is wrong in n8n_flows.

    :param rows: with a value for each option of the argument spec, of its type, or None.
    """
    names: list[str] = []
    paths: list[str] = []
    for index, row in enumerate(rows):
        place = f"n8n_flows[{index}]"
        yield from _row(place, row)
        for option, value, seen in (("name", row["name"], names), ("path", webhook_path(row), paths)):
            if value in seen:
                yield f"{place}.{option} repeats {value!r}, which n8n_flows[{seen.index(value)}] has."
            seen.append(value)


def of_api(values: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong in the options of n8n's public API, which is not used without an address."""
    url, key, authority = (values[f"n8n_flow_api_{name}"] for name in ("url", "key", "ca_file"))
    if not url:
        if key:
            yield "n8n_flow_api_key is given, and n8n_flow_api_url is not: say which n8n it is the key of."
        return
    if fault := address_fault(url):
        yield f"n8n_flow_api_url {fault}."
    elif "?" in url or "/api/" in f"{url}/":
        yield "n8n_flow_api_url must be the address of n8n alone, such as https://n8n.example.com/, without /api/v1."
    if not is_a(key, _KEY_OF_API):
        yield ("n8n_flow_api_key must be the key that n8n shows once when it is made, a text of 20 to 2000 letters,"
               " digits and _ . -; keep it in the vault.")
    if authority and not is_a(authority, _FILE):
        yield f"n8n_flow_api_ca_file must be a path that begins with /, not {authority!r}."


def of_host(values: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong in the options of an n8n on the host: how it is run, and where it answers."""
    command, user, service = (values[f"n8n_flow_{name}"] for name in ("command", "user", "service"))
    if not command or not is_a(command[0], _FILE):
        yield ("n8n_flow_command must be a list that begins with the path of a program, such as"
               f" [/usr/bin/node, /opt/n8n/bin/n8n], not {command!r}.")
    elif not all(is_a(argument, _ARGUMENT) for argument in command[1:]):
        yield "n8n_flow_command must have arguments of 1 to 300 characters on one line."
    if not is_a(user, _USER):
        yield f"n8n_flow_user must be the name of a user of the host, such as n8n, not {user!r}."
    if not is_a(service, _SERVICE):
        yield f"n8n_flow_service must be the name of a service of systemd, such as n8n, not {service!r}."
    url = values["n8n_flow_url"]
    if url and (fault := url_fault(url)):
        yield f"n8n_flow_url {fault}."
    elif url and ("?" in url or "/webhook" in url):
        yield "n8n_flow_url must be the address of n8n alone, such as http://127.0.0.1:5678, without /webhook."


def _row(place: str, row: Mapping[str, Any]) -> Iterator[str]:
    if not is_a(row["name"], _NAME):
        yield f"{place}.name must be 1 to 25 of a-z, 0-9, _ and -, and begin with a letter, not {row['name']!r}."
    if not is_a(row["token"], _TOKEN):
        yield (f"{place}.token must be 16 to 200 visible characters of ASCII in quotes, the same as in pbx_n8n, such as"
               " openssl rand -hex 24 makes.")
    if row["path"] is not None and not is_a(row["path"], _PATH):
        yield f"{place}.path must be words of letters, digits, _ and -, such as calls, not {row['path']!r}."
    if row["workflow"] is not None:
        yield from _own(place, row)
    elif row["events"] is not None or row["missed"] is not None:
        beside = "events" if row["events"] is not None else "missed"
        yield from _of_no_use(place, row, beside, ("callers", "hours", "crm", "otherwise"))
        if row["events"] is not None:
            yield from _events(f"{place}.events", row["events"])
        if row["missed"] is not None:
            yield from _missed(f"{place}.missed", row["missed"])
        yield from _zone(place, row)
    else:
        yield from _rules(place, row)


def _zone(place: str, row: Mapping[str, Any]) -> Iterator[str]:
    if not is_zone(row["timezone"]):
        yield f"{place}.timezone must be a time zone, such as Europe/Berlin, not {row['timezone']!r}."


def _events(place: str, given: Mapping[str, Any]) -> Iterator[str]:
    if not is_a(given["table"], _TABLE):
        yield f"{place}.table must be 1 to 32 of a-z, 0-9 and _, and begin with a letter, not {given['table']!r}."
    yield from whole(f"{place}.keep_days", given["keep_days"], 1, 3650)


def _missed(place: str, given: Mapping[str, Any]) -> Iterator[str]:
    if fault := address_fault(given["url"]):
        yield f"{place}.url {fault}."
    if not is_a(given["key"], _KEY):
        # Whoever takes it for a key of the chat has typed a secret.
        yield (f"{place}.key must be the name of what the chat takes a text in, such as text: 1 to 32 letters, digits"
               " and _, and no secret.")
    text = given["text"]
    if len(text) > 500 or not text.isprintable():
        yield f"{place}.text must have 1 to 500 characters on one line, without line breaks, tabs and no-break spaces."
    else:
        yield from _words(f"{place}.text", text)


def _words(place: str, text: str) -> Iterator[str]:
    there = ", ".join(f"{{{one}}}" for one in WORDS)
    for word in re.findall(r"[{](.*?)[}]", text):
        if word not in WORDS:
            yield f"{place} has {{{word}}}; there are {there}."
    if re.search("[{}]", re.sub(r"[{].*?[}]", "", text)):
        yield f"{place} has a brace without its other one; what is between braces is one of {there}."


def _crm(place: str, given: Mapping[str, Any]) -> Iterator[str]:
    url = given["url"]
    if url is None or url.count(NUMBER) != 1:
        yield (f"{place}.url must have {NUMBER} once, where the caller's number goes, such as"
               f" https://crm.example.com/contacts?phone={NUMBER}.")
    elif fault := address_fault(url.replace(NUMBER, "1")):
        yield f"{place}.url {fault}."
    elif NUMBER in url.partition("//")[2].partition("/")[0]:
        yield f"{place}.url must have {NUMBER} after its host."
    if not is_a(given["header"], _HEADER):
        # Whoever types the whole line has typed a secret.
        yield f"{place}.header must be the name of a header alone, such as Authorization; what it says is header_value."
    elif given["header"].lower() in _OWN_HEADERS:
        yield f"{place}.header must be another one than {given['header']}, which n8n sets itself."
    elif given["header"] != _USUAL_HEADER and given["header_value"] is None:
        yield f"{place}.header is of no use without header_value: give what the CRM wants to be shown, or leave it out."
    if given["header_value"] is not None and not is_a(given["header_value"], _SHOWN):
        yield f"{place}.header_value must be 1 to 1000 characters of ASCII on one line, such as Bearer and a key."
    yield from whole(f"{place}.seconds", given["seconds"], 1, 8)
    for option in ("caller_name", "tag"):
        if given[option] is not None:
            yield from _field(f"{place}.{option}", given[option])
    yield from _rows(f"{place}.routes", given["routes"], _route)
    if not given["routes"] and given["caller_name"] is None and given["tag"] is None:
        yield f"{place} has none of routes, caller_name and tag, so that its answer would mean nothing."


def _route(place: str, row: Mapping[str, Any]) -> Iterator[str]:
    yield from _field(f"{place}.field", row["field"])
    value = row["value"]
    if isinstance(value, str) and len(value) > 200:
        yield f"{place}.value must have at most 200 characters."
    elif value is not None and not isinstance(value, (bool, int, str)):
        yield f"{place}.value must be a text in quotes, a whole number, true or false, not {what(value)}."


def _field(place: str, value: Any) -> Iterator[str]:
    if not is_a(value, _FIELD):
        yield (f"{place} must be the way to a field of the CRM's answer, names and numbers of rows with dots between,"
               f" such as data.0.name, not {value!r}.")


def _of_no_use(place: str, row: Mapping[str, Any], beside: str, options: tuple[str, ...]) -> Iterator[str]:
    for option in options:
        if row[option] not in (None, []):
            yield f"{place}.{option} is of no use beside {beside}: give it a row of its own, or leave it out."


def _own(place: str, row: Mapping[str, Any]) -> Iterator[str]:
    given = row["workflow"]
    yield from _of_no_use(place, row, "workflow", ("callers", "hours", "crm", "otherwise", "events", "missed"))
    nodes = given.get("nodes") if isinstance(given, Mapping) else None
    if not isinstance(nodes, list) or not all(
            isinstance(node, Mapping) and isinstance(node.get("name"), str) and isinstance(node.get("type"), str)
            for node in nodes):
        yield f"{place}.workflow must be a workflow as n8n's editor downloads it, a dict with a list of nodes."
        return
    for option in ("connections", "settings"):
        if not isinstance(given.get(option) or {}, Mapping):
            yield f"{place}.workflow.{option} must be a dict, as n8n's editor downloads it, not {what(given[option])}."
    webhooks = [node for node in nodes if node["type"] == WEBHOOK]
    if len(webhooks) != 1:
        yield f"{place}.workflow must have one node Webhook, which the PBX calls; it has {len(webhooks)}."
        return
    yield from _webhook(f"{place}.workflow has the node {webhooks[0]['name']!r}, which", webhooks[0])


def _webhook(subject: str, node: Mapping[str, Any]) -> Iterator[str]:
    parameters = node.get("parameters") or {}
    if not isinstance(parameters, Mapping):
        yield f"{subject} must have a dict of parameters, as n8n's editor downloads it, not {what(parameters)}."
        return
    # The editor leaves the method out where it is GET.
    methods = parameters.get("httpMethod", "GET")
    if "POST" not in (methods if isinstance(methods, list) else [methods]):
        yield f"{subject} must take POST, as the PBX asks, not {methods!r}: set its HTTP method in n8n's editor."
    if node.get("disabled"):
        yield f"{subject} is deactivated, so that nothing would answer: activate it in n8n's editor."


def _rules(place: str, row: Mapping[str, Any]) -> Iterator[str]:
    yield from _zone(place, row)
    if row["crm"] is not None:
        yield from _crm(f"{place}.crm", row["crm"])
    if row["otherwise"] is None:
        yield f"{place}.otherwise is missing: say where all other calls go, such as {{ring_group: sales}}."
    else:
        yield from _destination(f"{place}.otherwise", row["otherwise"])
    yield from _rows(f"{place}.callers", row["callers"], _caller)
    yield from _rows(f"{place}.hours", row["hours"], _hours)
    numbers = [one["number"] for one in row["callers"] if one["number"]]
    for number in sorted({one for one in numbers if numbers.count(one) > 1}):
        yield f"{place}.callers names {number} twice."


def _rows(place: str, rows: Sequence[Mapping[str, Any]], check: Check) -> Iterator[str]:
    for index, row in enumerate(rows):
        where = f"{place}[{index}]"
        yield from check(where, row)
        yield from _destination(f"{where}.to", row["to"])
        shown, tag = row.get("caller_name"), row.get("tag")
        if shown is not None and not (len(shown) <= 60 and shown.isprintable()):
            yield f"{where}.caller_name must be a text of at most 60 characters, not {shown!r}."
        if tag is not None and not is_a(tag, _TAG):
            yield f"{where}.tag must be 1 to 64 of letters, digits, _ . : and -, not {tag!r}."


def _caller(place: str, row: Mapping[str, Any]) -> Iterator[str]:
    if not is_a(row["number"], E164):
        yield (f"{place}.number must be a number with its plus, in quotes, such as \"+919876543210\", not"
               f" {row['number']!r}.")


def _hours(place: str, row: Mapping[str, Any]) -> Iterator[str]:
    if not row["days"]:
        yield f"{place}.days is missing: a list of days, such as [mon, tue]."
    begin, end = row["from"], row["until"]
    for option, value in (("from", begin), ("until", end)):
        if not (is_a(value, _TIME) or option == "until" and value == "24:00"):
            yield f"{place}.{option} must be a time in quotes, such as \"09:00\", not {value!r}."
    if is_a(begin, _TIME) and (is_a(end, _TIME) or end == "24:00") and str(begin) >= str(end):
        yield f"{place}.until must be later than from on the same day; write a night as two rows."


def _destination(place: str, value: Any) -> Iterator[str]:
    if not isinstance(value, Mapping) or len(value) != 1:
        yield f"{place} must be one destination of the PBX, such as {{ring_group: sales}}, not {value!r}."
        return
    (kind, name), = value.items()
    if kind not in KINDS:
        yield f"{place} has {kind!r}, which is no kind of destination; there are {', '.join(KINDS)}."
    elif not is_a(name, _DESTINATION):
        yield f"{place}.{kind} must be a name in quotes, such as \"1001\", not {name!r}."
