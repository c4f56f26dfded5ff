# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of roles n8n and n8n_flow that cannot be right are refused by name, as Ansible delivers them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ansible_collections.trunkline.voice.plugins.filter.n8n_flows import n8n_flows
from ansible_collections.trunkline.voice.plugins.filter.n8n_problems import n8n_problems
from ansible_collections.trunkline.voice.plugins.module_utils._n8n import flow_problems, workflows

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
HOST = {
    **yaml.safe_load((ROOT / "roles" / "n8n" / "defaults" / "main.yml").read_text()), "n8n_encryption_key": "k" * 24}


def specs(role: str) -> dict:
    return yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text())["argument_specs"]["main"]


@pytest.mark.parametrize("role", ["n8n", "n8n_flow"])
def test_the_defaults_are_those_of_the_argument_specs(role):
    stated = {name: option["default"] for name, option in specs(role)["options"].items() if "default" in option}
    assert yaml.safe_load((ROOT / "roles" / role / "defaults" / "main.yml").read_text()) == stated


def test_the_kinds_of_destinations_are_those_that_the_pbx_allows():
    allow = specs("pbx")["options"]["pbx_n8n"]["options"]["allow"]
    assert list(allow["options"]) == list(flow_problems.KINDS)


def test_the_rows_have_the_options_of_the_argument_specs():
    options = specs("n8n_flow")["options"]["n8n_flows"]["options"]
    assert set(options) == set(flow_problems.ROW)
    assert set(options["callers"]["options"]) == set(flow_problems.CALLER)
    assert set(options["hours"]["options"]) == set(flow_problems.HOURS)
    assert set(options["crm"]["options"]["routes"]["options"]) == set(flow_problems.ROUTE)
    for name, known in (("events", workflows.EVENTS), ("missed", workflows.MISSED), ("crm", workflows.CRM)):
        stated = options[name]["options"]
        assert set(stated) == set(known)
        assert all(option.get("default", known[one] or None) == (known[one] or None) for one, option in stated.items())


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
    {**ROW, "crm": {**CRM, "header": "x-api-key", "tag": "data.0.Größe"}},
    {**ROW, "crm": {**CRM, "caller_name": "data.0.Full Name", "routes": [
        {"field": "vip", "value": "", "to": {"phone": "1001"}}, {"field": "n", "value": 0, "to": {"phone": "1001"}}]}},
    {"name": "calls", "token": TOKEN, "missed": {**MISSED, "text": "☎ O'Neill, {caller}: 100%!", "key": "Text_1"}},
])
def test_what_is_right_is_taken(row):
    assert n8n_flows([row])["problems"] == []


