# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks of document.py tell right requests from wrong ones, and the extracts are what extract.py makes."""

import json
import os

import pytest

from . import document
from .conftest import ACCOUNT as SID
from .openapi import extract

# A folder with Twilio's documents (spec/json of github.com/twilio/twilio-oai), where there is one.
ORIGINALS = os.environ.get("TRUNKLINE_OPENAPI")

TK, OU, AL, PN = (prefix + "0f" * 16 for prefix in ("TK", "OU", "AL", "PN"))
ACCOUNT = f"/2010-04-01/Accounts/{SID}"
LISTS = ACCOUNT + "/SIP/IpAccessControlLists"
URLS = f"/v1/Trunks/{TK}/OriginationUrls"
NUMBER = f"{ACCOUNT}/IncomingPhoneNumbers/{PN}.json"
CALLS = ACCOUNT + "/Calls.json"
COUNTRIES = "/v1/DialingPermissions/Countries"
BULK = "/v1/DialingPermissions/BulkCountryUpdates"
URL = {"Weight": "10", "Priority": "0", "Enabled": "true", "FriendlyName": "pbx1", "SipUrl": "sip:pbx1.example.com"}
ADDRESS = {
    "CustomerName": "Trunkline", "Street": "1 Main Street", "City": "Reno", "Region": "NV", "PostalCode": "89501",
    "IsoCountry": "US",
}
INDIA = {"iso_code": "IN", "low_risk_numbers_enabled": "true"}


@pytest.mark.parametrize(("method", "path", "query", "form"), [
    ("GET", "/v1/Trunks", {"PageSize": "1000", "Page": "0", "PageToken": "PATK00"}, None),
    ("GET", "/v1/Trunks", {"PageSize": ["50"]}, {}),
    ("POST", "/v1/Trunks", None, None),
    ("POST", "/v1/Trunks", None, {"DomainName": "a.pstn.twilio.com", "Secure": "true", "TransferMode": "sip-only"}),
    ("POST", f"/v1/Trunks/{TK}", None, {"FriendlyName": "", "DisasterRecoveryUrl": ""}),
    ("DELETE", f"/v1/Trunks/{TK}", None, None),
    ("POST", URLS, None, URL),
    ("POST", f"{URLS}/{OU}", None, {"Enabled": "false"}),
    ("POST", f"{LISTS}/{AL}/IpAddresses.json", None,
     {"FriendlyName": "pbx1", "IpAddress": "203.0.113.7", "CidrPrefixLength": "32"}),
    ("POST", NUMBER, None, {"TrunkSid": TK}),
    ("POST", NUMBER, None, {"TrunkSid": "", "VoiceUrl": "https://example.com/voice"}),
    ("POST", NUMBER, None, {"EmergencyStatus": "Inactive", "SmsMethod": "GET"}),
    ("GET", ACCOUNT + "/IncomingPhoneNumbers.json", {"PhoneNumber": "+1775*", "Beta": "false"}, None),
    ("POST", ACCOUNT + "/IncomingPhoneNumbers.json", None, {"PhoneNumber": "+17756187988"}),
    ("POST", ACCOUNT + "/Addresses.json", None, ADDRESS),
    ("GET", CALLS, {"StartTime>": "2026-11-20", "EndTime<": "2026-11-20T10:00:00Z", "Status": "no-answer"}, None),
    ("GET", f"{COUNTRIES}/US/HighRiskSpecialPrefixes", None, None),
    ("GET", COUNTRIES, {"IsoCode": "GB", "LowRiskNumbersEnabled": "true"}, None),
    ("POST", BULK, None, {"UpdateRequest": json.dumps([INDIA, {**INDIA, "iso_code": "GB"}])}),
    ("POST", "/v1/Settings", None, {"DialingPermissionsInheritance": "false"}),
    ("GET", "/v1/Alerts", {"LogLevel": "error", "StartDate": "2026-11-20T10:00:00Z"}, None),
])
def test_a_right_request_has_nothing_against_it(method, path, query, form):
    assert document.request_complaints(method, path, query, form) == []


