# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls that a workflow of the real n8n routes, and what a run does about n8n and its workflows."""

from __future__ import annotations

import json
import os

import pytest
import testinfra

from labtest.plays import PRINTED, PROCESSES, play
from labtest.release import under
from labtest.twin import place_incoming_call

OFFICE, STRANGER = "+17756187988", "+12025550177"
FLOW = "trunkline-reception"
N8N = "/usr/local/sbin/n8n"
#: A workflow that a person made.
FOREIGN = {
    "id": "somebodys0000001", "versionId": "3a0d0a52-3d0c-4f29-8d43-5c9a3a3c9f01", "name": "Somebody's",
    "active": False, "settings": {}, "connections": {}, "nodes": [
        {"id": "1", "name": "Note", "type": "n8n-nodes-base.stickyNote", "typeVersion": 1, "position": [0, 0],
         "parameters": {"content": "Mine"}}],
}


@pytest.fixture(scope="module")
def n8n():
    """Return n8n's host as a testinfra host."""
    return testinfra.get_host("podman://n8n1")


def exported(n8n) -> dict:
    n8n.check_output(f"{N8N} export:workflow --all --output=/var/lib/n8n/out.json")
    return {one["id"]: one for one in json.loads(n8n.check_output("cat /var/lib/n8n/out.json"))}


def imported(n8n, workflow) -> None:
    n8n.check_output("printf %%s %s >/var/lib/n8n/in.json", json.dumps([workflow]))
    n8n.check_output("chown n8n: /var/lib/n8n/in.json")
    n8n.check_output(f"{N8N} import:workflow --input=/var/lib/n8n/in.json")


def test_routes_by_caller(called, likeness, asterisk, pbx, detail):
    """A caller whom the workflow knows hears the announcement that it names."""
    call = called(OFFICE)
    heard = likeness(call, "demo-thanks")
    detail(f"{heard:.0%} of the announcement recognised")
    assert heard > 0.8, pbx.check_output("grep n8n /var/log/asterisk/messages.log || true")


def test_routes_by_hour(twilio, twin, phones, asterisk, detail):
    """Another caller's call rings the phone that the hours of the workflow name."""
    seen, before = phones("1001", [1], 20), len(twin.calls())
    place_incoming_call(twilio, OFFICE, STRANGER, "")
    report = seen()
    asterisk("channel request hangup all")
    call = twin.call_to(OFFICE, before, seconds=60)
    detail(f"{call['sip_status']}, rang {report['rang']}")
    assert (call["sip_status"], report["rang"]) == (200, [1])


def test_sandbox(n8n, detail):
    """The running unit's exposure is under 2.5, and nobody but n8n reads its data."""
    detail(under(n8n, 2.5, "n8n"))
    assert n8n.file("/var/lib/n8n").mode == 0o700 and n8n.file("/etc/n8n/encryption-key").mode == 0o640


def test_second_run_and_a_foreign_workflow(n8n):
    """A second run changes nothing, whatever else n8n has."""
    imported(n8n, FOREIGN)
    run = play("n8n")
    assert run.code == 0 and run.changed == {"n8n1": 0}, run.output[-3000:]
    assert exported(n8n)[FOREIGN["id"]]["nodes"] == FOREIGN["nodes"]


def test_an_edit_by_hand(n8n, detail):
    """A workflow that somebody edited is shown as drift; it stays so where the row says so, and is mended elsewhere."""
    edited = exported(n8n)[FLOW]
    rules = next(node for node in edited["nodes"] if node["name"] == "Rules")
    rules["parameters"]["jsonOutput"] = rules["parameters"]["jsonOutput"].replace("crm:4711", "edited")
    imported(n8n, {**edited, "active": False})
    shown = play("n8n", "--check", "--diff")
    assert shown.code == 0 and f"{FLOW} was edited in n8n" in shown.output, shown.output[-3000:]
    assert "edited" in shown.output and "crm:4711" in shown.output
    mended = play("n8n")
    assert mended.code == 0 and "is put back" in mended.output, mended.output[-3000:]
    after = exported(n8n)
    assert "crm:4711" in json.dumps(after[FLOW]) and after[FLOW]["active"]
    assert after[FOREIGN["id"]]["nodes"] == FOREIGN["nodes"]
    detail("shown, and mended")


def test_the_token_is_seen_nowhere(n8n):
    """Neither the journal of n8n nor an output of a run has the token."""
    token = os.environ["TRUNKLINE_TRUNK_PASSWORD"]
    assert token not in n8n.check_output("journalctl --unit=n8n --no-pager")
    assert not any(token in text for text in [*PRINTED, *PROCESSES])
