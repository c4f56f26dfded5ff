# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records of calls in a real PostgreSQL: none is lost and none is there twice, whatever dies meanwhile."""

from __future__ import annotations

import json
import os

import pytest

from labtest.plays import play
from labtest.records_database import CALLS, EVENTS, SERVER, UNIT, install, option, said, same, until

NUMBER, COUNT = "+12025550143", 20
STATE = "/var/lib/trunkline-records/place.json"
CANARY = os.environ["TRUNKLINE_PHONE_PASSWORD"]


@pytest.fixture(scope="module")
def sql(phone, address):
    """Return sql(text), which asks a PostgreSQL that this makes on the telephone's host."""
    return install(phone, address)


@pytest.fixture(scope="module", autouse=True)
def stored(pbx, phone, address, sql):
    """Have records stored for these checks, and no longer after them."""
    run = play("site", variables={
        "verify_number": "", "pbx_dids": [{"number": NUMBER, "to": {"hangup": "busy"}}],
        "pbx_records_database": option(pbx, phone, address)})
    assert run.code == 0, run.output[-4000:]
    yield
    pbx.check_output(f"sed -i '/:\"17956$/d' {CALLS} {EVENTS}")    # what a check cut off
    run = play("site", variables={"verify_number": ""})
    assert run.code == 0, run.output[-4000:]
    assert not pbx.file(f"/etc/systemd/system/{UNIT}.service").exists
    assert not pbx.file("/etc/asterisk/records.conf").exists


def test_records_of_before_are_stored(pbx, sql, detail):
    """What the files had before a database was named is in it, each step of its tables once."""
    calls, events = same(pbx, sql), int(sql("SELECT count(*) FROM trunkline.events"))
    detail(f"{calls} records, {events} events")
    assert sql("SELECT version FROM trunkline.migrations ORDER BY 1") == "1\n2\n3\n4\n"
    assert sql("SELECT DISTINCT host FROM trunkline.records") == "pbx1\n"


def test_no_record_is_lost_and_none_is_there_twice(pbx, phone, sql, detail):
    """PostgreSQL is away while calls go on, the files are rotated, the service is killed twice, and its disk is full.

    The journal says each of them by its name.
    """
    before = same(pbx, sql)
    phone.check_output(f"systemctl stop {SERVER}")
    call = f"asterisk -rx 'channel originate Local/{NUMBER}@numbers/n application Hangup'"
    pbx.check_output(f"seq {COUNT // 2} | xargs -P 4 -I % {call}")
    until(lambda: "records wait: " in said(pbx), lambda: said(pbx))
    pbx.check_output("logrotate --force /etc/logrotate.d/trunkline-asterisk")
    for field, file in (("start", CALLS), ("eventtime", EVENTS)):
        pbx.check_output("su asterisk -s /bin/sh -c %s", f"""umask 027; echo '{{"{field}":"17956' >>{file}""")
    pbx.check_output(f"systemctl kill --signal KILL {UNIT}")
    pbx.check_output(f"seq {COUNT // 2} | xargs -P 4 -I % {call}")
    pbx.check_output(f"ln -sf /dev/full {STATE}.new")
    phone.check_output(f"systemctl start {SERVER}")
    after = same(pbx, sql)
    detail(f"{after - before} records of {COUNT} calls")
    assert after - before >= COUNT
    until(lambda: f"No space left on device: '{STATE}'" in said(pbx), lambda: said(pbx))
    pbx.check_output(f"rm {STATE}.new")
    pbx.check_output(f"systemctl kill --signal KILL {UNIT}")
    until(lambda: said(pbx).count("code=killed") >= 2 and "left out what is no record" in said(pbx), lambda: said(pbx))
    pbx.check_output(f"{call}")
    assert same(pbx, sql) > after
    led = int(sql("SELECT count(DISTINCT linkedid) FROM trunkline.events JOIN trunkline.records USING (host, linkedid)"
                  f" WHERE dst = '{NUMBER}'"))
    detail(f"the events of {led} calls lead to their records")
    assert led > COUNT


