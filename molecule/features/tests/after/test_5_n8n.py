# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls from the telephone network that go where a webhook says: the server is a stand-in for n8n, all else is real."""

from __future__ import annotations

import collections
import json
import os
import subprocess
import time

import jsonschema
import pytest

from labtest.container import inside
from labtest.plays import ROOT, play
from labtest.serving import serving as serving_on
from labtest.waiting import until

OFFICE, SALES = "+17756187988", "+12025550143"
DESK = "wwww5"      # the key of the menu behind SALES that leads to the row whose calls have events
PASSWORD = "{{ lookup('ansible.builtin.env', 'TRUNKLINE_PHONE_PASSWORD') }}"
#: The canary: the search for secrets finds it wherever it would be printed.
TOKEN = "{{ lookup('ansible.builtin.env', 'TRUNKLINE_TRUNK_PASSWORD') }}"
THANKS, PORT, LIMIT = "demo-thanks", 5678, 2
BURST = 60
SCRIPT = "/usr/local/lib/trunkline/n8n_route.py"
LOG, SPOOL = "/var/log/asterisk/messages.log", "/var/lib/asterisk/n8n-events"
REQUEST, EVENT = (
    json.loads((ROOT / f"docs/schemas/n8n-{name}-1.json").read_text(encoding="utf-8")) for name in ("request", "event"))


@pytest.fixture(scope="module")
def declared(address):
    """Return the variables by which calls go to the webhook."""
    url = f"http://{address['phone1']}:{PORT}/webhook"
    return {
        "verify_number": "",
        "pbx_phones": [{"name": "1001", "password": PASSWORD}],
        "pbx_dids": [{"number": OFFICE, "to": {"n8n": "reception"}}, {"number": SALES, "to": {"menu": "main"}}],
        "pbx_menus": [{"name": "main", "prompt": "demo-congrats",
                       "keys": {"4": {"n8n": "reception"}, "5": {"n8n": "desk"}}}],
        "pbx_mailboxes": [{"name": "2001", "pin": "7294", "prompt": "vm-intro"}],
        "pbx_announcements": [{"name": "thanks", "prompt": THANKS}],
        "pbx_n8n": [{
            "name": "reception", "url": f"{url}/calls", "token": TOKEN,
            "answer_seconds": LIMIT, "failures": 3, "pause_seconds": 4, "otherwise": {"hangup": "busy"},
            "allow": [{"announcement": "thanks"}, {"phone": "1001"}, {"hangup": "refused"}],
        }, {
            "name": "desk", "url": f"{url}/calls", "events_url": f"{url}/events", "token": TOKEN,
            "previous_token": PASSWORD, "otherwise": {"hangup": "busy"}, "failures": 100,
            "allow": [{"announcement": "thanks"}, {"phone": "1001"}, {"mailbox": "2001"}, {"menu": "main"}],
        }],
    }


@pytest.fixture(scope="module", autouse=True)
def built(declare, declared):
    """A run of site.yml by which calls go there."""
    declare({**declared, "verify_n8n": False})


@pytest.fixture
def serving(phone):
    """Return serving(answer, ...), a context in which the webhook answers so; it gives a list of what is asked."""
    return lambda *answers, events=({},): serving_on(phone, port=PORT, answers=answers, events=events)


def admitted(asked, token):
    return [request for request in asked if request["headers"]["X-Trunkline-Token"] == token]


def log_since(pbx, lines):
    return pbx.check_output(f"tail -n +{lines + 1} {LOG}")


@pytest.fixture
def told(pbx, asterisk):
    """Return told(), which returns once no call is up and nothing that happened is left to tell."""
    def quiet():
        return "\n0 active calls" in asterisk("core show channels count") and not pbx.check_output(f"ls {SPOOL}")

    return lambda: until(quiet, 90)


def events_of(asked):
    """Return the events of what a webhook was asked, after a look at their contract."""
    found = [request for request in asked if request["path"] == "/webhook/events"]
    for request in found:
        jsonschema.validate(request["fields"], EVENT)
        assert request["headers"]["Idempotency-Key"] == request["fields"]["id"]
    return [request["fields"] for request in found]


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


