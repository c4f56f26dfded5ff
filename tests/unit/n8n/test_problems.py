# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of roles n8n and n8n_flow that cannot be right are refused by name, as Ansible delivers them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.n8n import FLOWS, public, read
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.options import of_pbx
from ansible_collections.trunkline.voice.plugins.module_utils._n8n import flow_problems

ROOT = Path(__file__).parents[3]
TOKEN = "a-token-that-is-secret"
ROW = {"name": "reception", "token": TOKEN, "otherwise": {"ring_group": "sales"}}
CALLER = {"number": "+919876543210", "to": {"phone": "1001"}}
HOURS = {"days": ["mon"], "from": "09:00", "until": "17:00", "to": {"phone": "1001"}}
IN = {"name": "In", "type": "n8n-nodes-base.webhook", "parameters": {"httpMethod": "POST"}}
OWN = {"nodes": [IN]}
KEY = "xoxb-secret"
MISSED = {"url": f"https://chat.example.com/hooks/{KEY}"}
CRM = {"url": f"https://crm.example.com/contacts?key={KEY}&phone={{number}}", "header_value": f"Bearer {KEY}",
       "caller_name": "name"}
HOST = {"n8n_encryption_key": "k" * 24}


def of_rows(rows) -> list[str]:
    return read({FLOWS: rows}, ["n8n_flow"])[1]


def of_host(**options) -> list[str]:
    return read({**HOST, **options}, ["n8n"])[1]


def test_the_kinds_of_destinations_are_those_that_the_pbx_allows():
    assert list(of_pbx()["pbx_n8n"]["options"]["allow"]["options"]) == list(flow_problems.KINDS)


@pytest.mark.parametrize("row", [
    ROW,
    {**ROW, "callers": [CALLER, {**CALLER, "number": "+14155550100", "caller_name": "Zoë's, \"Ltd\" {{ 1 }}"}]},
    {**ROW, "callers": None, "timezone": "Asia/Kolkata", "hours": [
        HOURS, {**HOURS, "from": "17:00", "until": "24:00"}]},
    {"name": "calls", "token": TOKEN, "events": {}},
    {"name": "calls", "token": TOKEN, "events": {"table": None, "keep_days": "30"}},
    {"name": "crm", "token": TOKEN, "path": "crm/in", "workflow": OWN, "keep_edits": True},
    {"name": "calls", "token": TOKEN, "events": {}, "missed": MISSED, "timezone": "Asia/Kolkata"},
    {"name": "calls", "token": TOKEN, "missed": {**MISSED, "key": "content", "text": "Zoë's {caller}"}},
    {**ROW, "crm": CRM},
    {**ROW, "crm": {**CRM, "header_value": None, "routes": [
        {"field": "data.0.vip", "value": True, "to": {"phone": "1001"}}, {"field": "owner", "to": {"phone": "1001"}}]}},
    {**ROW, "crm": {**CRM, "url": "http://10.1.2.3:8080/{number}/x"}},
    {**ROW, "crm": {**CRM, "seconds": "02", "caller_name": "name ", "routes": [{"field": 0, "to": {"phone": 1001}}]}},
    {**ROW, "crm": {**CRM, "header": "x-api-key", "tag": "data.0.Größe"}},
    {**ROW, "crm": {**CRM, "caller_name": "data.0.Full Name", "routes": [
        {"field": "vip", "value": "", "to": {"phone": "1001"}}, {"field": "n", "value": 0, "to": {"phone": "1001"}}]}},
    {"name": "calls", "token": TOKEN, "missed": {**MISSED, "text": "☎ O'Neill, {caller}: 100%!", "key": "Text_1"}},
])
def test_what_is_right_is_taken(row):
    assert of_rows([row]) == []


