# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts, localhost and Twilio's limits, read and checked together."""

from __future__ import annotations

import json

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory import account
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.inventory import read, read_account
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.pbx import without_secrets

PASSWORD = "Canary-12345"
TRUNK = {
    "name": "Main", "domain": "main.pstn.twilio.com", "caller_id": "+17756187988", "ip_access_control_list": "PBXs"}
OTHER = {**TRUNK, "name": "Other", "domain": "other.pstn.twilio.com"}
ACCOUNT = "AC" + "0f" * 16


def host(number: int = 1, **variables) -> dict:
    return {"trunkline_public_address": f"203.0.113.{number}", "trunkline_trunks": [TRUNK], **variables}


def faults(hosts: dict, controller: dict | None = None) -> list[str]:
    return read(hosts, controller or {}, {}).problems


def declared(hosts: dict, controller: dict | None = None) -> dict:
    inventory = read(hosts, controller or {}, {})
    assert inventory.problems == []
    return account.declared(inventory)


def test_variables_of_the_pbx_group_reach_twilio_too():
    extra = {"twilio_trunk_extra_addresses": [{"ip_address": "198.51.100.1"}]}
    found = declared({"pbx1": host(1, **extra), "pbx2": host(2, **extra)})
    (access,) = found["ip_access_control_lists"]
    assert [row["ip_address"] for row in access["addresses"]] == ["203.0.113.1", "203.0.113.2", "198.51.100.1"]


def test_an_option_of_twilio_s_side_has_one_value():
    differing = {"pbx1": host(1, twilio_trunk_removal_limit=10), "pbx2": host(2, twilio_trunk_removal_limit="20")}
    problems = faults(differing)
    assert problems == [
        "twilio_trunk_removal_limit differs between pbx1 and pbx2, and the whole run has one value of it: state it"
        " once, in group_vars/all."]
    assert faults(
        {"pbx1": host(1, twilio_trunk_removal_limit=10), "pbx2": host(2, twilio_trunk_removal_limit="10")}) == []


def test_a_trunk_of_some_hosts_leads_to_those_hosts():
    found = declared({"pbx1": host(1), "pbx2": host(2, trunkline_trunks=[OTHER])})
    assert {row["name"]: [url["sip_url"] for url in row["origination_urls"]] for row in found["trunks"]} == {
        "Main": ["sip:203.0.113.1"], "Other": ["sip:203.0.113.2"]}


def test_a_trunk_of_localhost_alone_leads_to_all_hosts():
    found = declared({"pbx1": host(1), "pbx2": host(2)}, {"trunkline_trunks": [TRUNK, OTHER]})
    assert [url["name"] for url in found["trunks"][1]["origination_urls"]] == ["pbx1", "pbx2"]


def test_two_hosts_may_not_say_a_trunk_differently():
    other = {**TRUNK, "domain": "elsewhere.pstn.twilio.com"}
    assert faults({"pbx1": host(1), "pbx2": host(2, trunkline_trunks=[other])}) == [
        "pbx1 and pbx2 both state trunk 'Main', with a different domain each: Twilio keeps one."]
    edges = {**TRUNK, "edges": ["dublin"]}
    assert faults({"pbx1": host(1), "pbx2": host(2, trunkline_trunks=[edges])}) == []


def test_trunks_of_different_hosts_have_different_domains():
    other = {**TRUNK, "name": "Other"}
    assert faults({"pbx1": host(1), "pbx2": host(2, trunkline_trunks=[other])}) == [
        "Trunks 'Main' and 'Other' have the same domain, main.pstn.twilio.com; only one can have it."]


def test_a_problem_names_the_hosts_that_have_it():
    wrong = {"pbx_sip_port": 0}
    sentence = "pbx_sip_port must be a port from 1 to 65535, not 0."
    assert faults({"pbx1": host(1), "pbx2": host(2, **wrong), "pbx3": host(3, **wrong)}) == [f"pbx2, pbx3: {sentence}"]
    assert faults({"pbx1": host(1, **wrong), "pbx2": host(2, **wrong)}) == [sentence]