def test_a_call_that_the_phone_does_not_take_goes_to_the_fallback(serving, closed, called, phone, likeness):
    """The webhook names a phone that is not there, and a fallback: the caller hears that."""
    phone.run("systemctl stop softphone")
    with serving(says(to={"phone": "1001"}, fallback={"announcement": "thanks"})):
        call = called(OFFICE)
    assert likeness(call, THANKS) > 0.8


def test_a_key_of_a_menu_is_told(serving, closed, called):
    """A menu's key leads to the webhook, which is told the key."""
    with serving(says()) as asked:
        called(SALES, keys="wwww4")
    assert [request["fields"]["keys"] for request in asked] == ["4"]


def test_a_workflow_is_asked_again_in_a_call(serving, called, told):
    """The webhook sends the call to a menu, whose key asks it again: it is told so, and all keys."""
    with serving(says(to={"menu": "main"}), says()) as asked:
        called(SALES, keys=f"{DESK}wwww{DESK}")
        told()
    fields = [request["fields"] for request in asked if request["path"] == "/webhook/calls"]
    assert [(one["attempt"], one["keys"]) for one in fields] == [("1", "5"), ("2", "55")]
    assert len({one["call_id"] for one in fields}) == 1


def test_a_workflow_learns_who_answered_and_how_it_ended(serving, called, phones, told, detail):
    """A phone takes the call: one event says who, and another how it ended and how well it was heard."""
    seen = phones("1001", [1], 12)
    with serving(says(to={"phone": "1001"}, tag="crm:4711")) as asked:
        call = called(SALES, keys=DESK, until=seen)
        told()
    answered, ended = events_of(asked)
    assert (answered["event"], answered["answered_by"]) == ("answered", {"phone": "1001"})
    assert (ended["event"], ended["disposition"], ended["routed_to"]) == ("ended", "answered", {"phone": "1001"})
    assert (ended["keys"], ended["attempts"], ended["tag"]) == ("5", 1, "crm:4711")
    assert {(one["from"], one["to"], one["twilio_call_sid"]) for one in (answered, ended)} == {
        ("+919876543210", SALES, call["sid"])}
    assert 0 < ended["talk_seconds"] <= ended["duration_seconds"] and ended["quality"]["packets_received"] > 50
    detail(f"talked {ended['talk_seconds']} s of {ended['duration_seconds']}, {ended['quality']}")


def test_a_workflow_learns_of_a_message(serving, called, told):
    """A caller leaves a message: an event names the mailbox, and the call is not a missed one."""
    with serving(says(to={"mailbox": "2001"})) as asked:
        called(SALES, keys=DESK + "w" * 18, until=lambda: time.sleep(18))
        told()
    message, ended = events_of(asked)
    assert (message["event"], message["mailbox"], ended["disposition"]) == ("voicemail", "2001", "voicemail")


def test_a_call_whose_script_does_not_run_is_told(serving, called, told, pbx):
    """So is that of a caller who hangs up before the script has started: the dialplan knows what to write by then."""
    pbx.check_output(f"chmod a-x {SCRIPT}")
    try:
        with serving(says()) as asked:
            call = called(SALES, keys=DESK)
            told()
    finally:
        pbx.check_output(f"chmod a+x {SCRIPT}")
    missed, ended = events_of(asked)
    assert (missed["event"], ended["routed_to"], ended["attempts"]) == ("missed", None, 0)
    assert (ended["from"], ended["to"], ended["twilio_call_sid"]) == ("+919876543210", SALES, call["sid"])


