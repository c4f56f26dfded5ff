# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records of calls in a real PostgreSQL: none is lost and none is there twice, whatever dies meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import time

import pytest

from labtest.plays import play

NUMBER, CALLS = "+12025550143", 20
FOLDER, UNIT = "/var/log/asterisk/cdr-custom", "trunkline-records"
STATE = "/var/lib/trunkline-records/place.json"
CERTIFICATE = "/etc/ssl/records.pem"
#: The canary: the search for secrets finds it wherever it would be printed.
PASSWORD = "{{ lookup('ansible.builtin.env', 'TRUNKLINE_PHONE_PASSWORD') }}"
CANARY = os.environ["TRUNKLINE_PHONE_PASSWORD"]
#: As logrotate leaves them.
KEYS = (f"cd {FOLDER}; for one in calls.json*; do case $one in *.gz) zcat $one;; *) cat $one;; esac; done"
        """ | grep -o '"uniqueid":"[^"]*".*"sequence":[0-9]*' | sed 's/"linkedid":"[^"]*",//' | sort""")
ROWS = """SELECT format('"uniqueid":"%s","sequence":%s', uniqueid, sequence) FROM trunkline.records"""
SERVER = """
export DEBIAN_FRONTEND=noninteractive
apt-get install --yes --quiet --no-install-recommends postgresql openssl >/dev/null
cd /etc/postgresql/*/main
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=records -addext subjectAltName=IP:{0} \
    -keyout server.key -out server.crt 2>/dev/null
chown postgres: server.key
printf '%s\n' "listen_addresses = '*'" "ssl = on" "ssl_cert_file = '$PWD/server.crt'" \
    "ssl_key_file = '$PWD/server.key'" "fsync = off" >conf.d/lab.conf
echo 'hostssl calls pbx {1}/32 scram-sha-256' >>pg_hba.conf
systemctl restart "postgresql@$(ls /etc/postgresql)-main"
"""


@pytest.fixture(scope="module")
def sql(phone, address):
    """Return sql(text), which asks a PostgreSQL that this makes on the telephone's host."""
    def ask(text, database="calls"):
        command = ["podman", "exec", "-i", phone.backend.name, "su", "postgres", "-c",
                   f"psql -qAtX -v ON_ERROR_STOP=1 -d {database}"]
        # By standard input, since every user can read a command line.
        return subprocess.run(command, input=text, stdout=subprocess.PIPE, text=True, check=False).stdout

    done = phone.run("sh -euc %s", SERVER.format(address["phone1"], address["pbx1"]))
    assert done.rc == 0, done.stderr
    password = CANARY.replace("'", "''")
    ask(f"CREATE USER pbx PASSWORD '{password}'; CREATE DATABASE calls OWNER pbx ENCODING 'UTF8' TEMPLATE template0;",
        "postgres")
    return ask


@pytest.fixture(scope="module")
def declared(pbx, phone, address, sql):
    """Return the variables of a PBX whose records go there, over TLS that checks the server."""
    certificate = phone.check_output("cat /etc/postgresql/*/main/server.crt")
    pbx.check_output(f"cat >{CERTIFICATE} <<'PEM'\n{certificate}\nPEM")
    return {"verify_number": "",
            "pbx_dids": [{"number": NUMBER, "to": {"hangup": "busy"}}],
            "pbx_records_database": {
                "host": address["phone1"], "name": "calls", "user": "pbx", "password": PASSWORD,
                "ca_file": CERTIFICATE}}


@pytest.fixture(scope="module", autouse=True)
def stored(pbx, declared):
    """Have records stored for these checks, and no longer after them."""
    run = play("site", variables=declared)
    assert run.code == 0, run.output[-4000:]
    yield
    run = play("site", variables={"verify_number": ""})
    assert run.code == 0, run.output[-4000:]
    assert not pbx.file(f"/etc/systemd/system/{UNIT}.service").exists
    assert not pbx.file("/etc/asterisk/records.conf").exists


def until(met, what):
    deadline = time.monotonic() + 120
    while not met():
        assert time.monotonic() < deadline, what()
        time.sleep(0.5)


def said(pbx):
    return pbx.check_output(f"journalctl --no-pager --unit {UNIT} --output cat")


def same(pbx, sql):
    """Wait until the database has the records of the files, and return how many; its key lets none in twice."""
    def keys():
        return sorted(set(pbx.check_output(KEYS).splitlines()))

    until(lambda: sorted(sql(ROWS).splitlines()) == keys(), lambda: said(pbx)[-2000:])
    return len(keys())