@pytest.mark.parametrize("name, meant", [
    ("pbx_natonal_rules", "pbx_national_rules"), ("pbx_did", "pbx_dids"), ("firewall_enable", "firewall_enabled"),
    ("pbx_prefixes_denied", "pbx_denied_prefixes"), ("pbx-denied-prefixes", "pbx_denied_prefixes"),
    ("PBX_Denied_Prefixes", "pbx_denied_prefixes"),
    ("verify_nubmer", "verify_number"), ("trunkline_trunk", "trunkline_trunks"), ("twilio_trunk_country",
                                                                                  "twilio_trunk_countries"),
])
def test_a_misspelt_variable_is_told(name, meant):
    given = {key: value for key, value in host().items() if key != meant}
    problems = faults({"pbx1": {**given, name: []}})
    assert f"{name} is no variable of trunkline.voice; did you mean {meant}?" in problems


def test_a_variable_of_the_user_s_own_is_none_of_ours():
    own = {"pbx_phones_berlin": [], "pbx_phones": [], "firewall_enabled_at_boot": True, "pbx_site": "Berlin"}
    assert faults({"pbx1": host(**own)}) == []


@pytest.mark.parametrize(("given", "warnings"), [
    ({"pbx_denied": ["+1808"]}, ["pbx_denied is read by nothing; did you mean pbx_denied_prefixes?"]),
    ({"pbx_max_wait": 7}, ["pbx_max_wait is read by nothing; did you mean pbx_max_wait_seconds?"]),
    ({"pbx_denied": ["+1808"], "pbx_denied_prefixes": ["+1808"]}, []),
    ({"pbx_site": "Berlin"}, []),
])
def test_a_variable_that_lacks_the_end_of_a_name_is_warned_of(given, warnings):
    """It may be the user's own, so that nothing is refused; it surely is where the option is composed of it."""
    inventory = read({"pbx1": host(1, **given), "pbx2": host(2, **given)}, {}, {})
    assert (inventory.problems, inventory.warnings) == ([], warnings)


def test_null_is_as_if_not_given():
    names = ("pbx_default_class", "pbx_phones", "twilio_trunk_removal_limit", "pbx_sip_port", "firewall_enabled")
    given = {**host(), "trunkline_trunks": [{**TRUNK, "termination": None, "edges": None, "max_calls": None}]}
    assert read({"pbx1": {**given, **dict.fromkeys(names)}}, {}, {}).hosts == read({"pbx1": host()}, {}, {}).hosts


def test_numbers_are_managed_where_a_host_states_them():
    did = {"number": "+17756187988", "phone": "1001"}
    phones = [{"name": "1001", "password": PASSWORD}]
    assert "phone_numbers" not in declared({"pbx1": host()})["trunks"][0]
    assert declared({"pbx1": host(pbx_dids=[])})["trunks"][0]["phone_numbers"] == []
    found = declared({"pbx1": host(pbx_dids=[did], pbx_phones=phones), "pbx2": host(2)})
    assert found["trunks"][0]["phone_numbers"] == ["+17756187988"]


def test_a_number_that_the_stated_numbers_lack_is_refused():
    trunk = {**TRUNK, "phone_numbers": ["+12025550143"]}
    given = host(
        trunkline_trunks=[trunk], pbx_dids=[{"number": "+17756187988", "phone": "1001"}],
        pbx_phones=[{"name": "1001", "password": PASSWORD}])
    (problem,) = faults({"pbx1": given})
    assert problem.startswith("pbx_dids[0].number comes in on trunk 'Main', and trunkline_trunks[0].phone_numbers does")


def test_a_number_of_two_hosts_comes_in_on_one_trunk():
    phones = [{"name": "1001", "password": PASSWORD}]
    given = {"pbx_phones": phones, "trunkline_trunks": [TRUNK, OTHER]}
    did = {"number": "+17756187988", "phone": "1001"}
    problems = faults(
        {"pbx1": host(1, pbx_dids=[did], **given), "pbx2": host(2, pbx_dids=[{**did, "trunk": "Other"}], **given)})
    assert problems == [
        "pbx2: pbx_dids[0].number +17756187988 comes in on trunk 'Other', and on pbx1 it comes in on 'Main'; a number"
        " belongs to one trunk."]


