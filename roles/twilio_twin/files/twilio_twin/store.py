# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The database that the REST service and the SIP edge share."""

import contextlib
import csv
import os
import secrets
import sqlite3
import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).with_name("schema.sql")
COUNTRIES = Path(__file__).with_name("countries.csv")
BUSY_SECONDS = 5

Row = dict[str, Any]


def now() -> str:
    """Return the time as the database writes it: UTC, ISO 8601, whole seconds, Z."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def new_sid(prefix: str) -> str:
    """Return a new Twilio identifier: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


class Store:
    """One connection, used by the event loop alone, so that no two requests are ever inside a transaction.

    WAL lets the SIP edge read while this process writes. Synchronisation is NORMAL instead of FULL: a power cut may
    lose the last moments of a test's state.

    `clock` returns the seconds since 1970, by which lags and pending states end; in SQL it is moment().
    """

    def __init__(self, path: str | Path) -> None:
        # SQLite would make a file that the group may not write. The files of the WAL take their mode from it.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o660))
        self.connection = sqlite3.connect(
            str(path), timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        self.connection.row_factory = sqlite3.Row
        self.clock = time.time
        self.connection.create_function("moment", 0, lambda: self.clock())
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.executescript(SCHEMA.read_text(encoding="utf-8"))
        with self.transaction():
            self._fill_countries()

    def _fill_countries(self) -> None:
        """Write the countries of the file; the database may be of an older twin."""
        for table in ("country", "country_code", "high_risk_special_prefix"):
            self.run(f"DELETE FROM {table}")
        with COUNTRIES.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(line for line in file if not line.startswith("#")):
                iso, codes = row["iso_code"], row["country_codes"]
                self.run(
                    "INSERT INTO country VALUES (?, ?, ?, ?, ?, 0, 0)",
                    iso, row["name"], row["continent"], codes, int(iso == "US"),
                )
                for table, prefixes in (
                    ("country_code", codes), ("high_risk_special_prefix", row["high_risk_special_prefixes"]),
                ):
                    for prefix in prefixes.split():
                        self.run(f"INSERT INTO {table} VALUES (?, ?)", iso, prefix)

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def all(self, sql: str, *values: Any) -> list[Row]:
        """Return every row."""
        return [dict(row) for row in self.connection.execute(sql, values)]

    def one(self, sql: str, *values: Any) -> Row | None:
        """Return the first row, or None."""
        row = self.connection.execute(sql, values).fetchone()
        return None if row is None else dict(row)

    def value(self, sql: str, *values: Any) -> Any:
        """Return the first column of the one row that there is."""
        return self.connection.execute(sql, values).fetchone()[0]

    def run(self, sql: str, *values: Any) -> int:
        """Execute a statement and return how many rows it wrote."""
        return self.connection.execute(sql, values).rowcount

    def insert(self, table: str, row: Mapping[str, Any]) -> int:
        """Insert one row."""
        columns = ", ".join(f'"{column}"' for column in row)
        marks = ", ".join("?" * len(row))
        return self.run(f"INSERT INTO {table} ({columns}) VALUES ({marks})", *row.values())

    def update(self, table: str, sid: str, row: Mapping[str, Any]) -> int:
        """Set these columns in the row with this SID."""
        assignments = ", ".join(f'"{column}" = ?' for column in row)
        return self.run(f"UPDATE {table} SET {assignments} WHERE sid = ?", *row.values(), sid)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all or nothing.

        It takes the write lock at its begin, so that what is read inside is still true at its end.
        """
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")