@pytest.mark.parametrize(("change", "sentence"), [
    ({"name": None}, "name is missing"),
    ({"name": "Reception"}, "name must be 1 to 25"),
    ({"name": "a" * 26}, "name must be 1 to 25"),
    ({"name": 1001}, "name must be 1 to 25"),
    ({"name": "x; rm"}, "name must be 1 to 25"),
    ({"token": None}, "token is missing"),
    ({"token": "short"}, "token must be 16 to 200"),
    ({"token": "with a space in it"}, "token must be 16 to 200"),
    ({"token": [TOKEN]}, "token must be one text, not a list"),
    ({"path": "/calls"}, "path must be words"),
    ({"path": "../rest"}, "path must be words"),
    ({"path": ":id"}, "path must be words"),
    ({"keep_edits": "maybe"}, "keep_edits must be true or false"),
    ({"timezone": "Europe Berlin"}, "timezone must be a time zone"),
    ({"timezone": 1}, "timezone must be a time zone"),
    ({"otherwise": None}, "otherwise is missing"),
    ({"otherwise": "sales"}, "otherwise must be a dict, not a text."),
    ({"otherwise": {}}, "otherwise must be one destination"),
    ({"otherwise": {"phone": "1001", "menu": "main"}}, "otherwise must be one destination"),
    ({"otherwise": {"phone": [1001]}}, "otherwise must have a text for phone, not a list"),
    ({"otherwise": {"phone": "PJSIP/1001"}}, "otherwise.phone must be a name"),
    ({"otherwise": {"Local/x": "1001"}}, "which is no kind of destination"),
    ({"otherwise": {"ring_grup": "sales"}}, "which is no kind of destination; there are"),
    ({"callers": "all"}, "callers must be a list"),
    ({"callers": [[]]}, "callers[0] must be a dict of number"),
    ({"callers": [{**CALLER, "number": 919876543210}]}, "callers[0].number must be a number with its plus, in quotes"),
    ({"callers": [{**CALLER, "number": "09876543210"}]}, "callers[0].number must be a number with its plus"),
    ({"callers": [CALLER, CALLER]}, "callers names +919876543210 twice"),
    ({"callers": [{"number": "+919876543210"}]}, "callers[0].to must be one destination"),
    ({"callers": [{**CALLER, "caller_name": "x" * 61}]}, "callers[0].caller_name must be a text"),
    ({"callers": [{**CALLER, "tag": "a b"}]}, "callers[0].tag must be"),
    ({"callers": [{**CALLER, "from": "+1"}]}, "callers[0].from is no option: there are number"),
    ({"hours": [{**HOURS, "days": []}]}, "hours[0].days is missing"),
    ({"hours": [{**HOURS, "days": ["monday"]}]}, "hours[0].days[0] must be one of mon, tue"),
    ({"hours": [{**HOURS, "until": 1020}]}, "hours[0].until must be a time in quotes"),
    ({"hours": [{**HOURS, "from": "9:00"}]}, "hours[0].from must be a time in quotes"),
    ({"hours": [{**HOURS, "from": "18:00"}]}, "hours[0].until must be later than from"),
    ({"events": {}}, "otherwise is of no use beside events"),
    ({"otherwise": None, "events": "calls"}, "events must be a dict of table, keep_days"),
    ({"otherwise": None, "events": {"file": "x"}}, "events.file is no option: there are table"),
    ({"otherwise": None, "events": {"table": "calls'"}}, "events.table must be 1 to 32"),
    ({"otherwise": None, "events": {"table": "Calls"}}, "events.table must be 1 to 32"),
    ({"otherwise": None, "events": {"keep_days": 0}}, "events.keep_days must be a whole number from 1 to 3650"),
    ({"otherwise": None, "events": {"keep_days": "1}).x"}}, "events.keep_days must be a whole number"),
    ({"otherwise": None, "workflow": OWN, "events": {}}, "events is of no use beside workflow"),
    ({"workflow": OWN}, "otherwise is of no use beside workflow"),
    ({"otherwise": None, "workflow": {"nodes": []}}, "workflow must have one node Webhook"),
    ({"otherwise": None, "workflow": "file.json"}, "workflow must be a workflow as n8n's editor downloads it"),
    ({"otherwise": None, "workflow": {**OWN, "connections": [1]}}, "workflow.connections must be a dict"),
    ({"otherwise": None, "workflow": {**OWN, "settings": "x"}}, "workflow.settings must be a dict"),
    ({"otherwise": None, "workflow": {"nodes": [{**IN, "parameters": [1]}]}}, "must have a dict of parameters"),
    ({"otherwise": None, "workflow": {"nodes": [{**IN, "parameters": {}}]}}, "must take POST, as the PBX asks"),
    ({"otherwise": None, "workflow": {"nodes": [{**IN, "parameters": {"httpMethod": ["GET"]}}]}}, "must take POST"),
    ({"otherwise": None, "workflow": {"nodes": [{**IN, "disabled": True}]}}, "is deactivated"),
    ({"timezone": "Europe/Berln"}, "timezone must be a time zone"),
    ({"missed": MISSED}, "otherwise is of no use beside missed"),
    ({"otherwise": None, "missed": MISSED, "crm": CRM}, "crm is of no use beside missed"),
    ({"otherwise": None, "workflow": OWN, "missed": MISSED}, "missed is of no use beside workflow"),
    ({"otherwise": None, "missed": KEY}, "missed must be a dict of url, key, text."),
    ({"otherwise": None, "missed": {}}, "missed.url must be an https URL"),
    ({"otherwise": None, "missed": {"url": f"http://chat.example.com/{KEY}"}}, "missed.url must be https, or what"),
    ({"otherwise": None, "missed": {"url": f"https://me:{KEY}@chat.example.com/"}}, "missed.url must have no user"),
    ({"otherwise": None, "missed": {"url": f"ftp://chat.example.com/{KEY}"}}, "missed.url must be an https URL"),
    ({"otherwise": None, "missed": {"url": f"https://chat.example.com:x/{KEY}"}}, "missed.url is no URL"),
    ({"otherwise": None, "missed": {"url": f"https://chat.example.com/{KEY}'}}}}"}}, "missed.url must be an https URL"),
    ({"otherwise": None, "missed": {**MISSED, "key": "a.b"}}, "missed.key must be the name"),
    ({"otherwise": None, "missed": {**MISSED, "text": "a\nb"}}, "missed.text must have 1 to 500"),
    ({"otherwise": None, "missed": {**MISSED, "text": "x" * 501}}, "missed.text must have 1 to 500"),
    ({"otherwise": None, "missed": {**MISSED, "text": "{from}"}}, "missed.text has {from}; there are {caller}"),
    ({"otherwise": None, "missed": {**MISSED, "channel": "x"}}, "missed.channel is no option: there are url"),
    ({"otherwise": None, "missed": MISSED, "timezone": "Mars/X"}, "timezone must be a time zone"),
    ({"crm": KEY}, "crm must be a dict of url, header"),
    ({"crm": {**CRM, "url": f"https://crm.example.com/{KEY}"}}, "crm.url must have {number} once"),
    ({"crm": {**CRM, "url": None}}, "crm.url must have {number} once"),
    ({"crm": {**CRM, "url": "http://crm.example.com/{number}"}}, "crm.url must be https, or what is sent"),
    ({"crm": {**CRM, "url": "https://{number}.example.com/"}}, "crm.url must have {number} after its host"),
    ({"crm": {**CRM, "url": "https://crm.example.com/{number}{x}"}}, "crm.url must be an https URL"),
    ({"crm": {**CRM, "header": "X: y"}}, "crm.header must be the name of a header"),
    ({"crm": {**CRM, "header_value": f"{KEY}\r\nX: y"}}, "crm.header_value must be 1 to 1000 characters"),
    ({"crm": {**CRM, "header_value": "é"}}, "crm.header_value must be 1 to 1000 characters"),
    ({"crm": {**CRM, "seconds": 9}}, "crm.seconds must be a whole number from 1 to 8"),
    ({"crm": {**CRM, "caller_name": None}}, "crm has none of routes, caller_name and tag"),
    ({"crm": {**CRM, "tag": "a..b"}}, "crm.tag must be the way to a field"),
    ({"crm": {**CRM, "caller_name": "$.name"}}, "crm.caller_name must be the way to a field"),
    ({"crm": {**CRM, "routes": [{"to": {"phone": "1001"}}]}}, "crm.routes[0].field must be the way to a field"),
    ({"crm": {**CRM, "routes": [{"field": "a", "value": 1.5, "to": {"phone": "1001"}}]}}, "value must be a text"),
    ({"crm": {**CRM, "routes": [{"field": "a"}]}}, "crm.routes[0].to must be one destination"),
    ({"crm": {**CRM, "routes": [{"field": "a", "to": {"pjsip": "1"}}]}}, "crm.routes[0].to has 'pjsip'"),
    ({"crm": {**CRM, "method": "POST"}}, "crm.method is no option: there are url, header"),
    ({"crm": [CRM]}, "crm must be a dict of url, header"),
    ({"crm": True}, "crm must be a dict of url, header"),
    ({"crm": {**CRM, "url": "crm.example.com/contacts?phone={number}"}}, "crm.url must be an https URL"),
    ({"crm": {**CRM, "url": "https://crm.example.com/{phone}"}}, "crm.url must have {number} once"),
    ({"crm": {**CRM, "url": "https://crm.example.com/{number}/{number}"}}, "crm.url must have {number} once"),
    ({"crm": {**CRM, "url": "https://crm.example.com:{number}/"}}, "crm.url must have {number} after its host"),
    ({"crm": {**CRM, "url": "https://crm.example.com/#{number}"}}, "crm.url must be an https URL"),
    ({"crm": {**CRM, "url": "https://crm.exämple.com/{number}"}}, "crm.url must be an https URL in quotes, of at most"),
    ({"crm": {**CRM, "url": ["https://crm.example.com/{number}"]}}, "crm.url must be one text, not a list"),
    ({"crm": {**CRM, "header": f"Authorization: Bearer {KEY}"}}, "crm.header must be the name of a header alone"),
    ({"crm": {**CRM, "header": "Content-length"}}, "crm.header must be another one than Content-length"),
    ({"crm": {**CRM, "header": "X-Api-Key", "header_value": None}}, "crm.header is of no use without header_value"),
    ({"crm": {**CRM, "header_value": f"Bearer {KEY}\n"}}, "crm.header_value must not begin or end with"),
    ({"crm": {**CRM, "header_value": {"Authorization": KEY}}}, "crm.header_value must be one text, not a dict"),
    ({"crm": {**CRM, "header_value": ""}}, "crm.header_value must be 1 to 1000 characters"),
    ({"crm": {**CRM, "seconds": "2s"}}, "crm.seconds must be a whole number, not"),
    ({"crm": {**CRM, "seconds": 1.5}}, "crm.seconds must be a whole number, not"),
    ({"crm": {**CRM, "routes": {"field": "a", "to": {"phone": "1001"}}}}, "routes must be a list of dicts, not a"),
    ({"crm": {**CRM, "routes": ["owner"]}}, "crm.routes[0] must be a dict of field, value, to."),
    ({"crm": {**CRM, "routes": [{"field": "data[0].name", "to": {"phone": "1001"}}]}}, "field must be the way"),
    ({"crm": {**CRM, "routes": [{"field": "a", "value": ["b"], "to": {"phone": "1"}}]}}, "true or false, not a list"),
    ({"crm": {**CRM, "routes": [{"field": "a", "value": "b" * 201, "to": {"phone": "1"}}]}}, "have at most 200"),
    ({"crm": {**CRM, "routes": [{"field": "a", "equals": "b", "to": {"phone": "1"}}]}}, "[0].equals is no option"),
    ({"crm": {**CRM, "caller_name": {"field": "name"}}}, "crm.caller_name must be one text, not a dict"),
    ({"crm": {**CRM, "tag": "data..id"}}, "crm.tag must be the way to a field"),
    ({"otherwise": None, "missed": [MISSED]}, "missed must be a dict of url, key, text."),
    ({"otherwise": None, "missed": True}, "missed must be a dict of url, key, text."),
    ({"otherwise": None, "missed": {"url": f"<https://chat.example.com/{KEY}>"}}, "missed.url must be an https URL"),
    ({"otherwise": None, "missed": {"url": f"chat.example.com/{KEY}"}}, "missed.url must be an https URL with a host"),
    ({"otherwise": None, "missed": {"url": f"https://chat.example.com/{KEY} "}}, "missed.url must not begin or end"),
    ({"otherwise": None, "missed": {"url": 12}}, "missed.url must be an https URL"),
    ({"otherwise": None, "missed": {**MISSED, "key": KEY}}, "missed.key must be the name of what the chat takes"),
    ({"otherwise": None, "missed": {**MISSED, "key": 1}}, "missed.key must be the name of what the chat takes"),
    ({"otherwise": None, "missed": {**MISSED, "text": ["a"]}}, "missed.text must be one text, not a list"),
    ({"otherwise": None, "missed": {**MISSED, "text": "a\tb"}}, "missed.text must have 1 to 500 characters"),
    ({"otherwise": None, "missed": {**MISSED, "text": "{Caller} called"}}, "has {Caller}; there are {caller}"),
    ({"otherwise": None, "missed": {**MISSED, "text": "{{caller}}"}}, "missed.text has {{caller}; there are {caller}"),
    ({"otherwise": None, "missed": {**MISSED, "text": "{caller called"}}, "missed.text has a brace without its other"),
    ({"otherwise": None, "missed": {**MISSED, "message": "x"}}, "missed.message is no option"),
    ({"colour": "red"}, "n8n_flows[0].colour is no option: there are name, token"),
])
def test_a_wrong_row_is_refused_by_name(change, sentence):
    found = of_rows([{**ROW, **change}])
    assert any(one.startswith("n8n_flows[0]") and sentence in one for one in found), found
    assert not any(TOKEN in one or KEY in one for one in found)