def test_a_list_stated_in_full_has_each_pbx():
    def stated(*addresses):
        return {"twilio_trunk_ip_access_control_lists": [{"name": "PBXs", "addresses": list(addresses)}]}

    whole = {"ip_address": "203.0.113.0", "cidr_prefix_length": 24}
    assert faults({"pbx1": host(1, **stated(whole)), "pbx2": host(2, **stated(whole))}) == []
    one = {"ip_address": "203.0.113.1"}
    (problem,) = faults({"pbx1": host(1, **stated(one)), "pbx2": host(2, **stated(one))})
    assert "no list of trunk 'Main' (PBXs) has 203.0.113.2, the trunkline_public_address of pbx2" in problem
    assert faults({"pbx1": host(1, twilio_trunk_keep_extra="addresses", **stated())}) == []


def test_a_user_of_a_list_has_one_password():
    trunk = {**TRUNK, "credential_list": "Users", "username": "pbx", "password": PASSWORD}
    second = {**trunk, "name": "Other", "domain": "other.pstn.twilio.com"}
    assert faults({"pbx1": host(trunkline_trunks=[trunk, second])}) == []
    (problem,) = faults({"pbx1": host(trunkline_trunks=[trunk, {**second, "password": "Canary-54321"}])})
    assert problem.startswith("trunkline_trunks[1].password differs from trunkline_trunks[0].password")
    assert "Canary" not in problem


@pytest.mark.parametrize(("user", "wrong"), [
    ({"username": "pbx", "password": PASSWORD}, False), ({"username": "pbx"}, False),
    ({"username": "pbx", "password": "Canary-54321"}, True),
])
def test_a_user_has_the_password_of_a_list_that_is_stated_in_full(user, wrong):
    trunk = {**TRUNK, "credential_list": "Users", "username": "pbx", "password": PASSWORD}
    lists = [{"name": "Users", "credentials": [{"username": "anna", "password": "Canary-54321"}, user]}]
    found = faults({"pbx1": host(trunkline_trunks=[trunk], twilio_trunk_credential_lists=lists)})
    assert found == [
        "trunkline_trunks[0].password differs from twilio_trunk_credential_lists[0].credentials[1].password, and user"
        " 'pbx' of list 'Users' has one password. Give each trunk a user of its own."][:wrong]


def test_twilio_s_limits_are_counted():
    hosts = {f"pbx{number}": host(number) for number in range(1, 12)}
    assert faults(hosts) == [
        "Trunk 'Main' would have 11 origination URLs, and Twilio takes 10: state its origination_urls, or let fewer"
        " hosts have the trunk."]
    extra = [{"ip_address": f"198.51.100.{number}"} for number in range(100)]
    (problem,) = faults({"pbx1": host(twilio_trunk_extra_addresses=extra)})
    assert "have 101 addresses, and Twilio takes 100" in problem


def test_addresses_are_counted_by_list():
    """A hundred PBXs on one trunk and ten on another are no list of 110; a trunk without a list has none."""
    trunks = {"Office": {**TRUNK, "origination": False}, "Branch": {**OTHER, "ip_access_control_list": "Branch"}}
    hosts = {f"a{n}": host(n, trunkline_trunks=[trunks["Office"]]) for n in range(1, 101)}
    hosts |= {f"b{n}": host(n, trunkline_trunks=[trunks["Branch"]]) for n in range(101, 111)}
    assert faults(hosts) == []
    hosts["b1"] = host(111, trunkline_trunks=[trunks["Office"]])
    assert faults(hosts) == [
        "IP access control list 'PBXs' would have 101 addresses, and Twilio takes 100: it has those of its trunks' PBX"
        " hosts and of twilio_trunk_extra_addresses."]


def test_two_hosts_at_one_place_are_warned_of():
    inventory = read({"pbx1": host(1), "pbx2": host(1)}, {}, {})
    assert inventory.problems == [] and "pbx1 and pbx2 have the same trunkline_public_address" in inventory.warnings[0]


