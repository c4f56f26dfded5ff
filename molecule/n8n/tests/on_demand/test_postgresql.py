# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""n8n on a PostgreSQL of Debian's, as the README of role n8n says: by a socket, and by TCP with a password.

On demand, on a lab where scenario n8n stands, as n8n makes its database anew twice:
    make check ARGS="../n8n/tests/on_demand/test_postgresql.py"
"""

from __future__ import annotations

import json
import os
import urllib.request

import pytest

from labtest.container import container
from labtest.n8n_api import OPENER
from labtest.plays import PRINTED, play

TOKEN, PASSWORD = os.environ["TRUNKLINE_TRUNK_PASSWORD"], os.environ["TRUNKLINE_PHONE_PASSWORD"]
WAYS = {
    "by_socket": {"DB_POSTGRESDB_HOST": "/run/postgresql"},
    "by_password": {"DB_POSTGRESDB_HOST": "127.0.0.1", "DB_POSTGRESDB_PASSWORD_FILE": "/etc/n8n/postgresql"},
}
INSTALL = """
DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends postgresql </dev/null >/dev/null
systemctl start "postgresql@$(ls /etc/postgresql)-main"
install -o root -g n8n -m 0640 /dev/stdin /etc/n8n/postgresql
"""


@pytest.fixture(scope="module")
def n8n():
    """Return n8n's host as a testinfra host, with a PostgreSQL; n8n is back on SQLite at the end."""
    host = container("n8n1")
    host.check_output("printf %%s %s | sh -euc %s", PASSWORD, INSTALL)
    for text in (*(f"DROP DATABASE IF EXISTS {way}" for way in WAYS), "DROP USER IF EXISTS n8n",
                 f"CREATE USER n8n PASSWORD '{PASSWORD}'", *(f"CREATE DATABASE {way} OWNER n8n" for way in WAYS)):
        sql(host, "postgres", text)
    yield host
    run = play("n8n")
    assert run.code == 0, run.output[-3000:]
    host.run("systemctl stop 'postgresql@*'")


def sql(host, database, text):
    return host.check_output("runuser -u postgres -- psql -qAtX -v ON_ERROR_STOP=1 -d %s -c %s", database, text)


def post(address, path, body):
    request = urllib.request.Request(
        f"http://{address['n8n1']}:5678/webhook/{path}", method="POST", data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "X-Trunkline-Token": TOKEN})
    with OPENER.open(request, timeout=60) as answer:
        return answer.read()


@pytest.mark.parametrize("way", WAYS)
def test_workflows_and_calls_are_in_postgresql(n8n, address, way, detail):
    """n8n makes its tables, its workflow answers, an event becomes a row; a second run changes nothing."""
    declared = {"n8n_environment": {
        "DB_TYPE": "postgresdb", "DB_POSTGRESDB_USER": "n8n", "DB_POSTGRESDB_DATABASE": way, **WAYS[way]}}
    first = play("n8n", variables=declared)
    assert first.code == 0, first.output[-3000:]
    answer = json.loads(post(address, "calls", {"from": "+919876543210", "time": "2026-11-26T09:30:00Z"}))
    assert answer["tag"] == "crm:4711"
    event = {"event": "ended", "id": f"{way}/1", "disposition": "answered", "duration_seconds": 3}
    for dummy in range(2):
        post(address, "events", event)
    table = sql(n8n, way, "SELECT id FROM data_table WHERE name = 'calls'")
    assert sql(n8n, way, f'SELECT event_id, disposition FROM "data_table_user_{table}"') == f"{way}/1|answered"
    second = play("n8n", variables=declared)
    assert second.code == 0 and second.changed["n8n1"] == 0, second.output[-3000:]
    version = sql(n8n, way, "SHOW server_version")
    detail(f"PostgreSQL {version}, {sql(n8n, way, 'SELECT count(*) FROM workflow_entity')} workflows")
    assert not any(PASSWORD in text for text in PRINTED)