@pytest.mark.parametrize(("rows", "sentence"), [
    ("reception", "n8n_flows must be a list of dicts, not a text: on the command line give it as JSON"),
    (ROW, "n8n_flows must be a list of dicts, not a dict: begin each with a dash"),
    (3, "n8n_flows must be a list of dicts, not a number"), (True, "n8n_flows must be a list of dicts, not true or"),
    ([TOKEN], "n8n_flows[0] must be a dict of name, token, path"),
])
def test_rows_that_are_no_list_are_refused_in_words_of_yaml(rows, sentence):
    (found,) = of_rows(rows)
    assert found.startswith(sentence) and TOKEN not in found


@pytest.mark.parametrize("change", [
    {"hours": [{**HOURS, "from": "9:00"}]}, {"callers": [{**CALLER, "number": "+1"}, CALLER]},
])
def test_one_fault_makes_one_sentence(change):
    assert len(of_rows([{**ROW, **change}])) == 1


def test_callers_without_a_number_are_not_the_same_caller():
    found = of_rows([{**ROW, "callers": [{"to": {"phone": "1001"}}] * 2}])
    assert len(found) == 2 and not any("twice" in one for one in found)


def test_two_rows_do_not_share_a_name_or_a_path():
    found = of_rows([ROW, {**ROW, "name": "other", "path": "reception"}, ROW])
    assert [one.partition(" ")[0] for one in found] == ["n8n_flows[1].path", "n8n_flows[2].name", "n8n_flows[2].path"]


