# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The twin's own surface: seeding is idempotent, bad input gets a sentence, what happened can be read."""

import sqlite3
from pathlib import Path

import pytest
from twilio_twin.control import SEEDED, emptied

from .conftest import ACCOUNT, KEY, SEED, TOKEN
from .openapi.plain import HOME
from .test_twin_answers import CALL

TRACE = Path(__file__).parents[2] / "roles" / "twilio_twin" / "files" / "trace.sql"
CALL_SID = "CA" + "a" * 32
OTHER = "AC" + "d4" * 16


def call(api, **columns):
    api.store.insert("call", {
        **CALL, "sid": CALL_SID, "status": "failed", "date_created": "2026-11-20T10:00:00Z", **columns,
    })


@pytest.mark.parametrize(("path", "key", "body"), [
    ("/twin/numbers", "numbers", {}), ("/twin/numbers", "numbers", {"friendly_name": "Reception"}),
    ("/twin/caller-ids", "caller_ids", {}), ("/twin/pstn", "pstn", {"behaviour": "busy"}),
    ("/twin/for-sale", "for_sale", {}),
])
def test_seeding_says_whether_something_changed(api, path, key, body):
    one = path + "/+17756187988"
    assert [api.http.put(one, json=body).json()["changed"] for dummy in range(2)] == [True, False]
    rows = api.http.get(path).json()[key]
    assert [row["phone_number"] for row in rows] == ["+17756187988"]
    assert body.items() <= rows[0].items()
    if key != "for_sale":
        other = {"behaviour": "answer"} if key == "pstn" else {"friendly_name": "Other"}
        assert [api.http.put(one, json=other).json()["changed"] for dummy in range(2)] == [True, False]
    assert [api.http.delete(one).json()["changed"] for dummy in range(2)] == [True, False]
    assert api.http.get(path).json()[key] == []


def test_a_number_keeps_its_sid_and_its_trunk_when_seeded_again(api):
    sid = api.own("+17756187988")
    trunk = api.make(api.trunks)["sid"]
    api.make(f"{api.trunks}/{trunk}/PhoneNumbers", PhoneNumberSid=sid)
    assert api.own("+17756187988") == sid
    assert api.store.one("SELECT trunk_sid FROM incoming_phone_number")["trunk_sid"] == trunk


def test_the_account_is_seeded_without_ever_showing_a_secret(api):
    assert api.http.put("/twin/account", json=SEED).json() == {"changed": False, "sid": ACCOUNT}
    answer = api.http.get("/twin/account")
    assert answer.json() == {"accounts": [
        {"sid": ACCOUNT, "friendly_name": "Twin", "status": "active", "owner_account_sid": None, "api_keys": [KEY]}
    ]}
    assert api.http.put("/twin/account", json=SEED | {"auth_token": "new"}).json()["changed"]
    assert api.get(api.trunks).status_code == 401
    assert api.http.put("/twin/account", json={"sid": ACCOUNT, "auth_token": TOKEN}).json()["changed"]
    assert api.http.get("/twin/account").json()["accounts"][0]["api_keys"] == [KEY]
    assert api.http.put("/twin/account", json=SEED | {"api_keys": []}).json()["changed"]
    assert api.http.get("/twin/account").json()["accounts"][0]["api_keys"] == []


def test_two_accounts_share_neither_keys_nor_numbers(api):
    stolen = {"sid": OTHER, "auth_token": "x", "api_keys": SEED["api_keys"]}
    assert "belongs to account" in api.http.put("/twin/account", json=stolen).json()["error"]
    assert len(api.http.get("/twin/account").json()["accounts"]) == 1
    api.http.put("/twin/account", json={"sid": OTHER, "auth_token": "x"})
    path = "/twin/numbers/+17756187988"
    assert "several accounts" in api.http.put(path).json()["error"]
    assert api.http.put(path, json={"account_sid": OTHER}).json()["changed"]
    assert "another account" in api.http.put(path, json={"account_sid": ACCOUNT}).json()["error"]
    assert "no account AC0" in api.http.put(path, json={"account_sid": "AC0"}).json()["error"]
    assert api.get(api.account + "/IncomingPhoneNumbers.json").json()["incoming_phone_numbers"] == []