def test_the_environment_says_what_is_not_given():
    environment = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_REGION": ""}
    inventory = read({"pbx1": host()}, {}, environment)
    assert inventory.hosts["pbx1"]["pbx_account_sid"] == ACCOUNT
    assert account.connection(inventory.account) == {"account_sid": ACCOUNT}
    assert read({"pbx1": host(pbx_account_sid="")}, {}, environment).hosts["pbx1"]["pbx_account_sid"] == ""


def test_an_account_is_read_without_any_trunk():
    options, problems = read_account({}, {"twilio_trunk_account_sid": ACCOUNT}, {})
    assert problems == [] and options["twilio_trunk_account_sid"] == ACCOUNT


def test_what_follows_from_other_options():
    found = read({"pbx1": host(pbx_sip_port=5080, pbx_local_networks="192.0.2.0/24")}, {}, {}).hosts["pbx1"]
    assert found["firewall_sip_ports"] == [5080] and found["firewall_phone_networks"] == ["192.0.2.0/24"]


def test_teardown_names_what_is_declared_and_nothing_else():
    inventory = read({"pbx1": host()}, {}, {})
    assert account.absent(inventory) == {
        "trunks": [{"name": "Main", "state": "absent"}],
        "ip_access_control_lists": [{"name": "PBXs", "state": "absent"}],
        "credential_lists": [],
    }


def test_a_trunk_that_teardown_keeps_has_nothing_on_it():
    kept = account.absent(read({"pbx1": host()}, {}, {}), keep_trunks=["Main", "Of others"])
    assert kept["trunks"] == [{
        "name": "Main", "ip_access_control_lists": [], "credential_lists": [], "origination_urls": [],
        "phone_numbers": [],
    }]
    assert kept["ip_access_control_lists"] == [{"name": "PBXs", "state": "absent"}] and kept["removal_limit"] == 100


@pytest.mark.parametrize("trunk, host_variables, url", [
    ({}, {}, "sip:203.0.113.1"),
    ({"transport": "tcp"}, {"pbx_sip_port": 5080}, "sip:203.0.113.1:5080;transport=tcp"),
    ({"secure": True}, {"trunkline_public_name": "pbx.example.com"}, "sip:pbx.example.com;transport=tls"),
    ({"secure": True}, {"pbx_tls_port": 5071}, "sip:203.0.113.1:5071;transport=tls"),
])
def test_an_origination_url(trunk, host_variables, url):
    files = {"pbx_tls_certificate": "/a.pem", "pbx_tls_private_key": "/b.pem"}
    found = declared({"pbx1": host(trunkline_trunks=[{**TRUNK, **trunk}], **files, **host_variables)})
    assert found["trunks"][0]["origination_urls"] == [{"sip_url": url, "name": "pbx1", "priority": 10, "weight": 10}]


def test_who_is_left_behind_by_a_run_that_does_not_reach_all():
    inventory = read({"pbx1": host(1), "pbx2": host(2, trunkline_trunks=[OTHER])}, {}, {})
    assert account.unreached_hosts(inventory, ["pbx1", "pbx2"]) == {}
    assert account.unreached_hosts(inventory, ["pbx1"]) == {"Other": ["pbx2"]}


@pytest.mark.parametrize("change, found", [
    ({"action": "change", "what": "trunk Main", "fields": {"secure": {"before": False, "after": True}}}, [True]),
    ({"action": "change", "what": "trunk Main", "fields": {"secure": {"before": True, "after": False}}}, [False]),
    ({"action": "change", "what": "trunk Main", "fields": {"recording": {"before": "a", "after": "b"}}}, []),
    ({"action": "change", "what": "trunk Other", "fields": {"secure": {"before": False, "after": True}}}, []),
    ({"action": "add", "what": "trunk Main", "fields": {"secure": {"before": None, "after": True}}}, []),
])
def test_which_change_leaves_somebody_behind(change, found):
    assert account.secure_changes([change], "Main") == found


