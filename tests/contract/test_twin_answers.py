# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every answer of the twin fits Twilio's own OpenAPI documents, property by property."""

import json
import re
import time

import pytest
from twilio_twin import rest  # conftest makes it importable

from . import document
from .conftest import ACCOUNT, BASE, Api
from .openapi.plain import PLAIN

APPLICATION = "AP" + "c3" * 16
CALL = {
    "account_sid": ACCOUNT, "trunk_sid": "TK" + "e5" * 16, "direction": "trunking-terminating",
    "sip_call_id": "one", "from": "+17756187988", "to": "+919876543210",
}
#: An address, as the table of plain resources creates it.
HOME = PLAIN["api_v2010"][0].create
TODAY = time.mktime((2026, 11, 21, 12, 0, 0, 0, 0, 0))


def walk(api):
    """Does everything that the API can do once, and gives (method, path, status, body) of each."""
    said = []

    def say(method, path, **form):
        answer = api.http.request(method, path, data=form or None)
        body = answer.json() if answer.content else None
        said.append((method, path, answer.status_code, body))
        return body

    # Alerts are kept for 30 days: the twin's today is the day after the calls.
    api.store.clock = lambda: TODAY
    api.own("+17756187988")
    api.http.put("/twin/caller-ids/+15005550006")
    api.http.put("/twin/for-sale/+15005550001")
    for letter, state in (("a", "completed"), ("b", "failed")):
        api.store.insert("call", {
            **CALL, "sid": "CA" + letter * 32, "status": state, "date_created": "2026-11-20T09:59:55Z",
            "error_code": 32201 if state == "failed" else None, "error_text": "Authentication failure",
            "start_time": "2026-11-20T10:00:00Z" if state == "completed" else None,
            "end_time": "2026-11-20T10:00:42Z",
        })
    trunk_path = api.trunks + "/" + say("POST", api.trunks, FriendlyName="Seed", DomainName="a.pstn.twilio.com",
                                        DisasterRecoveryUrl="https://example.com/", DisasterRecoveryMethod="GET")["sid"]
    say("POST", trunk_path, Secure="true", TransferMode="sip-only", CnamLookupEnabled="true")
    say("GET", trunk_path + "/Recording")
    say("POST", trunk_path + "/Recording", Mode="record-from-answer", Trim="trim-silence")

    kept = []
    for lists, name, entries, entry, change in (
        (api.access_lists, "IpAccessControlList", "IpAddresses",
         {"FriendlyName": "pbx1", "IpAddress": "203.0.113.0", "CidrPrefixLength": "24"}, {"IpAddress": "203.0.113.9"}),
        (api.credential_lists, "CredentialList", "Credentials",
         {"Username": "pbx", "Password": "Correct-Horse-9"}, {"Password": "Battery-Staple-9"}),
    ):
        made = say("POST", lists + ".json", FriendlyName="Seed")["sid"]
        say("POST", f"{lists}/{made}.json", FriendlyName="Seed again")
        inside = f"{lists}/{made}/{entries}"
        one = say("POST", inside + ".json", **entry)["sid"]
        say("POST", f"{inside}/{one}.json", **change)
        say("POST", f"{trunk_path}/{name}s", **{name + "Sid": made})
        kept += [(f"{trunk_path}/{name}s", made, ""), (inside, one, ".json"), (lists, made, ".json")]
    plain = [row for collections in PLAIN.values() for one in collections for row in walk_plain(say, one)]
    address = next(sid for path, sid, dummy in plain if path.endswith("/Addresses"))
    number = say("GET", api.account + "/IncomingPhoneNumbers.json")["incoming_phone_numbers"][0]["sid"]
    say("POST", f"{api.account}/IncomingPhoneNumbers/{number}.json", VoiceApplicationSid=APPLICATION)
    say("POST", trunk_path + "/PhoneNumbers", PhoneNumberSid=number)
    bought = say("POST", api.account + "/IncomingPhoneNumbers.json", AreaCode="500", EmergencyAddressSid=address)["sid"]
    say("POST", f"{api.account}/IncomingPhoneNumbers/{bought}.json", EmergencyAddressSid="")
    say("POST", "/v1/DialingPermissions/BulkCountryUpdates", UpdateRequest=json.dumps([
        {"iso_code": "LV", "low_risk_numbers_enabled": "true"}, {"iso_code": "US", "low_risk_numbers_enabled": False},
    ]))
    say("GET", "/v1/DialingPermissions/Countries")
    say("GET", "/v1/DialingPermissions/Countries/LV")
    say("GET", "/v1/DialingPermissions/Countries/LV/HighRiskSpecialPrefixes")
    say("GET", "/v1/Settings")
    say("POST", "/v1/Settings", DialingPermissionsInheritance="false")
    say("GET", "/v1/Alerts")
    say("GET", "/v1/Alerts/NO" + "b" * 32)
    url = say("POST", trunk_path + "/OriginationUrls", Weight="1", Priority="2", Enabled="true",
              FriendlyName="pbx1", SipUrl="sip:pbx1.example.com")["sid"]
    say("POST", f"{trunk_path}/OriginationUrls/{url}", Enabled="false")
    caller = say("GET", api.account + "/OutgoingCallerIds.json")["outgoing_caller_ids"][0]["sid"]
    say("POST", api.account + "/OutgoingCallerIds.json", PhoneNumber="+15005550007")
    say("POST", f"{api.account}/OutgoingCallerIds/{caller}.json", FriendlyName="Reception")
    kept += [
        (trunk_path + "/PhoneNumbers", number, ""), (trunk_path + "/OriginationUrls", url, ""),
        (api.account + "/OutgoingCallerIds", caller, ".json"), (api.account + "/IncomingPhoneNumbers", number, ".json"),
        (api.trunks, trunk_path.rsplit("/", 1)[1], ""), *plain,
    ]
    say("GET", api.account + ".json")
    say("GET", api.account + "/Calls.json")
    say("GET", f"{api.account}/Calls/CA{'a' * 32}.json")
    for action in ("GET", "DELETE"):
        for path, sid, end in kept:
            if action == "GET":
                say("GET", path + end)
            say(action, f"{path}/{sid}{end}")
    return said


