# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An inventory that cannot be right is refused with a sentence that names the variable."""

from __future__ import annotations

import copy

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.inventory import read
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.rules import problems


def filled(rows: list, columns: dict) -> list:
    return [{**{name: spec.get("default") for name, spec in columns.items()}, **row} for row in rows]


GIVEN = {
    "trunkline_trunks": [
        {
            "name": "Asterisk-SIP-Trunk",
            "domain": "asterisk-pbx1.pstn.twilio.com",
            "caller_id": "+17756187988",
            "caller_name": "Asterisk PBX",
            "ip_access_control_list": "Asterisk-Server",
            "credential_list": "Asterisk-Credentials",
            "username": "Asterisk",
            "password": "Canary-12345",
        }
    ],
    "trunkline_public_address": "203.0.113.10",
    "twilio_trunk_extra_addresses": [{"ip_address": "198.51.100.0", "cidr_prefix_length": 28, "name": "backup"}],
    "pbx_phones": [{"name": "1001", "password": "Canary-12345"}, {"name": "1002", "password": "Canary-12345"}],
    "pbx_dids": [{"number": "+17756187988", "phone": "1001"}],
    "pbx_local_networks": ["10.0.0.0/8"],
    "pbx_twilio_signalling_networks": ["54.172.60.0/30"],
    "pbx_international_prefixes": ["00"],
    "pbx_national_rules": [{"pattern": "0Z.", "strip": 1, "prefix": "+44"}],
}
#: Every option is there, with its default where nothing was given.
RIGHT = {**read({"pbx1": GIVEN}, {}, {}).hosts["pbx1"], "firewall_sip_ports": None}


def changed(path, value):
    """The right inventory with one value changed; None is as if it was not given."""
    inventory = copy.deepcopy(RIGHT)
    place = inventory
    for step in path[:-1]:
        place = place[step]
    if path[-1] == "+":
        place.append(value)
    else:
        place[path[-1]] = value
    return inventory