@pytest.mark.parametrize(("method", "path", "query", "form", "named"), [
    ("GET", "/v1/Trunks", {"PageSize": "1001"}, None, ["query PageSize: 1001 is greater than"]),
    ("GET", "/v1/Trunks", {"PageSize": "all"}, None, ["query PageSize: 'all' is not of type 'integer'"]),
    ("GET", "/v1/Trunks", {"Page": "-1"}, None, ["query Page: -1 is less than"]),
    ("GET", "/v1/Trunks", {"Limit": "50"}, None, ["query Limit: is not a parameter of GET /v1/Trunks"]),
    ("GET", "/v1/Trunks", {"PageSize": ["1", "2"]}, None, ["query PageSize: is given 2 times"]),
    ("GET", "/v1/Trunks", None, {"FriendlyName": "a"}, ["form FriendlyName: is not a parameter"]),
    ("POST", "/v1/Trunks", None, {"Friendlyname": "a"}, ["form Friendlyname: is not a parameter"]),
    ("POST", "/v1/Trunks", {"FriendlyName": "a"}, None, ["query FriendlyName: is not a parameter"]),
    ("POST", "/v1/Trunks", None, {"Secure": "True"}, ["form Secure: 'True' is not of type 'boolean'"]),
    ("POST", "/v1/Trunks", None, {"Secure": ""}, ["form Secure: '' is not of type 'boolean'"]),
    ("POST", "/v1/Trunks", None, {"TransferMode": "all"}, ["form TransferMode: 'all' is not one of"]),
    ("POST", "/v1/Trunks", None, {"TransferMode": ""}, ["form TransferMode: '' is not one of"]),
    ("POST", "/v1/Trunks", None, {"DisasterRecoveryUrl": "example.com"}, ["form DisasterRecoveryUrl: 'example.com'"]),
    ("POST", "/v1/Trunks/TK1", None, None, ["path Sid: 'TK1' is too short", "path Sid: 'TK1' does not match"]),
    ("DELETE", f"/v1/Trunks/{OU}", None, None, [f"path Sid: '{OU}' does not match '^TK"]),
    ("POST", URLS, None, {}, [f"form {name}: is missing" for name in
                              ("Weight", "Priority", "Enabled", "FriendlyName", "SipUrl")]),
    ("POST", URLS, None, {**URL, "Weight": "1.5"}, ["form Weight: '1.5' is not of type 'integer'"]),
    ("POST", URLS, None, {**URL, "Weight": "٣"}, ["form Weight: '٣' is not of type 'integer'"]),
    ("POST", f"/v1/Trunks/{TK}/Recording", None, {"Mode": "record"}, ["form Mode: 'record' is not one of"]),
    ("POST", f"/v1/Trunks/{TK}/PhoneNumbers", None, {"PhoneNumberSid": TK}, [f"form PhoneNumberSid: '{TK}' does not"]),
    ("POST", f"{LISTS}/{AL}.json", None, None, ["form FriendlyName: is missing"]),
    ("POST", NUMBER, None, {"TrunkSid": PN}, [f"form TrunkSid: '{PN}' does not match '^TK"]),
    ("POST", NUMBER, None, {"VoiceReceiveMode": "sms"}, ["form VoiceReceiveMode: 'sms' is not one of"]),
    ("POST", NUMBER, None, {"SmsMethod": "PUT"}, ["form SmsMethod: 'PUT' is not one of", "form SmsMethod: 'PUT' is"]),
    ("GET", ACCOUNT + "/IncomingPhoneNumbers.json", {"PhoneNumber": "reception"}, None, ["query PhoneNumber: 'rec"]),
    ("POST", ACCOUNT + "/IncomingPhoneNumbers.json", None, {"PhoneNumber": "+1775*"}, ["form PhoneNumber: '+1775*'"]),
    ("POST", ACCOUNT + "/Addresses.json", None, {**ADDRESS, "IsoCountry": "USA"}, ["form IsoCountry: 'USA' is not a"]),
    ("GET", CALLS, {"StartTime": "20 November"}, None, ["query StartTime: '20 November' is not a 'date-time'"]),
    ("GET", CALLS, {"Status": "done"}, None, ["query Status: 'done' is not one of"]),
    ("GET", COUNTRIES + "/usa", None, None, ["path IsoCode: 'usa' is not a 'iso-country-code'"]),
    ("POST", BULK, None, None, ["form UpdateRequest: is missing"]),
    ("POST", BULK, None, {"UpdateRequest": "IN"}, ["form UpdateRequest: is not JSON"]),
    ("POST", BULK, None, {"UpdateRequest": ""}, ["form UpdateRequest: is not JSON"]),
    ("POST", BULK, None, {"UpdateRequest": json.dumps(INDIA)}, ["form UpdateRequest: {'iso_code'"]),
    ("POST", BULK, None, {"UpdateRequest": "[]"}, ["form UpdateRequest: []"]),
    ("POST", BULK, None, {"UpdateRequest": json.dumps([{"iso_code": "IN"}])}, ["form UpdateRequest[0]: {'iso_code'"]),
    ("POST", BULK, None, {"UpdateRequest": json.dumps([INDIA, {"low_risk_numbers_enabled": "true", "x": 1}])},
     ["form UpdateRequest[1]: Additional properties", "form UpdateRequest[1]: 'iso_code' is a required property"]),
    ("POST", BULK, None, {"UpdateRequest": json.dumps([{**INDIA, "low_risk_numbers_enabled": True}])},
     ["form UpdateRequest[0].low_risk_numbers_enabled: True is not one of"]),
    ("POST", BULK, None, {"UpdateRequest": json.dumps([{**INDIA, "iso_code": "India"}])},
     ["form UpdateRequest[0].iso_code: 'India' is not a 'iso-country-code'"]),
    ("POST", "/v1/Settings", None, {"DialingPermissionsInheritance": "1"}, ["form DialingPermissionsInheritance: '1'"]),
])
def test_a_wrong_request_is_named(method, path, query, form, named):
    complaints = document.request_complaints(method, path, query, form)
    assert len(complaints) == len(named), complaints
    for complaint, beginning in zip(sorted(complaints), sorted(named), strict=True):
        assert complaint.startswith(beginning), complaints


