# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a twin of Twilio: what is typed means one thing, or is refused by name."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory import twin
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.options import of_twin

from .test_spellings import as_written, changed, spellings

HOST = {
    "twilio_twin_account_sid": "AC" + "a1" * 16, "twilio_twin_auth_token": "the-token-of-a-twin",
    "twilio_twin_api_keys": [{"sid": "SK" + "b2" * 16, "secret": "the-secret-of-a-key"}],
    "twilio_twin_numbers": ["+17756187988"], "twilio_twin_caller_ids": ["+12025550143"],
    "twilio_twin_pstn_numbers": [{"number": "+919876543210", "behaviour": "answer"}],
    "twilio_twin_address": "10.1.2.3", "twilio_twin_api_port": 8081,
    "twilio_twin_settings": {"trunks_per_account": 2}, "twilio_twin_certificate_names": ["*.pstn.twilio.com"],
    "twilio_twin_concurrent_calls": 4, "twilio_twin_unknown_domain": "drop", "twilio_twin_dialing_permissions": True,
    "twilio_twin_caller_id_reason": "Invalid", "twilio_twin_caller_id_text": "It is not yours, Zoë",
    "twilio_twin_edges": ["dublin", "sao-paulo"],
    "twilio_twin_edge_addresses": [{"name": "dublin", "address": "10.1.2.4", "delay_ms": 20}],
    "twilio_twin_edge_workers": 2, "twilio_twin_answer_seconds": 5, "twilio_twin_ring_seconds": 6,
}
ALL = list(spellings(of_twin(), HOST))


def problems(**options) -> list[str]:
    return twin.read({**HOST, **options}, "", as_written)[1]


def test_the_host_has_a_value_for_every_option():
    assert set(HOST) == set(of_twin()) and problems() == []


@pytest.mark.parametrize("spelling", ALL, ids=map(str, ALL))
def test_a_spelling_means_the_same_or_is_refused(spelling):
    found, wrong = twin.read(changed(spelling.path, spelling.delivered, HOST), "", as_written)
    if wrong:
        assert any(str(spelling.path[0]) in problem for problem in wrong), wrong
        assert not any("the-" in problem for problem in wrong)
        return
    means, refused = twin.read(changed(spelling.path, spelling.means, HOST), "", as_written)
    assert not refused, f"accepted, though {spelling.means!r} is refused: {refused}"
    assert found == means


@pytest.mark.parametrize(("options", "sentence"), [
    ({"twilio_twin_address": "10.1.2.256"}, "twilio_twin_address must be an IPv4 address"),
    ({"twilio_twin_address": None}, "twilio_twin_address is missing, and the host has no default route"),
    ({"twilio_twin_account_sid": "AC1"}, "twilio_twin_account_sid must be AC and 32"),
    ({"twilio_twin_numbers": ["7756187988"]}, "twilio_twin_numbers[0] must be a number in E.164 form"),
    ({"twilio_twin_pstn_numbers": [{"number": "1", "behaviour": "busy"}]}, "twilio_twin_pstn_numbers[0].number must"),
    ({"twilio_twin_edges": ["dublin", "Tokyo!"]}, "twilio_twin_edges[1] must be a name"),
    ({"twilio_twin_certificate_names": ["*.*.com"]}, "twilio_twin_certificate_names[0] must be a name"),
    ({"twilio_twin_api_port": 0}, "twilio_twin_api_port must be from 1 to 65535, not 0"),
    ({"twilio_twin_concurrent_calls": -1}, "twilio_twin_concurrent_calls must be from 0"),
    ({"twilio_twin_caller_id_text": 'a"!b'}, "twilio_twin_caller_id_text must be one line without quotes"),
    ({"twilio_twin_settings": "trunks"}, "twilio_twin_settings must be a dict"),
    ({"twilio_twin_edge_addresses": [{"name": "tokyo", "address": "10.1.2.4"}]}, "[0].name is 'tokyo', which is not"),
    ({"twilio_twin_edge_addresses": [{"name": "dublin", "address": "10.1.2.3"}]}, "[0].address is the twin's own"),
    ({"twilio_twin_edge_addresses": [{"name": "dublin", "address": "10.1.2.4", "delay_ms": 10001}]}, "delay_ms must"),
    ({"twilio_twin_number": []}, "twilio_twin_number is no variable of trunkline.voice; did you mean twilio_twin_num"),
])
def test_what_cannot_be_right_is_refused_by_name(options, sentence):
    (found,) = problems(**options)
    assert sentence in found


@pytest.mark.parametrize("typed", ["false", "no", "0"])
def test_a_switch_that_is_typed_on_the_command_line_is_off(typed):
    values, dummy = twin.read({**HOST, "twilio_twin_dialing_permissions": typed}, "")
    assert values["twilio_twin_dialing_permissions"] is False


def test_the_default_route_has_the_address():
    given = {name: value for name, value in HOST.items() if name != "twilio_twin_address"}
    values, wrong = twin.read(given, "192.0.2.7")
    assert wrong == [] and values["twilio_twin_address"] == "192.0.2.7"


def test_tasks_know_no_secret():
    assert "the-" not in str(twin.public(twin.read(HOST, "")[0]))
