# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A row of n8n_flows as n8n imports it: a workflow and the credential of its webhook, with ids that never change.

A row has a value for each option of role n8n_flow's argument spec; one that is not given is None.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from .expressions import ANSWER, CALL, CONTACT, CRM_ADDRESS, IS_ASKED, MESSAGE

#: What the PBX sends its token in (docs/features/n8n.md).
TOKEN_HEADER = "X-Trunkline-Token"
#: The ids of workflows and credentials that this collection made begin so.
PREFIX = "trunkline-"
WEBHOOK = "n8n-nodes-base.webhook"
#: What the text of a message about a missed call may have between braces.
WORDS = ("caller", "called", "time", "seconds")
#: What stands for the caller's number in the address of a CRM.
NUMBER = "{number}"
_SET, _DATA, _HTTP = "n8n-nodes-base.set", "n8n-nodes-base.dataTable", "n8n-nodes-base.httpRequest"
NAMESPACE = uuid.UUID("6f1d6d2e-6b0e-5c1e-9b64-3d7c5a1f0a11")
#: Data of an execution holds the headers of the request, and so the token.
_SETTINGS = {
    "executionOrder": "v1", "saveDataSuccessExecution": "none", "saveDataErrorExecution": "none",
    "saveManualExecutions": False, "saveExecutionProgress": False,
}
#: What a table of calls has of the event of a call's end. A column of n8n's own is called id.
_COLUMNS = {
    "event_id": "string", "time": "string", "caller": "string", "called": "string", "disposition": "string",
    "answered_by": "string", "routed_to": "string", "duration_seconds": "number", "talk_seconds": "number",
    "tag": "string", "twilio_call_sid": "string",
}


class _Node(NamedTuple):
    """A node, without its id and its position. `more` is what it has beside its parameters."""

    name: str
    kind: str
    version: float
    parameters: Mapping[str, Any]
    more: Mapping[str, Any] = {}


class _Graph(NamedTuple):
    """Nodes, and from which output of which node its items go to which: (name, output, name)."""

    nodes: Sequence[_Node]
    links: Iterable[tuple[str, int, str]]


def workflow_id(name: str) -> str:
    """Return the id of a row's workflow, and of its credential."""
    return PREFIX + name


