# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the difference of two inventories is called, and which difference opens."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.changes import inventory_changes
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.opens import OPENS

ROLES = Path(__file__).parents[3] / "roles"
PHONE = {"name": "1001", "class": "national", "max_calls": 2, "max_contacts": 1, "caller_name": None}
TRUNK = {
    "name": "Main", "domain": "main.pstn.twilio.com", "caller_id": "+17756187988", "secure": True,
    "transfer_mode": "disable-all", "max_calls": 30, "ip_access_control_list": "Server", "credential_list": "Users",
    "origination_urls": [{"sip_url": "sip:pbx.example.com", "weight": 10}],
}
BEFORE = {
    "firewall_enabled": True,
    "firewall_roaming_phones": False,
    "firewall_sip_rate": 20,
    "pbx_account_sid": "AC1",
    "pbx_allowed_prefixes": ["+8816"],
    "pbx_classes": [{"name": "sales", "countries": ["US"], "allowed_prefixes": None, "denied_prefixes": ["+1900"]}],
    "pbx_codecs": ["ulaw", "alaw"],
    "pbx_countries": ["US"],
    "pbx_default_class": "national",
    "pbx_denied_prefixes": ["+1900"],
    "pbx_dids": [{"number": "+17756187988", "phone": "1001", "trunk": None}],
    "pbx_emergency_numbers": ["911"],
    "pbx_phones": [PHONE],
    "pbx_sip_port": 5060,
    "trunkline_trunks": [TRUNK],
    "twilio_trunk_extra_addresses": [{"ip_address": "192.0.2.1", "cidr_prefix_length": 32, "name": None}],
}
#: What is changed, and the lines that tell it; those that open begin with a "!".
CASES = [
    ({}, []),
    ({"pbx_phones": [PHONE, {**PHONE, "name": "1002"}]}, ["phone 1002 added (class national)"]),
    ({"pbx_phones": []}, ["phone 1001 removed"]),
    ({"pbx_phones": [{**PHONE, "class": "international"}]}, ["!phone 1001: class national → international"]),
    ({"pbx_phones": [{**PHONE, "class": "internal"}]}, ["phone 1001: class national → internal"]),
    ({"pbx_phones": [{**PHONE, "class": "sales"}]}, ["!phone 1001: class national → sales"]),
    ({"pbx_phones": [{**PHONE, "class": None}]}, ["!phone 1001: class national → not given"]),
    (
        {"pbx_phones": [{**PHONE, "caller_name": "Anna", "max_calls": 3, "max_contacts": 0}]},
        ["!phone 1001: max_calls 2 → 3", "phone 1001: caller_name not given → Anna", "phone 1001: max_contacts 1 → 0"],
    ),
    ({"pbx_countries": ["US", "IN"]}, ["!pbx_countries: IN added"]),
    ({"pbx_countries": []}, ["pbx_countries: US removed"]),
    ({"pbx_countries": None}, ['!pbx_countries: ["US"] → not given']),
    ({"pbx_allowed_prefixes": []}, ["pbx_allowed_prefixes: +8816 removed"]),
    ({"pbx_allowed_prefixes": ["+8816", "+1900"]}, ["!pbx_allowed_prefixes: +1900 added"]),
    ({"pbx_denied_prefixes": []}, ["!pbx_denied_prefixes: +1900 removed"]),
    ({"pbx_denied_prefixes": ["+1900", "+44"]}, ["pbx_denied_prefixes: +44 added"]),
    ({"pbx_emergency_numbers": ["911", "112"]}, ["!pbx_emergency_numbers: 112 added"]),
    ({"pbx_default_class": "international"}, ["!pbx_default_class: national → international"]),
    (
        {"pbx_classes": [{"name": "sales", "countries": None, "allowed_prefixes": ["+8816"], "denied_prefixes": None}]},
        [
            "!class sales: allowed_prefixes: +8816 added",
            '!class sales: countries ["US"] → not given',
            "!class sales: denied_prefixes: +1900 removed",
        ],
    ),
    ({"firewall_roaming_phones": True}, ["!firewall_roaming_phones: false → true"]),
    ({"firewall_enabled": False}, ["!firewall_enabled: true → false"]),
    ({"firewall_enabled": None}, ["!firewall_enabled: true → not given"]),
    ({"firewall_sip_rate": 10}, ["firewall_sip_rate: 20 → 10"]),
    ({"firewall_sip_rate": 30}, ["!firewall_sip_rate: 20 → 30"]),
    ({"pbx_account_sid": ""}, ['!pbx_account_sid: AC1 → ""']),
    ({"pbx_sip_port": 5070}, ["pbx_sip_port: 5060 → 5070"]),
    ({"pbx_codecs": ["alaw", "ulaw"]}, ["pbx_codecs: order ulaw, alaw → alaw, ulaw"]),
    (
        {"pbx_dids": [{"number": "+17756187988", "phone": "1002"}, {"number": "+17756187989", "phone": "1001"}]},
        ["number +17756187989 added (phone 1001)", "number +17756187988: phone 1001 → 1002"],
    ),
    (
        {"trunkline_trunks": [{
            **TRUNK, "secure": False, "transfer_mode": "sip-only", "ip_access_control_list": None,
            "credential_list": "Us",
            "origination_urls": [{"sip_url": "sip:pbx.example.com", "weight": 20}, {"sip_url": "sip:b.example.com"}],
        }]},
        [
            "!trunk Main: ip_access_control_list Server → not given",
            "!trunk Main: secure true → false",
            "!trunk Main: transfer_mode disable-all → sip-only",
            "trunk Main: credential_list Users → Us",
            "trunk Main: origination_urls: sip:b.example.com added",
            "trunk Main: origination_urls: sip:pbx.example.com: weight 10 → 20",
        ],
    ),
    (
        {"twilio_trunk_extra_addresses": [{"ip_address": "192.0.2.0", "cidr_prefix_length": 24}]},
        ["!twilio_trunk_extra_addresses: 192.0.2.0/24 added", "twilio_trunk_extra_addresses: 192.0.2.1/32 removed"],
    ),
    (
        {"pbx_dids": [{"number": "+17756187988", "to": {"outside_number": "mobile"}}]},
        ["!number +17756187988: to not given → outside_number mobile", "number +17756187988: phone 1001 → not given"],
    ),
    (
        {"pbx_dids": [{"number": "+17756187988", "phone": "1001", "to": {"mailbox_login": "remote"}}]},
        ["!number +17756187988: to not given → mailbox_login remote"],
    ),
    (
        {"pbx_mailbox_logins": [{"name": "remote", "mailboxes": ["1001"]}]}, ["!mailbox login remote added"],
    ),
    (
        {"pbx_phones": [{**PHONE, "when_busy": {"outside_number": "mobile"}}]},
        ["!phone 1001: when_busy not given → outside_number mobile"],
    ),
    (
        {"pbx_phones": [{**PHONE, "forward_always": {"number": "+12025550143"}, "when_busy": {"menu": "main"}}]},
        ["!phone 1001: forward_always not given → number +12025550143", "phone 1001: when_busy not given → menu main"],
    ),
    (
        {"pbx_menus": [{"name": "main", "keys": {"1": {"outside_number": "mobile"}}}], "pbx_ring_groups": [
            {"name": "sales", "members": ["1001"], "outside_members": ["mobile"]}, {"name": "all", "members": []}]},
        ["!menu main added", "!ring group sales added", "ring group all added"],
    ),
    (
        {"pbx_n8n": [{"name": "reception", "allow": [{"phone": "1001"}]}]}, ["n8n reception added"],
    ),
    ({"pbx_new": 5, "pbx_other": None, "pbx_more": []}, ["pbx_new: not given → 5"]),
]


