# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What brings records into the database: each of them once, whatever fails, and a word of each failure."""

from __future__ import annotations

import json
import os
import re

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory import records

from .imported import FILES, DatabaseError, reader, shipper

RECORD = {"uniqueid": "1.1", "sequence": 7, "start": "1795682547.327998", "answer": "0.000000", "duration": 10,
          "src": "+919876543210", "phone": "", "trunk_lost": "0", "trunk_jitter": "0.000625", "phone_lost": ""}


EVENT = {"eventtime": "1795682547.327998", "eventtype": "HANGUP", "channame": "PJSIP/1001-00000001", "uniqueid": "1.1",
         "linkedid": "1.1", "extra": [{"hangupcause": 16, "dialstatus": "ANSWER"}]}


def line(number, **more):
    return json.dumps({**RECORD, "sequence": number, **more})


class Database:
    """A database with the key of the real one, which may refuse."""

    def __init__(self):
        self.rows, self.refuses, self.is_open, self.connected = {}, "", False, []

    def store(self, config, batches):
        self.is_open = not self.refuses
        if self.refuses:
            raise DatabaseError(self.refuses)
        self.connected.append(config)
        for table, rows in batches:
            for row in rows:
                named = dict(zip(["host", *table.columns], row))
                self.rows.setdefault((table.name, *(named[column] for column in ("host", *table.key))), named)

    def sequences(self):
        return [key[3] for key in self.rows if key[0] == "records"]


class Service:
    """The service, its files, and what it said. It can be killed, and begun again."""

    def __init__(self, folder):
        self.folder, self.said, self.database = folder, [], Database()
        self.state, self.config = folder / "place.json", folder / "records.conf"
        self.config.write_text("[database]\npbx = pbx1\nhost = db.example.com\nsecret = %C3%A9%3B\nsslrootcert =\n")
        (folder / "files").mkdir()
        self.begin()

    def begin(self):
        self.database.is_open = False
        sources = [
            shipper.Source(table, reader.Reader(str(self.folder / "files" / name), self.said.append), str(state))
            for table, name, state in ((shipper.RECORDS, "calls.json", self.state),
                                       (shipper.CHANNEL_EVENTS, "events.json", self.folder / "events"))]
        self.shipper = shipper.Shipper(str(self.config), self.database, sources, self.said.append)

    def write(self, *lines, to="calls.json"):
        with open(self.folder / "files" / to, "a", encoding="utf-8") as file:
            file.write("".join(f"{one}\n" for one in lines))

    def turns(self, count):
        """Run it so many times, and return the pauses."""
        return [self.shipper.turn() for dummy in range(count)]


@pytest.fixture
def service(tmp_path):
    return Service(tmp_path)


def test_records_are_stored_and_what_is_empty_is_null(service):
    service.write(line(7))
    assert service.turns(1) == [1] and not service.said
    (row,) = service.database.rows.values()
    assert (row["host"], row["src"], row["duration"], row["trunk_lost"], row["trunk_jitter"]) == (
        "pbx1", "+919876543210", 10, 0, 0.000625)
    assert row["start_at"] == 1795682547.327998 and row["answer_at"] is row["phone"] is row["phone_lost"] is None
    assert service.database.connected == [{"host": "db.example.com", "password": "é;"}]


def test_events_go_to_a_table_of_their_own(service):
    """One that is sent again, as after a lost place, is there once; another of the same channel is another."""
    later = {**EVENT, "eventtime": "1795682547.327999", "extra": []}
    service.write(json.dumps(EVENT), json.dumps(later), json.dumps({**EVENT, "eventtime": ""}), to="events.json")
    service.write(line(7))
    service.turns(1)
    (service.folder / "events").unlink()
    service.begin()
    service.turns(1)
    assert sorted(key[0] for key in service.database.rows) == ["events", "events", "records"]
    first, second = (row for key, row in service.database.rows.items() if key[0] == "events")
    assert json.loads(first["extra"]) == EVENT["extra"][0] and second["extra"] is None
    assert (first["eventtime"], first["eventtype"], first["cid_name"]) == (1795682547.327998, "HANGUP", None)
    assert service.said and all("left out what is no record" in said for said in service.said)


@pytest.mark.parametrize(("extra", "stored"), [
    ([{"a": "x\0y", "b": "\ud800", "c": 16, "d": ["odd"]}], {"a": "xy", "b": "?", "c": 16, "d": "['odd']"}),
    ([{"a": 'Zoë "Z"\\u0000'}], {"a": 'Zoë "Z"\\u0000'}), ([7], None), ("", None), ({}, None),
])
def test_what_asterisk_says_more_of_an_event_is_what_jsonb_takes(service, extra, stored):
    service.write(json.dumps({**EVENT, "extra": extra}), to="events.json")
    service.turns(1)
    (row,) = service.database.rows.values()
    assert row["extra"] is None if stored is None else json.loads(row["extra"]) == stored


def test_an_event_after_one_that_was_cut_off_is_whole(service):
    service.write('{"eventtime":"17956' + json.dumps(EVENT, separators=(",", ":")), to="events.json")
    service.turns(1)
    assert len(service.database.rows) == 1


def test_the_tables_are_made_before_there_is_a_call(service):
    service.write()
    service.turns(2)
    assert len(service.database.connected) == 1


