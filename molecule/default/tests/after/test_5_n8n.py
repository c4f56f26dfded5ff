# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls from the telephone network that go where a webhook says: the server is a stand-in for n8n, all else is real."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import time
from pathlib import Path

import jsonschema
import pytest

from labtest import webhook
from labtest.plays import ROOT, play

OFFICE, SALES = "+17756187988", "+12025550143"
PASSWORD = "{{ lookup('ansible.builtin.env', 'TRUNKLINE_PHONE_PASSWORD') }}"
#: The canary: the search for secrets finds it wherever it would be printed.
TOKEN = "{{ lookup('ansible.builtin.env', 'TRUNKLINE_TRUNK_PASSWORD') }}"
THANKS, PORT, LIMIT = "demo-thanks", 5678, 2
LOG = "/var/log/asterisk/messages.log"
REQUEST = json.loads((ROOT / "docs/schemas/n8n-request-1.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module", autouse=True)
def built(address):
    """A run of site.yml by which calls go there; undone at the end."""
    run = play("site", variables={
        "verify_number": "",
        "pbx_phones": [{"name": "1001", "password": PASSWORD}],
        "pbx_dids": [{"number": OFFICE, "to": {"n8n": "reception"}}, {"number": SALES, "to": {"menu": "main"}}],
        "pbx_menus": [{"name": "main", "prompt": "demo-congrats", "keys": {"4": {"n8n": "reception"}}}],
        "pbx_announcements": [{"name": "thanks", "prompt": THANKS}],
        "pbx_n8n": [{
            "name": "reception", "url": f"http://{address['phone1']}:{PORT}/webhook/calls", "token": TOKEN,
            "answer_seconds": LIMIT, "failures": 3, "pause_seconds": 4, "otherwise": {"hangup": "busy"},
            "allow": [{"announcement": "thanks"}, {"phone": "1001"}, {"hangup": "refused"}],
        }],
    })
    assert run.code == 0, run.output[-4000:]
    yield
    mended = play("site", variables={"verify_number": ""})
    assert mended.code == 0, mended.output[-4000:]


@pytest.fixture
def serving(phone):
    """Return serving(answer, ...), a context in which the webhook answers so; it gives a list of what was asked."""
    @contextlib.contextmanager
    def serve(*answers):
        program = ["podman", "exec", "-i", phone.backend.name, "python3", "-c", Path(webhook.__file__).read_text()]
        process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        asked = []
        try:
            process.stdin.write(json.dumps({"port": PORT, "answers": answers}) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline()) == "ready"
            yield asked
        finally:
            asked += [json.loads(line) for line in process.communicate(timeout=30)[0].splitlines()]

    return serve


@pytest.fixture
def closed(pbx):
    """Have the circuit breaker know of no failure."""
    pbx.check_output("rm -f /var/lib/asterisk/n8n/reception")


def says(**changes):
    return {"body": json.dumps({"version": 1, "action": "route", "to": {"announcement": "thanks"}, **changes})}


def test_a_workflow_routes_a_call(serving, closed, called, likeness, address, detail):
    """The caller hears the announcement that the webhook named; it was asked with the fields of the contract."""
    with serving(says(tag="crm:4711")) as asked:
        call = called(OFFICE)
    heard = likeness(call, THANKS)
    detail(f"{heard:.0%} of the announcement recognised")
    assert heard > 0.8
    (request,) = asked
    jsonschema.validate(request["fields"], REQUEST)
    assert request["headers"]["X-Trunkline-Token"] == os.environ["TRUNKLINE_TRUNK_PASSWORD"]
    fields = request["fields"]
    assert (fields["to"], fields["from"], fields["twilio_call_sid"]) == (OFFICE, "+919876543210", call["sid"])


def test_a_workflow_rings_a_phone(serving, closed, called, phones, detail):
    """The phone that the webhook named rings, once, and the caller is connected to it."""
    found, seen = [], phones("1001", [1], 6)
    with serving(says(to={"phone": "1001"}, caller_name="Example Ltd")):
        call = called(OFFICE, until=lambda: found.append(seen()))
    detail(f"{call['sip_status']}, rang {found[0]['rang']}")
    assert (call["sip_status"], found[0]["rang"]) == (200, [1])


def test_a_key_of_a_menu_is_told(serving, closed, called):
    """A menu's key leads to the webhook, which is told the key."""
    with serving(says()) as asked:
        called(SALES, keys="wwww4")
    assert [request["fields"]["keys"] for request in asked] == ["4"]


@pytest.mark.parametrize(("answer", "reason"), [
    ({"status": 500}, "status 500"),
    ({"status": 403}, "token refused: status 403"),
    ({"status": 302, "headers": {"Location": "/other"}}, "redirect: status 302"),
    ({"body": "<!DOCTYPE html><p>Welcome"}, "HTML instead of JSON"),
    ({"body": "{"}, "invalid JSON"),
    (says(version=2), "unknown version"),
    (says(action="dial"), "unknown action"),
    (says(to={"phone": "1002"}), "destination phone 1002 is not allowed"),
    (says(to={"phone": "PJSIP/1001@main"}), "a destination with a character outside"),
    ({"body": " " * 1_000_000}, "too large"),
    ({**says(), "delay": 30}, "no answer within 2 s"),
])
def test_whatever_it_answers_the_call_goes_on(serving, closed, called, pbx, answer, reason, detail):
    """Whatever the webhook answers, the call goes where the inventory says otherwise, and the log says why."""
    lines = int(pbx.check_output(f"wc -l <{LOG}"))
    with serving(answer):
        call = called(OFFICE)
    assert call["sip_status"] == 486
    log = pbx.check_output(f"tail -n +{lines + 1} {LOG}")
    detail(next(line for line in log.splitlines() if "n8n reception" in line)[-90:])
    assert f"n8n reception: {reason}" in log


def test_nobody_waits_for_one_that_is_stopped(closed, called, serving, pbx, detail):
    """It is asked three times, then not for four seconds, and then again."""
    lines = int(pbx.check_output(f"wc -l <{LOG}"))
    for dummy in range(4):
        assert called(OFFICE)["sip_status"] == 486
    log = pbx.check_output(f"tail -n +{lines + 1} {LOG}")
    assert log.count("unreachable: Connection refused") == 3 and log.count("circuit open: 3 failures in a row") == 1
    time.sleep(4)
    with serving(says()):
        assert called(OFFICE)["sip_status"] == 200
        assert called(OFFICE)["sip_status"] == 200
    detail("refused three times, then not asked")


def test_the_token_is_seen_nowhere(serving, closed, called, pbx, asterisk):
    """Neither a trace of everything nor the list of processes nor a file that others read shows the token."""
    token = os.environ["TRUNKLINE_TRUNK_PASSWORD"]
    asterisk("logger add channel n8n-trace verbose(10),debug,notice,warning,error")
    asterisk("core set verbose 10")
    asterisk("agi set debug on")
    try:
        with serving({**says(), "delay": 1.5}):
            watch = subprocess.Popen(
                ["podman", "exec", pbx.backend.name, "sh", "-c",
                 "for i in $(seq 80); do cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null; sleep 0.1; done"],
                stdout=subprocess.PIPE)
            called(OFFICE)
            processes = watch.communicate()[0].decode(errors="replace")
        trace = pbx.check_output("cat /var/log/asterisk/n8n-trace")
    finally:
        asterisk("agi set debug off")
        asterisk("core set verbose 0")
        asterisk("logger remove channel n8n-trace")
        pbx.run("rm -f /var/log/asterisk/n8n-trace")
    assert "trunkline-n8n-route" in trace and "trunkline-n8n-route" in processes
    assert token not in trace and token not in processes
    assert pbx.file("/etc/asterisk/n8n.conf").mode & 0o007 == 0