@pytest.mark.parametrize(("change", "sentence"), [
    ({"name": None}, "name must be 1 to 25"),
    ({"name": "Reception"}, "name must be 1 to 25"),
    ({"name": "a" * 26}, "name must be 1 to 25"),
    ({"name": 1001}, "name must be 1 to 25"),
    ({"name": "x; rm"}, "name must be 1 to 25"),
    ({"token": None}, "token must be 16 to 200"),
    ({"token": "short"}, "token must be 16 to 200"),
    ({"token": "with a space in it"}, "token must be 16 to 200"),
    ({"token": 1234567890123456}, "token must be 16 to 200"),
    ({"path": "/calls"}, "path must be words"),
    ({"path": "../rest"}, "path must be words"),
    ({"path": ":id"}, "path must be words"),
    ({"keep_edits": "yes"}, "keep_edits must be true or false"),
    ({"timezone": "Europe Berlin"}, "timezone must be a time zone"),
    ({"timezone": 1}, "timezone must be a time zone"),
    ({"otherwise": None}, "otherwise is missing"),
    ({"otherwise": "sales"}, "otherwise must be one destination"),
    ({"otherwise": {}}, "otherwise must be one destination"),
    ({"otherwise": {"phone": "1001", "menu": "main"}}, "otherwise must be one destination"),
    ({"otherwise": {"phone": 1001}}, "otherwise.phone must be a name in quotes"),
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
    ({"callers": [{**CALLER, "from": "+1"}]}, "callers[0] has 'from', which is none of number"),
    ({"hours": [{**HOURS, "days": "mon"}]}, "hours[0].days must be a list"),
    ({"hours": [{**HOURS, "days": ["monday"]}]}, "hours[0].days must be a list"),
    ({"hours": [{**HOURS, "until": 1020}]}, "hours[0].until must be a time in quotes"),
    ({"hours": [{**HOURS, "from": "9:00"}]}, "hours[0].from must be a time in quotes"),
    ({"hours": [{**HOURS, "from": "18:00"}]}, "hours[0].until must be later than from"),
    ({"events": {}}, "otherwise is of no use beside events"),
    ({"otherwise": None, "events": "calls"}, "events must be a dict of table, keep_days"),
    ({"otherwise": None, "events": {"file": "x"}}, "events has 'file', which is none of table"),
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
    ({"otherwise": None, "missed": KEY}, "missed must be a dict of url, key, text, not a text"),
    ({"otherwise": None, "missed": {}}, "missed.url must be an https URL"),
    ({"otherwise": None, "missed": {"url": f"http://chat.example.com/{KEY}"}}, "missed.url must be https, or what"),
    ({"otherwise": None, "missed": {"url": f"https://me:{KEY}@chat.example.com/"}}, "missed.url must have no user"),
    ({"otherwise": None, "missed": {"url": f"ftp://chat.example.com/{KEY}"}}, "missed.url must be an https URL"),
    ({"otherwise": None, "missed": {"url": f"https://chat.example.com:x/{KEY}"}}, "missed.url is no URL"),
    ({"otherwise": None, "missed": {"url": f"https://chat.example.com/{KEY}'}}}}"}}, "missed.url must be an https URL"),
    ({"otherwise": None, "missed": {**MISSED, "key": "a.b"}}, "missed.key must be the name"),
    ({"otherwise": None, "missed": {**MISSED, "text": "a\nb"}}, "missed.text must have 1 to 500"),
    ({"otherwise": None, "missed": {**MISSED, "text": 3}}, "missed.text must be a text"),
    ({"otherwise": None, "missed": {**MISSED, "text": "{from}"}}, "missed.text has {from}; there are {caller}"),
    ({"otherwise": None, "missed": {**MISSED, "channel": "x"}}, "missed has 'channel', which is none of url"),
    ({"otherwise": None, "missed": MISSED, "timezone": "Mars/X"}, "timezone must be a time zone"),
    ({"crm": KEY}, "crm must be a dict of url, header"),
    ({"crm": {**CRM, "url": f"https://crm.example.com/{KEY}"}}, "crm.url must have {number} once"),
    ({"crm": {**CRM, "url": None}}, "crm.url must have {number} once"),
    ({"crm": {**CRM, "url": "http://crm.example.com/{number}"}}, "crm.url must be https, or what is sent"),
    ({"crm": {**CRM, "url": "https://{number}.example.com/"}}, "crm.url must have {number} after its host"),
    ({"crm": {**CRM, "url": "https://crm.example.com/{number}{x}"}}, "crm.url must be an https URL"),
    ({"crm": {**CRM, "header": "X: y"}}, "crm.header must be the name of a header"),
    ({"crm": {**CRM, "header_value": f"{KEY}\r\nX: y"}}, "crm.header_value must be 1 to 1000 characters"),
    ({"crm": {**CRM, "header_value": 12}}, "crm.header_value must be 1 to 1000 characters"),
    ({"crm": {**CRM, "seconds": 9}}, "crm.seconds must be a whole number from 1 to 8"),
    ({"crm": {**CRM, "caller_name": None}}, "crm has none of routes, caller_name and tag"),
    ({"crm": {**CRM, "tag": "a..b"}}, "crm.tag must be the way to a field"),
    ({"crm": {**CRM, "caller_name": "$.name"}}, "crm.caller_name must be the way to a field"),
    ({"crm": {**CRM, "routes": [{"to": {"phone": "1001"}}]}}, "crm.routes[0].field must be the way to a field"),
    ({"crm": {**CRM, "routes": [{"field": "a", "value": 1.5, "to": {"phone": "1001"}}]}}, "value must be a text"),
    ({"crm": {**CRM, "routes": [{"field": "a"}]}}, "crm.routes[0].to must be one destination"),
    ({"crm": {**CRM, "routes": [{"field": "a", "to": {"pjsip": "1"}}]}}, "crm.routes[0].to has 'pjsip'"),
    ({"crm": {**CRM, "method": "POST"}}, "crm has 'method', which is none of url, header"),
    ({"crm": [CRM]}, "caller_name, tag, not a list"),
    ({"crm": True}, "caller_name, tag, not a boolean"),
    ({"crm": {**CRM, "url": "crm.example.com/contacts?phone={number}"}}, "crm.url must be an https URL"),
    ({"crm": {**CRM, "url": "https://crm.example.com/{phone}"}}, "crm.url must have {number} once"),
    ({"crm": {**CRM, "url": "https://crm.example.com/{number}/{number}"}}, "crm.url must have {number} once"),
    ({"crm": {**CRM, "url": "https://crm.example.com:{number}/"}}, "crm.url must have {number} after its host"),
    ({"crm": {**CRM, "url": "https://crm.example.com/#{number}"}}, "crm.url must be an https URL"),
    ({"crm": {**CRM, "url": "https://crm.exämple.com/{number}"}}, "crm.url must be an https URL in quotes, of at most"),
    ({"crm": {**CRM, "url": ["https://crm.example.com/{number}"]}}, "crm.url must have {number} once"),
    ({"crm": {**CRM, "header": f"Authorization: Bearer {KEY}"}}, "crm.header must be the name of a header alone"),
    ({"crm": {**CRM, "header": "Content-length"}}, "crm.header must be another one than Content-length"),
    ({"crm": {**CRM, "header": "X-Api-Key", "header_value": None}}, "crm.header is of no use without header_value"),
    ({"crm": {**CRM, "header_value": f"Bearer {KEY}\n"}}, "crm.header_value must be 1 to 1000 characters of ASCII on"),
    ({"crm": {**CRM, "header_value": {"Authorization": KEY}}}, "crm.header_value must be 1 to 1000 characters"),
    ({"crm": {**CRM, "header_value": ""}}, "crm.header_value must be 1 to 1000 characters"),
    ({"crm": {**CRM, "seconds": "2s"}}, "crm.seconds must be a whole number from 1 to 8"),
    ({"crm": {**CRM, "seconds": 1.5}}, "crm.seconds must be a whole number from 1 to 8"),
    ({"crm": {**CRM, "seconds": "02"}}, "crm.seconds must be a whole number from 1 to 8"),
    ({"crm": {**CRM, "routes": {"field": "a", "to": {"phone": "1001"}}}}, "crm.routes must be a list of rows"),
    ({"crm": {**CRM, "routes": ["owner"]}}, "crm.routes[0] must be a dict of field, value, to, not a text"),
    ({"crm": {**CRM, "routes": [{"field": "data[0].name", "to": {"phone": "1001"}}]}}, "field must be the way"),
    ({"crm": {**CRM, "routes": [{"field": 0, "to": {"phone": "1001"}}]}}, "crm.routes[0].field must be the way"),
    ({"crm": {**CRM, "routes": [{"field": "a", "value": ["b"], "to": {"phone": "1"}}]}}, "true or false, not a list"),
    ({"crm": {**CRM, "routes": [{"field": "a", "value": "b" * 201, "to": {"phone": "1"}}]}}, "have at most 200"),
    ({"crm": {**CRM, "routes": [{"field": "a", "equals": "b", "to": {"phone": "1"}}]}}, "has 'equals', which"),
    ({"crm": {**CRM, "caller_name": {"field": "name"}}}, "crm.caller_name must be the way to a field"),
    ({"crm": {**CRM, "tag": "data..id"}}, "crm.tag must be the way to a field"),
    ({"crm": {**CRM, "caller_name": "name "}}, "crm.caller_name must be the way to a field"),
    ({"otherwise": None, "missed": [MISSED]}, "missed must be a dict of url, key, text, not a list"),
    ({"otherwise": None, "missed": True}, "missed must be a dict of url, key, text, not a boolean"),
    ({"otherwise": None, "missed": {"url": f"<https://chat.example.com/{KEY}>"}}, "missed.url must be an https URL"),
    ({"otherwise": None, "missed": {"url": f"chat.example.com/{KEY}"}}, "missed.url must be an https URL with a host"),
    ({"otherwise": None, "missed": {"url": f"https://chat.example.com/{KEY} "}}, "missed.url must be an https URL"),
    ({"otherwise": None, "missed": {"url": 12}}, "missed.url must be an https URL"),
    ({"otherwise": None, "missed": {**MISSED, "key": KEY}}, "missed.key must be the name of what the chat takes"),
    ({"otherwise": None, "missed": {**MISSED, "key": 1}}, "missed.key must be the name of what the chat takes"),
    ({"otherwise": None, "missed": {**MISSED, "text": ""}}, "missed.text must have 1 to 500 characters on one line"),
    ({"otherwise": None, "missed": {**MISSED, "text": ["a"]}}, "missed.text must be a text, not a list"),
    ({"otherwise": None, "missed": {**MISSED, "text": "a\tb"}}, "missed.text must have 1 to 500 characters"),
    ({"otherwise": None, "missed": {**MISSED, "text": "{Caller} called"}}, "has {Caller}; there are {caller}"),
    ({"otherwise": None, "missed": {**MISSED, "text": "{{caller}}"}}, "missed.text has {{caller}; there are {caller}"),
    ({"otherwise": None, "missed": {**MISSED, "text": "{caller called"}}, "missed.text has a brace without its other"),
    ({"otherwise": None, "missed": {**MISSED, "message": "x"}}, "missed has 'message', which is none of"),
    ({"colour": "red"}, "has 'colour', which is none of name, token"),
])
def test_a_wrong_row_is_refused_by_name(change, sentence):
    found = n8n_flows([{**ROW, **change}])
    assert any(one.startswith("n8n_flows[0]") and sentence in one for one in found["problems"]), found["problems"]
    assert found["workflows"] == [] and not any(TOKEN in one or KEY in one for one in found["problems"])