def test_the_right_inventory_has_no_problems():
    assert problems(RIGHT) == []


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (("trunkline_trunks", 0, "name"), "", "trunkline_trunks[0].name must have 1 to 64 characters"),
        (
            ("trunkline_trunks", 0, "domain"), "x.sip.twilio.com",
            "trunkline_trunks[0].domain must be the trunk's termination domain",
        ),
        (
            ("trunkline_trunks", 0, "caller_id"), "7756187988",
            "trunkline_trunks[0].caller_id must be a number in E.164 form",
        ),
        (("trunkline_trunks", 0, "username"), "u" * 33, "trunkline_trunks[0].username must have 1 to 32 characters"),
        (("trunkline_trunks", 0, "password"), "weak", "trunkline_trunks[0].password must have 12 characters or more"),
        (
            ("trunkline_trunks", 0, "password"), "",
            "trunkline_trunks[0] has a credential_list, so it needs a username and a password",
        ),
        (
            ("trunkline_trunks", 0, "username"), None,
            "trunkline_trunks[0] has a credential_list, so it needs a username",
        ),
        (
            ("trunkline_trunks", "+"), RIGHT["trunkline_trunks"][0],
            "trunkline_trunks[1].name repeats trunkline_trunks[0]",
        ),
        (("pbx_phones", 1, "name"), "1001", "pbx_phones[1].name repeats pbx_phones[0]: both have '1001'"),
        (("pbx_phones", 1, "name"), "10-01",
         "pbx_phones[1].name repeats pbx_phones[0]: both have '1001', since Asterisk ignores hyphens"),
        (("pbx_phones", 0, "password"), "alllowercase1",
         "pbx_phones[0].password must have an upper-case letter: weaker ones are guessed"),
        (("pbx_phones", 0, "password"), "", "pbx_phones[0] has an empty password: a vault"),
        (("pbx_phones", 0, "trunk"), "Other", "pbx_phones[0].trunk names 'Other', which is not in trunkline_trunks"),
        (("pbx_dids", 0, "number"), "+1", "pbx_dids[0].number must be a number in E.164 form"),
        (("pbx_dids", 0, "phone"), "1009", "pbx_dids[0].phone names '1009', which is not in pbx_phones"),
        (("pbx_dids", "+"), RIGHT["pbx_dids"][0], "pbx_dids[1].number repeats pbx_dids[0]"),
        (("trunkline_public_address",), "203.0.113.0/24", "trunkline_public_address must be an IPv4 address"),
        (
            ("twilio_trunk_extra_addresses", 0, "ip_address"), "no",
            "twilio_trunk_extra_addresses[0].ip_address must be an IPv4 address",
        ),
        (
            ("twilio_trunk_extra_addresses", 0, "cidr_prefix_length"), 33,
            "twilio_trunk_extra_addresses[0].cidr_prefix_length must be",
        ),
        (
            ("trunkline_trunks", 0, "caller_name"), 'x" <+1>',
            "trunkline_trunks[0].caller_name must be one line without any of",
        ),
        (("trunkline_trunks", 0, "termination"), "a host", "trunkline_trunks[0].termination must be a host name"),
        (("trunkline_trunks", 0, "password"), "Canary-12345\nx=y", "trunkline_trunks[0].password must be one line"),
        (("trunkline_trunks", 0, "secure"), True, "pbx_tls_certificate is not given, and trunkline_trunks[0].secure"),
        (("pbx_tls_port",), 65536, "pbx_tls_port must be a port from 1 to 65535"),
        (("pbx_tls_back_port",), 0, "pbx_tls_back_port must be a port from 1 to 65535"),
        (("pbx_tls_certificate",), "fullchain.pem", "pbx_tls_certificate must be a full path"),
        (("pbx_tls_private_key",), "/etc/ssl/a b.pem", "pbx_tls_private_key must be a full path"),
        (("pbx_tls_ca",), "/etc/ssl/$(id)", "pbx_tls_ca must be a full path"),
        (("trunkline_public_name",), "203.0.113.10", "trunkline_public_name must be a DNS name"),
        (("trunkline_public_name",), "pbx_1.example.com", "trunkline_public_name must be a DNS name"),
        (("trunkline_trunks",), [], "trunkline_trunks is empty"),
        (("pbx_phones", 0, "name"), "10&11", "pbx_phones[0].name must be 2 to 32 letters"),
        (("pbx_phones", 0, "name"), "twilio-x", "pbx_phones[0].name must be 2 to 32 letters"),
        (("pbx_phones", 0, "caller_name"), "a;b", "pbx_phones[0].caller_name must be one line"),
        (("pbx_phones", 0, "max_contacts"), 0, "pbx_phones[0].max_contacts must be a whole number from 1 to 32, not 0"),
        (("pbx_bind_address",), "::", "pbx_bind_address must be an IPv4 address"),
        (("pbx_external_address",), "pbx.example.com", "pbx_external_address must be an IPv4 address"),
        (("pbx_local_networks", 0), "10.0.0.0", "pbx_local_networks[0] must be an IPv4 network"),
        (
            ("pbx_twilio_signalling_networks", 0), "pstn.twilio.com",
            "pbx_twilio_signalling_networks[0] must be an IPv4 network",
        ),
        (("pbx_twilio_signalling_networks",), [], "pbx_twilio_signalling_networks is empty"),
        (("pbx_sip_port",), 0, "pbx_sip_port must be a port from 1 to 65535"),
        (("pbx_codecs",), ["g722"], "pbx_codecs must have ulaw or alaw: Twilio takes no other"),
        (("pbx_codecs",), [], "pbx_codecs must have ulaw or alaw: Twilio takes no other"),
        (("pbx_rtp_port_end",), 9000, "pbx_rtp_port_start must be at least 1024 and below pbx_rtp_port_end"),
        (("pbx_trunk_qualify_frequency",), 5, "pbx_trunk_qualify_frequency must be 15 seconds or more"),
        (("pbx_rtp_timeout_seconds",), 29, "pbx_rtp_timeout_seconds must be 0, which is never, or from 30 to 86400"),
        (("pbx_rtp_hold_timeout_seconds",), -1, "pbx_rtp_hold_timeout_seconds must be 0, which is never, or from 30"),
        (("pbx_hold_music",), "moh", "pbx_hold_music must be a full path"),
        (("pbx_restart_patience",), -1, "pbx_restart_patience must be from 0 to 86400 seconds"),
        (("pbx_restart_patience",), 86401, "pbx_restart_patience must be from 0 to 86400 seconds"),
        (("pbx_international_prefixes", 0), "+", "pbx_international_prefixes[0] must be 1 to 5 digits"),
        (("pbx_national_rules", 0, "pattern"), "0Z,1", "pbx_national_rules[0].pattern may hold digits"),
        (("pbx_national_rules", 0, "prefix"), "44", "pbx_national_rules[0].prefix must be + and a country code"),
        (("pbx_registration_maximum_expiry",), 30, "pbx_registration_minimum_expiry, _default_expiry and"),
        (("trunkline_public_address",), None, "trunkline_public_address is missing: give each PBX host the IPv4"),
        (("pbx_dids", 0, "trunk"), "Other", "pbx_dids[0].trunk names 'Other', which is not in trunkline_trunks"),
        (("trunkline_trunks", 0, "origination"), False, "pbx_dids[0].number comes in on trunk 'Asterisk-SIP-Trunk',"),
        (
            ("trunkline_trunks", 0, "origination_urls"), [{"sip_url": "pbx.example.com"}],
            "trunkline_trunks[0].origination_urls[0].sip_url must be a SIP URI",
        ),
        (
            ("trunkline_trunks", 0, "origination_urls"), [{"sip_url": "sip:203.0.113.10", "weight": 65536}],
            "trunkline_trunks[0].origination_urls[0].weight must be a whole number from 0 to 65535",
        ),
        (
            ("trunkline_trunks", 0, "origination_urls"), [{"sip_url": "sip:a.pstn.twilio.com"}],
            "trunkline_trunks[0].origination_urls[0].sip_url must lead to the PBX",
        ),
        (
            ("trunkline_trunks", 0, "phone_numbers"), ["17756187988"],
            "trunkline_trunks[0].phone_numbers[0].phone_number must be a number in E.164 form",
        ),
        (
            ("trunkline_trunks", 0, "disaster_recovery_url"), "ftp://example.com/",
            "trunkline_trunks[0].disaster_recovery_url must be an http or https URL",
        ),
        (
            ("twilio_trunk_countries",), [{"iso_code": "Germany"}],
            "twilio_trunk_countries[0].iso_code must be a country's two letters",
        ),
        (
            ("twilio_trunk_ip_access_control_lists",), [{"name": "Office", "addresses": [{"ip_address": "::1"}]}],
            "twilio_trunk_ip_access_control_lists[0].addresses[0].ip_address must be an IPv4 address",
        ),
        (
            ("twilio_trunk_ip_access_control_lists",), [{"name": "Office"}, {"name": "Office"}],
            "twilio_trunk_ip_access_control_lists[1] repeats twilio_trunk_ip_access_control_lists[0]",
        ),
        (
            ("twilio_trunk_credential_lists",),
            [{"name": "Asterisk-Credentials", "credentials": [{"username": "anna"}]}],
            "trunkline_trunks[0].username is not in list 'Asterisk-Credentials' of twilio_trunk_credential_lists",
        ),
        (("twilio_trunk_removal_limit",), 101, "twilio_trunk_removal_limit must be a percentage from 0 to 100"),
    ],
)
def test_a_wrong_value_is_named_by_its_variable(path, value, sentence):
    found = problems(changed(path, value))
    assert any(problem.startswith(sentence) for problem in found), found


