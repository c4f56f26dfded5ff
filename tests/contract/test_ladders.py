# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ladder of every resource: what a run says before, does, and then finds to do no more.

On a twin; the parts that cost nothing also on a live account, when one is given (see accounts.py).
"""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._core.resource import KEPT, SENT
from ansible_collections.trunkline.voice.plugins.module_utils._twilio.resources.phone_number import ADDRESS

from .accounts import CANARY, KINDS, SHORT, Twin, live

FIRST, SECOND = "+17756187988", "+17756187989"
LADDERS = {
    "acl": (
        {"name": "Office", "addresses": [{"ip_address": "203.0.113.10"}]},
        {"name": "Office", "addresses": [{"ip_address": "203.0.113.10", "cidr_prefix_length": 29, "name": "pbx1"}]},
    ),
    "credentials": (
        {"name": "Logins", "credentials": [{"username": "a", "password": CANARY}]},
        {"name": "Logins", "credentials": [{"username": "b", "password": CANARY}]},
    ),
    "trunk": (
        {
            "name": "Main", "domain_name": "ladder-main.pstn.twilio.com", "ip_access_control_lists": ["First"],
            "recording": "record-from-answer", "disaster_recovery_url": "https://example.com/voice",
            "origination_urls": [{"sip_url": "sip:203.0.113.10", "name": "pbx1"}, {"sip_url": "sip:203.0.113.11"}],
        },
        {
            "name": "Main", "transfer_mode": "sip-only", "secure": True, "ip_access_control_lists": ["Second"],
            "credential_lists": ["Third"], "recording_trim": "trim-silence", "disaster_recovery_url": "",
            "origination_urls": [
                {"sip_url": "sip:203.0.113.99;transport=tls", "name": "pbx1", "priority": 20, "weight": 0},
                {"sip_url": "sip:203.0.113.12", "enabled": False},
            ],
        },
    ),
}
#: Of what costs money, or is not ours to touch on an account with calls.
TWIN_ONLY = {
    "number": (
        {"phone_number": FIRST, "trunk": "Here", "name": "Front desk"},
        {"phone_number": FIRST, "trunk": "There", "emergency_address": "Office"},
        {"phone_number": FIRST, "trunk": "", "emergency_address": ""},
    ),
    "countries": (
        {"countries": [{"iso_code": "IN", "low_risk_numbers": True}], "keep_extra": ["countries"]},
        {"countries": [
            {"iso_code": "us", "low_risk_numbers": True},
            {"iso_code": "GB", "low_risk_numbers": True, "high_risk_special_numbers": True},
        ]},
        {"countries": []},
    ),
    "trunking": (
        {
            "ip_access_control_lists": [{"name": "Office", "addresses": [{"ip_address": "203.0.113.10"}]}],
            "credential_lists": [{"name": "Logins", "credentials": [{"username": "a", "password": CANARY}]}],
            "trunks": [
                {"name": "Below", "domain_name": "below.main.pstn.twilio.com"},
                {
                    "name": "Main", "domain_name": "Main.pstn.twilio.com", "ip_access_control_lists": ["Office"],
                    "credential_lists": ["Logins"], "origination_urls": [{"sip_url": "sip:203.0.113.10"}],
                    "phone_numbers": [FIRST],
                },
            ],
            "countries": [{"iso_code": "IN", "low_risk_numbers": True}],
            "keep_extra": ["countries"],
        },
        {
            "trunks": [
                {"name": "Below", "phone_numbers": [FIRST, SECOND]},
                {"name": "Main", "phone_numbers": [], "credential_lists": []},
            ],
            "credential_lists": [{"name": "Logins", "state": "absent"}],
        },
        {
            "trunks": [{"name": "Below", "state": "absent"}, {"name": "Main", "state": "absent"}],
            "ip_access_control_lists": [{"name": "Office", "state": "absent"}],
        },
    ),
}


@pytest.fixture
def twin(served):
    twin = Twin(served[0])
    yield twin
    twin.faults()


@pytest.fixture(params=["twin", *(["live"] if live() else [])])
def account(request, served):
    if request.param == "twin":
        yield Twin(served[0])
        return
    account = live()
    try:
        yield account
    finally:
        for kind, (first, *_) in reversed(LADDERS.items()):
            account.run(kind, {"name": first["name"], "state": "absent"})
        for kind, name in (("acl", "First"), ("acl", "Second"), ("credentials", "Third")):
            account.run(kind, {"name": name, "state": "absent"})


def without_marks(shown):
    """A rendering in which a password that was sent looks like one that is kept."""
    if isinstance(shown, dict):
        return {key: without_marks(value) for key, value in shown.items()}
    if isinstance(shown, list):
        return [without_marks(value) for value in shown]
    return KEPT if shown == SENT else shown


def climb(account, kind, rungs):
    """Check, do, again, for each of the declarations: said before, done, and then nothing."""
    for params in rungs:
        said, done, again = account.run(kind, params, True), account.run(kind, params), account.run(kind, params)
        assert said["changed"] and done["changed"] and not again["changed"], params
        assert said["diff"] == done["diff"] and said["steps"] == done["steps"] and said["changes"] == done["changes"]
        assert without_marks(done["diff"]["after"]) == without_marks(again["diff"]["before"])
        assert again["steps"] == [] and again["diff"]["before"] == again["diff"]["after"]


def test_every_resource_has_a_ladder():
    held = {SHORT.get(kind, kind) for kind in (*LADDERS, *TWIN_ONLY)}
    assert {option for option, resource in KINDS.items() if resource is not ADDRESS} <= held


@pytest.mark.parametrize("kind", sorted(LADDERS))
def test_ladder(account, kind):
    for name in ("First", "Second"):
        account.run("acl", {"name": name})
    account.run("credentials", {"name": "Third"})
    rungs = LADDERS[kind]
    climb(account, kind, [*rungs, {"name": rungs[0]["name"], "state": "absent"}])


@pytest.mark.parametrize("kind", sorted(TWIN_ONLY))
def test_ladder_of_what_only_a_twin_is_asked_for(twin, kind):
    for number in (FIRST, SECOND):
        twin.own(number)
    if kind == "number":
        for name in ("Here", "There"):
            twin.run("trunk", {"name": name})
        twin.sdk.addresses.create(
            friendly_name="Office", customer_name="Office", street="1 Main St", city="Reno", region="NV",
            postal_code="89501", iso_country="US", emergency_enabled=True,
        )
    climb(twin, kind, TWIN_ONLY[kind])
