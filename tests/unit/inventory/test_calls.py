# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an inventory says of calls out and cannot be right is refused with a sentence that names the variable."""

from __future__ import annotations

import copy

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory import calls
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.options import of_pbx
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.rules import problems

from .test_rules import RIGHT, filled


def given(**changes) -> dict:
    """The right inventory with some variables in place of its own, as Ansible hands them over."""
    made = copy.deepcopy({**RIGHT, "twilio_trunk_countries": None, **changes})
    made["pbx_classes"] = filled(made["pbx_classes"], of_pbx()["pbx_classes"]["options"])
    return made


def phone(**changes) -> list:
    return [{**RIGHT["pbx_phones"][0], **changes}, RIGHT["pbx_phones"][1]]


def trunk(**changes) -> list:
    return [{**RIGHT["trunkline_trunks"][0], **changes}]


US = [{"iso_code": "US", "low_risk_numbers": True}]
FULL = {
    "pbx_countries": ["US", "CA"],
    "twilio_trunk_countries": US,
    "pbx_allowed_prefixes": ["+8816"],
    "pbx_denied_prefixes": ["+881", "+1700"],
    "pbx_classes": [{"name": "sales", "countries": ["CA"], "allowed_prefixes": ["+1900"]}],
    "pbx_phones": phone(**{"class": "sales"}),
    "pbx_default_class": "national",
    "pbx_emergency_numbers": ["911", "112"],
    "pbx_account_sid": "AC" + "0f" * 16,
}


