# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our modules where Twilio, the way to it, or the credentials are not as one would like."""

from __future__ import annotations

import re
import time
from functools import partial

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._ansible import run
from ansible_collections.trunkline.voice.plugins.module_utils._core.apply import Incomplete
from ansible_collections.trunkline.voice.plugins.module_utils._core.errors import TrunklineError
from tests.sdk import client

from .accounts import CANARY, Account, Twin, connection
from .conftest import ACCOUNT, TOKEN

OWNER = "AC" + "d4" * 16


@pytest.fixture
def twin(served):
    twin = Twin(served[0])
    yield twin
    twin.faults()
    twin.empty()


@pytest.fixture
def hasty(monkeypatch):
    """Nobody waits long."""
    monkeypatch.setattr(run, "ApiClient", partial(run.ApiClient, sleep=lambda seconds: time.sleep(min(seconds, 0.01))))


MADE = {
    "acl": ({"name": "Office", "addresses": [{"ip_address": "203.0.113.10"}]}, "IpAddresses.json$"),
    "credentials": ({"name": "L", "credentials": [{"username": "a", "password": CANARY}]}, "Credentials.json$"),
    "trunk": ({"name": "Main", "origination_urls": [{"sip_url": "sip:203.0.113.10"}]}, "OriginationUrls$"),
}


@pytest.mark.parametrize("trouble", ["lost", "lost-500", "500", "503", "reset"])
@pytest.mark.parametrize("kind", sorted(MADE))
def test_what_may_have_been_made_is_looked_up_before_it_is_asked_for_again(twin, hasty, kind, trouble):
    params, path = MADE[kind]

    def writes():
        return [one["method"] == "POST" and bool(re.search(path, one["path"])) for one in twin.requests()]

    twin.run(kind, params)
    twin.faults(rules=[{"kind": trouble, "nth": writes().index(True) + 1}])
    twin.run(kind, {**params, "name": "Second"})
    assert sum(writes()) == (1 if trouble.startswith("lost") else 2)
    assert not twin.run(kind, {**params, "name": "Second"})["changed"]


def test_an_answer_that_comes_too_late_is_looked_up(twin, hasty):
    twin.given = {**twin.given, "timeout": 1}
    twin.faults(rules=[{"kind": "hang", "seconds": 2, "nth": 2, "methods": ["POST"]}])
    twin.run("trunk", {"name": "Late", "origination_urls": [{"sip_url": "sip:203.0.113.10"}]})
    twin.faults()
    (trunk,) = twin.sdk.trunking.v1.trunks.list()
    assert len(twin.sdk.trunking.v1.trunks(trunk.sid).origination_urls.list()) == 1


def test_lists_that_lag_are_read_again_until_they_show_it(twin):
    twin.run("acl", {"name": "Office"})
    twin.run("acl", {"name": "Branch"})
    twin.tell("PUT", "settings", association_lag=2)
    params = {"name": "Main", "ip_access_control_lists": ["Office"]}
    assert twin.run("trunk", params)["changed"]
    assert not twin.run("trunk", params)["changed"]
    assert twin.run("trunk", {**params, "ip_access_control_lists": ["Branch"]})["changed"]
    assert not twin.run("trunk", {**params, "ip_access_control_lists": ["Branch"]})["changed"]


def test_lists_that_lag_for_too_long_are_a_warning_and_no_failure(twin, hasty):
    twin.run("acl", {"name": "Office"})
    twin.tell("PUT", "settings", association_lag=60)
    params = {**twin.given, "name": "Main", "state": "present", "ip_access_control_lists": ["Office"]}
    _, warnings = run.converge(run.ACCOUNT.children[3], params, False)
    assert warnings == [
        "Twilio accepted the change, and after 10 s does not show it yet:"
        " attach IP access control list Office to trunk Main."
    ]
    # The next run still meets the old state. It is told that the list is attached, and believes it.
    again, _ = run.converge(run.ACCOUNT.children[3], params, False)
    assert again["steps"] == ["attach IP access control list Office to trunk Main"]
    (trunk,) = twin.sdk.trunking.v1.trunks.list()
    assert twin.sdk.trunking.v1.trunks(trunk.sid).ip_access_control_lists("AL" + "0" * 32)


