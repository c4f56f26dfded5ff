# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From an account to the inventory that says the same."""

from __future__ import annotations

import copy

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.adopt import Choices, adopted_inventory

NUMBER, OTHER = "+17756187988", "+17756187989"
TRUNK = {
    "sid": "TK1", "name": "Main", "domain_name": "main.pstn.twilio.com", "secure": False,
    "transfer_mode": "disable-all", "transfer_caller_id": "from-transferee", "cnam_lookup_enabled": False,
    "recording": "do-not-record", "recording_trim": "do-not-trim",
    "disaster_recovery_url": None, "disaster_recovery_method": "POST",
    "ip_access_control_lists": ["Office", "Server"], "credential_lists": ["Shared", "Own"],
    "origination_urls": [{"sid": "OU1", "sip_url": "sip:203.0.113.10", "priority": 10}], "phone_numbers": [NUMBER],
}
ACCOUNT = {
    "trunks": [TRUNK],
    "ip_access_control_lists": [
        {"sid": "AL1", "name": name, "addresses": [{"sid": "IP1", "ip_address": "203.0.113.10"}]}
        for name in ("Server", "Office", "Of others")
    ],
    "credential_lists": [
        {"sid": "CL1", "name": "Own", "credentials": [{"sid": "CR1", "username": "carl"}]},
        {"sid": "CL2", "name": "Shared", "credentials": [{"username": "anna"}, {"username": "Asterisk"}]},
        {"sid": "CL3", "name": "Empty", "credentials": []},
    ],
    "countries": [
        {"iso_code": code, "low_risk_numbers": low, "high_risk_special_numbers": False,
         "high_risk_tollfraud_numbers": False}
        for code, low in (("US", True), ("CU", False))
    ],
}
HOSTS = {"pbx1": {"ansible_host": "192.0.2.1", "trunkline_public_address": "203.0.113.10", "pbx_countries": ["US"]}}
KNOWN = {"Asterisk": "Good-password-1"}


def account(**trunk) -> dict:
    """The account with another trunk."""
    changed = copy.deepcopy(ACCOUNT)
    changed["trunks"][0].update(trunk)
    return changed


def test_an_account():
    made = adopted_inventory(ACCOUNT, Choices(passwords=KNOWN, hosts=HOSTS))
    assert made["problems"] == made["ask"] == []
    (trunk,) = made["variables"]["trunkline_trunks"]
    assert trunk == {
        "name": "Main", "domain": "main.pstn.twilio.com", "caller_id": NUMBER,
        "ip_access_control_list": "Office", "ip_access_control_lists": ["Server"],
        "credential_list": "Shared", "credential_lists": ["Own"], "username": "Asterisk", "password": "Good-password-1",
        "secure": False, "transfer_mode": "disable-all", "transfer_caller_id": "from-transferee",
        "cnam_lookup_enabled": False, "recording": "do-not-record", "recording_trim": "do-not-trim",
        "origination_urls": [{"sip_url": "sip:203.0.113.10", "priority": 10}], "phone_numbers": [NUMBER],
    }
    lists = made["variables"]["twilio_trunk_credential_lists"]
    assert [row["name"] for row in lists] == ["Own", "Shared"]
    assert lists[1]["credentials"] == [{"username": "anna"}, {"username": "Asterisk", "password": "Good-password-1"}]
    access = made["variables"]["twilio_trunk_ip_access_control_lists"]
    assert [row["name"] for row in access] == ["Server", "Office"] and "sid" not in str(access)
    assert [row["iso_code"] for row in made["variables"]["twilio_trunk_countries"]] == ["US"]
    assert made["hosts"] == [
        {"name": "pbx1", "options": {},
         "variables": {"ansible_host": "192.0.2.1", "trunkline_public_address": "203.0.113.10"}}
    ]


