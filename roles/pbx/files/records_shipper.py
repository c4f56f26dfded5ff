# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Store the records of calls and of their events in PostgreSQL: a service that reads the files that Asterisk writes.

The files are the queue. The service keeps how far it has come once the database has the rows, so that it loses none
where either of them is away or is killed. A row that it sends again is there already, by its key, and is left out.
"""

from __future__ import annotations

import configparser
import json
import os
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import psycopg2
import psycopg2.extras
from records_reader import CALLS, EVENTS, Place, Reader

CONFIG = "/etc/asterisk/records.conf"
FOLDER = os.path.dirname(os.path.abspath(__file__))
#: So many rows of a table are stored in a transaction.
MOST = 500
#: The longest pause between two tries.
MOST_PAUSE = 60
#: The number of the lock under which one of several PBXs makes the tables; any would do.
_LOCK = 7266736
#: The pause after a failure of the files: a full disk, or a configuration that is not written yet.
_FILES_PAUSE = 5
#: A server that is cut off without a word is noticed within a minute, in milliseconds where PostgreSQL counts in them.
_LIMITS = {"connect_timeout": 10, "keepalives_idle": 30, "tcp_user_timeout": 30000,
           "options": "-c statement_timeout=60000", "client_encoding": "UTF8",
           "application_name": "trunkline-records"}


def _text(value: Any) -> str | None:
    return str(value).replace("\0", "").encode("utf-8", "replace").decode() or None


def _whole(value: Any) -> int | None:
    text = str(value)
    return int(text) if re.fullmatch("[0-9]{1,18}", text) else None


def _decimal(value: Any) -> float | None:
    text = str(value)
    return float(text) if re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{0,18})?", text) else None


def _time(value: Any) -> float | None:
    """Read seconds since 1970. PostgreSQL refuses the year 294277, and Asterisk writes 0 for what did not happen."""
    seconds = _decimal(value) or 0
    return seconds if 0 < seconds < 1e11 else None


def _details(value: Any) -> str | None:
    """Read what Asterisk says more of an event: an object in a list, which is empty where there is none."""
    if not isinstance(value, list) or not value or not isinstance(value[0], dict):
        return None
    details = {_text(name) or "": one if isinstance(one, int) else _text(one) for name, one in value[0].items()}
    return json.dumps(details)


@dataclass(frozen=True)
class Table:
    """A table, and how a line of JSON becomes a row of it.

    `columns` has the field of each column and what reads it. `key` are the columns that, with the host, no two records
    have alike. A line begins with the field `first`.
    """

    name: str
    key: tuple[str, ...]
    first: str
    columns: Mapping[str, tuple[str, Callable[[Any], Any]]]

    @property
    def insert(self) -> str:
        """The statement, which leaves out what is there already."""
        return (f"INSERT INTO trunkline.{self.name} (host, {', '.join(self.columns)}) VALUES %s"
                f" ON CONFLICT (host, {', '.join(self.key)}) DO NOTHING")

    @property
    def values(self) -> str:
        """The values of a row in the statement."""
        marks = ("to_timestamp(%s)" if read is _time else "%s" for dummy, read in self.columns.values())
        return f"(%s, {', '.join(marks)})"

    def parse(self, line: bytes) -> dict[str, Any] | None:
        """Return the record of a line, None where it is none.

        A disk that was full cuts a record off, and the next one follows on the same line: that one is whole.
        """
        text = line.decode("utf-8", "replace")
        for candidate in (text, text[max(0, text.rfind(f'{{"{self.first}":')):]):
            try:
                record = json.loads(candidate)
            except ValueError:
                continue
            if isinstance(record, dict) and None not in (self._value(record, column) for column in self.key):
                return record
        return None

    def row(self, host: str, record: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the values of a row. A value that its column cannot hold is null: a field is lost, not the record."""
        return (host, *(self._value(record, column) for column in self.columns))

    def _value(self, record: Mapping[str, Any], column: str) -> Any:
        name, read = self.columns[column]
        return read(record.get(name, ""))


_TEXTS = ("uniqueid", "linkedid", "caller", "disposition", "src", "dst", "direction", "number", "trunk", "destination",
          "phone", "twilio_sid", "twilio_out_sid", "queue", "queue_left", "recording", "channel",
          "dstchannel", "lastapp", "dcontext")
_WHOLES = ("sequence", "duration", "billsec", "queue_wait", "queue_service_level")
_COUNTS = ("received", "lost", "sent", "sent_lost")
_DECIMALS = ("jitter", "sent_jitter", "round_trip", "mos", "sent_mos")
RECORDS = Table("records", ("uniqueid", "sequence"), "start", {
    **{f"{name}_at": (name, _time) for name in ("start", "answer", "end")},
    **{name: (name, _text) for name in _TEXTS},
    **{name: (name, _whole) for name in _WHOLES},
    **{f"{leg}_{name}": (f"{leg}_{name}", _whole) for leg in ("trunk", "phone") for name in _COUNTS},
    **{f"{leg}_{name}": (f"{leg}_{name}", _decimal) for leg in ("trunk", "phone") for name in _DECIMALS},
})
_NAMES = ("uniqueid", "linkedid", "channame", "peer", "cid_num", "cid_name", "exten", "context", "appname")
CHANNEL_EVENTS = Table("events", ("uniqueid", "eventtime", "eventtype"), "eventtime", {
    "eventtime": ("eventtime", _time), "eventtype": ("eventtype", _text),
    **{name: (name, _text) for name in _NAMES},
    "extra": ("extra", _details),
})


