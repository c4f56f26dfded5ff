# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our modules against the twin: what Twilio's own SDK then reads, and what is refused."""

from __future__ import annotations

import pytest
import requests

from ansible_collections.trunkline.voice.plugins.module_utils._core.errors import Ambiguous, TrunklineError
from tests.sdk import client

from .accounts import CANARY, Twin
from .conftest import TOKEN
from .test_ladders import LADDERS


@pytest.fixture
def twin(served):
    twin = Twin(served[0])
    yield twin
    twin.faults()


@pytest.fixture
def account(twin):
    """(run, sdk): run(kind, params, check_mode) is a module's run."""
    return twin.run, twin.sdk


def test_check_mode_writes_nothing(account):
    run, sdk = account
    for kind, (params, dummy) in LADDERS.items():
        run(kind, params, True)
    assert not sdk.trunking.v1.trunks.list() + sdk.sip.ip_access_control_lists.list() + sdk.sip.credential_lists.list()


def test_the_sdk_reads_what_was_declared(account):
    run, sdk = account
    run("acl", {"name": "Office", "addresses": [{"ip_address": "203.0.113.10", "name": "pbx1"}]})
    run("credentials", {"name": "Logins", "credentials": [{"username": "a", "password": CANARY}]})
    result = run("trunk", {"name": "Main", "domain_name": "read-main.pstn.twilio.com", "cnam_lookup_enabled": True,
                           "ip_access_control_lists": ["Office"], "credential_lists": ["Logins"]})
    trunk = sdk.trunking.v1.trunks(result["resource"]["sid"]).fetch()
    read = (trunk.friendly_name, trunk.domain_name, trunk.cnam_lookup_enabled)
    assert read == ("Main", "read-main.pstn.twilio.com", True)
    assert set(trunk.auth_type_set) == {"IP_ACL", "CREDENTIAL_LIST"}
    office = sdk.trunking.v1.trunks(trunk.sid).ip_access_control_lists.list()[0]
    assert [a.ip_address for a in sdk.sip.ip_access_control_lists(office.sid).ip_addresses.list()] == ["203.0.113.10"]
    logins = sdk.trunking.v1.trunks(trunk.sid).credentials_lists.list()[0]
    assert [c.username for c in sdk.sip.credential_lists(logins.sid).credentials.list()] == ["a"]


def test_a_password_is_sent_again_only_when_told(account):
    run, dummy = account
    params = {"name": "Logins", "credentials": [{"username": "a", "password": CANARY}]}
    run("credentials", params)
    assert not run("credentials", {**params, "update_password": "on_create"})["changed"]
    for dummy in range(2):
        message = run("credentials", {**params, "update_password": "always"})
        assert message["steps"] == ["update credential a of credential list Logins (password)"]


def test_what_was_not_given_is_left_alone_and_extras_stay_where_told(account):
    run, dummy = account
    run("acl", {"name": "Office", "addresses": [{"ip_address": "203.0.113.10"}, {"ip_address": "203.0.113.11"}]})
    assert not run("acl", {"name": "Office"})["changed"]
    kept = run("acl", {"name": "Office", "addresses": [{"ip_address": "203.0.113.12"}], "keep_extra": ["addresses"]})
    assert kept["steps"] == ["create IP address 203.0.113.12 of IP access control list Office"]
    addresses = [row["ip_address"] for row in kept["resource"]["addresses"]]
    assert addresses == ["203.0.113.10", "203.0.113.11", "203.0.113.12"]
    emptied = run("acl", {"name": "Office", "addresses": []})
    assert len(emptied["steps"]) == 3 and emptied["resource"]["addresses"] == []


def test_a_host_that_moves_to_another_address_keeps_its_entry(account):
    """Twilio refuses a second entry of the name, and between a removal and an addition every call would be refused."""
    run, sdk = account
    run("acl", {"name": "Office", "addresses": [{"ip_address": "203.0.113.10", "name": "pbx1"}]})
    params = {"name": "Office", "addresses": [{"ip_address": "203.0.113.99", "name": "pbx1"}]}
    said, done = run("acl", params, True), run("acl", params)
    assert said["diff"] == done["diff"]
    assert done["steps"] == ["update IP address 203.0.113.10 of IP access control list Office (ip_address)"]
    entries = sdk.sip.ip_access_control_lists(done["resource"]["sid"]).ip_addresses.list()
    assert [(entry.friendly_name, entry.ip_address) for entry in entries] == [("pbx1", "203.0.113.99")]
    assert not run("acl", params)["changed"]


def test_a_prefix_of_zero_is_stored_as_32_and_is_no_eternal_change(account):
    run, sdk = account
    params = {"name": "Office", "addresses": [{"ip_address": "203.0.113.10", "cidr_prefix_length": 0}]}
    sid = run("acl", params)["resource"]["sid"]
    assert [a.cidr_prefix_length for a in sdk.sip.ip_access_control_lists(sid).ip_addresses.list()] == [32]
    assert not run("acl", params)["changed"]