def test_a_trunk_with_neither_list_is_refused():
    inventory = changed(("trunkline_trunks", 0, "credential_list"), None)
    inventory["trunkline_trunks"][0]["ip_access_control_list"] = None
    assert problems(inventory) == [
        "trunkline_trunks[0] has neither ip_access_control_list nor credential_list: Twilio would refuse every call."
    ]


@pytest.mark.parametrize(("lacks", "nothing"), [("username", None), ("password", None), ("password", "")])
def test_a_user_without_a_password_or_a_list_is_refused(lacks, nothing):
    inventory = changed(("trunkline_trunks", 0, "credential_list"), None)
    inventory["trunkline_trunks"][0][lacks] = nothing
    (problem,) = problems(inventory)
    assert problem.startswith("trunkline_trunks[0] has one of username and password, which go together, and no")


def test_a_user_with_a_password_may_be_in_no_list():
    """Twilio does not ask for it then."""
    assert problems(changed(("trunkline_trunks", 0, "credential_list"), None)) == []


SECOND = {**RIGHT["trunkline_trunks"][0], "name": "Second", "domain": "second.pstn.twilio.com"}
ON_SECOND = {**RIGHT["pbx_dids"][0], "number": "+17756187988", "phone": "1002", "to": None, "trunk": "Second"}