class Tagged(str):
    """As Ansible hands over a text of the inventory."""


@pytest.mark.parametrize(("rows", "what"), [
    ("reception", "a text"), (Tagged("reception"), "a text"), ({"name": "reception"}, "a dict"), (None, "null"),
    (3, "a number"), (True, "a boolean"),
])
def test_rows_that_are_no_list_are_refused_in_words_of_yaml(rows, what):
    (found,) = n8n_flows(rows)["problems"]
    assert found == f"n8n_flows must be a list of rows, each with a name, not {what}."


@pytest.mark.parametrize("change", [
    {"hours": [{**HOURS, "from": "9:00"}]}, {"callers": [{**CALLER, "number": "+1"}, CALLER]},
])
def test_one_fault_makes_one_sentence(change):
    assert len(n8n_flows([{**ROW, **change}])["problems"]) == 1


def test_callers_without_a_number_are_not_the_same_caller():
    found = n8n_flows([{**ROW, "callers": [{"to": {"phone": "1001"}}] * 2}])["problems"]
    assert len(found) == 2 and not any("twice" in one for one in found)


def test_two_rows_do_not_share_a_name_or_a_path():
    found = n8n_flows([ROW, {**ROW, "name": "other", "path": "reception"}, ROW])["problems"]
    assert [one.partition(" ")[0] for one in found] == ["n8n_flows[1].path", "n8n_flows[2].name", "n8n_flows[2].path"]


