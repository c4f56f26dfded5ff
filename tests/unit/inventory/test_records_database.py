# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The database of the records: each wrong value by a sentence, and what the service is told of a right one."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory import pbx
from ansible_collections.trunkline.voice.plugins.plugin_utils.render import Renderer

from ..records.imported import shipper
from .features.test_wrong_values import RIGHT
from .whole import HOST, whole

DATABASE = {"host": "db.example.com", "name": "calls", "user": "pbx", "password": "Canary-12345"}


def stated(**more):
    return whole({**RIGHT, "pbx_records_database": {**DATABASE, **more}})


@pytest.mark.parametrize("right", [
    {}, {"host": "192.0.2.1"}, {"host": "2001:db8::1"}, {"host": "::1"},
    {"host": "/run/postgresql", "sslmode": "disable"}, {"host": "10.0.0.5", "sslmode": "disable"},
    {"host": "localhost", "sslmode": "disable"}, {"port": "5433"},
    {"name": "Zoë's phone records", "user": "o'hara@office"}, {"password": "a;b 'c' \"d\" %41 = {e} é\\"},
    {"sslmode": "require"}, {"ca_file": "/etc/ssl/db.pem", "sslmode": "verify-ca"}])
def test_odd_but_right(right):
    assert stated(**right).problems == []


@pytest.mark.parametrize(("wrong", "sentence"), [
    ({"host": ""}, ".host is missing"),
    ({"host": None}, ".host is missing"),
    ({"host": "a.example.com,b.example.com"}, ".host must be one name"),
    ({"host": "db.example.com password=x"}, ".host must be one name"),
    ({"host": "db.example.com\nport = 1"}, ".host must be one name"),
    ({"host": "10.0.0.5:5432"}, ".host must be one name"),
    ({"host": "10.0.0.256"}, ".host must be one name"),
    ({"host": ["db.example.com"]}, ".host must be one text"),
    ({"port": 0}, ".port must be from 1 to 65535, not 0"),
    ({"port": 65536}, ".port must be from 1 to 65535"),
    ({"port": "five"}, ".port must be a whole number"),
    ({"name": ""}, ".name is missing"),
    ({"name": "host=evil.example.com"}, ".name must be 1 to 63 bytes"),
    ({"name": "postgresql://evil.example.com/calls"}, ".name must be 1 to 63 bytes"),
    ({"name": "calls\nhost = evil"}, ".name must be 1 to 63 bytes"),
    ({"user": "x" * 64}, ".user must be 1 to 63 bytes"),
    ({"user": None}, ".user is missing"),
    ({"password": ""}, ".password is empty"),
    ({"password": None}, ".password is missing"),
    ({"password": "two\nlines"}, ".password must be one line"),
    ({"password": "{{ vault }}"}, ".password is a template that was not rendered"),
    ({"password": "caf\udce9-Canary"}, ".password is not UTF-8"),
    ({"user": "{{ who }}"}, ".user is a template that was not rendered"),
    ({"name": "é" * 32}, ".name must be 1 to 63 bytes"),
    ({"ca_file": "/etc/ssl/my ca.pem"}, ".ca_file must be a full path, of letters, digits and"),
    ({"sslmode": "prefer"}, ".sslmode must be one of disable, require, verify-ca, verify-full"),
    ({"sslmode": False}, ".sslmode must be one of disable, require, verify-ca, verify-full, not false"),
    ({"sslmode": "disable"}, ".sslmode must not be disable, or who called whom can be read"),
    ({"ca_file": "ca.pem"}, ".ca_file must be a full path"),
    ({"ca_file": "/etc/ca.pem", "sslmode": "require"}, ".ca_file is not used with sslmode require"),
    ({"dbname": "calls"}, ".dbname is no option"),
])
def test_wrong(wrong, sentence):
    found = [one for one in stated(**wrong).problems if one.startswith(f"pbx_records_database{sentence}")]
    assert found
    assert "Canary-12345" not in str(stated(**wrong).problems)


@pytest.mark.parametrize("kind", ["postgresql://db.example.com/calls", ["db"], [DATABASE], 5432])
def test_it_is_a_dict(kind):
    assert any("pbx_records_database must be" in one
               for one in whole({**RIGHT, "pbx_records_database": kind}).problems)


def conf(inventory) -> str:
    return Renderer("pbx", pbx.context(inventory.hosts[HOST], {}, {}, 22, "pbx one"))("records.conf.j2")


@pytest.mark.parametrize("password", ["Canary-12345", "a;b 'c' \"d\" %41 = [e] é\\", "100%"])
def test_the_service_reads_what_was_stated(tmp_path, password):
    """Through the file's form, whatever the password has in it."""
    (tmp_path / "records.conf").write_text(conf(stated(password=password)), encoding="utf-8")
    assert shipper.read_config(str(tmp_path / "records.conf")) == ("pbx one", {
        "host": "db.example.com", "port": "5432", "dbname": "calls", "user": "pbx", "password": password,
        "sslmode": "verify-full", "sslrootcert": "/etc/ssl/certs/ca-certificates.crt"})


def test_tasks_know_only_whether_there_is_one():
    assert pbx.public(stated().hosts[HOST])["records_database"] is True
    assert pbx.public(whole(RIGHT).hosts[HOST])["records_database"] is False
    assert "Canary" not in pbx.without_secrets(stated().hosts[HOST])


@pytest.mark.parametrize("option", ["host", "name", "user"])
def test_a_password_in_a_url_is_not_shown(option):
    (found,) = stated(**{option: "postgresql://pbx:Canary-12345@db.example.com/calls"}).problems
    assert "give each part by the option" in found and "Canary" not in found
