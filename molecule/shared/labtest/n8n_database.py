# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read and edit the database of the lab's n8n, which is SQLite, while n8n runs on it."""

from __future__ import annotations

import json

#: Reads a workflow, or edits one as n8n's editor does, or copies one: a command of n8n's takes ten times as long.
DATABASE = """
import json, sqlite3, sys
action, first, second, third = sys.argv[1:]
with sqlite3.connect("/var/lib/n8n/.n8n/database.sqlite", timeout=60) as database:
    if action == "edit":
        # The editor keeps each state as a version, of which another one is published.
        names = [row[1] for row in database.execute("pragma table_info(workflow_history)")]
        rest = ", ".join('"%s"' % name for name in names if name not in ("versionId", "nodes"))
        database.execute(
            f"insert or replace into workflow_history (versionId, nodes, {rest}) select ?, replace(nodes, ?, ?), {rest}"
            " from workflow_history where versionId = (select versionId from workflow_entity where id = ?)",
            ("edited", first, second, third))
        database.execute(
            "update workflow_entity set nodes = replace(nodes, ?, ?), versionId = 'edited' where id = ?",
            (first, second, third))
    if action == "copy":
        names = [row[1] for row in database.execute("pragma table_info(workflow_entity)")]
        rest = ", ".join('"%s"' % name for name in names if name not in ("id", "active", "activeVersionId"))
        database.execute(
            f"insert or ignore into workflow_entity (id, active, {rest})"
            f" select ?, 0, {rest} from workflow_entity where id = ?", (first, second))
    if action == "calls":
        database.row_factory = sqlite3.Row
        tables = database.execute("select id from data_table where name = ?", (first,)).fetchall()
        rows = [row for (name,) in tables for row in database.execute(f'select * from "data_table_user_{name}"')]
        print(json.dumps([dict(row) for row in rows]))
        sys.exit()
    print(json.dumps(dict(database.execute("select id, nodes || active from workflow_entity").fetchall())))
"""


def database(n8n, action="", first="", second="", third=""):
    """Return the nodes of each workflow, and a 1 where it is published, by id; edit or copy one before. Or the rows
    of a table."""
    return json.loads(n8n.check_output("python3 -c %s %s %s %s %s", DATABASE, action, first, second, third))