def walk_plain(say, one, above=""):
    """Create and update one of these and what it contains; return (path, sid, suffix) of each, the innermost first."""
    path = above + one.path.replace("{AccountSid}", ACCOUNT)
    sid = say("POST", path + one.suffix, **one.create)["sid"]
    say("POST", f"{path}/{sid}{one.suffix}", **one.change)
    return [
        *(row for child in one.children for row in walk_plain(say, child, f"{path}/{sid}")), (path, sid, one.suffix),
    ]


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    return walk(Api(tmp_path_factory.mktemp("twin")))


@pytest.mark.parametrize(("method", "path"), document.operations())
def test_every_operation_answers_as_the_document_says(said, method, path):
    answers = [one for one in said if document.operation(*one[:2])[0] == (method, path)]
    assert answers, "the walk does not go there"
    for answer in answers:
        assert document.complaints(*answer) == [], answer


@pytest.mark.parametrize("resource", rest.RESOURCES, ids=lambda resource: resource.path)
def test_every_resource_of_the_twin_is_in_the_documents(resource):
    path = re.sub(r"\{\w+\}", "{}", resource.path)
    one = path if resource.singleton else path + "/{}"
    served = {
        "list": ("GET", path), "create": ("POST", path), "fetch": ("GET", one), "update": ("POST", one),
        "delete": ("DELETE", one),
    }
    known = {(method, re.sub(r"\{\w+\}", "{}", template)) for method, template in document.operations()}
    asked = {(method, place + resource.style.suffix) for method, place in map(served.get, resource.actions)}
    assert asked <= known, "add it to openapi/plain.py, or to SERVED in openapi/extract.py"


def test_lists_were_held_against_the_document_with_something_in_them(said):
    lists = {}
    for method, path, dummy, body in said:
        if method == "GET" and ("meta" in body or "page" in body):
            key = body["meta"]["key"] if "meta" in body else (set(body) - PAGE_KEYS).pop()
            lists[document.operation(method, path)[0][1]] = body[key]
    assert set(lists) == document.lists()
    assert all(lists.values()), lists


PAGE_KEYS = {
    "end", "first_page_uri", "next_page_uri", "page", "page_size", "previous_page_uri", "start", "uri",
}