def read_config(path: str) -> tuple[str, dict[str, str]]:
    """Return the name of the PBX, and what libpq needs to connect; values are percent-encoded.

    :raises OSError: if there is no such file, which is so until role pbx has written it.
    """
    parser = configparser.ConfigParser(interpolation=None)
    with open(path, encoding="utf-8") as file:
        parser.read_file(file)
    given = {name: unquote(value) for name, value in parser["database"].items() if value}
    return given.pop("pbx"), {("password" if name == "secret" else name): value for name, value in given.items()}


class Database:
    """The connection to PostgreSQL, made where there is none, and dropped after a failure or for another one."""

    def __init__(self) -> None:
        self._config: Mapping[str, str] = {}
        self._connection: Any = None

    @property
    def is_open(self) -> bool:
        """Say whether there is a connection, as far as its last use showed."""
        return self._connection is not None

    def store(
        self, config: Mapping[str, str], batches: Iterable[tuple[Table, Sequence[tuple[Any, ...]]]]
    ) -> None:
        """Connect, make the tables where they are missing, and store rows of each table in one transaction.

        :raises psycopg2.Error: if the database does not have them.
        """
        if config != self._config:
            self.close()
        try:
            if self._connection is None:
                self._connection, self._config = psycopg2.connect(**_LIMITS, **config), config
                self._migrate()
            with self._connection, self._connection.cursor() as cursor:
                for table, rows in batches:
                    psycopg2.extras.execute_values(cursor, table.insert, rows, table.values, page_size=MOST)
        except psycopg2.Error:
            self.close()
            raise

    def close(self) -> None:
        """Drop the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _migrate(self) -> None:
        """Make the tables, or what a later version of them adds, each step once and whole."""
        with self._connection, self._connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            cursor.execute("SELECT to_regclass('trunkline.migrations')")
            version = 0
            if cursor.fetchone()[0]:
                cursor.execute("SELECT max(version) FROM trunkline.migrations")
                version = cursor.fetchone()[0] or 0
            for number, sql in migrations():
                if number > version:
                    cursor.execute(sql)
                    cursor.execute("INSERT INTO trunkline.migrations (version) VALUES (%s)", (number,))


def migrations() -> list[tuple[int, str]]:
    """Return the steps by which the tables are made, in their order."""
    found = {}
    for name in os.listdir(FOLDER):
        if numbered := re.fullmatch(r"records_([0-9]+)\.sql", name):
            with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
                found[int(numbered[1])] = file.read()
    return sorted(found.items())


class Source:
    """Files of records of one kind, the table that they go to, and how far they were read, which `state` keeps."""

    def __init__(self, table: Table, reader: Reader, state: str):
        self.table, self._reader, self._state = table, reader, state
        self._place = self._kept = Place.load(state)

    def read(self) -> tuple[list[dict[str, Any] | None], Place]:
        """Return the next records, None for a line that is none, and the place behind them."""
        lines, place = self._reader.after(self._place, MOST)
        return [self.table.parse(line) for line in lines], place

    def go_on(self, place: Place) -> None:
        """Read on from a place."""
        self._place = place

    def keep(self) -> None:
        """Keep the place, also for a service that is begun again.

        :raises OSError: with the file's name.
        """
        if self._place != self._kept:
            self._place.keep(self._state)
            self._kept = self._place


class Shipper:
    """Brings records from the files into the database."""

    def __init__(self, config: str, database: Any, sources: Sequence[Source], say: Callable[[str], None] = print):
        self._config, self._database, self._sources, self._say = config, database, sources, say
        self._pause, self._said, self._failure = 0, "", ""

    def turn(self) -> float:
        """Store what the files have, and return after how many seconds to look again.

        A failure of the files is said once, and once more when it is over.
        """
        try:
            pause = self._store()
        except OSError as error:
            if str(error) != self._failure:
                self._failure = str(error)
                self._say(f"records may wait: {self._failure}")
            return _FILES_PAUSE
        if self._failure:
            self._failure = ""
            self._say("the files can be used again")
        return pause

    def _store(self) -> float:
        read = [(source, *source.read()) for source in self._sources]
        host, config = read_config(self._config)
        batches = [
            (source.table, [source.table.row(host, record) for record in records if record])
            for source, records, dummy in read]
        if any(rows for dummy, rows in batches) or not self._database.is_open:
            try:
                self._database.store(config, batches)
            except psycopg2.Error as error:
                return self._wait(error)
        if self._pause:
            self._say("the database takes records again")
            self._pause, self._said = 0, ""
        if unreadable := sum(records.count(None) for dummy, records, place in read):
            self._say(f"left out what is no record, as a full disk cuts records off: lines {unreadable}")
        for source, dummy, place in read:
            source.go_on(place)
        for source in self._sources:
            source.keep()
        return 0 if any(len(records) == MOST for dummy, records, place in read) else 1

    def _wait(self, error: psycopg2.Error) -> float:
        self._pause = min(MOST_PAUSE, self._pause * 2 or 1)
        said = " ".join(str(error).split())[:300]
        if said != self._said:
            self._said = said
            self._say(f"records wait: {said}")
        return self._pause


def main() -> None:
    """Store what Asterisk writes in the database that role pbx has written the configuration of."""
    def say(text: str) -> None:
        print(text, flush=True)

    state = os.environ["STATE_DIRECTORY"]
    sources = [
        Source(RECORDS, Reader(CALLS, say), os.path.join(state, "place.json")),
        Source(CHANNEL_EVENTS, Reader(EVENTS, say), os.path.join(state, "place_of_events.json")),
    ]
    shipper = Shipper(CONFIG, Database(), sources, say)
    while True:
        time.sleep(shipper.turn())


if __name__ == "__main__":
    main()
