# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls that a workflow of the real n8n routes, and what a run does about n8n and its workflows."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import threading
import time
import urllib.error
import urllib.request

import pytest

from labtest.container import container, inside
from labtest.incoming import start_devices
from labtest.n8n_database import database
from labtest.plays import PRINTED, PROCESSES, play
from labtest.release import under
from labtest.serving import serving
from labtest.twin import place_incoming_call
from labtest.waiting import until

OFFICE, STRANGER, PARTNER, BLOCKED = "+17756187988", "+12025550177", "+12025550178", "+12025550179"
#: What stands for a CRM says of those two callers.
CONTACTS = {
    PARTNER: {"id": 4712, "name": "Zoë's Ltd", "account": {"level": 3, "blocked": False}},
    BLOCKED: {"id": 4713, "name": "Spam", "account": {"level": 3, "blocked": True}},
}
#: The caller of each kind of destination, and the prompt that is heard there. A ring group has none: a phone rings.
KINDS = {
    "ring_group": ("+919876543211", ""),
    "queue": ("+919876543212", "demo-nomatch"),
    "menu": ("+919876543213", "demo-enterkeywords"),
    "mailbox": ("+919876543214", "vm-intro"),
    "hours": ("+919876543215", "tt-weasels"),
    "announcement, as the CRM says": (PARTNER, "tt-somethingwrong"),
}
REFUSED = {"hangup": "+919876543216", "hangup, as the CRM says": BLOCKED}
#: n8n has the older token until a run with the variables NEWER.
TOKENS = ("TRUNKLINE_TRUNK_PASSWORD", "TRUNKLINE_PHONE_PASSWORD")
NEWER = {"lab_n8n_token": TOKENS[1]}
SCRIPT = "/usr/local/lib/trunkline/n8n_route.py"
FLOW, FOREIGN = "trunkline-reception", "somebodys0000001"


@pytest.fixture(scope="module")
def n8n():
    """Return n8n's host as a testinfra host."""
    return container("n8n1")


def test_routes_by_hour_while_the_crm_is_down(twilio, twin, phones, asterisk, detail):
    """A stranger's call rings the phone that the hours of the workflow name, also as nothing answers for the CRM."""
    seen, before = phones("1001", [1], 12), len(twin.calls())
    place_incoming_call(twilio, OFFICE, STRANGER, "")
    report = seen()
    asterisk("channel request hangup all")
    call = twin.call_to(OFFICE, before, seconds=60)
    detail(f"{call['sip_status']}, rang {report['rang']}")
    assert (call["sip_status"], report["rang"]) == (200, [1])


@pytest.fixture(scope="module")
def standin(phone):
    """Have a CRM and a chat answer; return what they are asked, which is whole once `burst` is over."""
    with serving(phone, port=8080, answers=[{}], events=[{}], contacts=CONTACTS) as asked:
        yield asked


@pytest.fixture(scope="module")
def burst(standin, phone, address, twin, twilio, pbx):
    """Have all callers call at once; return their calls, once all are over, and what the ring group's phone saw."""
    phone.run("systemctl stop softphone")
    before, seen = len(twin.calls()), start_devices(phone, address, user="1002", devices=[0], seconds=20)
    callers = {caller for caller, dummy in KINDS.values()} | set(REFUSED.values())
    for caller in sorted(callers):
        place_incoming_call(twilio, OFFICE, caller)

    def calls():
        return {call["from"]: call for call in twin.calls()[before:]}

    # These two stay until somebody hangs up.
    lasting = {KINDS["ring_group"][0], KINDS["mailbox"][0]}
    until(lambda: all(caller in calls() and calls()[caller]["end_time"] for caller in callers - lasting), 120)
    report = seen()
    pbx.check_output("asterisk -rx 'channel request hangup all'")
    until(lambda: all(call["end_time"] for call in calls().values()))
    return calls(), report


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_destination(burst, likeness, kind, detail):
    """A workflow of n8n names each kind of destination, and the caller gets there."""
    calls, report = burst
    caller, prompt = KINDS[kind]
    call = calls[caller]
    assert call["sip_status"] == 200
    if prompt:
        heard = likeness(call, prompt)
        detail(f"{kind}: {heard:.0%} of the prompt recognised")
        assert heard > 0.8
    else:
        detail(f"{kind}: rang {report['rang']}")
        assert report["rang"] == [1]


@pytest.mark.parametrize("kind", REFUSED)
def test_a_workflow_refuses_a_call(burst, kind):
    """The caller is refused with 403, where a call that n8n does not decide is busy."""
    assert burst[0][REFUSED[kind]]["sip_status"] == 403


def test_the_crm_is_asked_about_strangers_alone(burst, standin, n8n):
    """The CRM is not asked about callers of the table; it is shown its key, and what it says is kept with the call."""
    asked = [request for request in standin if request["path"].startswith("/contacts")]
    assert sorted(request["fields"]["phone"] for request in asked) == [PARTNER, BLOCKED]
    assert all(request["headers"]["X-Api-Key"] == os.environ["TRUNKLINE_TRUNK_PASSWORD"] for request in asked)
    until(lambda: {"4712", "4713"} <= {row["tag"] for row in database(n8n, "calls", "calls")}, 120)


def test_a_chat_is_told_of_missed_calls(burst, standin, detail):
    """A message for each call that nobody took comes in, and none for one that was answered or refused."""
    def messages():
        return [request["fields"]["text"] for request in standin if request["path"].startswith("/chat/")]

    missed = [KINDS[kind][0] for kind in KINDS if kind not in ("ring_group", "mailbox")]
    until(lambda: all(any(caller in text for text in messages()) for caller in missed), 120)
    detail(messages()[0])
    assert not any(caller in text for text in messages() for caller in (*REFUSED.values(), KINDS["ring_group"][0]))
    assert all(f" to {OFFICE} at 20" in text and text.endswith(" s") for text in messages())