@pytest.mark.parametrize("change", [
    {}, {"n8n_listen_address": "10.1.2.3"}, {"n8n_listen_address": "::1"}, {"n8n_port": "8080"},
    {"n8n_public_url": "https://n8n.example.com/"}, {"n8n_npm_ca_file": "/etc/ssl/certs/own.crt"},
    {"n8n_port": None, "n8n_listen_address": "", "n8n_environment": {"N8N_METRICS": True}},
    {"n8n_environment": {"DB_TYPE": "postgresdb", "DB_POSTGRESDB_PASSWORD_FILE": "/etc/n8n/db"}},
])
def test_options_of_the_server_that_are_right_are_taken(change):
    assert of_host(**change) == []


@pytest.mark.parametrize(("option", "value"), [
    ("n8n_encryption_key", None), ("n8n_encryption_key", "short"), ("n8n_encryption_key", ["k" * 24]),
    ("n8n_version", 2.41), ("n8n_version", "latest"), ("n8n_version", "2.41.1 || x"),
    ("n8n_listen_address", "0.0.0.0"), ("n8n_listen_address", "203.0.113"), ("n8n_listen_address", "8.8.8.8"),
    ("n8n_listen_address", "::"), ("n8n_port", 80), ("n8n_port", "x"), ("n8n_port", 5679), ("n8n_port", True),
    ("n8n_public_url", "http://n8n.example.com/"), ("n8n_public_url", "https://n8n.example.com"),
    ("n8n_timezone", "Berlin'"), ("n8n_timezone", "Mars/X"),
    ("n8n_executions_hours", 0), ("n8n_memory_megabytes", 100),
    ("n8n_npm_registry", "https://me:secret@registry.example.com"), ("n8n_npm_registry", "registry.example.com"),
    ("n8n_npm_ca_file", "own.crt"), ("n8n_environment", ["DB_TYPE"]), ("n8n_environment", {"db": "x"}),
    ("n8n_environment", {"N8N_PORT": "1"}), ("n8n_environment", {"DB_POSTGRESDB_PASSWORD": "x"}),
    ("n8n_environment", {"DB_TYPE": "a'b"}), ("n8n_environment", {"N8N_METRICS": None}),
    ("n8n_environment", {"A": "1\nB=2"}),
])
def test_wrong_options_of_the_server_are_refused_by_name(option, value):
    found = of_host(**{option: value})
    assert found and all(one.startswith(option) for one in found), found
    assert not any("me:secret" in one for one in found)