def test_a_row_that_is_a_text_is_not_shown():
    assert not any(TOKEN in one for one in n8n_flows([TOKEN])["problems"])


@pytest.mark.parametrize("change", [
    {}, {"n8n_listen_address": "10.1.2.3"}, {"n8n_listen_address": "::1"}, {"n8n_port": "8080"},
    {"n8n_public_url": "https://n8n.example.com/"}, {"n8n_npm_ca_file": "/etc/ssl/certs/own.crt"},
    {"n8n_environment": {"DB_TYPE": "postgresdb", "DB_POSTGRESDB_PASSWORD_FILE": "/etc/n8n/db"}},
])
def test_options_of_the_server_that_are_right_are_taken(change):
    assert n8n_problems({**HOST, **change}) == []


@pytest.mark.parametrize(("option", "value"), [
    ("n8n_encryption_key", None), ("n8n_encryption_key", "short"), ("n8n_encryption_key", 123456789012345678901234),
    ("n8n_version", 2.41), ("n8n_version", "latest"), ("n8n_version", "2.41.1 || x"),
    ("n8n_listen_address", "0.0.0.0"), ("n8n_listen_address", "203.0.113"), ("n8n_listen_address", "8.8.8.8"),
    ("n8n_listen_address", None), ("n8n_port", 80), ("n8n_port", "x"), ("n8n_port", 5679), ("n8n_port", True),
    ("n8n_public_url", "http://n8n.example.com/"), ("n8n_public_url", "https://n8n.example.com"),
    ("n8n_timezone", ""), ("n8n_timezone", "Berlin'"), ("n8n_timezone", "Mars/X"),
    ("n8n_executions_hours", 0), ("n8n_memory_megabytes", 100),
    ("n8n_npm_registry", "https://me:secret@registry.example.com"), ("n8n_npm_registry", "registry.example.com"),
    ("n8n_npm_ca_file", "own.crt"), ("n8n_environment", ["DB_TYPE"]), ("n8n_environment", {"db": "x"}),
    ("n8n_environment", {"N8N_PORT": "1"}), ("n8n_environment", {"DB_POSTGRESDB_PASSWORD": "x"}),
    ("n8n_environment", {"DB_TYPE": "a'b"}), ("n8n_environment", {"N8N_METRICS": True}),
    ("n8n_environment", {"A": "1\nB=2"}),
])
def test_wrong_options_of_the_server_are_refused_by_name(option, value):
    found = n8n_problems({**HOST, option: value})
    assert found and all(one.startswith(option) for one in found), found


def test_a_run_without_a_host_says_so_before_anything_else():
    first, second = yaml.safe_load((ROOT / "playbooks" / "n8n.yml").read_text())
    assert (first["hosts"], second["hosts"]) == ("localhost", "n8n")
    assert "groups['n8n']" in first["tasks"][0]["ansible.builtin.assert"]["that"]
