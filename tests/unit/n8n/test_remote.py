# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run does at n8n's public API: the requests, what it can know of a secret, and what a refusal means."""

from __future__ import annotations

import copy
import http.server
import json
import threading

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._core.errors import Ambiguous, TrunklineError
from ansible_collections.trunkline.voice.plugins.module_utils._n8n import changes, remote
from ansible_collections.trunkline.voice.plugins.module_utils._n8n.public_api import Client, Refusal

from .test_flow_changes import delivered

TOKEN, ID = "a-token-that-is-secret", "trunkline-reception"
KEY = "eyJhbGciOi.J9.api-key"
ROW = {"name": "reception", "token": TOKEN, "otherwise": {"ring_group": "sales"},
       "crm": {"url": "https://crm.example.com/{number}", "header_value": "Bearer 5ecret", "tag": "id"}}
FOREIGN = {"id": "abc", "name": "Trunkline reception", "nodes": [], "connections": {}, "settings": {}, "active": True,
           "staticData": {"node:X": {}}, "isArchived": False}


class Api:
    """A stand-in for n8n's public API: it makes ids and versions, adds settings, and shows no credential's data."""

    def __init__(self):
        self.workflows, self.credentials, self.sent, self.clock = {"abc": copy.deepcopy(FOREIGN)}, {}, [], 0

    def pages(self, *path):
        assert path == ("workflows",)
        return iter(copy.deepcopy(list(self.workflows.values())))

    def ask(self, method, *path, body=None, query=""):
        self.clock += 1
        if method != "GET":
            self.sent.append((method, *path[:1], *path[2:]))
        kind, identity = path[0], path[1] if len(path) > 1 else ""
        return copy.deepcopy(getattr(self, f"_{kind}")(method, identity, path[2:], body))

    def _credentials(self, method, identity, more, body):
        if method == "POST":
            identity = body["id"]
            assert len(identity) <= 16 and identity not in self.credentials
        elif identity not in self.credentials:
            raise Refusal(404, "none", "")
        if body:
            self.credentials[identity] = {**body, "updatedAt": f"t{self.clock}"}
        return {name: value for name, value in self.credentials[identity].items() if name != "data"}

    def _workflows(self, method, identity, more, body):
        if method == "POST" and not identity:
            identity = f"n8n-{len(self.workflows)}"
            self.workflows[identity] = {"id": identity, "active": False, "activeVersionId": None, "isArchived": False}
        row = self.workflows[identity]
        if more:
            row["active"] = more == ("publish",)
            row["activeVersionId"] = row["versionId"] if row["active"] else None
        else:
            assert set(body) == {"name", "nodes", "connections", "settings", "staticData"}
            if body["nodes"] != row.get("nodes"):
                row["versionId"] = f"v{self.clock}"
            row.update(body, settings={**body["settings"], "callerPolicy": "workflowsFromSameOwner"})
        return row

    def mine(self):
        """Return the one workflow that has a mark."""
        (found,) = (one for one in self.workflows.values() if remote.MARK in one["staticData"])
        return found


@pytest.fixture
def api():
    return Api()


def run(api, check=False, keep=(), rows=None, **change):
    declared = delivered([{**ROW, **change}] if rows is None else rows)
    both = declared["workflows"], declared["credentials"]
    one = remote.Remote(api, *both)
    due = changes.plan(*both, one.observe(), one.notes(), keep)
    api.sent.clear()
    if not check:
        one.apply(due)
    return due


def said(due):
    return [(change.action, change.what.partition(" ")[0]) for change in due.changes]


def test_a_new_instance_gets_everything_and_a_second_run_changes_nothing(api):
    due = run(api, check=True)
    assert said(due) == [("add", "credential"), ("add", "credential"), ("add", "workflow")] and api.sent == []
    run(api)
    mine = api.mine()
    assert mine["active"] and mine["activeVersionId"] == mine["versionId"] and api.workflows["abc"] == FOREIGN
    shown = {one["credentials"]["httpHeaderAuth"]["id"] for one in mine["nodes"] if one.get("credentials")}
    assert shown == set(api.credentials)
    assert not any(secret in json.dumps(api.workflows) for secret in (TOKEN, "5ecret"))
    assert run(api) == changes.Plan() and api.sent == []


def test_a_token_that_changed_here_or_in_n8n_is_sent_again_and_what_callers_reach_stays(api):
    run(api)
    before = copy.deepcopy(api.mine())
    due = run(api, token="another-token-123")
    assert [one.before for one in due.changes] == ["token: another\n"] and TOKEN not in str(due.changes)
    assert api.sent == [("PATCH", "credentials"), ("PUT", "workflows")]
    assert {**api.mine(), "staticData": 0} == {**before, "staticData": 0}
    for one in api.credentials.values():
        one["updatedAt"] = "by hand"
    due = run(api, token="another-token-123")
    assert [one.before for one in due.changes] == ["token: changed in n8n\n"] * 2
    assert run(api, token="another-token-123") == changes.Plan()