def test_a_wrong_answer_is_noticed(said):
    method, path, status, body = next(one for one in said if one[:2] == ("POST", Api.trunks))
    for spoiled in (
        {**body, "secure": "false"}, {**body, "sid": "TK1"}, {**body, "date_created": "Fri, 17 Jul 2015 21:25:15"},
        {**body, "transfer_mode": None}, {**body, "surplus": 1}, {k: v for k, v in body.items() if k != "links"},
    ):
        assert document.complaints(method, path, status, spoiled), spoiled
    assert document.complaints(method, path, 200, body)


def test_a_new_trunk_has_twilios_defaults(api):
    trunk = api.make(api.trunks)
    fixed = {name: trunk[name] for name in (
        "friendly_name", "domain_name", "disaster_recovery_url", "disaster_recovery_method", "transfer_mode",
        "transfer_caller_id", "secure", "cnam_lookup_enabled", "recording", "auth_type", "auth_type_set",
    )}
    assert fixed == {
        "friendly_name": None, "domain_name": None, "disaster_recovery_url": None, "disaster_recovery_method": None,
        "transfer_mode": "disable-all", "transfer_caller_id": "from-transferee", "secure": False,
        "cnam_lookup_enabled": False, "recording": {"mode": "do-not-record", "trim": "do-not-trim"},
        "auth_type": "", "auth_type_set": [],
    }
    assert trunk["url"] == f"{BASE}/v1/Trunks/{trunk['sid']}"


def test_an_update_writes_what_was_given_and_an_empty_value_clears(api):
    path = api.trunks + "/" + api.make(api.trunks, FriendlyName="A", DomainName="a.pstn.twilio.com")["sid"]
    assert api.post(path, Secure="true").json()["domain_name"] == "a.pstn.twilio.com"
    cleared = api.post(path, FriendlyName="", DomainName="", SymmetricRtpEnabled="true").json()
    assert (cleared["friendly_name"], cleared["domain_name"], cleared["secure"]) == (None, None, True)
    assert cleared["symmetric_rtp_enabled"] is False


def test_the_trunk_says_how_it_authenticates(api):
    trunk = api.trunks + "/" + api.make(api.trunks)["sid"]
    acl = api.make(api.access_lists + ".json", FriendlyName="A")["sid"]
    credentials = api.make(api.credential_lists + ".json", FriendlyName="A")["sid"]
    api.make(trunk + "/IpAccessControlLists", IpAccessControlListSid=acl)
    assert api.get(trunk).json()["auth_type"] == "IP_ACL"
    made = api.make(trunk + "/CredentialLists", CredentialListSid=credentials)
    assert made["sid"] == credentials
    assert api.get(trunk).json()["auth_type_set"] == ["IP_ACL", "CREDENTIAL_LIST"]
    api.delete(f"{trunk}/IpAccessControlLists/{acl}")
    assert api.get(trunk).json()["auth_type"] == "CREDENTIAL_LIST"


def test_a_number_has_a_trunk_or_an_application(api):
    number = f"{api.account}/IncomingPhoneNumbers/{api.own('+17756187988')}.json"
    trunk = api.make(api.trunks)["sid"]
    assert api.post(number, VoiceApplicationSid=APPLICATION).json()["voice_application_sid"] == APPLICATION
    attached = api.post(number, TrunkSid=trunk).json()
    assert (attached["trunk_sid"], attached["voice_application_sid"]) == (trunk, "")
    assert api.post(number, VoiceApplicationSid=APPLICATION).json()["trunk_sid"] is None
    api.post(number, TrunkSid=trunk)
    assert api.post(number, TrunkSid="").json()["trunk_sid"] is None
    api.post(number, TrunkSid=trunk)
    assert api.delete(f"{api.trunks}/{trunk}").status_code == 204
    assert api.get(number).json()["trunk_sid"] is None


def test_a_number_moves_from_trunk_to_trunk_and_is_not_released(api):
    number = api.own("+17756187988")
    old, new = (f"{api.trunks}/{api.make(api.trunks)['sid']}/PhoneNumbers" for dummy in range(2))
    api.make(old, PhoneNumberSid=number)
    api.make(new, PhoneNumberSid=number)
    assert api.get(old).json()["phone_numbers"] == []
    assert api.delete(f"{new}/{number}").status_code == 204
    assert api.get(f"{api.account}/IncomingPhoneNumbers/{number}.json").json()["trunk_sid"] is None