def test_a_full_and_right_inventory_has_no_problems():
    assert problems(given(**FULL)) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"pbx_countries": ["USA"]}, "pbx_countries[0] must be a country's two letters in capitals, such as US, not"),
        ({"pbx_countries": ["US", "de"]}, "pbx_countries[1] must be a country's two letters in capitals"),
        ({"pbx_countries": ["UK"]}, "pbx_countries[0] must be a country's two letters in capitals, such as US, not"
                                    " 'UK': write GB."),
        ({"pbx_countries": ["us"]}, "pbx_countries[0] must be a country's two letters in capitals, such as US, not"
                                    " 'us': write US."),
        ({"pbx_countries": ["DE"], "twilio_trunk_countries": US},
         "pbx_countries[0] is DE, which is not open in twilio_trunk_countries: Twilio would refuse every call."),
        ({"pbx_countries": ["US"], "twilio_trunk_countries": [{"iso_code": "US", "low_risk_numbers": False}]},
         "pbx_countries[0] is US, which is not open in twilio_trunk_countries"),
        ({"pbx_classes": [{"name": "sales", "countries": ["DE"]}], "pbx_countries": ["US"]},
         "pbx_classes[0].countries[0] is DE, which is not in pbx_countries."),
        ({"pbx_classes": [{"name": "sales", "countries": ["DE"]}], "twilio_trunk_countries": US},
         "pbx_classes[0].countries[0] is DE, which is not open in twilio_trunk_countries"),
        ({"pbx_classes": [{"name": "sales", "countries": ["XX"]}]}, "pbx_classes[0].countries[0] must be a country's"),
        ({"pbx_classes": [{"name": "Sales team"}]}, "pbx_classes[0].name must be 1 to 16 lower-case letters and"),
        ({"pbx_classes": [{"name": "national"}]}, "pbx_classes[0].name is 'national', which is the name of another"),
        ({"pbx_classes": [{"name": "a"}, {"name": "a"}]}, "pbx_classes[1].name is 'a', which is the name of another"),
        ({"pbx_classes": [{"name": "a", "allowed_prefixes": ["1900"]}]},
         "pbx_classes[0].allowed_prefixes[0] must be a plus sign and 1 to 15 digits"),
        ({"pbx_classes": [{"name": "a", "denied_prefixes": ["+0"]}]},
         "pbx_classes[0].denied_prefixes[0] must be a plus sign and 1 to 15 digits"),
        ({"pbx_classes": [{"name": "a", "denied_prefixes": ["+1"], "allowed_prefixes": ["+1"]}]},
         "pbx_classes[0].allowed_prefixes and pbx_classes[0].denied_prefixes both have +1."),
        ({"pbx_allowed_prefixes": ["+1900X"]}, "pbx_allowed_prefixes[0] must be a plus sign and 1 to 15 digits"),
        ({"pbx_denied_prefixes": ["+"]}, "pbx_denied_prefixes[0] must be a plus sign and 1 to 15 digits"),
        ({"pbx_allowed_prefixes": ["+1"], "pbx_denied_prefixes": ["+1"]},
         "pbx_allowed_prefixes and pbx_denied_prefixes both have +1."),
        ({"pbx_default_class": "boss"}, "pbx_default_class names 'boss', which is neither in pbx_classes nor one of"),
        ({"pbx_phones": phone(**{"class": "boss"})}, "pbx_phones[0].class names 'boss', which is neither in"),
        ({"pbx_phones": phone(max_calls=0)}, "pbx_phones[0].max_calls must be a whole number from 1 to 10000"),
        ({"pbx_phones": phone(calls_per_second=0)}, "pbx_phones[0].calls_per_second must be a whole number from 1"),
        ({"trunkline_trunks": trunk(max_calls=-1)}, "trunkline_trunks[0].max_calls must be a whole number from 1"),
        ({"trunkline_trunks": trunk(calls_per_second=101)}, "trunkline_trunks[0].calls_per_second must be a whole"),
        ({"trunkline_trunks": trunk(max_call_seconds=0)}, "trunkline_trunks[0].max_call_seconds must be a whole number"
                                                          " from 60 to 86400"),
        ({"trunkline_trunks": trunk(domain="x" * 60 + ".pstn.twilio.com")},
         "trunkline_trunks[0].domain begins with 60 characters, too many for Asterisk"),
        ({"pbx_max_wait_seconds": 61}, "pbx_max_wait_seconds must be from 0 to 60 seconds"),
        ({"pbx_emergency_numbers": ["+911"]}, "pbx_emergency_numbers[0] must be 2 to 6 digits"),
        ({"pbx_emergency_numbers": ["1001"]}, "pbx_phones[0].name is 1001, which pbx_emergency_numbers has"),
        ({"pbx_phones": phone(name="911")}, "pbx_phones[0].name is 911, which is an emergency number in US: nobody"),
        ({"pbx_phones": phone(name="101"), "pbx_home_country": "IN"},
         "pbx_phones[0].name is 101, which is an emergency number in IN: nobody could call it. Give the phone another"
         " name, or state pbx_emergency_numbers without it."),
        ({"trunkline_trunks": trunk(caller_id="+15655550143")},
         "trunkline_trunks[0].caller_id is +15655550143, whose country Python package phonenumbers does not know, so"),
        ({"trunkline_trunks": trunk(caller_id="+881612345678")},
         "trunkline_trunks[0].caller_id is +881612345678, whose country Python package phonenumbers does not know, so"),
        ({"pbx_national_rules": [{"pattern": "0Z.", "strip": -1, "prefix": "+44"}]},
         "pbx_national_rules[0].strip must be from 0 to 2, the digits of its pattern, not -1."),
        ({"pbx_national_rules": [{"pattern": "0Z.", "strip": 3, "prefix": "+44"}]},
         "pbx_national_rules[0].strip must be from 0 to 2, the digits of its pattern, not 3."),
        ({"pbx_home_country": "UK"}, "pbx_home_country must be a country's two letters in capitals, such as US, not"),
        ({"pbx_account_sid": "SK" + "0" * 32}, "pbx_account_sid must be AC and 32 hexadecimal digits"),
    ],
)
def test_a_wrong_value_is_named_by_its_variable(changes, sentence):
    found = problems(given(**changes))
    assert any(problem.startswith(sentence) for problem in found), found


@pytest.mark.parametrize("countries", [{"pbx_countries": ["US"]}, {"twilio_trunk_countries": US}])
def test_a_caller_id_of_an_unknown_area_needs_countries(countries):
    assert problems(given(trunkline_trunks=trunk(caller_id="+15655550143"), **countries)) == []


def test_countries_that_others_keep_at_twilio_may_be_named():
    assert problems(given(pbx_countries=["DE"], twilio_trunk_countries=US, twilio_trunk_keep_extra=["countries"])) == []


@pytest.mark.parametrize("changes", [
    {"pbx_phones": phone(name="101")},
    {"pbx_phones": phone(name="999")},
    {"pbx_phones": phone(name="101"), "pbx_home_country": "IN", "pbx_emergency_numbers": ["112"]},
])
def test_a_phone_may_have_the_name_of_an_emergency_number_of_elsewhere(changes):
    assert not [problem for problem in problems(given(**changes)) if "emergency" in problem]


def test_what_is_missing_is_named(monkeypatch):
    monkeypatch.setattr(calls, "PHONENUMBERS", False)
    (found,) = [problem for problem in problems(given()) if "phonenumbers" in problem]
    assert "pip install phonenumbers" in found
