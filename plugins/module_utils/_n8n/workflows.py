# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A row of n8n_flows as n8n imports it: a workflow and the credential of its webhook, with ids that never change."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

#: What the PBX sends its token in (docs/features/n8n.md).
TOKEN_HEADER = "X-Trunkline-Token"
#: The ids of workflows and credentials that this collection made begin so.
PREFIX = "trunkline-"
WEBHOOK = "n8n-nodes-base.webhook"
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
    made = _own(row) if row["workflow"] else _starter(row)
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


def _starter(row: Mapping[str, Any]) -> dict[str, Any]:
    rules = {
        "callers": [_answer(one, ("number",)) for one in row["callers"]],
        "timezone": row["timezone"],
        "hours": [_answer(one, ("days", "from", "until")) for one in row["hours"]],
        "otherwise": row["otherwise"],
    }
    nodes = [
        ("Call", WEBHOOK, 2, {"httpMethod": "POST", "responseMode": "responseNode", "options": {}}),
        ("Rules", "n8n-nodes-base.set", 3.4,
         {"mode": "raw", "jsonOutput": json.dumps(rules, indent=2, ensure_ascii=False), "options": {}}),
        ("Answer", "n8n-nodes-base.respondToWebhook", 1.1,
         {"respondWith": "json", "responseBody": _ANSWER, "options": {}}),
    ]
    return {
        "name": f"Trunkline {row['name']}", "settings": _SETTINGS,
        "nodes": [
            {"id": _uuid(row["name"], name), "name": name, "type": kind, "typeVersion": version,
             "position": [220 * index, 0], "parameters": parameters}
            for index, (name, kind, version, parameters) in enumerate(nodes)],
        "connections": {"Call": _to("Rules"), "Rules": _to("Answer")},
    }


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
