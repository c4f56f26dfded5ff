# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Workflows that the controller brings into the real n8n by its public API, beside those of others."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request

import pytest

from labtest.container import container
from labtest.n8n_api import OPENER, SCOPES, api_key
from labtest.n8n_database import database
from labtest.plays import PRINTED, PROCESSES, play

NAMES = ("TRUNKLINE_TRUNK_PASSWORD", "TRUNKLINE_PHONE_PASSWORD")
OLD, NEW = map(os.environ.get, NAMES)
CALL = {"from": "+919876543210", "time": "2026-11-26T09:30:00Z"}


def variables(url, token=NAMES[0], **change):
    """Return what an inventory says that has no host of n8n's."""
    secret = "{{ lookup('ansible.builtin.env', '%s') }}"
    return {"n8n_flow_api_url": url, "n8n_flow_api_key": secret % "LAB_N8N_API_KEY", "n8n_flows": [{
        "name": "given", "path": "given/in", "token": secret % token,
        "callers": [{"number": CALL["from"], "to": {"phone": "1001"}, "tag": "crm:4711"}],
        "crm": {"url": "https://crm.example.com/{number}", "header_value": secret % NAMES[1], "tag": "id"},
        "otherwise": {"hangup": "busy"}, **change}]}


class Given:
    """The n8n at an address, as its owner and a PBX see it."""

    def __init__(self, url, scopes=SCOPES):
        self.url, self.key = url, api_key(url, scopes)

    def run(self, *arguments, rows=None, **change):
        """Run n8n.yml where n8n is on no host."""
        given = variables(self.url, **change)
        if rows is not None:
            given["n8n_flows"] = rows
        return play(
            "n8n", "--limit=localhost", *arguments, variables=given, environment={"LAB_N8N_API_KEY": self.key})

    def send(self, method, path, body=None, **headers):
        """Return the status of an answer and its JSON."""
        request = urllib.request.Request(
            f"{self.url}/{path}", method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "X-N8N-API-KEY": self.key, **headers})
        try:
            with OPENER.open(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, None

    def call(self, token):
        return self.send("POST", "webhook/given/in", CALL, **{"X-Trunkline-Token": token})

    def edit(self):
        """Edit the workflow as the editor does: the new state is saved, and another one is published."""
        (mine,) = (one for one in self.send("GET", "api/v1/workflows?limit=100")[1]["data"]
                   if one["name"] == "Trunkline given")
        parts = json.loads(json.dumps({name: mine[name] for name in ("name", "nodes", "connections", "settings")})
                           .replace("crm:4711", "edited"))
        assert self.send("PUT", f"api/v1/workflows/{mine['id']}", parts)[0] == 200


@pytest.fixture(scope="module")
def n8n():
    """Return n8n's host as a testinfra host."""
    return container("n8n1")


@pytest.fixture(scope="module")
def runs(n8n, address):
    """Run n8n.yml for an n8n that is given, edit the workflow, and change its token; return what came of each."""
    given, before = Given(f"http://{address['n8n1']}:5678"), database(n8n)
    found = {"first": given.run(), "answer": given.call(OLD), "second": given.run()}
    given.edit()
    found["shown"] = given.run("--check", "--diff", token=NAMES[1])
    found["still"] = given.call(OLD)
    found["mended"] = given.run(token=NAMES[1])
    found["answers"] = given.call(NEW), given.call(OLD)
    found["again"] = given.run(token=NAMES[1])
    found["gone"] = given.run(rows=[])
    found["last"] = given.call(NEW)
    after = database(n8n)
    return {**found, "given": given, "others": (before, {one: after.get(one) for one in before})}


def test_a_workflow_is_written_and_published_and_answers(runs):
    """It answers as the rules say, once the run is over, and n8n did not start anew."""
    assert runs["first"].code == 0, runs["first"].output[-3000:]
    status, answer = runs["answer"]
    assert (status, answer["to"], answer["tag"]) == (200, {"phone": "1001"}, "crm:4711")


def test_a_second_run_changes_nothing(runs):
    """Also after an edit was mended and a token changed, which the API does not show."""
    for name in ("second", "again"):
        assert runs[name].code == 0 and runs[name].changed["localhost"] == 0, runs[name].output[-3000:]


def test_an_edit_is_shown_and_mended_and_the_token_changes(runs, detail):
    """Check mode shows both and changes nothing; n8n then admits the new token and the old one no more."""
    shown, mended = runs["shown"], runs["mended"]
    assert shown.code == 0 and "trunkline-given was edited in n8n at http" in shown.output, shown.output[-3000:]
    assert "edited" in shown.output and "token: another" in shown.output
    assert runs["still"][0] == 200
    assert mended.code == 0 and "is put back" in mended.output, mended.output[-3000:]
    admitted, (refused, dummy) = runs["answers"]
    assert admitted[1]["tag"] == "crm:4711" and refused == 403
    detail("shown and mended; the new token is admitted, the old one refused")


def test_a_row_that_is_gone_answers_no_more(runs):
    """Its workflow is unpublished."""
    assert runs["gone"].code == 0 and runs["last"][0] == 404, runs["gone"].output[-3000:]


def test_no_other_workflow_is_touched(runs):
    """Neither those that the command line imported nor somebody's own."""
    before, after = runs["others"]
    assert len(before) > 1 and before == after


def test_the_key_is_seen_nowhere(runs):
    """Neither an output of a run nor a list of processes has the key of the API or a token."""
    for secret in (runs["given"].key, OLD, NEW):
        assert not any(secret in text for text in [*PRINTED, *PROCESSES])


def test_a_key_that_may_too_little_is_refused_with_what_it_needs(runs):
    """Nothing is written."""
    poor = Given(runs["given"].url, ["workflow:list"])
    run = poor.run(otherwise={"hangup": "refused"})
    assert run.code != 0 and "It needs the scopes workflow:list, workflow:read" in run.failure
