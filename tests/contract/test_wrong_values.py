# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wrong values for every option of every Twilio module: an error that names the option and says what is allowed, no
secret in it nor beside it, and no request that writes.

Each row runs the module's own file in this process, as Ansible would run it.
"""

from __future__ import annotations

import json
import os
import runpy
from pathlib import Path

import pytest
import requests
from ansible.module_utils.testing import patch_module_args

from ansible_collections.trunkline.voice.plugins.module_utils._ansible import argument_spec
from tests.sdk import client
from tests.unit.test_specs import TWILIO_MODULES, taken as taken_by

from .conftest import ACCOUNT, KEY, SECRET, TOKEN

MODULES = Path(__file__).parents[2] / "plugins" / "modules"
CANARY = "Canary-of-wrong-values-1"
DOMAIN = "wrong-main.pstn.twilio.com"
OWNED, OTHER = "+17756187988", "+17756187989"
URL = "sip:203.0.113.10"
LIST, LOGINS, TRUNK, NUMBER = "ip_access_control_list", "credential_list", "trunk", "phone_number"
ALL, COUNTRIES = "trunking", "dialing_permissions"


def address(**values):
    return {"name": "Office", "addresses": [{"ip_address": "203.0.113.10", **values}]}


def login(**values):
    return {"name": "Logins", "credentials": [{"username": "asterisk", "password": CANARY, **values}]}


def trunk(**values):
    return {"name": "Main", **values}


def url(**values):
    return trunk(origination_urls=[{"sip_url": URL, **values}])


def number(**values):
    return {"phone_number": OWNED, **values}


def whole(*trunks, **values):
    return {"trunks": list(trunks), **values}


def country(**values):
    return {"countries": [{"iso_code": "US", **values}]}


#: module, options, and what the message has to say: the option, and what is allowed
WRONG = [
    # The connection, which all modules have
    (TRUNK, trunk(account_sid=None), "account_sid is missing. Give it, or set TWILIO_ACCOUNT_SID"),
    (TRUNK, trunk(account_sid="AC123"), "account_sid must be AC and 32 hexadecimal digits"),
    (TRUNK, trunk(account_sid=KEY), "account_sid must be AC and 32 hexadecimal digits"),
    (TRUNK, trunk(auth_token=None), "Give auth_token (TWILIO_AUTH_TOKEN), or api_key and api_secret"),
    (TRUNK, trunk(auth_token="wrong"), "Check account_sid and auth_token"),
    (TRUNK, trunk(api_key=KEY), "parameters are required together: api_key, api_secret"),
    (TRUNK, trunk(api_secret=SECRET), "parameters are required together: api_key, api_secret"),
    (TRUNK, trunk(api_key=ACCOUNT, api_secret=SECRET), "api_key must be SK and 32 hexadecimal digits"),
    (TRUNK, trunk(api_key=KEY, api_secret="wrong"), "Check account_sid and auth_token, or api_key and api_secret"),
    (TRUNK, trunk(api_url="twin:8080"), "api_url must be an http or https URL"),
    (TRUNK, trunk(region="de1"), "region must be one of us1, ie1, au1, not 'de1'"),
    (TRUNK, trunk(region="ie1", edge="Dublin 2"), "edge must be the name of one of Twilio's edges, such as dublin"),
    (TRUNK, trunk(edge="roaming"), "edge must not be roaming"),
    (TRUNK, trunk(timeout=0), "timeout must be a whole number from 1 to 3600, not 0"),
    (TRUNK, trunk(timeout="soon"), "argument 'timeout' is of type str and we were unable to convert to int"),
    # An IP access control list
    (LIST, {}, "missing required arguments: name"),
    (LIST, {"name": ""}, "name must have 1 to 255 characters, not 0"),
    (LIST, {"name": "x" * 256}, "name must have 1 to 255 characters, not 256"),
    (LIST, address(ip_address="203.0.113.256"), "addresses[0].ip_address must be an IPv4 address such as"),
    (LIST, address(ip_address="2001:db8::1"), "addresses[0].ip_address must be an IPv4 address such as"),
    (LIST, address(ip_address="203.0.113.0/24"), "addresses[0].ip_address must be an IPv4 address such as"),
    (LIST, address(ip_address="pbx.example.com"), "addresses[0].ip_address must be an IPv4 address such as"),
    (LIST, address(cidr_prefix_length=33), "addresses[0].cidr_prefix_length must be a prefix length from 0 to 32"),
    (LIST, address(cidr_prefix_length=-1), "addresses[0].cidr_prefix_length must be a prefix length from 0 to 32"),
    (LIST, address(cidr_prefix_length="/24"), "argument 'cidr_prefix_length' is of type str found in 'addresses'"),
    (LIST, address(name=""), "addresses[0].name must have 1 to 255 characters, not 0"),
    (LIST, address(prefix=24), "addresses.prefix. Supported parameters include: cidr_prefix_length, ip_address, name"),
    (LIST, {"name": "Office", "addresses": [{}]}, "missing required arguments: ip_address found in addresses"),
    (LIST, {"name": "Office", "addresses": ["203.0.113.10"]}, "addresses[0] must be a dict of ip_address, cidr"),
    (LIST, {"name": "Office", "addresses": address()["addresses"] * 2}, "addresses[1] repeats addresses[0]"),
    (LIST, {"name": "Office", "addresses": [
        {"ip_address": "203.0.113.10", "name": "pbx1"}, {"ip_address": "203.0.113.11", "name": "pbx1"},
    ]}, "IP address 203.0.113.10 and IP address 203.0.113.11 have the same name; only one can have it"),
    (LIST, {"name": "Office", "keep_extra": ["credentials"]}, "value of keep_extra must be one or more of: addresses"),
    (LIST, {"name": "Office", "state": "gone"}, "value of state must be one of: present, absent, got: gone"),
    # A credential list
    (LOGINS, {"name": "x" * 65}, "name must have 1 to 64 characters, not 65"),
    (LOGINS, login(username=""), "credentials[0].username must have 1 to 32 characters, not 0"),
    (LOGINS, login(username="x" * 33), "credentials[0].username must have 1 to 32 characters, not 33"),
    (LOGINS, login(password=CANARY[:11]), "credentials[0].password must have 12 characters or more, a digit"),
    (LOGINS, login(password=CANARY.lower()), "credentials[0].password must have an upper-case letter"),
    (LOGINS, login(password=CANARY.upper()), "credentials[0].password must have a lower-case letter"),
    (LOGINS, login(password=CANARY.rstrip("1")), "credentials[0].password must have a digit"),
    (LOGINS, login(password=""), "credentials[0].password must have 12 characters or more"),
    (LOGINS, login(password=None), "Logins does not exist yet, and a new one needs a password. Give its password."),
    (LOGINS, login(password=None, pasword=CANARY), "credentials.pasword. Supported parameters include: password"),
    (LOGINS, {"name": "Logins", "credentials": CANARY}, "credentials[0] must be a dict of username, pass"),
    (LOGINS, {"name": "Logins", "credentials": login()["credentials"] * 2}, "credentials[1] repeats credentials[0]"),
    (LOGINS, {"name": "Logins", "credentials": [*login()["credentials"], CANARY]}, "credentials[1] must be a dict of"),
    (LOGINS, login() | {"update_password": "never"}, "value of update_password must be one of: always, on_create"),
    (LOGINS, login() | {"keep_extra": ["users"]}, "value of keep_extra must be one or more of: credentials"),
    (LOGINS, {"name": "Logins", "state": "gone"}, "value of state must be one of: present, absent, got: gone"),
    # A trunk
    (TRUNK, trunk(name="x" * 65), "name must have 1 to 64 characters, not 65"),
    (TRUNK, trunk(domain_name="main"), "domain_name must be the trunk's termination domain and end in .pstn."),
    (TRUNK, trunk(domain_name="main.sip.twilio.com"), "a SIP domain (sip.twilio.com) is a different product"),
    (TRUNK, trunk(domain_name="a_b.pstn.twilio.com"), "domain_name may have letters, digits and hyphens"),
    (TRUNK, trunk(domain_name="a.pstn.twilio.com.pstn.twilio.com"), "domain_name must have .pstn.twilio.com once"),
    (TRUNK, trunk(secure="perhaps"), "argument 'secure' is of type str and we were unable to convert to bool"),
    (TRUNK, trunk(cnam_lookup_enabled="perhaps"), "argument 'cnam_lookup_enabled' is of type str"),
    (TRUNK, trunk(transfer_mode="on"), "value of transfer_mode must be one of: disable-all, enable-all, sip-only"),
    (TRUNK, trunk(transfer_caller_id="me"), "value of transfer_caller_id must be one of: from-transferee, from-trans"),
    (TRUNK, trunk(recording="yes"), "value of recording must be one of: do-not-record, record-from-ringing, record-"),
    (TRUNK, trunk(recording_trim="yes"), "value of recording_trim must be one of: do-not-trim, trim-silence"),
    (TRUNK, trunk(disaster_recovery_url="ftp://x"), "disaster_recovery_url must be an http or https URL such as"),
    (TRUNK, trunk(disaster_recovery_url="", disaster_recovery_method="GET"), "disaster_recovery_method is of no use"),
    (TRUNK, trunk(disaster_recovery_method="PUT"), "value of disaster_recovery_method must be one of: GET, POST"),
    (TRUNK, trunk(recordings=True), "module: recordings. Supported parameters include:"),
    (TRUNK, url(sip_url="sips:203.0.113.10"), "origination_urls[0].sip_url must begin with sip:"),
    (TRUNK, url(sip_url="203.0.113.10"), "origination_urls[0].sip_url must be a SIP URI such as sip:pbx.example.com"),
    (TRUNK, url(sip_url="sip:main.pstn.twilio.com"), "origination_urls[0].sip_url must lead to the PBX, and not back"),
    (TRUNK, url(sip_url=URL + ":70000"), "origination_urls[0].sip_url must have a port from 1 to 65535, not 70000"),
    (TRUNK, url(priority=-1), "origination_urls[0].priority must be a whole number from 0 to 65535, not -1"),
    (TRUNK, url(weight=65536), "origination_urls[0].weight must be a whole number from 0 to 65535, not 65536"),
    (TRUNK, url(enabled="perhaps"), "argument 'enabled' is of type str found in 'origination_urls'"),
    (TRUNK, url(name="x" * 65), "origination_urls[0].name must have 1 to 64 characters, not 65"),
    (TRUNK, url(prioritty=1), "origination_urls.prioritty. Supported parameters include: enabled, name, priority"),
    (TRUNK, trunk(origination_urls=[{"sip_url": URL}] * 2), "origination_urls[1] repeats origination_urls[0]"),
    (TRUNK, trunk(phone_numbers=["775 618 7988"]), "phone_numbers[0].phone_number must be a number in E.164 form"),
    (TRUNK, trunk(phone_numbers=[OWNED, OWNED]), "phone_numbers[1] repeats phone_numbers[0]"),
    (TRUNK, trunk(phone_numbers=["+17750000000"]),
     "phone_numbers of trunk Main: there is no phone number +17750000000 in this"),
    (TRUNK, trunk(phone_numbers=[OWNED], keep_extra=["numbers"]), "value of keep_extra must be one or more of: ip_acc"),
    (TRUNK, trunk(ip_access_control_lists=["Nowhere"]),
     "ip_access_control_lists of trunk Main: there is no IP access control list"),
    (TRUNK, trunk(credential_lists=["Nowhere"]),
     "credential_lists of trunk Main: there is no credential list called Nowhere"),
    (TRUNK, trunk(credential_lists=["Logins", "Logins"]), "credential_lists[1] repeats credential_lists[0]"),
    (TRUNK, trunk(state="purchased"), "value of state must be one of: present, absent, got: purchased"),
    # A number
    (NUMBER, {}, "missing required arguments: phone_number"),
    (NUMBER, number(phone_number="7756187988"), "phone_number must be a number in E.164 form, a plus sign and 7 to 15"),
    (NUMBER, number(phone_number="+17750000000"),
     "There is no phone number +17750000000 in this account. Check its phone_number."),
    (NUMBER, number(name="x" * 65), "name must have 1 to 64 characters, not 65"),
    (NUMBER, number(trunk="Nowhere"),
     "trunk of phone number +17756187988: there is no trunk called Nowhere in this account"),
    (NUMBER, number(emergency_address="Nowhere"),
     "emergency_address of phone number +17756187988: there is no address called Nowhere in this"),
    (NUMBER, number(state="absent"), "value of state must be one of: present, purchased, released, got: absent"),
    # Dialing permissions
    (COUNTRIES, country(iso_code="USA"), "countries[0].iso_code must be a country's two letters such as US or GB"),
    (COUNTRIES, country(iso_code="ZZ"), "There is no country ZZ in this account"),
    (COUNTRIES, country(low_risk_numbers="perhaps"), "argument 'low_risk_numbers' is of type str found in 'countries'"),
    (COUNTRIES, country(high_risk_special_numbers="x"), "argument 'high_risk_special_numbers' is of type str found in"),
    (COUNTRIES, country(high_risk_tollfraud_numbers="x"), "argument 'high_risk_tollfraud_numbers' is of type str"),
    (COUNTRIES, country(high_risk=True), "countries.high_risk. Supported parameters include: high_risk_special"),
    (COUNTRIES, {"countries": [{"iso_code": "US"}, {"iso_code": "us"}]}, "countries[1] repeats countries[0]"),
    (COUNTRIES, country() | {"keep_extra": ["all"]}, "value of keep_extra must be one or more of: countries"),
    # All in one
    (ALL, whole(trunk(domain_name="x")), "trunks[0].domain_name must be the trunk's termination domain"),
    (ALL, whole(url(priority=70000)), "trunks[0].origination_urls[0].priority must be a whole number from 0 to 65535"),
    (ALL, whole(url(wieght=1)), "trunks.origination_urls.wieght. Supported parameters include: enabled, name"),
    (ALL, whole({}), "missing required arguments: name found in trunks"),
    (ALL, whole(trunk(state="gone")), "value of state must be one of: present, absent, got: gone found in trunks"),
    (ALL, whole(trunk(), trunk()), "trunks[1] repeats trunks[0]: trunk Main is listed twice"),
    (ALL, whole(trunk(domain_name=DOMAIN), trunk(name="B", domain_name=DOMAIN.upper())),
     "trunks: trunk Main and trunk B have the same domain_name; only one can have it"),
    (ALL, whole(trunk(phone_numbers=[OWNED]), trunk(name="B", phone_numbers=[OWNED])),
     "trunks: trunk Main and trunk B name the same phone number in phone_numbers; only one can"),
    (ALL, whole(trunk(phone_numbers=["+17750000000"])),
     "phone_numbers of trunk Main: there is no phone number +17750000000 in this"),
    (ALL, whole(trunk(credential_lists=["Nowhere"])),
     "credential_lists of trunk Main: there is no credential list called Nowhere"),
    (ALL, whole(trunk(credential_lists=["Logins"]), credential_lists=[{"name": "Logins", "state": "absent"}]),
     "credential_lists of trunk Main: there is no credential list called Logins"),
    (ALL, whole(trunk(origination_urls=[URL])), "trunks[0].origination_urls[0] must be a dict of sip_url"),
    (ALL, {"ip_access_control_lists": [address(cidr_prefix_length=64)]},
     "ip_access_control_lists[0].addresses[0].cidr_prefix_length must be a prefix length from 0 to 32, not 64"),
    (ALL, {"ip_access_control_lists": [{"name": "A"}, {"name": " A "}]}, "ip_access_control_lists[1] repeats"),
    (ALL, {"credential_lists": [login(password=CANARY.upper())]},
     "credential_lists[0].credentials[0].password must have a lower-case letter"),
    (ALL, {"credential_lists": [login(password=None)]}, "a new one needs a password. Give its password."),
    (ALL, {"credential_lists": [login(password=None, secret=CANARY)]}, "credential_lists.credentials.secret. Support"),
    (ALL, country(iso_code="U"), "countries[0].iso_code must be a country's two letters"),
    (ALL, {"removal_limit": 101}, "removal_limit must be a percentage from 0 to 100, not 101"),
    (ALL, {"removal_limit": -1}, "removal_limit must be a percentage from 0 to 100, not -1"),
    (ALL, {"removal_limit": "half"}, "argument 'removal_limit' is of type str and we were unable to convert to int"),
    (ALL, {"update_password": "never"}, "value of update_password must be one of: always, on_create, got: never"),
    (ALL, {"keep_extra": ["trunks"]}, "value of keep_extra must be one or more of: addresses, credentials,"),
    (ALL, {"trunk": []}, "module: trunk. Supported parameters include:"),
    # What only reads
    ("alert_info", {"minutes": 0}, "minutes must be from 1 to 43200"),
    ("alert_info", {"minutes": 43201}, "minutes must be from 1 to 43200"),
    ("alert_info", {"codes": [0]}, "codes[0] must be an error code or its first digits, not 0"),
    ("alert_info", {"codes": [32, 320001]}, "codes[1] must be an error code or its first digits, not 320001"),
    ("alert_info", {"codes": ["SIP"]}, "Elements value for option 'codes' is of type str and we were unable to"),
    ("trunking_info", {"countries": "some"}, "argument 'countries' is of type str and we were unable to"),
    ("trunk_info", {"trunk": "Main"}, "module: trunk. Supported parameters include:"),
    ("caller_id_info", {"region": "br1"}, "region must be one of us1, ie1, au1, not 'br1'"),
]


@pytest.fixture(scope="module")
def twin(served):
    """The URL of a twin whose account has something of each kind."""
    here, _ = served
    for owned in (OWNED, OTHER):
        requests.put(f"{here}/twin/numbers/{owned}", json={}, timeout=5).raise_for_status()
    sdk = client(here, ACCOUNT, TOKEN)
    sdk.sip.ip_access_control_lists.create("Office")
    sdk.sip.credential_lists.create("Logins")
    sdk.trunking.v1.trunks.create(friendly_name="Main", domain_name=DOMAIN)
    return here


@pytest.fixture
def refused(twin, capsys, monkeypatch):
    """refused(module, options): the message that the module fails with."""
    for name in [name for name in os.environ if name.startswith("TWILIO_")]:
        monkeypatch.delenv(name)

    def run(module, options):
        requests.delete(f"{twin}/twin/requests", timeout=5).raise_for_status()
        connection = {"account_sid": ACCOUNT, "auth_token": TOKEN, "api_url": twin}
        given = {name: value for name, value in {**connection, **options}.items() if value is not None}
        with patch_module_args(given), pytest.raises(SystemExit) as ended:
            runpy.run_path(str(MODULES / f"twilio_{module}.py"), run_name="__main__")
        printed = capsys.readouterr()
        asked = requests.get(f"{twin}/twin/requests", timeout=5).json()["requests"]
        written = [f"{one['method']} {one['path']}" for one in asked if one["method"] != "GET"]
        told = json.loads(printed.out)
        assert ended.value.code == 1 and told["failed"], told
        assert not written
        shown = (printed.out + printed.err).lower()
        assert not [secret for secret in (CANARY, TOKEN, SECRET) if secret.lower() in shown]
        return told["msg"]

    return run


@pytest.mark.parametrize(("module", "options", "sentence"), WRONG)
def test_a_wrong_value(refused, module, options, sentence):
    assert sentence in refused(module, options)


def taken(options: dict) -> set:
    """The names of all options, those of rows too."""
    return set(options).union(*(taken(option.get("options", {})) for option in options.values()))


def given(value) -> set:
    """The names of all options that a row of the table gives."""
    if isinstance(value, list):
        return set().union(*map(given, value))
    return set(value).union(*map(given, value.values())) if isinstance(value, dict) else set()


def test_the_table_has_every_option_of_every_module():
    covered = {name: set() for name in TWILIO_MODULES}
    for module, options, _ in WRONG:
        covered[f"twilio_{module}"] |= given(options)
    everywhere = set().union(*covered.values())
    assert taken(argument_spec.connection()) <= everywhere
    for name, options in ((name, taken_by(name)) for name in TWILIO_MODULES):
        # The rows of a module that manages several kinds are those of the modules for one kind.
        found = everywhere if name == "twilio_trunking" else covered[name]
        anything_goes = {"name"} if name == "twilio_trunk_info" else set()
        assert taken(options) - anything_goes <= found, name
