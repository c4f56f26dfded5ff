# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A row of n8n_flows as n8n imports it: a workflow and the credential of its webhook, with ids that never change."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

#: What the PBX sends its token in (docs/features/n8n.md).
TOKEN_HEADER = "X-Trunkline-Token"
#: The ids of workflows and credentials that this collection made begin so.
PREFIX = "trunkline-"
WEBHOOK = "n8n-nodes-base.webhook"
#: What `events` of a row may have.
EVENTS: dict[str, Any] = {"table": "calls", "keep_days": 90}
_SET, _DATA = "n8n-nodes-base.set", "n8n-nodes-base.dataTable"
_NAMESPACE = uuid.UUID("6f1d6d2e-6b0e-5c1e-9b64-3d7c5a1f0a11")
#: Data of an execution holds the headers of the request, and so the token.
_SETTINGS = {
    "executionOrder": "v1", "saveDataSuccessExecution": "none", "saveDataErrorExecution": "none",
    "saveManualExecutions": False, "saveExecutionProgress": False,
}
#: The rules are data of a node of their own, so that a person edits a table and no program. Two closing braces in a row
#: would end the expression.
_ANSWER = """={{ JSON.stringify((() => {
  const call = $('Call').first().json.body;
  const rules = $json;
  const now = DateTime.fromISO(call.time, {zone: rules.timezone});
  const day = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'][now.weekday - 1];
  const clock = now.toFormat('HH:mm');
  const found = rules.callers.find((row) => row.number === call.from)
    || rules.hours.find((row) => row.days.includes(day) && row.from <= clock && clock < row.until)
    || {to: rules.otherwise};
  return {version: 1, action: 'route', to: found.to, caller_name: found.caller_name, tag: found.tag};
})()) }}"""


#: What a table of calls has of the event of a call's end. A column of n8n's own is called id.
_COLUMNS = {
    "event_id": "string", "time": "string", "caller": "string", "called": "string", "disposition": "string",
    "answered_by": "string", "routed_to": "string", "duration_seconds": "number", "talk_seconds": "number",
    "tag": "string", "twilio_call_sid": "string",
}
_CALL = """={{ JSON.stringify((() => {
  const event = $('Event').first().json.body;
  const place = (given) => Object.entries(given || {}).flat().join(' ');
  return {
    event_id: event.id, time: event.time, caller: event.from, called: event.to, disposition: event.disposition,
    answered_by: place(event.answered_by), routed_to: place(event.routed_to),
    duration_seconds: event.duration_seconds, talk_seconds: event.talk_seconds, tag: event.tag,
    twilio_call_sid: event.twilio_call_sid,
  };
})()) }}"""
#: A node, without its id and its position: name, type, version, parameters.
_Node = tuple[str, str, float, Mapping[str, Any]]


def workflow_id(name: str) -> str:
    """Return the id of a row's workflow, and of its credential."""
    return PREFIX + name