def test_permissions_that_take_a_while_are_awaited(twin):
    twin.tell("PUT", "settings", dialing_update_lag=2)
    params = {"countries": [{"iso_code": "IN", "low_risk_numbers": True}], "keep_extra": ["countries"]}
    assert twin.run("countries", params)["changed"]
    assert not twin.run("countries", params)["changed"]


def test_a_key_that_is_revoked_in_the_middle_stops_the_run_and_says_how_far_it_came(twin):
    rows = [{"username": f"user{n}", "password": CANARY} for n in range(30)]
    twin.run("credentials", {"name": "Logins"})
    twin.faults(rules=[{"kind": "401", "from": 12}])
    with pytest.raises(Incomplete) as caught:
        twin.run("credentials", {"name": "Logins", "credentials": rows})
    told = caught.value
    assert "Authenticate (error 20003)" in str(told) and "TWILIO_AUTH_TOKEN" in str(told)
    assert CANARY not in str(told) + repr(told.details)
    details = told.details
    assert details["changed"] and details["failed_steps"]
    assert len(details["applied"]) + len(details["failed_steps"]) + len(details["remaining"]) == 30
    twin.faults()
    done = twin.run("credentials", {"name": "Logins", "credentials": rows})
    assert len(done["steps"]) == 30 - len(details["applied"])


def test_a_trunk_that_is_made_but_not_all_of_it_is_a_change_that_is_told(twin):
    params = {"name": "Main", "recording": "record-from-answer"}
    twin.faults(rules=[{"kind": "problem", "path": "/Recording$"}])
    with pytest.raises(Incomplete, match="Could not create trunk Main: a part of it is done, then: Twilio") as caught:
        twin.run("trunk", params)
    assert caught.value.details["changed"] and caught.value.details["failed_steps"] == ["create trunk Main"]
    twin.faults()
    assert twin.run("trunk", params)["steps"] == ["update trunk Main (recording)"]


def test_trunks_that_belong_to_the_owner_of_a_subaccount_are_not_touched(twin):
    """An owner's key opens a subaccount's 2010 paths, but the trunks it reaches are the owner's."""
    twin.tell("PUT", "account", sid=OWNER, auth_token=TOKEN, api_keys=[{"sid": "SK" + "e5" * 16, "secret": "s" * 32}])
    twin.tell("PUT", "account", sid=ACCOUNT, auth_token=TOKEN, owner_account_sid=OWNER)
    owners = client(twin.url, OWNER, TOKEN)
    key = {"auth_token": None, "api_key": "SK" + "e5" * 16, "api_secret": "s" * 32}
    account = Account(connection(twin.url, **key))
    try:
        with pytest.raises(TrunklineError, match=f"belongs to account {OWNER}, and account_sid is {ACCOUNT}"):
            account.run("trunk", {"name": "Main"})
        assert owners.trunking.v1.trunks.list() == []
        owners.trunking.v1.trunks.create(friendly_name="Main")
        with pytest.raises(TrunklineError, match="Give the credentials of the account that is named"):
            account.run("trunk", {"name": "Main", "secure": True})
        assert [trunk.secure for trunk in owners.trunking.v1.trunks.list()] == [False]
    finally:
        for trunk in owners.trunking.v1.trunks.list():
            trunk.delete()


@pytest.mark.parametrize("region", ["ie1", "au1"])
def test_numbers_are_attached_where_a_trunk_has_no_list_of_them(twin, region):
    twin.own("+17756187988")
    twin.tell("PUT", "settings", region=region)
    for numbers in (["+17756187988"], []):
        params = {"name": "Main", "phone_numbers": numbers}
        assert twin.run("trunk", params)["changed"] and not twin.run("trunk", params)["changed"]


