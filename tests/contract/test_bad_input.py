# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""playbooks/site.yml with one thing wrong: a clear error before anything is touched, and no secret in it.

The PBX of this inventory does not exist: a run that got as far as to touch it would fail by not reaching it.
"""

from __future__ import annotations

import copy
import json
import sqlite3
from pathlib import Path

import pytest
import yaml

from tests.sdk import client

from .conftest import ACCOUNT, TOKEN
from .played import CANARY, INVENTORY, empty, play

HOST = ("children", "pbx", "hosts", "pbx1", "trunkline_public_address")
TRUNK = ("vars", "trunkline_trunks", 0)
PHONE = ("vars", "pbx_phones", 0)
DID = ("vars", "pbx_dids", 0)
GONE = object()


class Written(str):
    """A scalar as somebody writes it in a YAML file."""


yaml.SafeDumper.add_representer(Written, lambda dumper, text: dumper.represent_scalar(
    f"tag:yaml.org,2002:{'bool' if text.isalpha() else 'int'}", str(text)))


@pytest.fixture
def site(served, tmp_path):
    """site(path, value, **environment): runs site.yml with one value of the inventory changed."""
    empty(served[0])

    def run(path=(), value=None, **environment):
        inventory = copy.deepcopy(INVENTORY)
        place = inventory["all"]
        for step in path[:-1]:
            place = place[step]
        if value is GONE:
            del place[path[-1]]
        elif path:
            place[path[-1]] = value
        code, printed = play("site", served[0], tmp_path, "-vvv", "--diff", inventory=inventory, **environment)
        return code, " ".join(printed.split())

    return run


def account_is_empty(folder: Path) -> bool:
    with sqlite3.connect(folder / "twin.db") as state:
        tables = ("trunk", "ip_access_control_list", "ip_address", "credential_list", "credential")
        return not any(state.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)


def changed(path, **values):
    """A copy of the dict or list at `path` with values changed."""
    place = INVENTORY["all"]
    for step in path:
        place = place[step]
    return {**place, **values}


UNREADABLE = {
    "a password with braces": (
        (*PHONE, "password"), CANARY + "{{", "pbx_phones[0].password cannot be read: its text is no template",
    ),
    "a variable that is not defined": (
        ("vars", "pbx_default_class"), "{{ class_of_phones }}", "pbx_default_class cannot be read: ",
    ),
}
WRONG_FORM = {
    "a missing trunk name": ((*TRUNK, "name"), GONE, "trunkline_trunks[0].name is missing"),
    "an empty trunk name": ((*TRUNK, "name"), "", "trunkline_trunks[0].name is missing"),
    "an option that Twilio's lists do not have": (
        ("vars", "twilio_trunk_keep_extra"), ["trunks"], "twilio_trunk_keep_extra[0] must be one of addresses,",
    ),
    "an unknown option of a trunk": (
        (*TRUNK, "callerid"), "+17756187988",
        "trunkline_trunks[0].callerid is no option: did you mean caller_id?",
    ),
    "an unknown option of a phone": ((*PHONE, "secret"), "x", "pbx_phones[0].secret is no option: "),
    "a wrong choice": (
        (*TRUNK, "transfer_mode"), "sometimes",
        "trunkline_trunks[0].transfer_mode must be one of disable-all, enable-all, sip-only, not 'sometimes'",
    ),
    "a wrong type": (("vars", "trunkline_trunks"), "Asterisk-SIP-Trunk", "trunkline_trunks must be a list of dicts"),
    "a number that YAML reads as octal": (
        (*PHONE, "name"), Written("0100"), "pbx_phones[0].name must be text, and YAML"),
    "a caller ID whose plus YAML takes": (
        (*TRUNK, "caller_id"), Written("+17756187988"),
        'trunkline_trunks[0].caller_id must be text, and YAML reads +17756187988 as 17756187988: write it in quotes',
    ),
    "a country that YAML reads as false": (
        ("vars", "pbx_countries"), [Written("NO")], "pbx_countries[0] must be text, and YAML reads yes, no, on and off",
    ),
    "a user that YAML reads as minutes": (
        (*TRUNK, "username"), Written("22:22:22"), "trunkline_trunks[0].username must be text, and YAML reads 22:22:22",
    ),
    "a misspelt variable": (("vars", "pbx_natonal_rules"), [], "did you mean pbx_national_rules?"),
    "a flag that is neither": (("vars", "firewall_roaming_phones"), "nope", "firewall_roaming_phones must be true or"),
    "an empty text for a list": (("vars", "pbx_countries"), "", "pbx_countries is empty, where a list is meant"),
}
WRONG_VALUE = {
    "a SIP domain": (
        (*TRUNK, "domain"), "asterisk-pbx1.sip.twilio.com",
        "trunkline_trunks[0].domain must be the trunk's termination domain and end in .pstn.twilio.com",
    ),
    "a doubled domain": (
        (*TRUNK, "domain"), "a.pstn.twilio.com.pstn.twilio.com",
        "trunkline_trunks[0].domain must have .pstn.twilio.com once",
    ),
    "a caller ID without plus": (
        (*TRUNK, "caller_id"), "17756187988",
        "trunkline_trunks[0].caller_id must be a number in E.164 form",
    ),
    "a short password": ((*TRUNK, "password"), "Ab1", "trunkline_trunks[0].password must have 12 characters or more"),
    "a password without upper case": (
        (*TRUNK, "password"), CANARY.lower(),
        "trunkline_trunks[0].password must have an upper-case letter",
    ),
    "a password without lower case": (
        (*TRUNK, "password"), CANARY.upper(),
        "trunkline_trunks[0].password must have a lower-case letter",
    ),
    "a password without digit": (
        (*TRUNK, "password"), "Canary-of-bad-input",
        "trunkline_trunks[0].password must have a digit",
    ),
    "an IPv6 address": (HOST, "2001:db8::1", "trunkline_public_address must be an IPv4 address"),
    "a host name for an address": (HOST, "pbx1.example.com", "trunkline_public_address must be an IPv4 address"),
    "no address": (HOST, GONE, "trunkline_public_address is missing: give each PBX host"),
    "a duplicate phone": (
        ("vars", "pbx_phones"), [changed(PHONE), changed(PHONE)],
        "pbx_phones[1].name repeats pbx_phones[0]: both have '1001'",
    ),
    "a DID for nobody": (
        (*DID, "phone"), "1009", "pbx_dids[0].phone names '1009', which is not in pbx_phones",
    ),
    "a DID on no trunk": (
        (*DID, "trunk"), "Other", "pbx_dids[0].trunk names 'Other', which is not in trunkline_trunks",
    ),
    "a DID on a trunk that brings no calls in": (
        (*TRUNK, "origination"), False,
        "pbx_dids[0].number comes in on trunk 'Trunk-",
    ),
    "an origination URL that Twilio does not take": (
        (*TRUNK, "origination_urls"), [{"sip_url": "sips:pbx.example.com"}],
        "trunkline_trunks[0].origination_urls[0].sip_url must begin with sip:",
    ),
    "a disaster recovery URL of no kind": (
        (*TRUNK, "disaster_recovery_url"), "example.com/dr",
        "trunkline_trunks[0].disaster_recovery_url must be an http or https URL",
    ),
    "a SIP port among those of audio": (("vars", "pbx_sip_port"), 10060, "pbx_sip_port is 10060, which is one of"),
    "more digits to strip than there are": (
        ("vars", "pbx_national_rules"), [{"pattern": "0Z.", "strip": 3, "prefix": "+44"}],
        "pbx_national_rules[0].strip must be from 0 to 2",
    ),
}
NOT_HERE = {
    "a sound file that is not there": (
        ("vars", "pbx_prompts"), [{"name": "welcome", "file": "prompts/welcome.mp3"}],
        "pbx_prompts[0].file cannot be read on the controller: ",
    ),
}
#: By the step that finds them, as what one refuses the next is not asked about.
WRONG = {"unreadable": UNREADABLE, "form": WRONG_FORM, "value": WRONG_VALUE, "not here": NOT_HERE}
#: In options that the whole run has one value of: two wrong rows and others at once.
WRONG_AT_TWILIO = {
    "twilio_trunk_extra_addresses": [
        {"ip_address": "198.51.100.0", "cidr_prefix_length": length} for length in (33, -1)],
    "twilio_trunk_countries": [{"iso_code": "USA"}],
    "twilio_trunk_credential_lists": [
        {"name": "Others", "credentials": [{"username": "anna", "password": "weak"}]}],
}
AT_TWILIO = [
    "twilio_trunk_extra_addresses[0].cidr_prefix_length must be a prefix length from 0 to 32, not 33",
    "twilio_trunk_extra_addresses[1].cidr_prefix_length must be a prefix length from 0 to 32, not -1",
    "twilio_trunk_countries[0].iso_code must be a country's two letters",
    "twilio_trunk_credential_lists[0].credentials[0].password must have 12 characters or more",
]


def host(path: tuple, value: object, number: int) -> dict:
    """A PBX with one value of the inventory changed. Its trunk is its own, as two that differ would be an error."""
    given = copy.deepcopy(INVENTORY["all"])
    trunk = given["vars"]["trunkline_trunks"][0]
    trunk.update(name=f"Trunk-{number}", domain=f"pbx{number}.pstn.twilio.com")
    place = given
    for step in path[:-1]:
        place = place[step]
    if value is GONE:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return {**given["children"]["pbx"]["hosts"]["pbx1"], **given["vars"]}


def problems(printed: str) -> list[str]:
    """The sentences that refuse the inventory."""
    return json.JSONDecoder().raw_decode(printed.partition('"problems": ')[2])[0]


@pytest.mark.parametrize("step", WRONG)
def test_wrong_inventory(served, tmp_path, step):
    """Each PBX of a run has another thing wrong, and one sentence says which."""
    empty(served[0])
    names = {name.replace(" ", "-"): row for name, row in WRONG[step].items()}
    hosts = {name: host(path, value, at) for at, (name, (path, value, dummy)) in enumerate(names.items())}
    inventory = {"all": {"hosts": INVENTORY["all"]["hosts"], "children": {"pbx": {"hosts": hosts}}}}
    code, printed = play("site", served[0], tmp_path, "-vvv", "--diff", inventory=inventory)
    assert code != 0
    found = problems(printed)
    for name, (dummy, dummy, sentence) in names.items():    # what is said of all hosts has no name before it
        own = [one for one in found if len(names) == 1 or name in one.partition(": ")[0].split(", ")]
        assert len(own) == 1 and sentence in own[0], (name, own)
    assert account_is_empty(served[1])
    assert "TASK [trunkline.voice.asterisk" not in printed


def test_wrong_values_of_options_of_the_whole_run(served, tmp_path):
    empty(served[0])
    inventory = copy.deepcopy(INVENTORY)
    inventory["all"]["vars"].update(WRONG_AT_TWILIO)
    code, printed = play("site", served[0], tmp_path, "-vvv", "--diff", inventory=inventory)
    found = problems(printed)
    assert code != 0 and len(found) == len(AT_TWILIO), found
    assert all(any(sentence in one for one in found) for sentence in AT_TWILIO), found
    assert account_is_empty(served[1])
    assert "TASK [trunkline.voice.asterisk" not in printed


def test_what_the_inventory_names_and_is_not_there(site, served):
    code, printed = site(("vars",), changed(
        ("vars",), asterisk_builder="pbx2", pbx_prompts=[{"name": "closed", "file": "prompts/closed.wav"}]))
    assert code != 0 and "asterisk_builder is 'pbx2', and the inventory has no such host: did you mean pbx1?" in printed
    assert "pbx_prompts[0].file" in printed and "closed.wav" in printed
    assert account_is_empty(served[1])


def test_wrong_credentials(site, served):
    code, printed = site(TWILIO_AUTH_TOKEN="wrong")
    assert code != 0 and "Twilio answered 401" in printed and "TWILIO_AUTH_TOKEN" in printed
    assert account_is_empty(served[1])


def test_no_credentials(site):
    code, printed = site(TWILIO_AUTH_TOKEN="", TWILIO_API_KEY="")
    assert code != 0 and "twilio_trunk_auth_token is missing: give it, or twilio_trunk_api_key" in printed
    assert "Look at the host" not in printed


def test_no_account(site):
    code, printed = site(TWILIO_ACCOUNT_SID="")
    assert code != 0 and "twilio_trunk_account_sid is missing: give it, or set TWILIO_ACCOUNT_SID" in printed


def test_twilio_out_of_reach(site):
    code, printed = site(TWILIO_API_URL="http://127.0.0.1:9")
    assert code != 0
    assert "Twilio did not answer GET http://127.0.0.1:9/" in printed and "Connection refused" in printed


def test_a_name_that_two_trunks_have(site, served):
    sdk = client(served[0], ACCOUNT, TOKEN)
    sids = [sdk.trunking.v1.trunks.create(friendly_name="Asterisk-SIP-Trunk").sid for dummy in range(2)]
    code, printed = site()
    assert code != 0 and "2 trunks are called Asterisk-SIP-Trunk" in printed and all(sid in printed for sid in sids)
    assert not sdk.sip.ip_access_control_lists.list() and not sdk.sip.credential_lists.list()


def test_a_number_that_the_account_does_not_own(site, served):
    code, printed = site((*DID, "number"), "+12025550143")
    assert code != 0 and "there is no phone number +12025550143 in this account" in printed
    assert account_is_empty(served[1])


def test_the_right_inventory_gets_as_far_as_the_pbx(site, served):
    """The table above would prove nothing if this failed before the PBX too."""
    code, printed = site()
    assert code != 0 and "UNREACHABLE" in printed
    trunks = client(served[0], ACCOUNT, TOKEN).trunking.v1.trunks.list()
    assert [trunk.friendly_name for trunk in trunks] == ["Asterisk-SIP-Trunk"]