@pytest.mark.parametrize("name, value, sentence", [
    ("verify_number", "919876543210", "verify_number must be a number in E.164 form"),
    ("verify_options_seconds", 0, "verify_options_seconds must be from 1 to 60 seconds, not 0."),
    ("verify_answer_seconds", 121, "verify_answer_seconds must be from 1 to 120 seconds"),
    ("verify_call_seconds", 1, "verify_call_seconds must be from 2 to 120 seconds"),
])
def test_what_role_verify_cannot_do_is_told_before_anything_is_touched(name, value, sentence):
    (problem,) = faults({"pbx1": host(**{name: value})})
    assert problem.startswith(sentence)


def test_what_a_pbx_keeps_of_its_inventory_is_what_concerns_it():
    kept = json.loads(without_secrets(read({"pbx1": host(verify_number="+919876543210")}, {}, {}).hosts["pbx1"]))
    assert kept["trunkline_trunks"] == [{
        "name": "Main", "domain": "main.pstn.twilio.com", "caller_id": "+17756187988", "secure": False,
        "transport": "udp", "max_calls": 30, "calls_per_second": 1, "max_call_seconds": 14400}]
    assert kept["pbx_sip_port"] == 5060 and kept["firewall_sip_ports"] == [5060]
    assert not [name for name in kept if name.startswith(("verify_", "twilio_"))]
    phones = [{"name": "1001", "password": PASSWORD}]
    assert PASSWORD not in without_secrets(read({"pbx1": host(pbx_phones=phones)}, {}, {}).hosts["pbx1"])


def test_passwords_of_phones_are_asked_for_by_who_writes_them_only():
    variables = {"pbx1": host(pbx_phones=[{"name": "1001"}])}
    assert read(variables, {}, {}).problems == ["pbx_phones[0].password is missing: give it a value."]
    inventory = read(variables, {}, {}, phone_passwords=False)
    assert inventory.problems == []
    assert inventory.hosts["pbx1"]["pbx_phones"][0]["password"] is None


@pytest.mark.parametrize("name, value, sentence", [
    ("account_sid", "a-token-in-the-wrong-place", "twilio_trunk_account_sid must be AC and 32 hexadecimal digits"),
    ("api_url", "127.0.0.1:18080", "twilio_trunk_api_url must be an http or https URL"),
    ("api_url", "http://user:S3cret@127.0.0.1", "twilio_trunk_api_url must be an http or https URL"),
    ("region", "mars", "twilio_trunk_region must be one of us1, ie1, au1"),
    ("api_key", "SK" + "0f" * 16, "twilio_trunk_api_key and twilio_trunk_api_secret go together"),
])
def test_who_asks_twilio_is_checked_before_anything_is_touched(name, value, sentence):
    problems = faults({"pbx1": host()}, {f"twilio_trunk_{name}": value})
    assert any(problem.startswith(sentence) for problem in problems), problems
    assert "S3cret" not in " ".join(problems) and "a-token" not in " ".join(problems)


def test_a_misspelt_variable_of_one_host_is_told_though_all_have_the_right_one():
    given = {**host(), "pbx_countries": ["US", "IN"], "pbx_countris": ["US"]}
    assert faults({"pbx1": given}) == ["pbx_countris is no variable of trunkline.voice; did you mean pbx_countries?"]
    given = {**host(), "pbx_country": ["IN"]}
    assert faults({"pbx1": given}) == ["pbx_country is no variable of trunkline.voice; did you mean pbx_countries?"]


def test_an_empty_class_is_not_the_widest():
    said = "is empty, as from a variable that is not set: name a class, or leave it out."
    assert faults({"pbx1": host(pbx_default_class="")}) == [f"pbx_default_class {said}"]
    phones = [{"name": "1001", "password": PASSWORD, "class": " "}]
    assert faults({"pbx1": host(pbx_phones=phones)}) == [f"pbx_phones[0].class {said}"]
    outside = [{"name": "mobile", "number": "+17756187990", "class": ""}]
    assert faults({"pbx1": host(pbx_outside_numbers=outside)}) == [f"pbx_outside_numbers[0].class {said}"]