def test_what_waits_is_caught_up(service):
    """The pause doubles up to a minute, and each reason is said once."""
    service.write(line(1))
    service.database.refuses = "could not connect:\n  no route to host"
    assert service.turns(8) == [1, 2, 4, 8, 16, 32, 60, 60]
    service.write(line(2))
    service.database.refuses = "FATAL: password authentication failed"
    service.turns(2)
    service.database.refuses = ""
    assert service.turns(1) == [1] and service.database.sequences() == [1, 2]
    assert service.said == [
        "records wait: could not connect: no route to host", "records wait: FATAL: password authentication failed",
        "the database takes records again"]


def test_many_are_stored_at_once_without_a_pause(service):
    service.write(*map(line, range(shipper.MOST + 1)))
    service.write(*(json.dumps({**EVENT, "uniqueid": f"1.{one}"}) for one in range(shipper.MOST * 2 + 1)),
                  to="events.json")
    assert service.turns(3) == [0, 0, 1] and len(service.database.rows) == shipper.MOST * 3 + 2


@pytest.mark.parametrize("kept", [True, False])
def test_one_that_is_killed_goes_on(service, kept):
    """Also where it was killed between the database and its place: what is sent again is there already."""
    service.write(line(1))
    service.turns(1)
    if not kept:
        service.state.unlink()
    service.write(line(2))
    service.begin()
    service.turns(1)
    assert service.database.sequences() == [1, 2]


def test_a_full_disk_is_said_and_records_are_stored_all_the_same(service):
    """The place cannot be kept. It is said once, with the file, and once more when there is room."""
    full = service.folder / "place.json.new"
    full.symlink_to("/dev/full")
    service.write(line(1))
    assert service.turns(2) == [5, 5] and service.database.sequences() == [1]
    service.write(line(2))
    service.turns(1)
    full.unlink()
    assert service.turns(2) == [1, 1] and service.database.sequences() == [1, 2]
    (said, again) = service.said
    assert "No space left on device" in said and str(service.state) in said
    assert again == "the files can be used again" and reader.Place.load(str(service.state)) != reader.Place()


@pytest.mark.parametrize(("lines", "stored", "left_out"), [
    (['{"start":"1795682547.3', line(2)], [2], 1),
    (["", "[]", "7", "{}", '{"uniqueid": "1", "sequence": "seven"}', line(2)], [2], 5),
])
def test_what_a_full_disk_cut_off_is_left_out_and_said(service, lines, stored, left_out):
    service.write(*lines)
    service.turns(1)
    assert service.database.sequences() == stored
    assert service.said == [f"left out what is no record, as a full disk cuts records off: lines {left_out}"]


def test_the_record_after_one_that_was_cut_off_is_whole(service):
    """It follows on the same line."""
    whole = json.dumps({"start": "1", **{key: RECORD[key] for key in ("uniqueid", "sequence")}}, separators=(",", ":"))
    service.write(f'{{"start":"1795682547.3{whole}')
    service.turns(1)
    assert service.database.sequences() == [7]


@pytest.mark.parametrize(("field", "value", "column", "stored"), [
    ("src", "a\0b", "src", "ab"), ("src", "\ud800", "src", "?"), ("duration", "1e9", "duration", None),
    ("duration", 10**30, "duration", None), ("start", "9" * 18, "start_at", None), ("start", "-1", "start_at", None),
    ("trunk_jitter", "nan", "trunk_jitter", None), ("phone_lost", "٣", "phone_lost", None),
    ("src", "Zoë", "src", "Zoë"),
])
def test_a_value_that_a_column_cannot_hold(service, field, value, column, stored):
    """One field is lost, and not the call, nor those after it."""
    service.write(line(1, **{field: value}))
    service.turns(1)
    (row,) = service.database.rows.values()
    assert row[column] == stored


def test_a_configuration_that_is_not_written_yet(service):
    """Role pbx starts the service before it writes Asterisk's configuration."""
    service.write(line(1))
    text = service.config.read_text()
    service.config.unlink()
    service.turns(2)
    service.config.write_text(text)
    service.turns(1)
    assert service.database.sequences() == [1] and len(service.said) == 2 and str(service.config) in service.said[0]


@pytest.mark.parametrize(("table", "fields"), [
    (shipper.RECORDS, records.FIELDS), (shipper.CHANNEL_EVENTS, records.EVENT_FIELDS)])
def test_each_field_has_its_column(table, fields):
    """What Asterisk writes, what is read of it, and the tables agree."""
    assert {name for name, dummy in table.columns.values()} == {name for name, dummy in fields}
    assert table.first == fields[0][0]
    made = "".join(sql for dummy, sql in shipper.migrations())
    columns = re.search(rf"CREATE TABLE trunkline.{table.name} \((.*?)\n\);", made, re.S)[1]
    added = re.findall(rf"ALTER TABLE trunkline.{table.name}\n(.*?);", made, re.S)
    named = re.findall(r"^ {4}([a-z_]+) ", columns, re.M)
    named += re.findall(r"ADD COLUMN ([a-z_]+) ", "".join(added))
    assert sorted(named) == sorted(["host", *table.columns])
    assert f"PRIMARY KEY (host, {', '.join(table.key)})" in columns


def test_the_tables_are_made_in_steps_from_one_on():
    assert [number for number, dummy in shipper.migrations()] == list(range(1, len(shipper.migrations()) + 1))
    tasks = (FILES.parent / "tasks/records.yml").read_text()
    assert all(name in tasks for name in os.listdir(FILES) if name.startswith("records_"))
