# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real n8n is killed in the middle of 200 calls from the telephone network, five a second.

On demand, on a lab where scenario n8n stands, as it takes some five minutes:
    make check ARGS="../n8n/tests/on_demand/test_dying.py"
"""

from __future__ import annotations

import collections
import subprocess

import pytest

from labtest.container import container, inside
from labtest.incoming import start_devices
from labtest.n8n_database import database
from labtest.serving import serving
from labtest.waiting import until

OFFICE, CALLS, KILLED_AFTER = "+17756187988", 200, 60
SPOOL, LOG = "/var/lib/asterisk/n8n-events", "/var/log/asterisk/messages.log"
#: A caller hangs up after eight seconds. A program for each caller would cost the machine more than the PBX does.
PLACE = f"""
cd /var/lib/twilio-twin/spool
for call in $(seq 10001 {10000 + CALLS}); do
  printf '%s\\n' 'Channel: PJSIP/{OFFICE}@edge' "CallerID: <+9198000$call>" 'Application: Wait' 'Data: 8' >$call.call
  chown asterisk: $call.call && mv $call.call outgoing/
  sleep 0.2
done
"""


@pytest.fixture(scope="module")
def n8n():
    """Return n8n's host as a testinfra host."""
    return container("n8n1")


@pytest.fixture
def chat(phone):
    """Have the chat take messages; return what it got. Nobody answers for the CRM's questions but with 404."""
    with serving(phone, port=8080, answers=[{}], events=[{}]) as asked:
        yield asked


def test_n8n_dies_in_the_middle_of_200_calls(twin, twilio, phone, pbx, address, n8n, chat, detail):
    """Every call reaches a person or a mailbox, and n8n's table has the end of each call once."""
    phone.run("systemctl stop softphone")
    before = len(twin.calls())
    known = {row["event_id"] for row in database(n8n, "calls", "calls")}
    lines = int(pbx.check_output(f"wc -l <{LOG}"))
    seen = start_devices(phone, address, user="1001", devices=[0], seconds=170)
    with subprocess.Popen(inside(twilio, "sh", "-c", PLACE)) as placing:
        until(lambda: len(twin.calls()) >= before + KILLED_AFTER, 120)
        # systemd starts it again, as on any host.
        n8n.check_output("systemctl kill --signal=KILL n8n")
        assert placing.wait(timeout=300) == 0
    until(lambda: len(twin.calls()) == before + CALLS and all(call["end_time"] for call in twin.calls()), 180)
    until(lambda: not pbx.check_output(f"ls {SPOOL}"), 600)
    calls = twin.calls()[before:]
    rows = [row for row in database(n8n, "calls", "calls") if row["event_id"] not in known]
    went = collections.Counter(row["routed_to"] or "otherwise" for row in rows)
    how = collections.Counter(row["disposition"] for row in rows)
    log = pbx.check_output(f"tail -n +{lines + 1} {LOG}")
    reasons = {reason: log.count(f"n8n reception: {reason}") for reason in ("unreachable", "circuit open", "no answer")}
    detail(f"{dict(went)}, {dict(how)}, {reasons}, rang {seen()['rang']}")
    assert collections.Counter(call["sip_status"] for call in calls) == {200: CALLS}
    assert sorted(row["twilio_call_sid"] for row in rows) == sorted(call["sid"] for call in calls)
    # How many calls n8n decides depends on how fast the machine is.
    assert went["otherwise"]