def test_a_domain_in_capitals_is_no_eternal_change(account):
    run, sdk = account
    sdk.trunking.v1.trunks.create(friendly_name="Main", domain_name="Made-By-Hand.pstn.twilio.com")
    assert not run("trunk", {"name": "Main", "domain_name": "made-by-hand.pstn.twilio.com"})["changed"]
    assert not run("trunk", {"name": "Main", "domain_name": "MADE-BY-HAND.pstn.twilio.com"})["changed"]


def test_a_thousand_entries_are_read_to_the_end(account):
    run, sdk = account
    made = [sdk.sip.credential_lists.create(f"List {number}") for number in range(60)]
    assert made
    assert not run("credentials", {"name": "List 0"})["changed"]
    assert not run("credentials", {"name": "List 59"})["changed"]


def test_a_name_that_two_trunks_have_is_an_error_that_lists_them(account):
    run, sdk = account
    sids = {sdk.trunking.v1.trunks.create(friendly_name="Twice").sid for dummy in range(2)}
    for params in ({"name": "Twice", "secure": True}, {"name": "Twice", "state": "absent"}):
        with pytest.raises(Ambiguous) as caught:
            run("trunk", params)
        assert all(sid in str(caught.value) for sid in sids)
    assert {trunk.secure for trunk in sdk.trunking.v1.trunks.list()} == {False}


def test_a_list_that_is_not_there_is_an_error_before_anything_is_written(account):
    run, sdk = account
    with pytest.raises(TrunklineError) as caught:
        run("trunk", {"name": "Main", "ip_access_control_lists": ["Nowhere"], "credential_lists": ["Nobody"]})
    message = str(caught.value)
    assert "ip_access_control_lists of trunk Main: there is no IP access control list called Nowhere" in message
    assert "credential_lists of trunk Main: there is no credential list called Nobody" in message
    assert sdk.trunking.v1.trunks.list() == []


def test_a_domain_that_another_trunk_of_the_account_has_is_that_trunk(account):
    run, sdk = account
    sid = sdk.trunking.v1.trunks.create(friendly_name="Old name", domain_name="kept.pstn.twilio.com").sid
    run("acl", {"name": "Office"})
    params = {"name": "New name", "domain_name": "kept.pstn.twilio.com", "ip_access_control_lists": ["Office"]}
    said, done = run("trunk", params, True), run("trunk", params)
    assert said["diff"] == done["diff"] and done["resource"]["sid"] == sid
    assert done["steps"] == [
        "update trunk Old name (name)", "attach IP access control list Office to trunk New name",
    ]
    assert not run("trunk", params)["changed"]


def test_a_domain_that_stays_with_another_trunk_is_an_error_before_anything_is_written(account):
    run, sdk = account
    run("trunk", {"name": "One", "domain_name": "one.pstn.twilio.com"})
    run("trunk", {"name": "Two", "domain_name": "two.pstn.twilio.com"})
    for check in (True, False):
        with pytest.raises(TrunklineError, match="trunk Two cannot have the domain_name one.pstn.twilio.com"):
            run("trunk", {"name": "Two", "domain_name": "one.pstn.twilio.com", "secure": True}, check)
    assert not any(trunk.secure for trunk in sdk.trunking.v1.trunks.list())


def test_a_failure_in_the_middle_says_what_was_done_and_what_remains(account, served):
    run, dummy = account
    other = {"sid": "AC" + "c3" * 16, "auth_token": TOKEN}
    requests.put(f"{served[0]}/twin/account", json=other, timeout=5).raise_for_status()
    client(served[0], other["sid"], TOKEN).trunking.v1.trunks.create(domain_name="taken.pstn.twilio.com")
    run("acl", {"name": "Office"})
    with pytest.raises(TrunklineError) as caught:
        run("trunk", {"name": "Main", "domain_name": "taken.pstn.twilio.com", "ip_access_control_lists": ["Office"]})
    message = str(caught.value)
    assert message.startswith("Could not create trunk Main: Twilio answered 400")
    assert "21248" in message and "Choose another domain_name" in message
    assert "attach IP access control list Office to trunk Main" in message
    assert caught.value.details["changed"] is False


def test_a_list_in_use_is_not_removed_and_the_error_says_how_to(account):
    run, dummy = account
    run("acl", {"name": "Office"})
    run("trunk", {"name": "Main", "ip_access_control_lists": ["Office"]})
    with pytest.raises(TrunklineError, match="Detach the IP access control list from every trunk"):
        run("acl", {"name": "Office", "state": "absent"})
    run("trunk", {"name": "Main", "state": "absent"})
    assert run("acl", {"name": "Office", "state": "absent"})["changed"]