API = {"n8n_flow_api_url": "https://n8n.example.com/", "n8n_flow_api_key": "eyJhbGciOi.J9.api-key"}


@pytest.mark.parametrize("change", [
    {}, {"n8n_flow_api_url": "http://10.1.2.3:5678"}, {"n8n_flow_api_url": "https://example.com/n8n"},
    {"n8n_flow_api_url": "", "n8n_flow_api_key": ""}, {"n8n_flow_api_url": None, "n8n_flow_api_key": None},
    {"n8n_flow_api_ca_file": "/etc/ssl/own.pem"},
])
def test_options_of_the_api_that_are_right_are_taken(change):
    assert read({**API, **change}, ["n8n_flow"])[1] == []


@pytest.mark.parametrize(("change", "sentence"), [
    ({"n8n_flow_api_url": ""}, "n8n_flow_api_key is given, and n8n_flow_api_url is not"),
    ({"n8n_flow_api_url": "n8n.example.com"}, "n8n_flow_api_url must be an https URL with a host"),
    ({"n8n_flow_api_url": "http://n8n.example.com/"}, "n8n_flow_api_url must be https, or what is sent can be read"),
    ({"n8n_flow_api_url": "https://n8n.example.com/api/v1"}, "n8n_flow_api_url must be the address of n8n alone"),
    ({"n8n_flow_api_url": f"https://me:{KEY}@n8n.example.com/"}, "n8n_flow_api_url must have no user"),
    ({"n8n_flow_api_url": f"https://n8n.example.com/?apiKey={KEY}"}, "must be the address of n8n alone"),
    ({"n8n_flow_api_url": True}, "n8n_flow_api_url"),
    ({"n8n_flow_api_url": ["https://n8n.example.com/"]}, "n8n_flow_api_url must be one text"),
    ({"n8n_flow_api_key": ""}, "n8n_flow_api_key must be the key that n8n shows once"),
    ({"n8n_flow_api_key": f"Bearer {KEY}{KEY}"}, "n8n_flow_api_key must be the key that n8n shows once"),
    ({"n8n_flow_api_key": f"{KEY}\n{KEY}"}, "n8n_flow_api_key must be the key that n8n shows once"),
    ({"n8n_flow_api_ca_file": "own.pem"}, "n8n_flow_api_ca_file must be a path that begins with /"),
    ({"n8n_flow_api_ca_file": {}}, "n8n_flow_api_ca_file must be one text"),
])
def test_wrong_options_of_the_api_are_refused_by_name(change, sentence):
    (found,) = read({**API, **change}, ["n8n_flow"])[1]
    assert sentence in found and KEY not in found


