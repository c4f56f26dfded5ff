# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How often Twilio is asked for a run that changes nothing: by kind, and by trunk only where it has no other list."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter

import pytest

from .accounts import CANARY, Twin
from .conftest import ACCOUNT

TRUNKS, NUMBERS = 20, 1000


@pytest.fixture
def twin(served):
    """A twin whose account owns 1,000 numbers."""
    twin = Twin(served[0])
    with sqlite3.connect(served[1] / "twin.db", timeout=5) as state:
        state.executemany(
            "INSERT INTO incoming_phone_number (sid, account_sid, phone_number, friendly_name, date_created,"
            " date_updated) VALUES (?, ?, ?, ?, '2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z')",
            [(f"PN{n:032x}", ACCOUNT, number(n), number(n)) for n in range(NUMBERS)],
        )
    yield twin
    twin.empty()


def number(n):
    return f"+1775{5000000 + n}"


def declared(logins):
    """20 trunks with 50 numbers each; with credentials as well where `logins` says so."""
    lists = [{"name": "Logins", "credentials": [{"username": "pbx", "password": CANARY}]}] if logins else []
    return {
        "ip_access_control_lists": [{"name": "Servers", "addresses": [{"ip_address": "203.0.113.10"}]}],
        "credential_lists": lists,
        "trunks": [
            {
                "name": f"Trunk {n}", "domain_name": f"count-{n}.pstn.twilio.com",
                "ip_access_control_lists": ["Servers"], "credential_lists": [one["name"] for one in lists],
                "origination_urls": [{"sip_url": "sip:203.0.113.10", "name": "pbx1"}],
                "phone_numbers": [number(n * 50 + one) for one in range(50)],
            }
            for n in range(TRUNKS)
        ],
        "countries": [{"iso_code": "IN", "low_risk_numbers": True}],
        "keep_extra": ["countries"],
    }


@pytest.mark.parametrize(("logins", "by_kind", "by_trunk"), [(False, 6, 2), (True, 7, 3)])
def test_a_run_that_changes_nothing(twin, logins, by_kind, by_trunk):
    """A trunk's origination URLs, and which lists are on it, Twilio tells of one trunk at a time, so that is a request
    each; that none of a kind is on it, the trunk's own row tells. Numbers, however many, are one list of the account.
    """
    twin.run("trunking", declared(logins))
    twin.requests()
    assert not twin.run("trunking", declared(logins))["changed"]
    asked = Counter(re.sub("[A-Z]{2}[0-9a-f]{32}", "…", one["path"]) for one in twin.requests())
    of_trunks = {path: times for path, times in asked.items() if path.startswith("/v1/Trunks/")}
    assert set(of_trunks.values()) == {TRUNKS} and len(of_trunks) == by_trunk
    assert sum(asked.values()) == by_kind + by_trunk * TRUNKS, asked