def test_what_attaching_a_number_ends_is_said_before(twin):
    sid = twin.own("+17756187988")
    number = twin.sdk.incoming_phone_numbers(sid)
    number.update(voice_url="https://example.com/menu")
    number.update(voice_application_sid="AP" + "1" * 32)
    twin.run("trunk", {"name": "Main"})
    said = twin.run("trunk", {"name": "Main", "phone_numbers": ["+17756187988"]}, True)
    assert said["steps"] == [
        "attach phone number +17756187988 to trunk Main; clears its voice application AP" + "1" * 32
        + ", its voice URL https://example.com/menu is no longer requested"
    ]
    attached = {"phone_number": "+17756187988", "trunk": "Main"}
    said, diff = twin.run("number", attached, True)["diff"], twin.run("number", attached)["diff"]
    assert said == diff
    assert diff["before"]["voice_application_sid"] == "AP" + "1" * 32
    assert diff["after"]["voice_application_sid"] is None
    twin.run("trunk", {"name": "Other"})
    moved = twin.run("trunk", {"name": "Other", "phone_numbers": ["+17756187988"]})
    assert moved["steps"][0].startswith("attach phone number +17756187988 to trunk Other; leaves trunk Main")


@pytest.mark.parametrize("kind", ["trunk", "number"])
def test_a_number_that_must_leave_one_trunk_first_leaves_it(twin, kind):
    twin.own("+17756187988")
    twin.tell("PUT", "settings", number_movable=False)
    twin.run("trunk", {"name": "Main", "phone_numbers": ["+17756187988"]})
    twin.run("trunk", {"name": "Other"})
    params = {
        "trunk": {"name": "Other", "phone_numbers": ["+17756187988"]},
        "number": {"phone_number": "+17756187988", "trunk": "Other"},
    }[kind]
    assert twin.run(kind, params)["changed"] and not twin.run(kind, params)["changed"]
    (number,) = twin.sdk.incoming_phone_numbers.list()
    assert twin.sdk.trunking.v1.trunks(number.trunk_sid).fetch().friendly_name == "Other"


def test_a_number_that_left_one_trunk_and_did_not_reach_the_other_is_told(twin):
    twin.own("+17756187988")
    twin.tell("PUT", "settings", number_movable=False)
    twin.run("trunk", {"name": "Main", "phone_numbers": ["+17756187988"]})
    twin.run("trunk", {"name": "Other"})
    twin.faults(rules=[{"kind": "problem", "from": 5}])     # after two lists, the refusal, and leaving Main
    with pytest.raises(Incomplete, match="the number left its trunk and is on none now: Twilio answered") as caught:
        twin.run("trunk", {"name": "Other", "phone_numbers": ["+17756187988"]})
    assert caught.value.details["changed"]


def test_the_domain_of_a_deleted_trunk_is_told_to_be_reserved(twin):
    params = {"name": "Main", "domain_name": "gone.pstn.twilio.com"}
    twin.run("trunk", params)
    twin.run("trunk", {"name": "Main", "state": "absent"})
    with pytest.raises(TrunklineError, match="stays reserved for up to 30 days, for its own account"):
        twin.run("trunk", params)
    twin.tell("PUT", "settings", domain_reserved_days=0)
    twin.run("trunk", {**params, "domain_name": "again.pstn.twilio.com"})


def test_a_number_is_bought_and_released_only_when_that_is_asked_for(twin):
    number = {"phone_number": "+17756187988"}
    twin.tell("PUT", "for-sale/+17756187988")
    for state in ("present", "purchased", "released"):
        if state == "present":
            with pytest.raises(TrunklineError, match="no phone number .17756187988 .* state: purchased makes it"):
                twin.run("number", number)
            continue
        assert twin.run("number", {**number, "state": state})["changed"]
        assert not twin.run("number", {**number, "state": state})["changed"]
    assert twin.sdk.incoming_phone_numbers.list() == []
    with pytest.raises(TrunklineError, match="Choose another number"):
        twin.run("number", {"phone_number": "+15005550000", "state": "purchased"})


def test_a_number_with_an_emergency_address_loses_it_before_it_gets_another_or_goes(twin, hasty):
    twin.own("+17756187988")
    for name in ("Reno", "Elko"):
        twin.sdk.addresses.create(
            friendly_name=name, customer_name=name, street="1 Main St", city=name, region="NV", postal_code="89501",
            iso_country="US", emergency_enabled=True,
        )
    for name in ("Reno", "Elko"):
        params = {"phone_number": "+17756187988", "emergency_address": name}
        assert twin.run("number", params)["changed"] and not twin.run("number", params)["changed"]
    assert twin.run("number", {"phone_number": "+17756187988", "state": "released"})["changed"]
    assert twin.sdk.incoming_phone_numbers.list() == []