def test_no_event_is_lost_while_n8n_is_away(serving, called, told, pbx, detail):
    """Calls end while the webhook is away, the sender is killed: events arrive in order, each with its id."""
    for dummy in range(2):
        called(SALES, keys=DESK)
    assert len(pbx.check_output(f"ls {SPOOL}").split()) == 2
    with serving(says(), events=[{"delay": 600}, {}]) as asked:
        pbx.check_output("systemctl restart trunkline-n8n-events")
        until(lambda: asked)
        pbx.check_output("systemctl kill --signal=KILL trunkline-n8n-events")
        told()
    events = events_of(asked)
    ids = list(dict.fromkeys(event["id"] for event in events))
    detail(f"{len(ids)} events, {len(events)} sent")
    assert [one.split("/")[2] for one in ids] == ["missed", "ended", "missed", "ended"]
    assert len(events) == 5 and events[0]["id"] == events[1]["id"]
    assert ids == sorted(ids, key=lambda one: one.split("/")[3])


def test_verify_names_the_cause(serving, declared, detail):
    """verify.yml asks each workflow: one would take the call, the other is not published."""
    with serving(says(), {"status": 404}) as asked:
        run = play("verify", variables=declared)
    for request in asked:
        jsonschema.validate(request["fields"], REQUEST)
    assert [request["fields"]["event"] for request in asked] == ["verify", "verify"]
    assert run.code != 0 and "it would send the call to announcement thanks, after " in run.output
    assert "n8n desk, answer: Workflow desk of n8n has no such webhook (status 404). Publish the work" in run.failure
    detail("the first passed; the second: status 404, publish the workflow")


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
                inside(pbx, "sh", "-c", "for i in $(seq 80); do "
                       "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null; sleep 0.1; done"),
                stdout=subprocess.PIPE)
            called(OFFICE)
            processes = watch.communicate()[0].decode(errors="replace")
        trace = pbx.check_output("cat /var/log/asterisk/n8n-trace")
    finally:
        asterisk("agi set debug off")
        asterisk("core set verbose 0")
        asterisk("logger remove channel n8n-trace")
        pbx.run("rm -f /var/log/asterisk/n8n-trace")
    assert "n8n_route.py" in trace and "n8n_route.py" in processes
    assert token not in trace and token not in processes and "n8n_events.py" in processes
    assert token not in pbx.check_output("journalctl --unit trunkline-n8n-events")
    assert pbx.file("/etc/asterisk/n8n.conf").mode & 0o007 == 0


def test_a_burst_of_calls_while_the_webhook_dies_and_changes_its_token(serving, told, pbx, detail):
    """Calls come in five a second, the webhook dies and comes back with another token: all go on, all events arrive."""
    before, new = os.environ["TRUNKLINE_PHONE_PASSWORD"], os.environ["TRUNKLINE_TRUNK_PASSWORD"]
    lines = int(pbx.check_output(f"wc -l <{LOG}"))
    loop = f"for call in $(seq {BURST}); do asterisk -rx 'channel originate Local/s@n8n-desk/n application Wait 60' &"
    calls = subprocess.Popen(inside(pbx, "sh", "-c", f"{loop} sleep 0.2; done; wait"))
    with serving({**says(), "token": before}, events=[{"token": before}]) as first:
        until(lambda: len(admitted(first, before)) > BURST // 2)
    until(lambda: log_since(pbx, lines).count("n8n desk: unreachable") > BURST // 4)
    with serving({**says(), "token": new}, events=[{"token": new}]) as second:
        assert calls.wait(timeout=300) == 0
        told()
    taken = admitted(first, before) + admitted(second, new)
    events = events_of(taken)
    ended = {event["id"]: event for event in events if event["event"] == "ended"}.values()
    went = collections.Counter("decided" if event["routed_to"] else "otherwise" for event in ended)
    twice = len(events) - len({event["id"] for event in events})
    detail(f"{dict(went)}, {len(events)} events of which {twice} came again")
    assert len(ended) == len({event["call_id"] for event in ended}) == BURST
    assert min(went["decided"], went["otherwise"]) >= BURST // 6
    assert {event["cause"] for event in ended if not event["routed_to"]} == {17}
    assert {event["event"] for event in events} == {"missed", "ended"}
    assert len(events) == 2 * BURST + twice and twice < 3
    assert "token refused" not in log_since(pbx, lines)