def test_routes_by_caller(standin, called, likeness, asterisk, pbx, detail):
    """A caller whom the workflow knows hears the announcement that it names."""
    call = called(OFFICE)
    heard = likeness(call, "demo-thanks")
    detail(f"{heard:.0%} of the announcement recognised")
    assert heard > 0.8, pbx.check_output("grep n8n /var/log/asterisk/messages.log || true")


def test_the_end_of_a_call_is_kept_once(standin, called, n8n, address, detail):
    """The PBX tells how a call went, and a table of n8n's has it, also where the event comes twice."""
    call = called(OFFICE)
    deadline = time.monotonic() + 120
    while not (found := kept(n8n, call)):
        assert time.monotonic() < deadline, database(n8n, "calls", "calls")
        time.sleep(0.5)
    (row,) = found
    detail(f"{row['disposition']} after {row['duration_seconds']:.0f} s, routed to {row['routed_to']}")
    assert (row["caller"], row["called"], row["routed_to"], row["tag"]) == (
        "+919876543210", OFFICE, "announcement thanks", "crm:4711")
    event = {"event": "ended", "id": row["event_id"], "twilio_call_sid": call["sid"], "disposition": "again"}
    assert post(address, os.environ["TRUNKLINE_TRUNK_PASSWORD"], event) == 200
    assert [row["disposition"] for row in kept(n8n, call)] == ["again"]


def post(address, token, event) -> int:
    """Send an event to n8n; return the status of its answer."""
    request = urllib.request.Request(
        f"http://{address['n8n1']}:5678/webhook/events", method="POST", data=json.dumps(event).encode(), headers={
            "Content-Type": "application/json", "X-Trunkline-Token": token})
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def kept(n8n, call) -> list[dict]:
    """Return the rows of a call."""
    return [row for row in database(n8n, "calls", "calls") if row["twilio_call_sid"] == call["sid"]]


def test_sandbox(n8n, detail):
    """The running unit's exposure is under 2.5, and nobody but n8n reads its data."""
    detail(under(n8n, 2.5, "n8n"))
    assert n8n.file("/var/lib/n8n").mode == 0o700 and n8n.file("/etc/n8n/encryption-key").mode == 0o640


@contextlib.contextmanager
def asking(pbx):
    """Have the PBX ask the workflow as for calls, one after the other; give a list of what comes of it."""
    mark = "/run/asking-n8n"    # it goes on while that is there
    loop = f"touch {mark}; while test -e {mark}; do runuser -u asterisk -- {SCRIPT} --verify reception; sleep 1; done"
    answers: list[dict] = []
    with subprocess.Popen(inside(pbx, "sh", "-c", loop), stdout=subprocess.PIPE) as process:
        reader = threading.Thread(target=lambda: answers.extend(json.loads(line)[0] for line in process.stdout))
        reader.start()
        try:
            until(lambda: answers, 120)
            yield answers
            count = len(answers)
            until(lambda: len(answers) > count + 1, 120)
        finally:
            pbx.check_output("rm -f %s", mark)
            reader.join()


@pytest.fixture(scope="module")
def mended(n8n, pbx):
    """Run n8n.yml after an edit by hand, with another token; return what was before and after, and what came of it."""
    database(n8n, "copy", FOREIGN, FLOW)
    before = database(n8n, "edit", "crm:4711", "edited", FLOW)
    assert "edited" in before[FLOW]
    shown = play("n8n", "--check", "--diff")
    assert database(n8n) == before
    with asking(pbx) as answers:
        run = play("n8n", variables=NEWER)
    assert run.code == 0, run.output[-3000:]
    return before, shown, run, database(n8n), answers


def test_an_edit_by_hand(mended, detail):
    """A workflow that somebody edited is shown as drift and mended; somebody's own workflow stays."""
    before, shown, run, after, dummy = mended
    assert shown.code == 0 and f"{FLOW} was edited in n8n" in shown.output, shown.output[-3000:]
    # The workflow, and n8n's new start.
    assert "edited" in shown.output and "crm:4711" in shown.output and shown.changed["n8n1"] == 2
    assert "is put back" in run.output, run.output[-3000:]
    assert "crm:4711" in after[FLOW] and "edited" not in after[FLOW] and after[FLOW].endswith("1")
    assert after[FOREIGN] == before[FOREIGN]
    detail("shown, and mended")


def test_the_token_changes_and_no_request_is_refused(mended, address, detail):
    """n8n gets another token while the PBX asks it, which has both: n8n admits each request, before and after."""
    answers = mended[-1]
    faults = sorted({answer["fault"] for answer in answers} - {""})
    detail(f"{len(answers)} requests; as n8n started anew: {faults}")
    assert not any("refused: status" in fault for fault in faults), faults
    assert answers[0]["fault"] == answers[-1]["fault"] == ""
    older, newer = (post(address, os.environ[name], {"event": "none"}) for name in TOKENS)
    assert (older, newer) == (403, 200)


def test_second_run(mended, n8n):
    """A second run changes nothing."""
    run = play("n8n", variables=NEWER)
    assert run.code == 0 and run.changed["n8n1"] == 0, run.output[-3000:]


def test_the_token_is_seen_nowhere(n8n):
    """Neither the journal of n8n nor an output of a run has one of its tokens."""
    journal = n8n.check_output("journalctl --unit=n8n --no-pager")
    for token in map(os.environ.get, TOKENS):
        assert not any(token in text for text in [journal, *PRINTED, *PROCESSES])
