# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules that only read: what they tell of a furnished account, and that they ask as Twilio documents it."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta, timezone

import pytest
import requests

from ansible_collections.trunkline.voice.plugins.module_utils._ansible import info
from ansible_collections.trunkline.voice.plugins.module_utils._core.resource import KEPT

from .accounts import Twin
from .conftest import ACCOUNT
from .document import request_complaints
from .whole import FIRST, SECOND, converge

VERIFIED = "+15005550006"


@pytest.fixture
def twin(served):
    twin = Twin(served[0])
    for number in (FIRST, SECOND):
        twin.own(number)
    twin.tell("PUT", f"caller-ids/{VERIFIED}", account_sid=ACCOUNT)
    converge(twin.given)
    twin.requests()
    yield twin
    asked = twin.requests()
    assert asked and {one["method"] for one in asked} == {"GET"}
    for one in asked:
        assert not request_complaints(one["method"], one["path"], one["query"], one["form"]), one


def test_trunks_with_all_that_is_on_them(twin):
    main, spare = info.TRUNK.read({**twin.given, "name": None})["trunks"]
    assert (main["name"], main["domain_name"], main["recording"]) == (
        "Main", "whole-main.pstn.twilio.com", "record-from-answer",
    )
    assert main["auth_types"] == ["CREDENTIAL_LIST", "IP_ACL"] and main["sid"].startswith("TK")
    assert main["ip_access_control_lists"] == ["Branch", "Office"] and main["phone_numbers"] == [FIRST]
    assert [url["sip_url"] for url in main["origination_urls"]] == ["sip:203.0.113.10", "sip:203.0.113.11"]
    assert spare["name"] == "Spare" and spare["origination_urls"] == []
    assert [one["name"] for one in info.TRUNK.read({**twin.given, "name": "Spare"})["trunks"]] == ["Spare"]
    assert info.TRUNK.read({**twin.given, "name": "Nobody"})["trunks"] == []


def test_all_that_is_declared(twin):
    found = info.TRUNKING.read({**twin.given, "countries": True})["resources"]
    assert {name: len(rows) for name, rows in found.items() if name != "countries"} == {
        "ip_access_control_lists": 2, "credential_lists": 1, "trunks": 2,
    }
    assert [row["password"] for row in found["credential_lists"][0]["credentials"]] == [KEPT, KEPT]
    open_ = {row["iso_code"] for row in found["countries"] if row["low_risk_numbers"]}
    assert open_ == {"US", "IN"}
    assert "countries" not in info.TRUNKING.read({**twin.given, "countries": False})["resources"]


def test_the_numbers_that_calls_may_show(twin):
    rows = info.CALLER_ID.read({**twin.given, "region": None})["caller_ids"]
    assert [(row["phone_number"], row["kind"], bool(row["trunk_sid"])) for row in rows] == [
        (VERIFIED, "verified", False), (FIRST, "owned", True), (SECOND, "owned", True),
    ]
    twin.tell("PUT", "settings", region="ie1")
    rows = info.CALLER_ID.read({**twin.given, "region": "ie1"})["caller_ids"]
    assert {row["kind"] for row in rows} == {"owned"}


def test_alerts_of_the_last_minutes(twin, served):
    def call(number, code, minutes):
        when = (datetime.now(timezone.utc) - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")
        row = {
            "sid": f"CA{number:032x}", "account_sid": ACCOUNT, "direction": "trunking-terminating",
            "sip_call_id": str(number), "status": "failed", "error_code": code, "error_text": "No & no",
            "date_created": when,
        }
        with sqlite3.connect(served[1] / "twin.db", timeout=5) as state:
            marks = ", ".join("?" * len(row))
            state.execute(f"INSERT INTO call ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))

    call(1, 32201, 5)
    call(2, 32205, 3)
    call(3, 10001, 2)
    call(4, 32202, 300)
    given = {**twin.given, "minutes": 60, "codes": [32]}
    found = info.ALERT.read(given)["alerts"]
    assert [(row["code"], row["level"], row["resource_sid"]) for row in found] == [
        (32205, "error", f"CA{2:032x}"), (32201, "error", f"CA{1:032x}"),
    ]
    assert "No & no" in found[0]["text"]
    assert [row["code"] for row in info.ALERT.read({**given, "codes": []})["alerts"]] == [10001, 32205, 32201]
    assert [row["code"] for row in info.ALERT.read({**given, "codes": [32201]})["alerts"]] == [32201]
    assert len(info.ALERT.read({**given, "minutes": 600})["alerts"]) == 3
    assert requests.post(f"{twin.url}/twin/reset", json={}, timeout=5).ok