def test_a_credential_without_a_mark_is_not_known(api):
    run(api)
    api.mine()["staticData"][remote.MARK].pop("credentials")
    assert {one.before for one in run(api).changes} == {"token: not known\n"}


@pytest.mark.parametrize("keep", [(), (ID,)])
def test_an_edit_by_hand_is_drift_and_is_mended_or_kept(api, keep):
    run(api)
    api.mine()["nodes"][0]["notes"] = "edited"
    due = run(api, keep=keep)
    assert due.drift == [ID] and due.kept == list(keep)
    assert ("notes" in json.dumps(api.mine()["nodes"])) == bool(keep)
    # A new token must not make a kept edit the declared state.
    again = run(api, keep=keep, token="another-token-123")
    assert again.kept == list(keep) and ("notes" in json.dumps(api.mine()["nodes"])) == bool(keep)


def test_a_changed_row_is_no_drift_and_is_published(api):
    run(api)
    due = run(api, otherwise={"hangup": "busy"})
    assert due.drift == [] and api.sent == [("PUT", "workflows"), ("POST", "workflows", "publish")]
    assert api.mine()["activeVersionId"] == api.mine()["versionId"]


def test_a_row_that_is_gone_is_unpublished_and_a_foreign_workflow_is_not(api):
    run(api)
    assert said(run(api, rows=[])) == [("remove", "publication")]
    assert not api.mine()["active"] and api.workflows["abc"]["active"]
    assert run(api, rows=[]) == changes.Plan()


def test_a_copy_with_the_mark_is_ambiguous_and_one_in_the_archive_is_none(api):
    run(api)
    api.workflows["copy"] = {**copy.deepcopy(api.mine()), "id": "copy", "isArchived": True}
    assert run(api) == changes.Plan()
    api.workflows["copy"]["isArchived"] = False
    with pytest.raises(Ambiguous, match="two workflows for trunkline-reception: n8n-1 and copy"):
        run(api)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.seen.append((self.path, self.headers["X-N8N-API-KEY"]))
        status, body, headers = self.server.answers.pop(0)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *dummy):
        """Say nothing."""


@pytest.fixture
def server():
    """Return a web server that gives `answers`, (status, body, headers), in turn."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as one:
        one.answers, one.seen = [], []
        threading.Thread(target=one.serve_forever, args=(0.02,), daemon=True).start()
        yield one
        one.shutdown()


def client(server):
    return Client(f"http://127.0.0.1:{server.server_address[1]}/", KEY)


def test_all_pages_are_read_with_the_key(server):
    server.answers = [(200, b'{"data": [{"id": 1}], "nextCursor": "a/b="}', {}),
                      (200, b'{"data": [{"id": 2}], "nextCursor": null}', {})]
    assert [one["id"] for one in client(server).pages("workflows")] == [1, 2]
    assert server.seen == [("/api/v1/workflows?limit=100", KEY), ("/api/v1/workflows?limit=100&cursor=a%2Fb%3D", KEY)]


@pytest.mark.parametrize(("status", "body", "sentence"), [
    (401, b"{}", "does not know the API key"), (403, b'{"message": "Forbidden"}', "needs the scopes workflow:list"),
    (302, b"", "A redirect is not followed"), (404, b"<html>", "is its public API on"),
    (400, b'{"message": "request/body must NOT have x"}', "with status 400: request/body must NOT have x."),
    (500, b"oops", "answers GET workflows with status 500."), (200, b"<!DOCTYPE html>", "something other than JSON"),
])
def test_a_refusal_is_explained_and_shows_no_key(server, status, body, sentence):
    server.answers = [(status, body, {"Location": "/elsewhere"} if status == 302 else {})]
    with pytest.raises(TrunklineError) as found:
        client(server).ask("GET", "workflows")
    assert sentence in str(found.value) and KEY not in str(found.value) and len(server.seen) == 1


def test_nobody_is_there(server):
    one = client(server)
    server.shutdown()
    server.server_close()
    with pytest.raises(TrunklineError, match="cannot be asked: .*Is it the address of n8n"):
        one.ask("GET", "workflows")


def test_a_ca_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(TrunklineError, match="none.pem cannot be read as CA certificates"):
        Client("https://n8n.example.com", KEY, str(tmp_path / "none.pem"))
