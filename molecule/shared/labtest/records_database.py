# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real PostgreSQL for the records of calls, on the telephone's host, and what its rows are compared with."""

from __future__ import annotations

import json
import os
import subprocess
import time

from .container import inside

CALLS, EVENTS = "/var/log/asterisk/cdr-custom/calls.json", "/var/log/asterisk/cel-custom/events.json"
UNIT = "trunkline-records"
#: The shell says the server's version.
SERVER = "postgresql@$(ls /etc/postgresql)-main"
_CERTIFICATE = "/etc/ssl/records.pem"
#: The canary: the search for secrets finds it wherever it would be printed.
_PASSWORD = "{{ lookup('ansible.builtin.env', 'TRUNKLINE_PHONE_PASSWORD') }}"
_INSTALL = f"""
export DEBIAN_FRONTEND=noninteractive
apt-get install --yes --quiet --no-install-recommends postgresql openssl >/dev/null
cd /etc/postgresql/*/main
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=records -addext subjectAltName=IP:{{0}} \
    -keyout server.key -out server.crt 2>/dev/null
chown postgres: server.key
printf '%s\n' "listen_addresses = '*'" "ssl = on" "ssl_cert_file = '$PWD/server.crt'" \
    "ssl_key_file = '$PWD/server.key'" "fsync = off" >conf.d/lab.conf
echo 'hostssl calls pbx {{1}}/32 scram-sha-256' >>pg_hba.conf
systemctl restart "{SERVER}"
"""
#: As logrotate leaves them.
_LINES = "for one in {0}*; do case $one in *.gz) zcat $one;; *) cat $one;; esac; done"
#: The key of a record, as a line of JSON has it.
_KEYS = {CALLS: ("uniqueid", "sequence"), EVENTS: ("uniqueid", "eventtime", "eventtype")}
_ROWS = {
    CALLS: "SELECT uniqueid, sequence FROM trunkline.records",
    EVENTS: "SELECT uniqueid, to_char(extract(epoch FROM eventtime), 'FM9999999999.000000'), eventtype"
            " FROM trunkline.events"}


def install(phone, address):
    """Make a PostgreSQL, and return sql(text), which asks it."""
    def ask(text, database="calls"):
        command = inside(phone, "su", "postgres", "-c", f"psql -qAtX -v ON_ERROR_STOP=1 -d {database}")
        # By standard input, since every user can read a command line.
        return subprocess.run(command, input=text, stdout=subprocess.PIPE, text=True, check=False).stdout

    done = phone.run("sh -euc %s", _INSTALL.format(address["phone1"], address["pbx1"]))
    assert done.rc == 0, done.stderr
    password = os.environ["TRUNKLINE_PHONE_PASSWORD"].replace("'", "''")
    ask(f"CREATE USER pbx PASSWORD '{password}'; CREATE DATABASE calls OWNER pbx ENCODING 'UTF8' TEMPLATE template0;",
        "postgres")
    return ask


def option(pbx, phone, address):
    """Return pbx_records_database for it, over TLS that checks the server."""
    certificate = phone.check_output("cat /etc/postgresql/*/main/server.crt")
    pbx.check_output(f"cat >{_CERTIFICATE} <<'PEM'\n{certificate}\nPEM")
    return {"host": address["phone1"], "name": "calls", "user": "pbx", "password": _PASSWORD, "ca_file": _CERTIFICATE}


def until(met, what):
    """Wait until a condition holds, or fail with what `what` returns."""
    deadline = time.monotonic() + 120
    while not met():
        assert time.monotonic() < deadline, what()
        time.sleep(0.5)


def said(pbx):
    """Return the journal of the service."""
    return pbx.check_output(f"journalctl --no-pager --unit {UNIT} --output cat")


def keys(pbx, file):
    """Return the keys of the records in a file and in those that it was rotated to, each as text. One that a full disk
    cut off has none, and may stand before one that is whole.
    """
    found = set()
    for line in pbx.check_output(_LINES.format(file)).splitlines():
        try:
            record = json.loads(line[line.rfind('{"start":' if file == CALLS else '{"eventtime":'):])
        except ValueError:
            continue
        found.add("|".join(str(record[name]) for name in _KEYS[file]))
    return found


def same(pbx, sql):
    """Wait until the database has the records of the files, and return how many calls' they are.

    Its keys let none in twice.
    """
    def stored(file):
        return sorted(sql(_ROWS[file]).splitlines()) == sorted(keys(pbx, file))

    until(lambda: stored(CALLS) and stored(EVENTS), lambda: said(pbx)[-2000:])
    return len(keys(pbx, CALLS))
