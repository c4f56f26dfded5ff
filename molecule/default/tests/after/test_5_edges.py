# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Failover of a trunk with several edges, 10 to 500 ms away: which edge is called, and which one after it fails."""

from __future__ import annotations

import copy
import datetime
import json
import re
import time

import pytest

from labtest.plays import hosts, play
from labtest.waiting import until

NUMBER, RINGS = "+919876543210", "+12025550112"
NEAREST = ["dublin", "ashburn", "singapore"]
QUALIFY_SECONDS = 3     # qualify_timeout of a trunk


def run(playbook, *arguments):
    """Run a playbook with `edges: auto` on the trunk and without a call."""
    trunks = copy.deepcopy(hosts()["pbx1"]["trunkline_trunks"])
    trunks[0].update(password="{{ lookup('ansible.builtin.env', 'TRUNKLINE_TRUNK_PASSWORD') }}", edges="auto")
    done = play(playbook, *arguments, variables={"trunkline_trunks": trunks, "verify_number": ""})
    assert done.code == 0, done.output
    return done


@pytest.fixture(scope="module", autouse=True)
def with_edges(twin):
    """Set the trunk's edges to `auto` by a run of the PBX's part; yield it and a plan after it; undo it at the end."""
    yield run("site", "--limit", "pbx1"), run("plan")
    for edge in NEAREST:
        twin.set_edge_answer(edge)
    mended = play("site", variables={"verify_number": ""})
    assert mended.code == 0, mended.output[-4000:]


@pytest.fixture
def calling(pbx, twin):
    """Return call(number, seconds), which places a call and waits.

    It returns the seconds until each INVITE reached an edge, the edges' names, the new log lines and the INVITEs. All
    edges work again at the end of the test.
    """

    def call(number=NUMBER, seconds=1.0):
        # An INVITE that nobody answered is repeated for seconds, and is of an earlier call then.
        earlier = {row["call_id"] for row in twin.invites(number)}
        logged = len(log(pbx))
        begin = float(pbx.check_output(
            f"date +%s.%N; asterisk -rx 'channel originate Local/{number}@outbound application Wait 1' >/dev/null"))
        time.sleep(seconds)
        while not (invites := [row for row in twin.invites(number) if row["call_id"] not in earlier]):
            assert time.time() < begin + 10, f"no edge got an INVITE for {number}"
            time.sleep(0.1)
        delays = [datetime.datetime.fromisoformat(row["time"]).timestamp() - begin for row in invites]
        return delays, [row["edge"] for row in invites], log(pbx)[logged:], invites

    yield call
    pbx.check_output("asterisk -rx 'channel request hangup all'")
    well(pbx, twin)


def log(pbx):
    return pbx.check_output("cat /var/log/asterisk/messages.log").splitlines()


def status(pbx, edge):
    shown = pbx.check_output("asterisk -rx 'pjsip show contacts'")
    return re.search(rf"twilio-asterisk-pbx1-{edge}/\S+\s+\S+\s+(\w+)", shown)[1]


def qualified(pbx, edge, wanted):
    """Have Asterisk send OPTIONS to the edge, and wait until its contact has the status `wanted`."""
    pbx.check_output(f"asterisk -rx 'pjsip qualify twilio-asterisk-pbx1-{edge}'")
    until(lambda: status(pbx, edge) == wanted, 30)


def well(pbx, twin):
    for edge in NEAREST:
        twin.set_edge_answer(edge)
    shown = pbx.check_output("asterisk -rx 'pjsip show contacts'")
    for edge in NEAREST:
        if not re.search(rf"-{edge}/\S+\s+\S+\s+Avail\s", shown):
            # What Asterisk asked by itself while the edge was silent comes to its end, which would decide otherwise.
            time.sleep(QUALIFY_SECONDS)
            qualified(pbx, edge, "Avail")


def test_the_nearest_edge_is_first(with_edges, pbx, detail):
    """Of edges 10, 80 and 300 ms away the nearest comes first, and a second run would change nothing."""
    written = json.loads(pbx.file("/var/lib/trunkline/edges.json").content)
    detail(", ".join(written["order"]))
    assert written["order"][:3] == NEAREST and len(written["order"]) == 8
    # The smallest T1, since the nearest edge is 10 ms away.
    assert written["timer_t1"] == 100
    timers = pbx.file("/etc/asterisk/pjsip_transport.conf").content_string
    assert "\ntimer_t1 = 100\ntimer_b = 6400\n" in timers
    site, plan = with_edges
    assert "dublin: 200 OK" in site.output and "sydney: 200 OK" in site.output
    # What is said of the host's Asterisk comes between.
    assert re.search(r"pbx1\n(?:  \(.*\n)*  nothing to change", plan.output), plan.output