@pytest.mark.parametrize(("changed", "lines"), CASES, ids=lambda value: str(value)[:40])
def test_a_difference_in_words(changed, lines):
    found = inventory_changes(BEFORE, {**BEFORE, **changed})
    assert [f"{'!' if change.opens else ''}{change.line}" for change in found] == lines


@pytest.mark.parametrize(("before", "after", "lines"), [
    ({"outside_number": "anna"}, {"outside_number": "carl"}, ["!menu main: keys.1.outside_number anna → carl"]),
    ({"phone": "1001"}, {"outside_number": "carl"}, ["!menu main: keys.1 phone 1001 → outside_number carl"]),
    ({"outside_number": "anna"}, {"phone": "1001"}, ["menu main: keys.1 outside_number anna → phone 1001"]),
])
def test_a_destination_outside_opens_wherever_it_stands(before, after, lines):
    found = inventory_changes(*({"pbx_menus": [{"name": "main", "keys": {"1": to}}]} for to in (before, after)))
    assert [f"{'!' if change.opens else ''}{change.line}" for change in found] == lines


def test_what_a_workflow_may_reach_as_well_opens():
    rows = ([{"name": "reception", "allow": allow}] for allow in ([], [{"phone": "1001"}]))
    (found,) = inventory_changes(*({"pbx_n8n": row} for row in rows))
    assert found.opens


def test_a_host_without_an_inventory_before_gets_one_line():
    (only,) = inventory_changes({}, BEFORE)
    assert only == ("the whole inventory is new here: 1 trunk, 1 phone, 1 number", True)


def test_rows_that_share_a_name_are_told_by_their_values():
    rule = {"pattern": "0Z.", "prefix": "+44"}
    found = inventory_changes({"rules": [rule, rule]}, {"rules": [rule, {**rule, "prefix": "+49"}]})
    assert [change.line for change in found] == ['rules: {"pattern": "0Z.", "prefix": "+49"} added']


def options(specs: dict, path: str = "") -> set:
    """Each option of an argument spec as a path with dots."""
    found = set()
    for name, spec in specs.items():
        found |= {path + name} | options(spec.get("options", {}), f"{path}{name}.")
    return found


def test_what_opens_is_an_option_of_a_role():
    there = set()
    for file in ROLES.glob("*/meta/argument_specs.yml"):
        there |= options(yaml.safe_load(file.read_text())["argument_specs"]["main"]["options"])
    assert set(OPENS) <= there
