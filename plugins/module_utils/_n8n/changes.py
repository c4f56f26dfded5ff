# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between the declared workflows and those of an instance, and what a run does about it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .workflows import PREFIX, TOKEN_HEADER

#: What a workflow is. Its versions, times and state are n8n's own.
_PARTS = ("name", "nodes", "connections", "settings")


@dataclass(frozen=True)
class Observed:
    """The observed state of an instance: workflows and decrypted credentials, by id.

    A credential whose data is not known to be right has none, and a `state` that says why.
    """

    workflows: Mapping[str, Mapping[str, Any]]
    credentials: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Change:
    """A change, and the texts of its difference, which hold no secret."""

    action: str
    what: str
    before: str = ""
    after: str = ""


@dataclass
class Plan:
    """The changes that a run makes.

    credentials, workflows: what it imports; importing takes a workflow's publication back.
    publish, unpublish: ids.
    drift: the ids of workflows that somebody edited in n8n; kept: those among them that stay so.
    """

    credentials: list[Mapping[str, Any]] = field(default_factory=list)
    workflows: list[Mapping[str, Any]] = field(default_factory=list)
    publish: list[str] = field(default_factory=list)
    unpublish: list[str] = field(default_factory=list)
    drift: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def plan(
    workflows: Sequence[Mapping[str, Any]], credentials: Sequence[Mapping[str, Any]], observed: Observed,
    noted: Mapping[str, str], keep: Collection[str],
) -> Plan:
    """Compare what is declared with an instance. Only ids that begin with the collection's prefix are looked at.

    :param noted: the digest of each workflow that an earlier run imported, by id. Content that is neither declared nor
        noted was edited by somebody.
    :param keep: the ids of workflows that stay as somebody edited them.
    """
    found = Plan()
    for one in credentials:
        _plan_credential(found, one, observed.credentials.get(one["id"]))
    for one in workflows:
        _plan_workflow(found, one, observed.workflows.get(one["id"]), noted.get(one["id"], ""), keep)
    declared = {one["id"] for one in workflows}
    for identity, seen in sorted(observed.workflows.items()):
        if identity.startswith(PREFIX) and identity not in declared and seen.get("active"):
            found.unpublish.append(identity)
            found.changes.append(Change("remove", f"publication of workflow {identity}", _state(True), _state(False)))
    return found


def credential_data(wanted: Mapping[str, Any]) -> dict[str, str]:
    """Return the content of a declared credential, as n8n has it."""
    return {"name": wanted.get("header") or TOKEN_HEADER, "value": wanted["token"]}


def _plan_credential(found: Plan, wanted: Mapping[str, Any], seen: Mapping[str, Any] | None) -> None:
    data = credential_data(wanted)
    if dict((seen or {}).get("data") or {}) == data and (seen or {}).get("name") == wanted["name"]:
        return
    found.credentials.append(
        {"id": wanted["id"], "name": wanted["name"], "type": "httpHeaderAuth", "data": data})
    before = f"token: {seen.get('state', 'another')}\n" if seen else ""
    found.changes.append(
        Change("change" if seen else "add", f"credential {wanted['id']}", before, "token: the declared one\n"))


def _plan_workflow(
    found: Plan, wanted: Mapping[str, Any], seen: Mapping[str, Any] | None, noted: str, keep: Collection[str],
) -> None:
    identity, after = wanted["id"], text(wanted)
    if seen is not None and text(seen) == after:
        if not _is_published(seen):
            found.publish.append(identity)
            found.changes.append(
                Change("change", f"publication of workflow {identity}", _state(False), _state(True)))
        return
    if seen is not None and digest(seen) != noted:
        found.drift.append(identity)
        if identity in keep:
            found.kept.append(identity)
            return
    found.workflows.append(wanted)
    found.publish.append(identity)
    found.changes.append(Change(
        "change" if seen else "add", f"workflow {identity}", text(seen) if seen else "", after))


def _is_published(seen: Mapping[str, Any]) -> bool:
    """Return whether callers reach the content that was seen, and not an earlier one or none."""
    published = seen.get("activeVersionId")
    return bool(seen.get("active")) and (published is None or published == seen.get("versionId"))


def _state(published: bool) -> str:
    return f"published: {'yes' if published else 'no'}\n"


def text(workflow: Mapping[str, Any]) -> str:
    """Return the parts of a workflow that a person decides, as a text whose difference is legible."""
    parts = {name: workflow.get(name) for name in _PARTS}
    parts["nodes"] = [_without_nulls(node) for node in parts["nodes"] or []]
    return json.dumps(parts, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def digest(workflow: Mapping[str, Any]) -> str:
    """Return a short form of a workflow's text, by which a later run knows it."""
    return hashlib.sha256(text(workflow).encode("utf-8")).hexdigest()


def _without_nulls(node: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in node.items() if value is not None}