@pytest.mark.parametrize(("method", "path"), [
    ("PUT", "/v1/Trunks"), ("POST", f"/v1/Trunks/{TK}/CredentialLists/{AL}"), ("DELETE", "/v1/Trunks"),
    ("GET", "/v1/Trunk"), ("GET", f"/v1/Trunks/{TK}/"), ("GET", f"{LISTS}/{AL}"), ("POST", COUNTRIES + "/US"),
])
def test_a_request_that_no_document_has_is_an_error(method, path):
    with pytest.raises(LookupError, match=method):
        document.request_complaints(method, path)


def test_the_extracts_are_whole_documents():
    for openapi in document.DOCUMENTS:
        assert openapi["openapi"].startswith("3.0")
        reached = extract.references(openapi["paths"])
        assert reached <= set(openapi["components"]["schemas"])
        for path, methods in openapi["paths"].items():
            for described in methods.values():
                names = {one["name"] for one in described.get("parameters", []) if one["in"] == "path"}
                assert all(f"{{{name}}}" in path for name in names) and len(names) == path.count("{")


if ORIGINALS:

    def test_the_extracts_are_made_from_twilios_documents():
        for name, text in extract.extracts(ORIGINALS).items():
            kept = (document.FOLDER / name).read_text(encoding="utf-8")
            assert kept == text, f"{name}: python3 -m {extract.__name__} {ORIGINALS} renews it"
