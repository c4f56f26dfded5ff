# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An inventory that cannot be right is refused with a sentence that names the variable."""

from __future__ import annotations

import copy

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.trunkline.voice.plugins.module_utils._twilio.declaration import check, problems

RIGHT = {
    "trunks": [
        {
            "name": "Asterisk-SIP-Trunk",
            "domain": "asterisk-pbx1.pstn.twilio.com",
            "caller_id": "+17756187988",
            "ip_access_control_list": "Asterisk-Server",
            "credential_list": "Asterisk-Credentials",
            "username": "Asterisk",
            "password": "Canary-12345",
        }
    ],
    "phones": [{"name": "1001", "password": "Canary-12345"}, {"name": "1002", "password": "Canary-12345"}],
    "dids": [{"number": "+17756187988", "phone": "1001"}],
    "extra_addresses": [{"ip_address": "198.51.100.0", "cidr_prefix_length": 28, "name": "backup"}],
    "addresses": {"pbx1": "203.0.113.10"},
}


def changed(path, value):
    """The right inventory with one value changed; None takes it out."""
    inventory = copy.deepcopy(RIGHT)
    place = inventory
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    elif path[-1] == "+":
        place.append(value)
    else:
        place[path[-1]] = value
    return inventory


def test_the_right_inventory_has_no_problems():
    assert problems(**RIGHT) == []


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (("trunks", 0, "name"), "", "trunkline_trunks[0].name must have 1 to 64 characters"),
        (("trunks", 0, "domain"), "x.sip.twilio.com", "trunkline_trunks[0].domain must be the trunk's termination domain"),
        (("trunks", 0, "caller_id"), "7756187988", "trunkline_trunks[0].caller_id must be a number in E.164 form"),
        (("trunks", 0, "username"), "u" * 33, "trunkline_trunks[0].username must have 1 to 32 characters"),
        (("trunks", 0, "password"), "weak", "trunkline_trunks[0].password must have 12 characters or more"),
        (("trunks", 0, "password"), "", "trunkline_trunks[0] has a credential_list, so it needs a username and a password"),
        (("trunks", 0, "username"), None, "trunkline_trunks[0] has a credential_list, so it needs a username"),
        (("trunks", "+"), RIGHT["trunks"][0], "trunkline_trunks[1].name repeats trunkline_trunks[0]"),
        (("phones", 1, "name"), "1001", "pbx_phones[1].name repeats pbx_phones[0]: '1001' is there twice"),
        (("phones", 0, "password"), "alllowercase1", "pbx_phones[0].password must have an upper-case letter"),
        (("phones", 0, "password"), "", "pbx_phones[0] has an empty password: perhaps a vault"),
        (("dids", 0, "number"), "+1", "pbx_dids[0].number must be a number in E.164 form"),
        (("dids", 0, "phone"), "1009", "pbx_dids[0].phone names '1009', which is not in pbx_phones"),
        (("dids", "+"), RIGHT["dids"][0], "pbx_dids[1].number repeats pbx_dids[0]"),
        (("addresses", "pbx1"), "203.0.113.0/24", "trunkline_public_address of pbx1 must be an IPv4 address"),
        (("extra_addresses", 0, "ip_address"), "no", "twilio_trunk_extra_addresses[0].ip_address must be an IPv4 address"),
        (("extra_addresses", 0, "cidr_prefix_length"), 33, "twilio_trunk_extra_addresses[0].cidr_prefix_length must be"),
        (("addresses", "pbx1"), "", "trunkline_public_address of pbx1 must be an IPv4 address"),
    ],
)
def test_a_wrong_value_is_named_by_its_variable(path, value, sentence):
    found = problems(**changed(path, value))
    assert any(problem.startswith(sentence) for problem in found), found


def test_a_trunk_with_neither_list_is_refused():
    inventory = changed(("trunks", 0, "credential_list"), None)
    del inventory["trunks"][0]["ip_access_control_list"]
    assert problems(**inventory) == [
        "trunkline_trunks[0] has neither ip_access_control_list nor credential_list: Twilio would refuse every call."
    ]


def test_all_problems_come_at_once():
    inventory = changed(("trunks", 0, "caller_id"), "1")
    inventory["phones"][1]["name"] = "1001"
    with pytest.raises(InvalidInput) as caught:
        check(*inventory.values())
    assert len(caught.value.details["problems"]) == 2