@pytest.mark.parametrize("right", [
    {"n8n_flow_command": "/usr/bin/n8n"}, {"n8n_flow_command": ["/usr/bin/node", "/opt/my n8n/bin/n8n"]},
    {"n8n_flow_user": "anna.smith@example.com"}, {"n8n_flow_service": "n8n@main.service"},
    {"n8n_flow_url": "http://n8n.example.com:5678/"}, {"n8n_flow_url": "https://example.com/n8n"}, {"n8n_flow_url": ""},
    {"n8n_flow_user": ""}, {"n8n_flow_service": None},
])
def test_an_n8n_of_another_role_is_taken(right):
    assert read(right, ["n8n_flow"])[1] == []


@pytest.mark.parametrize(("option", "value"), [
    ("n8n_flow_command", []), ("n8n_flow_command", ""), ("n8n_flow_command", "n8n"), ("n8n_flow_command", ["bin/n8n"]),
    ("n8n_flow_command", "/usr/bin/node /opt/n8n/bin/n8n"),
    ("n8n_flow_command", ["/usr/bin/node", "a\nb"]), ("n8n_flow_command", {"path": "/usr/bin/n8n"}),
    ("n8n_flow_user", "n8n staff"), ("n8n_flow_user", "-u"), ("n8n_flow_user", ["n8n"]),
    ("n8n_flow_service", "n8n;reboot"), ("n8n_flow_service", "/lib/n8n.service"),
    ("n8n_flow_url", "n8n.example.com"), ("n8n_flow_url", "ftp://10.1.2.3"), ("n8n_flow_url", "http://10.1.2.3:99999"),
    ("n8n_flow_url", f"http://me:{KEY}@10.1.2.3/"), ("n8n_flow_url", "http://10.1.2.3/webhook/calls"),
    ("n8n_flow_url", "http://10.1.2.3?x=1"),
])
def test_a_wrong_n8n_of_another_role_is_refused_by_name(option, value):
    (found,) = read({option: value}, ["n8n_flow"])[1]
    assert found.startswith(f"{option} ") and KEY not in found