def test_what_no_inventory_can_say_is_told_before_anything_is_written():
    choices = Choices(passwords=KNOWN, hosts=HOSTS)
    problem, way_out = adopted_inventory(account(domain_name="other.sip.twilio.com"), choices)["problems"]
    assert problem.startswith("trunkline_trunks[0].domain must be the trunk's termination domain")
    assert way_out.startswith("Give adopt_trunks, ")


def test_what_there_is_none_of_is_not_said():
    bare = account(ip_access_control_lists=["Server"], credential_lists=[], phone_numbers=[])
    made = adopted_inventory({**bare, "countries": None}, Choices(hosts=HOSTS, account_caller_ids=[OTHER]))
    assert set(made["variables"]) == {"trunkline_trunks", "twilio_trunk_ip_access_control_lists"}
    (trunk,) = made["variables"]["trunkline_trunks"]
    assert trunk["caller_id"] == OTHER and trunk["phone_numbers"] == []
    assert not {"credential_list", "credential_lists", "username", "ip_access_control_lists"} & set(trunk)


@pytest.mark.parametrize(("changed", "choices", "problem"), [
    ({}, {"passwords": {}}, "needs the password of a user of trunk Main: carl, anna, Asterisk."),
    ({}, {"passwords": {"Asterisk": ""}}, "needs the password of a user of trunk Main: "),
    ({"credential_lists": ["Empty"]}, {}, "Trunk Main has a credential list without users"),
    ({"phone_numbers": []}, {}, "no number that calls on trunk Main could show"),
    ({"domain_name": None}, {}, "Trunk Main has no termination domain"),
    ({}, {"trunks": ["Main", "Other"]}, "adopt_trunks names Other, and this account has no such trunk."),
    ({}, {"hosts": {}}, "No PBX host is known."),
])
def test_what_would_be_no_inventory(changed, choices, problem):
    made = adopted_inventory(account(**changed), Choices(**{"passwords": KNOWN, "hosts": HOSTS, **choices}))
    (found,) = made["problems"]
    assert problem in found
    assert bool(made["ask"]) == ("password of a user" in problem)


def test_a_secure_trunk_has_a_certificate_on_each_pbx():
    def host(url: str, **variables) -> dict:
        secure = account(secure=True, origination_urls=[{"sip_url": url}])
        hosts = {"pbx1": {**HOSTS["pbx1"], **variables}}
        return adopted_inventory(secure, Choices(passwords=KNOWN, hosts=hosts))["hosts"][0]["variables"]

    named = host("sip:pbx.example.com:5061;transport=tls")
    assert named["trunkline_public_name"] == "pbx.example.com"
    assert named["pbx_tls_private_key"] == "/etc/letsencrypt/live/pbx.example.com/privkey.pem"
    by_address = host("sip:203.0.113.10;transport=tls")
    assert "trunkline_public_name" not in by_address
    assert by_address["pbx_tls_certificate"] == "/etc/letsencrypt/live/pbx1/fullchain.pem"
    assert host("sip:203.0.113.10", pbx_tls_certificate="/own.pem")["pbx_tls_certificate"] == "/own.pem"


def test_how_a_host_is_reached_is_kept():
    reached = {"ansible_host": "192.0.2.1", "ansible_port": 2222, "ansible_user": "admin"}
    hosts = {"pbx1": {**HOSTS["pbx1"], **reached, "ansible_become_password": "Canary-12345"}}
    made = adopted_inventory(ACCOUNT, Choices(passwords=KNOWN, hosts=hosts))
    assert made["hosts"][0]["variables"] == {**reached, "trunkline_public_address": "203.0.113.10"}


def test_hosts_may_be_named_by_their_addresses_alone():
    made = adopted_inventory(ACCOUNT, Choices(passwords=KNOWN, hosts=HOSTS, addresses={"pbx2": "203.0.113.11"}))
    assert made["hosts"] == [
        {"name": "pbx2", "options": {},
         "variables": {"ansible_host": "203.0.113.11", "trunkline_public_address": "203.0.113.11"}}
    ]