def test_the_views(sql, detail):
    """A call that a menu took is missed; one that rang two phones is one call, and is answered; queues; costs."""
    base = {"host": "test", "start_at": "2026-01-01 12:00:00+00", "end_at": "2026-01-01 12:00:10+00", "direction": "in",
            "disposition": "ANSWERED", "billsec": 7}
    queue = {"queue": "support", "number": "+3", "queue_service_level": 6}
    out = {"direction": "out", "answer_at": "2026-01-01 11:59:00+00"}
    good = {"recording": "two-1.wav+two-2.wav", "trunk_mos": 4.35, "phone_mos": 3.9}
    rows = [{"linkedid": "menu", "uniqueid": "1", "number": "+1"},
            {"linkedid": "two", "uniqueid": "2", "number": "+2", "disposition": "NO ANSWER"},
            {"linkedid": "two", "uniqueid": "2", "number": "+2", "phone": "1001", **good},
            {"linkedid": "out", "uniqueid": "4", "number": "+12125550100", "twilio_out_sid": "CA1", **out},
            {"linkedid": "far", "uniqueid": "5", "number": "+919876543210", "twilio_out_sid": "CA2", **out},
            {"linkedid": "q1", "uniqueid": "6", "queue_left": "ANSWERED", "queue_wait": 5, "phone": "1001", **queue},
            {"linkedid": "q1", "uniqueid": "6", **queue},
            {"linkedid": "q2", "uniqueid": "8", "queue_left": "ABANDONED", "queue_wait": 9, **queue},
            {"linkedid": "q3", "uniqueid": "9", "queue_left": "ABANDONED", "queue_wait": 6, **queue}]
    given = json.dumps([{**base, "sequence": number, **row} for number, row in enumerate(rows)])
    found = sql(f"""
        BEGIN; SET TIME ZONE 'UTC';
        INSERT INTO trunkline.records SELECT * FROM json_populate_recordset(NULL::trunkline.records, '{given}');
        INSERT INTO trunkline.rates VALUES ('+1', 'North America', 0.01), ('+1212', 'New York', 0.25);
        SELECT linkedid, seconds FROM trunkline.missed_calls WHERE host = 'test' ORDER BY 1;
        SELECT recording, worst_mos FROM trunkline.calls WHERE host = 'test' AND worst_mos IS NOT NULL;
        SELECT * FROM trunkline.calls_per_day WHERE host = 'test' ORDER BY direction;
        SELECT * FROM trunkline.queues_per_day WHERE host = 'test';
        SELECT * FROM trunkline.cost_per_country WHERE host = 'test' ORDER BY country;
        ROLLBACK;""")
    detail(found.replace("\n", " "))
    assert found.splitlines() == [
        "menu|10", "q2|10", "q3|10", "two-1.wav+two-2.wav|3.9", "2026-01-01|test|in|5|2|14",
        "2026-01-01|test|out|2|2|14", "2026-01-01|test|support|3|1|2|5.0|9|50.0",
        "2026-01-01|test|New York|1|2|0.50", "2026-01-01|test||1|2|"]


def test_the_service_is_confined(pbx, detail):
    """It runs as Asterisk's user, in a sandbox that systemd rates low, and shows its password to nobody."""
    level = pbx.check_output(f"systemd-analyze security --no-pager {UNIT}.service").split()[-3:]
    detail(" ".join(level))
    process = pbx.check_output(f"systemctl show -P MainPID {UNIT}")
    assert pbx.check_output(f"stat -c %U /proc/{process}") == "asterisk"
    conf = pbx.file("/etc/asterisk/records.conf")
    assert (conf.user, conf.group, conf.mode) == ("root", "asterisk", 0o640)
    shown = pbx.check_output(f"cat /proc/[0-9]*/cmdline /proc/{process}/environ | tr '\\0' ' '; systemctl show {UNIT}")
    assert UNIT in shown and CANARY not in shown + said(pbx)