def test_a_call_takes_the_nearest_edge(calling, twin, detail):
    """A call goes to the nearest edge, with the trunk's own domain in its Request-URI."""
    delays, edges, dummy, invites = calling()
    detail(f"{edges[0]} after {delays[0] * 1000:.0f} ms")
    assert edges == ["dublin"]
    head = invites[0]["text"].split("\r\n")
    assert head[0] == f"INVITE sip:{NUMBER}@asterisk-pbx1.pstn.twilio.com SIP/2.0"
    assert [line for line in head if line.startswith("Route:")] == ["Route: <sip:pstn.dublin.twilio.com;lr>"]


def answered(twin, invite):
    """Return the final statuses of the INVITE's calls; a phone answers after a second."""
    deadline = time.monotonic() + 5
    while True:
        calls = twin.get("calls", sip_call_id=invite["call_id"]).json()["calls"]
        found = [call["sip_status"] for call in calls]
        if None not in found or time.monotonic() > deadline:
            return found
        time.sleep(0.1)


def test_a_dead_edge_that_nobody_knew_of(calling, twin, detail):
    """The nearest edge dies: the next call is answered on the second one, and does not wait for timer B, 6.4 s."""
    twin.set_edge_answer("dublin", "silent")
    delays, edges, said, invites = calling(seconds=4)
    detail(f"{edges[1]} {delays[1] - delays[0]:.2f} s later")
    assert edges == ["dublin", "ashburn"]
    assert delays[1] < 5
    assert answered(twin, invites[1]) == [200]
    assert any("twilio-asterisk-pbx1-dublin: CHANUNAVAIL, cause 0, no SIP answer" in line for line in said)


def test_a_dead_edge_that_is_known(calling, pbx, twin, detail):
    """Once Asterisk knows that the nearest edge is dead, a call does not try it."""
    usual = min(calling()[0][0] for dummy in range(4))
    twin.set_edge_answer("dublin", "silent")
    qualified(pbx, "dublin", "Unavail")
    tries = [calling() for dummy in range(4)]
    lost = min(delays[0] for delays, *rest in tries) - usual
    detail(f"{max(lost, 0) * 1000:.0f} ms lost")
    assert [edges for dummy, edges, *rest in tries] == [["ashburn"]] * 4
    assert lost < 1     # to try it takes 1.5 s
    assert [answered(twin, invites[0]) for *rest, invites in tries] == [[200]] * 4


@pytest.mark.parametrize("answer, edges", [
    ("404 Not Found", ["dublin"]),
    ("403 Forbidden", ["dublin"]),
    ("486 Busy Here", ["dublin"]),
    ("603 Decline", ["dublin"]),
    ("503 Service Unavailable", ["dublin", "ashburn"]),
    ("500 Server Internal Error", ["dublin", "ashburn"]),
    ("408 Request Timeout", ["dublin", "ashburn"]),
])
def test_the_answer_decides(calling, twin, answer, edges, detail):
    """An edge's answer decides whether another edge is tried."""
    twin.set_edge_answer("dublin", answer)
    dummy, tried, said, invites = calling()
    detail(f"{answer}: {' and '.join(tried)}")
    assert tried == edges
    assert answered(twin, invites[0]) == [int(answer[:3])]
    assert any("on twilio-asterisk-pbx1-dublin: " in line and f"SIP {answer}" in line for line in said), said


def test_all_three_in_turn(calling, twin, detail):
    """Two edges fail in two ways, and the third one takes the call."""
    twin.set_edge_answer("dublin", "silent")
    twin.set_edge_answer("ashburn", "503 Service Unavailable")
    delays, edges, dummy, invites = calling(seconds=5)
    detail(f"{', '.join(edges)}; {delays[2]:.2f} s")
    assert edges == NEAREST and answered(twin, invites[2]) == [200]


def test_an_edge_that_was_given_up_comes_back(calling, twin, detail):
    """An edge that wakes up after it was given up rings nobody a second time."""
    twin.set_edge_answer("dublin", "silent")
    calls = calling(number=RINGS, seconds=0)
    time.sleep(2)
    twin.set_edge_answer("dublin")
    time.sleep(4)
    late = twin.get("calls", sip_call_id=calls[3][0]["call_id"]).json()["calls"]
    messages = twin.get("messages", call_id=calls[3][0]["call_id"]).json()["messages"]
    ringing = [row["time"] for row in messages if row["status"] == 180 and row["direction"] == "out"]
    over = [row["time"] for row in messages if row["status"] == 487 and row["direction"] == "out"]
    assert [call["status"] for call in late] == ["canceled"], late
    seconds = (datetime.datetime.fromisoformat(over[0]) - datetime.datetime.fromisoformat(ringing[0])).total_seconds()
    detail(f"cancelled {seconds * 1000:.0f} ms after it rang")
    assert seconds < 1      # when its phone would answer
