# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PostgreSQL stops during 200 calls and starts again: each call has its row, and none has two.

On demand, on a lab that stands, as the calls take a minute:
    make check ARGS="../features/tests/on_demand/test_records_outage.py"
"""

from __future__ import annotations

import json
import subprocess

import pytest

from labtest.container import inside
from labtest.plays import play
from labtest.records_database import CALLS, SERVER, install, option, said, same, until

NUMBER, COUNT, PAUSE = "+17756187988", 200, 0.2
#: Each caller has a number of its own, by which its row is known.
CALLER = "+91987654{:04}"
SITE = {
    "verify_number": "",
    "pbx_dids": [{"number": NUMBER, "to": {"announcement": "told"}}],
    "pbx_announcements": [{"name": "told", "prompt": "vm-goodbye", "then": {"hangup": "normal"}}],
}
#: Places the calls in the telephone network, one after the other.
PLACE = f"""
cd /var/lib/twilio-twin/spool
for one in $(seq 0 {COUNT - 1}); do
    caller=$(printf +91987654%04d $one)
    printf '%s\\n' 'Channel: PJSIP/{NUMBER}@edge' "CallerID: <$caller>" 'Context: to-edge' 'Extension: answered' \
        'Priority: 1' >$one.call
    chown asterisk: $one.call
    mv $one.call outgoing/
    sleep {PAUSE}
done
"""


@pytest.fixture(scope="module")
def sql(pbx, phone, address):
    """Have records stored in a PostgreSQL, and no longer at the end. It is asked by sql(text)."""
    ask = install(phone, address)
    run = play("site", variables={**SITE, "pbx_records_database": option(pbx, phone, address)})
    assert run.code == 0, run.output[-4000:]
    yield ask
    mended = play("site", variables={"verify_number": ""})
    assert mended.code == 0, mended.output[-4000:]


def callers(lines):
    """Return who called the number, a row each."""
    rows = (json.loads(line) for line in lines)
    return sorted(row["src"] for row in rows if row["number"] == NUMBER)


def test_postgresql_stops_during_200_calls(pbx, phone, twilio, sql, detail):
    """It stops after 40 rows, and starts again once 80 more calls have ended."""
    same(pbx, sql)
    count = f"SELECT count(*) FROM trunkline.records WHERE number = '{NUMBER}'"
    first, of_before = int(sql(count)), pbx.check_output(f"cat {CALLS}").splitlines()

    def written():
        return pbx.check_output(f"cat {CALLS}").splitlines()[len(of_before):]

    placed = subprocess.Popen(inside(twilio, "sh", "-c", PLACE))
    try:
        until(lambda: int(sql(count)) >= first + 40, lambda: said(pbx)[-2000:])
        phone.check_output(f"systemctl stop {SERVER}")
        ended = len(written())
        until(lambda: len(written()) >= ended + 80, lambda: f"{len(written())} calls ended")
        waiting = len(written())
        phone.check_output(f"systemctl start {SERVER}")
        assert placed.wait(timeout=600) == 0
    finally:
        placed.kill()
    until(lambda: len(callers(written())) >= COUNT, lambda: f"{len(callers(written()))} calls have a record")
    same(pbx, sql)
    stored = sql(f"SELECT src FROM trunkline.records WHERE number = '{NUMBER}' ORDER BY start_at").splitlines()[first:]
    detail(f"{len(stored)} rows of {COUNT} calls; PostgreSQL was away from the {ended}th to the {waiting}th")
    assert "records wait: " in said(pbx) and "the database takes records again" in said(pbx)
    assert sorted(stored) == [CALLER.format(one) for one in range(COUNT)] == callers(written())