@pytest.mark.parametrize(
    ("trunk", "dids"),
    [
        ({**SECOND, "phone_numbers": ["+17756187988"]}, RIGHT["pbx_dids"]),
        (SECOND, [*RIGHT["pbx_dids"], ON_SECOND]),
    ],
)
def test_a_number_on_two_trunks_is_refused(trunk, dids):
    inventory = changed(("trunkline_trunks", "+"), trunk)
    inventory["pbx_dids"] = dids
    where = "trunkline_trunks[1].phone_numbers[0]" if trunk.get("phone_numbers") else "pbx_dids[1].number"
    sentence = (
        f"{where} puts +17756187988 on trunk 'Second', and pbx_dids[0].number puts it on 'Asterisk-SIP-Trunk'; a number"
        " belongs to one trunk."
    )
    assert sentence in problems(inventory)


def test_each_trunk_has_numbers_of_its_own():
    inventory = changed(("trunkline_trunks", "+"), SECOND)
    inventory["pbx_dids"].append({**ON_SECOND, "number": "+12025550143"})
    assert problems(inventory) == []


def test_a_trunk_without_origination_has_no_origination_urls():
    inventory = changed(("trunkline_trunks", 0, "origination"), False)
    inventory["pbx_dids"] = []
    assert problems(inventory) == []
    inventory["trunkline_trunks"][0]["origination_urls"] = [{"sip_url": "sip:203.0.113.10"}]
    assert problems(inventory) == ["trunkline_trunks[0].origination_urls must not be given where origination is false."]


def test_a_trunk_may_have_only_lists_that_others_declare():
    inventory = changed(("trunkline_trunks", 0, "ip_access_control_lists"), ["Office"])
    for name in ("ip_access_control_list", "credential_list", "username", "password"):
        inventory["trunkline_trunks"][0][name] = None
    assert problems(inventory) == []


def test_all_problems_come_at_once():
    inventory = changed(("trunkline_trunks", 0, "caller_id"), "1")
    inventory["pbx_phones"][1]["name"] = "1001"
    assert len(problems(inventory)) == 2


@pytest.mark.parametrize(("name", "value", "sentence"), [
    ("trunkline_public_address", "0.0.0.0", "trunkline_public_address must be the address of the PBX as Twilio"),
    ("trunkline_public_address", "127.0.0.1", "trunkline_public_address must be the address of the PBX as Twilio"),
    ("trunkline_public_address", "224.0.0.5", "trunkline_public_address must be the address of the PBX as Twilio"),
    ("pbx_twilio_signalling_networks", ["0.0.0.0/0"],
     "pbx_twilio_signalling_networks[0] must not be wider than a /8, as '0.0.0.0/0' is: those that Twilio publishes"),
    ("pbx_twilio_media_networks", ["0.0.0.0/0"],
     "pbx_twilio_media_networks[0] must not be wider than a /8, as '0.0.0.0/0' is: those that Twilio publishes"),
    ("pbx_local_networks", ["0.0.0.0/0"], "pbx_local_networks[0] must not be wider than a /8, as '0.0.0.0/0' is: set"),
])
def test_what_would_open_the_pbx_to_all_is_refused(name, value, sentence):
    found = problems(changed((name,), value))
    assert any(problem.startswith(sentence) for problem in found), found


def test_a_password_that_is_a_template_is_refused():
    (problem,) = problems(changed(("pbx_phones", 0, "password"), "{{ vault_phone_Front1 }}"))
    assert problem == "pbx_phones[0].password is a template that was not rendered: take away the !unsafe before it."