@pytest.mark.parametrize(("method", "path", "body", "complaint"), [
    ("PUT", "/twin/numbers/17756187988", {}, "not a number in E.164 form"),
    ("PUT", "/twin/numbers/+0123", {}, "not a number in E.164 form"),
    ("DELETE", "/twin/caller-ids/x", None, "not a number in E.164 form"),
    ("PUT", "/twin/numbers/+17756187988", {"name": "x"}, "Unknown key 'name'"),
    ("PUT", "/twin/numbers/+17756187988", {"friendly_name": 1}, "friendly_name must be of type str"),
    ("PUT", "/twin/numbers/+17756187988", [], "must be a JSON object"),
    ("PUT", "/twin/pstn/+17756187988", {}, "behaviour must be one of answer, busy, no-answer, unknown"),
    ("PUT", "/twin/pstn/+17756187988", {"behaviour": "ring"}, "behaviour must be one of"),
    ("POST", "/twin/reset", {"keep_numbers": "yes"}, "keep_numbers must be of type bool"),
    ("PUT", "/twin/account", {}, "sid must be AC and 32 hexadecimal digits"),
    ("PUT", "/twin/account", {"sid": ACCOUNT}, "auth_token must not be empty"),
    ("PUT", "/twin/account", SEED | {"status": "asleep"}, "status must be one of"),
    ("PUT", "/twin/account", SEED | {"owner_account_sid": ACCOUNT}, "must be another account"),
    ("PUT", "/twin/account", SEED | {"owner_account_sid": OTHER}, "must be another account"),
    ("PUT", "/twin/account", SEED | {"owner_account_sid": None}, "owner_account_sid must be of type str"),
    ("PUT", "/twin/for-sale/5550001", {}, "not a number in E.164 form"),
    ("PUT", "/twin/for-sale/+15005550001", {"price": 1}, "Unknown key 'price'"),
    ("PUT", "/twin/account", SEED | {"api_keys": [{}]}, "must be an object of sid and secret"),
    ("PUT", "/twin/account", SEED | {"api_keys": [{"sid": "x", "secret": "y"}]}, "must be SK"),
    ("PUT", "/twin/account", SEED | {"api_keys": [{"sid": KEY, "secret": ""}]}, "must be text"),
    ("GET", "/twin/calls?limit=0", None, "limit must be"),
    ("GET", "/twin/messages?limit=x", None, "limit must be"),
    ("GET", "/twin/calls/CA1/recording", None, "must be CA"),
])
def test_bad_input_is_a_sentence(api, method, path, body, complaint):
    before = list(api.store.connection.iterdump())
    answer = api.http.request(method, path, json=body)
    assert answer.status_code == 400, answer.text
    assert complaint in answer.json()["error"]
    assert list(api.store.connection.iterdump()) == before


def test_a_body_that_is_not_json(api):
    answer = api.http.put("/twin/pstn/+17756187988", content=b"behaviour=busy")
    assert (answer.status_code, answer.json()) == (400, {"error": "The body must be JSON"})


@pytest.mark.parametrize(("method", "path"), [
    ("GET", "/twin/nothing"), ("POST", "/twin/health"), ("GET", "/twin/calls/CA1"),
    ("GET", f"/twin/calls/{CALL_SID}/recording"), ("GET", "/twin/calls/..%2F..%2Ftwin.db/recording"),
])
def test_what_the_surface_does_not_have(api, method, path):
    answer = api.http.request(method, path)
    assert answer.status_code == 404
    assert set(answer.json()) == {"error"}


def test_a_failure_of_the_twin_is_a_sentence_too(api):
    api.store.run("DROP TABLE call")
    api.http._transport.raise_server_exceptions = False
    answer = api.http.get("/twin/calls")
    assert (answer.status_code, "no such table: call" in answer.json()["error"]) == (500, True)


def test_numbers_need_an_account_first(api):
    api.store.run("DELETE FROM api_key")
    api.store.run("DELETE FROM account")
    assert "PUT /twin/account first" in api.http.put("/twin/numbers/+17756187988").json()["error"]
    assert api.http.get("/twin/health").json() == {"status": "ok", "accounts": 0}


def test_a_reset_knows_every_table(api):
    """Rows of a resource go with it, or with what they refer to."""
    kept = {"account", "api_key", "country", "country_code", "high_risk_special_prefix", "edge"}
    tables = {row["name"] for row in api.store.all("SELECT name FROM sqlite_master WHERE type = 'table'")}
    follows = {
        table for table in tables for key in api.store.all(f"PRAGMA foreign_key_list({table})")
        if key["on_delete"] == "CASCADE" and key["table"] in emptied()
    }
    assert {*emptied(), *SEEDED} | follows == tables - kept