def test_a_host_of_workflows_alone_needs_no_key():
    assert read({}, ["n8n_flow"])[1] == [] and read({}, ["n8n"])[1]


def test_a_misspelt_option_is_refused():
    (found,) = of_host(n8n_flow=[])
    assert found == "n8n_flow is no variable of trunkline.voice; did you mean n8n_flows?"


def test_an_octal_number_is_refused():
    """YAML 1.1 reads 05670 as 3000."""
    (found,) = read({**HOST, "n8n_port": 3000}, ["n8n"], lambda value: "05670")[1]
    assert found == "n8n_port must be a whole number, and YAML reads 05670 as 3000: write it as a decimal."


@pytest.mark.parametrize(("options", "address"), [
    ({}, "http://127.0.0.1:5678"), ({"n8n_listen_address": "::1", "n8n_port": 8080}, "http://[::1]:8080"),
    ({"n8n_flow_url": "http://10.1.2.3:5678"}, "http://10.1.2.3:5678"),
    ({"n8n_flow_api_url": "https://n8n.example.com/"}, "https://n8n.example.com"),
])
def test_webhooks_are_looked_for_where_n8n_answers(options, address):
    assert read({**HOST, **options}, ["n8n"])[0]["n8n_flow_url"] == address


def test_tasks_know_no_secret():
    values, problems = read({**HOST, FLOWS: [{**ROW, "path": "in"}]}, ["n8n", "n8n_flow"])
    assert not problems and public(values)["paths"] == ["in"]
    assert TOKEN not in str(public(values)) and "k" * 24 not in str(public(values))


def test_all_hosts_are_validated_before_one_is_touched():
    first, second, third = yaml.safe_load((ROOT / "playbooks" / "n8n.yml").read_text())
    assert (first["hosts"], second["hosts"], third["hosts"]) == ("localhost", "n8n", "localhost")
    assert first["tasks"][0]["trunkline.voice.validate_n8n"] == {"group": "n8n"}
