# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An instance of n8n, read and changed by its public API.

The API makes the id of a workflow itself, takes 16 characters for that of a credential, and never shows what a
credential holds. So a workflow has a mark in its static data, which n8n keeps with it and its editor does not show: the
id that it has here, the digest of what was delivered, and of each credential when it was last changed and a seal of its
content.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from .._core.errors import Ambiguous
from .changes import Observed, Plan, credential_data, digest
from .public_api import Client, Refusal
from .workflows import NAMESPACE, PREFIX

MARK = "trunkline"
#: Whoever reads the mark may try tokens against the seal. Each try takes as long as this makes it.
ROUNDS = 200_000


def remote_id(identity: str) -> str:
    """Return the id that a credential has at the API."""
    return f"tl-{uuid.uuid5(NAMESPACE, identity).hex[:13]}"


def seal(identity: str, data: Mapping[str, str]) -> str:
    """Return a text by which the content of a credential is known again, and that does not tell it."""
    text = f"{data['name']}\n{data['value']}"
    return hashlib.pbkdf2_hmac("sha256", text.encode("utf-8"), identity.encode("utf-8"), ROUNDS).hex()[:32]


class Remote:
    """The workflows of an instance that have a mark, and the declared credentials.

    :param workflows, credentials: the declared ones, as `changes.plan` takes them.
    """

    def __init__(
        self, client: Client, workflows: Sequence[Mapping[str, Any]], credentials: Sequence[Mapping[str, Any]],
    ):
        self._client = client
        self._workflows = {one["id"]: one for one in workflows}
        self._credentials = {one["id"]: one for one in credentials}
        self._found: dict[str, Mapping[str, Any]] = {}
        self._seals: dict[str, Mapping[str, str]] = {}

    def observe(self) -> Observed:
        """Read the marked workflows and the declared credentials."""
        self._found, self._seals = {}, {}
        for one in self._client.pages("workflows"):
            mark = _mark_of(one)
            if not mark or one.get("isArchived"):
                continue
            if mark["id"] in self._found:
                raise Ambiguous(
                    f"n8n has two workflows for {mark['id']}: {self._found[mark['id']]['id']} and {one['id']}.",
                    "One is a copy: delete that in n8n.")
            self._found[mark["id"]] = one
            self._seals.update(mark.get("credentials") or {})
        return Observed(
            {identity: self._seen(identity, one) for identity, one in self._found.items()},
            {one: seen for one in self._credentials if (seen := self._credential(one)) is not None})

    def notes(self) -> dict[str, str]:
        """Return the digest of what was delivered of each workflow, once they were observed."""
        return {identity: str(_mark_of(one).get("digest")) for identity, one in self._found.items()}

    def apply(self, due: Plan) -> None:
        """Carry out a plan: credentials before the workflows that use them."""
        for one in due.credentials:
            self._write_credential(one)
        written = {one["id"] for one in due.workflows}
        for one in due.workflows:
            self._write_workflow(one)
        changed = {one["id"] for one in due.credentials}
        for identity, found in list(self._found.items()):
            if identity not in written and changed & self._used(identity):
                parts = {name: found[name] for name in ("name", "nodes", "connections", "settings")}
                self._put(identity, parts, str(_mark_of(found).get("digest")))
        for identity in due.publish:
            self._client.ask("POST", "workflows", self._found[identity]["id"], "publish", body={})
        for identity in due.unpublish:
            self._client.ask("POST", "workflows", self._found[identity]["id"], "unpublish")

    def _seen(self, identity: str, one: Mapping[str, Any]) -> dict[str, Any]:
        """Return a workflow as the command line would export it. n8n adds settings to those that it was given."""
        settings, ours = one.get("settings") or {}, {remote_id(known): known for known in self._credentials}
        if identity in self._workflows:
            settings = {name: settings[name] for name in self._workflows[identity]["settings"] if name in settings}
        return {**one, "id": identity, "settings": settings, "nodes": [_renamed(node, ours) for node in one["nodes"]]}

    def _credential(self, identity: str) -> dict[str, Any] | None:
        try:
            seen = self._client.ask("GET", "credentials", remote_id(identity))
        except Refusal as error:
            if error.status == 404:
                return None
            raise
        known, data = self._seals.get(identity) or {}, credential_data(self._credentials[identity])
        if known.get("seal") != seal(identity, data):
            state = "another" if known else "not known"
        elif known.get("changed") != seen["updatedAt"]:
            state = "changed in n8n"
        else:
            return {"name": seen["name"], "data": data}
        return {"name": seen["name"], "data": {}, "state": state}

    def _write_credential(self, one: Mapping[str, Any]) -> None:
        identity = one["id"]
        content = {name: one[name] for name in ("name", "type", "data")}
        try:
            answer = self._client.ask("PATCH", "credentials", remote_id(identity), body=content)
        except Refusal as error:
            if error.status != 404:
                raise
            answer = self._client.ask("POST", "credentials", body={"id": remote_id(identity), **content})
        self._seals[identity] = {"changed": answer["updatedAt"], "seal": seal(identity, one["data"])}

    def _write_workflow(self, wanted: Mapping[str, Any]) -> None:
        theirs = {known: remote_id(known) for known in self._credentials}
        parts = {name: wanted[name] for name in ("name", "connections", "settings")}
        parts["nodes"] = [_renamed(node, theirs) for node in wanted["nodes"]]
        self._put(wanted["id"], parts, digest(wanted))

    def _put(self, identity: str, parts: Mapping[str, Any], noted: str) -> None:
        """Write a workflow with its mark. What callers reach stays what was published before."""
        found = self._found.get(identity)
        seals = {one: self._seals[one] for one in sorted(self._used(identity)) if one in self._seals}
        mark = {"id": identity, "digest": noted, "credentials": seals}
        kept = (found or {}).get("staticData") or {}
        body = {**parts, "staticData": {**kept, MARK: mark}}
        if found:
            answer = self._client.ask("PUT", "workflows", found["id"], body=body)
        else:
            answer = self._client.ask("POST", "workflows", body=body)
        self._found[identity] = answer

    def _used(self, identity: str) -> set[str]:
        """Return the ids of the declared credentials that a declared workflow uses."""
        nodes = (self._workflows.get(identity) or {}).get("nodes") or []
        used = {str(one.get("id")) for node in nodes for one in (node.get("credentials") or {}).values()}
        return used & set(self._credentials)


def _mark_of(workflow: Mapping[str, Any]) -> dict[str, Any]:
    """Return the mark of a workflow, {} if it has none."""
    mark = (workflow.get("staticData") or {}).get(MARK)
    return mark if isinstance(mark, dict) and str(mark.get("id")).startswith(PREFIX) else {}


def _renamed(node: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return a node whose credentials have other ids."""
    given = node.get("credentials")
    if not isinstance(given, Mapping) or not given:
        return dict(node)
    return {**node, "credentials": {
        kind: {**one, "id": names.get(one.get("id"), one.get("id"))} for kind, one in given.items()}}