@pytest.mark.parametrize("keep", [True, False])
def test_reset_leaves_the_account(api, tmp_path, keep):
    known = [("/twin/for-sale", "for_sale"), ("/twin/numbers", "numbers"), ("/twin/caller-ids", "caller_ids"),
             ("/twin/pstn", "pstn")]
    for path, dummy in known:
        api.http.put(path + "/+17756187988", json={"behaviour": "busy"} if path == "/twin/pstn" else {})
    trunk = f"{api.trunks}/{api.make(api.trunks)['sid']}"
    acl = api.make(api.access_lists + ".json", FriendlyName="a")["sid"]
    api.make(f"{api.access_lists}/{acl}/IpAddresses.json", FriendlyName="a", IpAddress="203.0.113.1")
    api.make(trunk + "/IpAccessControlLists", IpAccessControlListSid=acl)
    api.make(api.credential_lists + ".json", FriendlyName="a")
    api.make(trunk + "/PhoneNumbers", PhoneNumberSid=api.own("+17756187988"))
    call(api)
    api.make(api.account + "/Addresses.json", **HOME)
    api.post("/v1/DialingPermissions/BulkCountryUpdates",
             UpdateRequest='[{"iso_code": "IN", "low_risk_numbers_enabled": true}]')
    (tmp_path / "recordings").mkdir()
    (tmp_path / "recordings" / f"{CALL_SID}.wav").write_bytes(b"RIFF")

    assert api.http.post("/twin/reset", json={"keep_numbers": keep}).json() == {"changed": True}
    assert api.http.post("/twin/reset", json={"keep_numbers": keep}).json() == {"changed": False}
    for table in ("trunk", "ip_access_control_list", "ip_address", "trunk_ip_access_control_list", "credential_list",
                  "call", "address", "dialing_permission"):
        assert api.store.one(f"SELECT count(*) AS n FROM {table}")["n"] == 0, table
    assert list((tmp_path / "recordings").iterdir()) == []
    assert [len(api.http.get(path).json()[key]) for path, key in known] == [int(keep)] * 4
    assert api.get(api.trunks).status_code == 200


def test_calls_and_what_the_network_heard(api, tmp_path):
    call(api, error_code=32201, sip_status=403)
    call(api, sid="CA" + "b" * 32, sip_call_id="two", account_sid=None)
    assert [one["sip_call_id"] for one in api.http.get("/twin/calls").json()["calls"]] == ["two", "one"]
    assert len(api.http.get("/twin/calls", params={"limit": 1}).json()["calls"]) == 1
    only = api.http.get("/twin/calls", params={"sip_call_id": "one"}).json()["calls"]
    assert only == [api.http.get(f"/twin/calls/{CALL_SID}").json()]
    assert (only[0]["error_code"], only[0]["sip_status"]) == (32201, 403)
    (tmp_path / "recordings").mkdir()
    (tmp_path / "recordings" / f"{CALL_SID}.wav").write_bytes(b"RIFF....WAVE")
    heard = api.http.get(f"/twin/calls/{CALL_SID}/recording")
    assert (heard.content, heard.headers["content-type"]) == (b"RIFF....WAVE", "audio/wav")


def test_messages_come_from_the_edges_trace(api, tmp_path):
    missing = api.http.get("/twin/messages")
    assert (missing.status_code, "cannot be read" in missing.json()["error"]) == (503, True)
    trace = sqlite3.connect(tmp_path / "trace.db")
    trace.executescript(TRACE.read_text(encoding="utf-8"))
    # 2026-11-23T12:00:01Z as the edge writes it: a Julian day, half a second early.
    for number, (callid, status) in enumerate((("one", ""), ("one", "407"), ("two", ""))):
        trace.execute(
            "INSERT INTO sip_trace (time_stamp, time_us, callid, msg, method, status, fromip, toip, direction)"
            " VALUES (?, ?, ?, ?, 'INVITE', ?, 'udp:10.99.0.10:5060', 'udp:10.99.0.20:5060', 'in')",
            (2461368.000005787, 40 + number, callid, b"INVITE \xff", status),
        )
    trace.commit()
    messages = api.http.get("/twin/messages", params={"call_id": "one"}).json()["messages"]
    assert messages[0] == {
        "id": 1, "time": "2026-11-23T12:00:01.000040Z", "direction": "in", "source": "10.99.0.10:5060",
        "destination": "10.99.0.20:5060", "transport": "udp", "call_id": "one", "method": "INVITE", "status": None,
        "text": "INVITE \\xff",
    }
    assert [one["status"] for one in messages] == [None, 407]
    assert [one["id"] for one in api.http.get("/twin/messages", params={"limit": 2}).json()["messages"]] == [2, 3]