def credential(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the credential that a row's webhook checks: the token, in a header."""
    return _header(workflow_id(row["name"]), f"Trunkline {row['name']}", TOKEN_HEADER, row["token"])


def credentials(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return all credentials of a row: the token of its webhook, and what it shows to a CRM."""
    crm = row["crm"]
    if not crm or not crm["header_value"]:
        return [credential(row)]
    # An id has at most 36 characters. No name begins with a digit.
    identity = f"{PREFIX}0{uuid.uuid5(NAMESPACE, row['name'] + ' crm').hex[:25]}"
    return [credential(row), _header(identity, f"Trunkline {row['name']} CRM", crm["header"], crm["header_value"])]


def _header(identity: str, name: str, header: str, value: str) -> dict[str, Any]:
    return {"id": identity, "name": name, "type": "httpHeaderAuth", "data": {"name": header, "value": value}}


def secrets(row: Mapping[str, Any]) -> list[str]:
    """Return what a row's workflow holds and no output may show: addresses, which often have a key in them."""
    return [given["url"] for given in (row["crm"], row["missed"]) if given]


def workflow(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the workflow of a row: the user's own, with its webhook secured, or the one of the row's rules."""
    if row["workflow"]:
        made = _own(row)
    else:
        receives = row["events"] is not None or row["missed"] is not None
        made = _made(row, _receiver(row) if receives else _rules(row))
    identity = workflow_id(row["name"])
    return {
        "id": identity, "name": made["name"], "active": False, "settings": made["settings"],
        "nodes": [_secured(node, row, index) for index, node in enumerate(made["nodes"])],
        "connections": made["connections"],
        "versionId": _uuid(row["name"], json.dumps(made, sort_keys=True), "version"),
    }


def delivery(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what module n8n_flow takes of rows: workflows, credentials, secrets, and the ids that `keep` names."""
    return {
        "workflows": [workflow(row) for row in rows],
        "credentials": [
            {"id": one["id"], "name": one["name"], "header": one["data"]["name"], "token": one["data"]["value"]}
            for row in rows for one in credentials(row)],
        "secrets": [one for row in rows for one in secrets(row)],
        "keep": [workflow_id(row["name"]) for row in rows if row["keep_edits"]],
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


def _made(row: Mapping[str, Any], graph: _Graph) -> dict[str, Any]:
    """Return a workflow of nodes and what joins them."""
    connections: dict[str, Any] = {}
    for name, output, following in graph.links:
        outputs = connections.setdefault(name, {"main": []})["main"]
        outputs += [[] for dummy in range(output + 1 - len(outputs))]
        outputs[output].append({"node": following, "type": "main", "index": 0})
    return {
        "name": f"Trunkline {row['name']}", "settings": _SETTINGS,
        "nodes": [
            {"id": _uuid(row["name"], node.name), "name": node.name, "type": node.kind, "typeVersion": node.version,
             "position": [220 * index, 0], "parameters": node.parameters, **node.more}
            for index, node in enumerate(graph.nodes)],
        "connections": connections,
    }


def _line(nodes: Sequence[_Node]) -> list[tuple[str, int, str]]:
    return [(node.name, 0, following.name) for node, following in zip(nodes, nodes[1:])]


def _data(name: str, data: Mapping[str, Any]) -> _Node:
    """Return a node whose output is data, which n8n does not read as an expression."""
    return _Node(name, _SET, 3.4, {
        "mode": "raw", "jsonOutput": json.dumps(data, indent=2, ensure_ascii=False), "options": {}})


def _condition(row: Mapping[str, Any], left: str, operation: str, right: str = "") -> dict[str, Any]:
    """Return the parameters of a node that looks at each item: a text that is another, or a boolean that is true."""
    kind = {"type": "string", "operation": operation} if right else {
        "type": "boolean", "operation": operation, "singleValue": True}
    return {"conditions": {
        "options": {"caseSensitive": True, "leftValue": "", "typeValidation": "strict", "version": 2},
        "combinator": "and",
        "conditions": [
            {"id": _uuid(row["name"], right or operation), "leftValue": left, "rightValue": right, "operator": kind}],
    }, "options": {}}


def _rules(row: Mapping[str, Any]) -> _Graph:
    """Return the nodes that answer a call by the row's rules, and by what a CRM says where it has one."""
    crm = row["crm"]
    rules = {
        "callers": [_answer(one, ("number",)) for one in row["callers"]],
        "timezone": row["timezone"],
        "hours": [_answer(one, ("days", "from", "until")) for one in row["hours"]],
        "otherwise": row["otherwise"],
    }
    call = _Node("Call", WEBHOOK, 2, {"httpMethod": "POST", "responseMode": "responseNode", "options": {}})
    answer = _Node("Answer", "n8n-nodes-base.respondToWebhook", 1.1, {
        "respondWith": "json", "responseBody": ANSWER % (CONTACT if crm else "{}"), "options": {}})
    if not crm:
        nodes = [call, _data("Rules", rules), answer]
        return _Graph(nodes, _line(nodes))
    rules["crm"] = {
        "url": crm["url"], "caller_name": crm["caller_name"], "tag": crm["tag"],
        "routes": [{**one, "value": _as_text(one["value"])} if one["value"] is not None
                   else {name: one[name] for name in ("field", "to")} for one in crm["routes"]]}
    asked = _Node("Ask the CRM?", "n8n-nodes-base.if", 2.2, _condition(row, IS_ASKED, "true"))
    nodes = [call, _data("Rules", rules), asked, _crm(row, crm), answer]
    return _Graph(nodes, [*_line(nodes), (asked.name, 1, answer.name)])


def _crm(row: Mapping[str, Any], crm: Mapping[str, Any]) -> _Node:
    """Return the node that asks a CRM about the caller; the call goes on whatever becomes of it."""
    more: dict[str, Any] = {"onError": "continueRegularOutput"}
    parameters: dict[str, Any] = {
        "method": "GET",
        "url": CRM_ADDRESS,
        # The header would follow a redirect.
        "options": {"timeout": crm["seconds"] * 1000, "redirect": {"redirect": {}}, "response": {"response": {
            "fullResponse": True, "neverError": True, "responseFormat": "json"}}},
    }
    for shown in credentials(row)[1:]:
        parameters.update(authentication="genericCredentialType", genericAuthType=shown["type"])
        more["credentials"] = {shown["type"]: {"id": shown["id"], "name": shown["name"]}}
    return _Node("CRM", _HTTP, 4.2, parameters, more)


def _receiver(row: Mapping[str, Any]) -> _Graph:
    """Return the nodes that take events: the end of each call, missed calls, or both.

    The answer comes last, so that an event that came to nothing is sent again.
    """
    event = _Node("Event", WEBHOOK, 2, {
        "httpMethod": "POST", "responseMode": "lastNode", "responseData": "noData", "options": {}})
    lines = [_table(row)] if row["events"] is not None else []
    lines += [_message(row)] if row["missed"] is not None else []
    return _Graph(
        [event, *(node for line in lines for node in line)],
        [link for line in lines for link in _line([event, *line])])


def _is_event(row: Mapping[str, Any], name: str, kind: str) -> _Node:
    return _Node(
        name, "n8n-nodes-base.filter", 2.2, _condition(row, "={{ $json.body.event }}", "equals", kind))


def _table(row: Mapping[str, Any]) -> list[_Node]:
    """Return the nodes that keep the end of each call as a row of a table of n8n's.

    The PBX sends an event until it is taken, and so it may come twice: a row is found by the event's id and written
    over.
    """
    events = row["events"]
    oldest = f"$now.minus({{days: {events['keep_days']}}}).toUTC().toISO()"
    table = {"resource": "row", "dataTableId": {
        "__rl": True, "mode": "id", "value": "={{ $('Table').first().json.id }}"}, "matchType": "allConditions"}
    return [
        _is_event(row, "The call has ended", "ended"),
        _Node("Table", _DATA, 1.1, {
            "resource": "table", "operation": "create", "tableName": events["table"],
            "columns": {"column": [{"name": name, "type": kind} for name, kind in _COLUMNS.items()]},
            "options": {"createIfNotExists": True}}),
        _Node("Row", _SET, 3.4, {"mode": "raw", "jsonOutput": CALL, "options": {}}),
        _Node("Keep it", _DATA, 1.1, {
            **table, "operation": "upsert", "options": {},
            "columns": {"mappingMode": "autoMapInputData", "value": None},
            "filters": {"conditions": [
                {"keyName": "event_id", "condition": "eq", "keyValue": "={{ $json.event_id }}"}]}}),
        _Node("Forget old ones", _DATA, 1.1, {
            **table, "operation": "deleteRows", "options": {}, "filters": {"conditions": [{
                "keyName": "createdAt", "condition": "lt",
                "keyValue": f"={{{{ {oldest} }}}}"}]}}),
    ]


def _message(row: Mapping[str, Any]) -> list[_Node]:
    """Return the nodes that tell a chat of a missed call."""
    return [
        _is_event(row, "The call was missed", "missed"),
        _data("Message", {**row["missed"], "timezone": row["timezone"]}),
        _Node("Send it", _HTTP, 4.2, {
            "method": "POST", "url": "={{ $json.url }}", "sendBody": True, "contentType": "json",
            "specifyBody": "json", "jsonBody": MESSAGE,
            # The PBX waits for ten seconds.
            "options": {"timeout": 6000, "redirect": {"redirect": {}}}}),
    ]


def _as_text(value: Any) -> str:
    """Return a value as JavaScript's String() has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _answer(rule: Mapping[str, Any], conditions: tuple[str, ...]) -> dict[str, Any]:
    names = (*conditions, "to", "caller_name", "tag")
    return {name: rule[name] for name in names if rule[name] not in (None, "")}


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
    return str(uuid.uuid5(NAMESPACE, " ".join(words)))