def credential(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the credential that a row's webhook checks: the token, in a header."""
    return {
        "id": workflow_id(row["name"]), "name": f"Trunkline {row['name']}", "type": "httpHeaderAuth",
        "data": {"name": TOKEN_HEADER, "value": row["token"]},
    }


def workflow(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the workflow of a row: the user's own, with its webhook secured, or the one of the row's rules."""
    made = _own(row) if row["workflow"] else _made(row, _rules(row) if row["events"] is None else _table(row))
    identity = workflow_id(row["name"])
    return {
        "id": identity, "name": made["name"], "active": False, "settings": made["settings"],
        "nodes": [_secured(node, row, index) for index, node in enumerate(made["nodes"])],
        "connections": made["connections"],
        "versionId": _uuid(row["name"], json.dumps(made, sort_keys=True), "version"),
    }


def webhook_path(row: Mapping[str, Any]) -> str:
    """Return the path under /webhook/ that a row's workflow answers at."""
    return str(row["path"] or row["name"])


def _own(row: Mapping[str, Any]) -> dict[str, Any]:
    given = row["workflow"]
    return {
        "name": given.get("name") or f"Trunkline {row['name']}",
        "nodes": given["nodes"], "connections": given.get("connections") or {},
        "settings": {**_SETTINGS, **(given.get("settings") or {})},
    }


def _made(row: Mapping[str, Any], nodes: Sequence[_Node]) -> dict[str, Any]:
    """Return a workflow of nodes in a line."""
    names = [node[0] for node in nodes]
    return {
        "name": f"Trunkline {row['name']}", "settings": _SETTINGS,
        "nodes": [
            {"id": _uuid(row["name"], name), "name": name, "type": kind, "typeVersion": version,
             "position": [220 * index, 0], "parameters": parameters}
            for index, (name, kind, version, parameters) in enumerate(nodes)],
        "connections": {name: _to(following) for name, following in zip(names, names[1:])},
    }


def _rules(row: Mapping[str, Any]) -> list[_Node]:
    """Return the nodes that answer a call by the row's rules."""
    rules = {
        "callers": [_answer(one, ("number",)) for one in row["callers"]],
        "timezone": row["timezone"],
        "hours": [_answer(one, ("days", "from", "until")) for one in row["hours"]],
        "otherwise": row["otherwise"],
    }
    return [
        ("Call", WEBHOOK, 2, {"httpMethod": "POST", "responseMode": "responseNode", "options": {}}),
        ("Rules", _SET, 3.4,
         {"mode": "raw", "jsonOutput": json.dumps(rules, indent=2, ensure_ascii=False), "options": {}}),
        ("Answer", "n8n-nodes-base.respondToWebhook", 1.1,
         {"respondWith": "json", "responseBody": _ANSWER, "options": {}}),
    ]


def _table(row: Mapping[str, Any]) -> list[_Node]:
    """Return the nodes that keep the end of each call as a row of a table of n8n's.

    The PBX sends an event until it is taken, and so it may come twice: a row is found by the event's id and written
    over. The answer comes last, so that an event whose row could not be written is sent again.
    """
    events = complete_events(row["events"])
    oldest = f"$now.minus({{days: {int(events['keep_days'])}}}).toUTC().toISO()"
    table = {"resource": "row", "dataTableId": {
        "__rl": True, "mode": "id", "value": "={{ $('Table').first().json.id }}"}, "matchType": "allConditions"}
    return [
        ("Event", WEBHOOK, 2,
         {"httpMethod": "POST", "responseMode": "lastNode", "responseData": "noData", "options": {}}),
        ("The call has ended", "n8n-nodes-base.filter", 2.2, {"conditions": {
            "options": {"caseSensitive": True, "leftValue": "", "typeValidation": "strict", "version": 2},
            "combinator": "and",
            "conditions": [{
                "id": _uuid(row["name"], "ended"), "leftValue": "={{ $json.body.event }}", "rightValue": "ended",
                "operator": {"type": "string", "operation": "equals"}}]}, "options": {}}),
        ("Table", _DATA, 1.1, {
            "resource": "table", "operation": "create", "tableName": events["table"],
            "columns": {"column": [{"name": name, "type": kind} for name, kind in _COLUMNS.items()]},
            "options": {"createIfNotExists": True}}),
        ("Row", _SET, 3.4, {"mode": "raw", "jsonOutput": _CALL, "options": {}}),
        ("Keep it", _DATA, 1.1, {
            **table, "operation": "upsert", "options": {},
            "columns": {"mappingMode": "autoMapInputData", "value": None},
            "filters": {"conditions": [
                {"keyName": "event_id", "condition": "eq", "keyValue": "={{ $json.event_id }}"}]}}),
        ("Forget old ones", _DATA, 1.1, {
            **table, "operation": "deleteRows", "options": {}, "filters": {"conditions": [{
                "keyName": "createdAt", "condition": "lt",
                "keyValue": f"={{{{ {oldest} }}}}"}]}}),
    ]


def complete_events(events: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row's events with a value for each option; one that is null counts as not given."""
    return {name: default if events.get(name) is None else events[name] for name, default in EVENTS.items()}


def _to(name: str) -> dict[str, Any]:
    return {"main": [[{"node": name, "type": "main", "index": 0}]]}


def _answer(rule: Mapping[str, Any], conditions: tuple[str, ...]) -> dict[str, Any]:
    names = (*conditions, "to", "caller_name", "tag")
    return {name: rule[name] for name in names if rule.get(name) not in (None, "")}


def _secured(node: Mapping[str, Any], row: Mapping[str, Any], index: int) -> dict[str, Any]:
    """Return a node; a webhook answers at the row's path, and only to the row's token."""
    if node["type"] != WEBHOOK:
        return dict(node)
    token = credential(row)
    return {
        **node,
        "parameters": {
            **(node.get("parameters") or {}), "path": webhook_path(row), "authentication": "headerAuth"},
        "webhookId": _uuid(row["name"], f"webhook {index}"),
        "credentials": {"httpHeaderAuth": {"id": token["id"], "name": token["name"]}},
    }


def _uuid(*words: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, " ".join(words)))