def test_records_of_before_are_stored(pbx, sql, detail):
    """What the files had before a database was named is in it, in one step of its tables."""
    detail(f"{same(pbx, sql)} records")
    assert sql("SELECT version FROM trunkline.migrations") == "1\n"
    assert sql("SELECT DISTINCT host FROM trunkline.records") == "pbx1\n"


def test_no_record_is_lost_and_none_is_there_twice(pbx, phone, sql, detail):
    """PostgreSQL is away while calls go on, the files are rotated, the service is killed twice, and its disk is full.

    The journal says each of them by its name.
    """
    before, database = same(pbx, sql), "postgresql@$(ls /etc/postgresql)-main"
    phone.check_output(f"systemctl stop {database}")
    call = f"asterisk -rx 'channel originate Local/{NUMBER}@numbers/n application Hangup'"
    pbx.check_output(f"seq {CALLS // 2} | xargs -P 4 -I % {call}")
    until(lambda: "records wait: " in said(pbx), lambda: said(pbx))
    pbx.check_output("logrotate --force /etc/logrotate.d/trunkline-asterisk")
    cut_off = f"""echo '{{"start":"17956' >{FOLDER}/calls.json"""
    pbx.check_output("su asterisk -s /bin/sh -c %s", cut_off)
    pbx.check_output(f"systemctl kill --signal KILL {UNIT}")
    pbx.check_output(f"seq {CALLS // 2} | xargs -P 4 -I % {call}")
    pbx.check_output(f"ln -sf /dev/full {STATE}.new")
    phone.check_output(f"systemctl start {database}")
    after = same(pbx, sql)
    detail(f"{after - before} records of {CALLS} calls")
    assert after - before >= CALLS
    until(lambda: f"No space left on device: '{STATE}'" in said(pbx), lambda: said(pbx))
    pbx.check_output(f"rm {STATE}.new")
    pbx.check_output(f"systemctl kill --signal KILL {UNIT}")
    until(lambda: said(pbx).count("code=killed") >= 2 and "left out what is no record" in said(pbx), lambda: said(pbx))
    pbx.check_output(f"{call}")
    assert same(pbx, sql) > after


def test_the_views(sql, detail):
    """A call that a menu took is missed; one that rang two phones is one call, and is answered; queues; costs."""
    base = {"host": "test", "start_at": "2026-01-01 12:00:00+00", "end_at": "2026-01-01 12:00:10+00", "direction": "in",
            "disposition": "ANSWERED", "billsec": 7}
    queue = {"queue": "support", "number": "+3"}
    out = {"direction": "out", "answer_at": "2026-01-01 11:59:00+00"}
    rows = [{"linkedid": "menu", "uniqueid": "1", "number": "+1"},
            {"linkedid": "two", "uniqueid": "2", "number": "+2", "disposition": "NO ANSWER"},
            {"linkedid": "two", "uniqueid": "2", "number": "+2", "phone": "1001"},
            {"linkedid": "out", "uniqueid": "4", "number": "+12125550100", "twilio_out_sid": "CA1", **out},
            {"linkedid": "far", "uniqueid": "5", "number": "+919876543210", "twilio_out_sid": "CA2", **out},
            {"linkedid": "q1", "uniqueid": "6", "queue_left": "ANSWERED", "queue_wait": 5, "phone": "1001", **queue},
            {"linkedid": "q1", "uniqueid": "6", **queue},
            {"linkedid": "q2", "uniqueid": "8", "queue_left": "ABANDONED", "queue_wait": 9, **queue}]
    given = json.dumps([{**base, "sequence": number, **row} for number, row in enumerate(rows)])
    found = sql(f"""
        BEGIN; SET TIME ZONE 'UTC';
        INSERT INTO trunkline.records SELECT * FROM json_populate_recordset(NULL::trunkline.records, '{given}');
        INSERT INTO trunkline.rates VALUES ('+1', 'North America', 0.01), ('+1212', 'New York', 0.25);
        SELECT linkedid, seconds FROM trunkline.missed_calls WHERE host = 'test' ORDER BY 1;
        SELECT * FROM trunkline.calls_per_day WHERE host = 'test' ORDER BY direction;
        SELECT * FROM trunkline.queues_per_day WHERE host = 'test';
        SELECT * FROM trunkline.cost_per_country WHERE host = 'test' ORDER BY country;
        ROLLBACK;""")
    detail(found.replace("\n", " "))
    assert found.splitlines() == [
        "menu|10", "q2|10", "2026-01-01|test|in|4|2|14", "2026-01-01|test|out|2|2|14",
        "2026-01-01|test|support|2|1|1|5.0|9",
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