@pytest.mark.parametrize(("address", "prefix", "stored", "bounds"), [
    ("203.0.113.7", None, 32, ("203.0.113.7", "203.0.113.7")),
    ("203.0.113.7", "24", 24, ("203.0.113.0", "203.0.113.255")),
    ("203.0.113.7", "0", 32, ("203.0.113.7", "203.0.113.7")),
])
def test_an_address_is_kept_as_given_with_the_bounds_of_its_network(api, address, prefix, stored, bounds):
    path = f"{api.access_lists}/{api.make(api.access_lists + '.json', FriendlyName='A')['sid']}/IpAddresses"
    form = {"FriendlyName": "a", "IpAddress": address} | ({"CidrPrefixLength": prefix} if prefix else {})
    made = api.make(path + ".json", **form)
    assert (made["ip_address"], made["cidr_prefix_length"]) == (address, stored)
    row = api.store.one("SELECT * FROM ip_address")
    numbers = tuple(sum(int(part) << shift for part, shift in zip(bound.split("."), (24, 16, 8, 0), strict=True))
                    for bound in bounds)
    assert (row["first_address"], row["last_address"]) == numbers


def test_only_the_digest_of_a_password_is_kept(api):
    path = f"{api.credential_lists}/{api.make(api.credential_lists + '.json', FriendlyName='A')['sid']}/Credentials"
    made = api.make(path + ".json", Username="Asterisk", Password="Correct-Horse-9")
    # printf %s 'Asterisk:sip.twilio.com:Correct-Horse-9' | md5sum
    assert api.store.one("SELECT ha1 FROM credential")["ha1"] == "acab63268c0d2ca21b9159d37713ebd1"
    renewed = api.post(f"{path}/{made['sid']}.json", Username="other", Password="Battery-Staple-9").json()
    assert renewed["username"] == "Asterisk"
    assert api.store.one("SELECT ha1 FROM credential")["ha1"] == "5500d00fb3b8ed55cd2ca4e582a7c955"
    assert "Correct-Horse-9" not in "\n".join(api.store.connection.iterdump())


@pytest.mark.parametrize(("query", "found"), [
    ({}, 2), ({"To": "+919876543210"}, 2), ({"To": "+91"}, 0), ({"Status": "busy"}, 1),
    ({"StartTime": "2026-11-20"}, 1), ({"StartTime<": "2026-11-19"}, 0), ({"StartTime>": "2026-11-20T10:00:01Z"}, 0),
    ({"EndTime": "2026-11-20"}, 2), ({"ParentCallSid": "CA" + "0" * 32}, 0),
])
def test_calls_are_filtered(api, query, found):
    for sid, status, start in (("CA" + "0" * 32, "completed", "2026-11-20T10:00:00Z"), ("CA" + "1" * 32, "busy", None)):
        api.store.insert("call", {
            **CALL, "sid": sid, "status": status, "date_created": "2026-11-20T10:00:00Z", "start_time": start,
            "end_time": "2026-11-20T10:00:42Z",
        })
    calls = api.get(api.account + "/Calls.json", **query).json()["calls"]
    assert len(calls) == found
    if not query:
        assert [call["duration"] for call in calls] == [None, "42"], "newest first; only an answered call lasts"


@pytest.mark.parametrize(("query", "found"), [
    ({"PhoneNumber": "+1775"}, 1), ({"PhoneNumber": "618*988"}, 1), ({"PhoneNumber": "_"}, 0),
    ({"PhoneNumber": "555"}, 1), ({"FriendlyName": "(775) 618-7988"}, 1), ({"Beta": "true"}, 0),
    ({"Beta": "false"}, 2), ({"Origin": "hosted"}, 0), ({"Origin": "twilio"}, 2),
])
def test_numbers_are_filtered(api, query, found):
    api.own("+17756187988")
    api.own("+15005550006")
    assert len(api.get(api.account + "/IncomingPhoneNumbers.json", **query).json()["incoming_phone_numbers"]) == found
