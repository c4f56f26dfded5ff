# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The twin says no with Twilio's codes, statuses and error body."""

import json

import pytest

from .conftest import ACCOUNT, KEY, SECRET, TOKEN, Api

TRUNK = {"DomainName": "a.pstn.twilio.com"}
URL = {"Weight": "1", "Priority": "1", "Enabled": "true", "FriendlyName": "a", "SipUrl": "sip:pbx.example.com"}
ADDRESS = {"FriendlyName": "a", "IpAddress": "203.0.113.1"}
CREDENTIAL = {"Username": "pbx", "Password": "Correct-Horse-9"}
NOWHERE = "0" * 32


def refused(answer, status, code):
    """The answer carries this refusal, in Twilio's shape; gives its message."""
    body = answer.json()
    assert (answer.status_code, body.get("code")) == (status, code), answer.text
    assert body == {
        "code": code, "status": status, "message": body["message"],
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
    }
    assert body["message"]
    assert answer.headers["x-twilio-error-code"] == str(code)
    assert answer.headers["twilio-request-id"].startswith("RQ")
    return body["message"]


def paths(api):
    """The collections of a fresh trunk, access list and credential list, by a short name."""
    trunk = f"{api.trunks}/{api.make(api.trunks)['sid']}"
    acl = api.make(api.access_lists + ".json", FriendlyName="fresh")["sid"]
    credentials = api.make(api.credential_lists + ".json", FriendlyName="fresh")["sid"]
    return {
        "trunks": api.trunks, "trunk": trunk, "recording": trunk + "/Recording", "urls": trunk + "/OriginationUrls",
        "trunk acls": trunk + "/IpAccessControlLists", "trunk credentials": trunk + "/CredentialLists",
        "trunk numbers": trunk + "/PhoneNumbers",
        "acls": api.access_lists + ".json", "addresses": f"{api.access_lists}/{acl}/IpAddresses.json",
        "lists": api.credential_lists + ".json",
        "credentials": f"{api.credential_lists}/{credentials}/Credentials.json",
        "numbers": api.account + "/IncomingPhoneNumbers.json",
        "number": f"{api.account}/IncomingPhoneNumbers/{api.own('+17756187988')}.json",
        "callers": api.account + "/OutgoingCallerIds.json",
    }


@pytest.mark.parametrize(("where", "form", "code"), [
    ("trunks", {"DomainName": "a.example.com"}, 21245),
    ("trunks", {"DomainName": "pstn.twilio.com"}, 21245),
    ("trunks", {"DomainName": ".pstn.twilio.com"}, 21245),
    ("trunks", {"DomainName": "apstn.twilio.com"}, 21245),
    ("trunks", {"DomainName": "a_b.pstn.twilio.com"}, 21245),
    ("trunks", {"DomainName": "-a.pstn.twilio.com"}, 21245),
    ("trunks", {"DomainName": "a.pstn.dublin.twilio.com"}, 21245),
    ("trunks", {"DomainName": "a.pstn.twilio.com.pstn.twilio.com"}, 21245),
    ("trunks", {"DomainName": "a.pstn.twilio.com\n"}, 21245),
    ("trunks", {"DomainName": "b.a.pstn.twilio.com"}, 21247),
    ("trunks", {"TransferMode": "all"}, 20001),
    ("trunks", {"TransferMode": ""}, 20001),
    ("trunks", {"TransferCallerId": "nobody"}, 20001),
    ("trunks", {"Secure": "yes"}, 20001),
    ("trunks", {"CnamLookupEnabled": "1"}, 20001),
    ("trunks", {"DisasterRecoveryUrl": "ftp://example.com"}, 20001),
    ("trunks", {"DisasterRecoveryMethod": "PUT"}, 20001),
    ("trunk", {"Secure": "maybe"}, 20001),
    ("trunk", {"DomainName": "a.example.com"}, 21245),
    ("recording", {"Mode": "always"}, 20001),
    ("recording", {"Trim": "none"}, 20001),
    *(("urls", {k: v for k, v in URL.items() if k != missing}, 20001) for missing in URL),
    ("urls", URL | {"Weight": "65536"}, 20001),
    ("urls", URL | {"Weight": "-1"}, 20001),
    ("urls", URL | {"Priority": "1.5"}, 20001),
    ("urls", URL | {"SipUrl": "http://pbx.example.com"}, 20001),
    ("urls", URL | {"SipUrl": "sip:"}, 20001),
    ("urls", URL | {"FriendlyName": "x" * 65}, 20001),
    ("trunk acls", {}, 20001),
    ("trunk acls", {"IpAccessControlListSid": "AL1"}, 20001),
    ("trunk credentials", {"CredentialListSid": "AL" + NOWHERE}, 20001),
    ("trunk numbers", {"PhoneNumberSid": "+17756187988"}, 20001),
    ("acls", {}, 21235),
    ("acls", {"FriendlyName": ""}, 21235),
    ("acls", {"FriendlyName": "x" * 256}, 21235),
    ("acls", {"FriendlyName": "fresh"}, 21235),
    ("addresses", {"FriendlyName": "a"}, 21235),
    ("addresses", {"IpAddress": "203.0.113.1"}, 21235),
    *(("addresses", ADDRESS | {"IpAddress": wrong}, 21235) for wrong in (
        "", "2001:db8::1", "203.0.113", "203.0.113.256", "203.0.113.1/32", "pbx.example.com", "203.0.113.01",
    )),
    *(("addresses", ADDRESS | {"CidrPrefixLength": wrong}, 21235) for wrong in ("33", "-1", "x", "", "٢٤")),
    ("lists", {}, 21240),
    ("lists", {"FriendlyName": "x" * 65}, 21240),
    ("lists", {"FriendlyName": "fresh"}, 21240),
    ("credentials", {"Username": "pbx"}, 21243),
    ("credentials", {"Password": "Correct-Horse-9"}, 21243),
    ("credentials", CREDENTIAL | {"Username": "x" * 33}, 21243),
    *(("credentials", CREDENTIAL | {"Password": wrong}, 21243)
      for wrong in ("", "Short-Hors9", "correct-horse-9", "CORRECT-HORSE-9", "Correct-Horse-X")),
    ("numbers", {"PhoneNumber": "+15005550001"}, 21422),
    ("numbers", {"PhoneNumber": "5005550001"}, 20001),
    ("numbers", {}, 20001),
    ("number", {"VoiceUrl": "pbx.example.com"}, 20001),
    ("number", {"VoiceApplicationSid": "AP1"}, 20001),
    ("callers", {"PhoneNumber": "1234"}, 20001),
])
def test_wrong_values(api, where, form, code):
    path = paths(api)[where]
    before = list(api.store.connection.iterdump())
    message = refused(api.post(path, **form), 400, code)
    assert "Correct-Horse" not in message
    assert list(api.store.connection.iterdump()) == before


@pytest.mark.parametrize(("where", "form", "code"), [
    ("trunks", TRUNK, 21248),
    ("trunks", {"DomainName": "A.PSTN.twilio.com"}, 21248),
    ("addresses", ADDRESS, 21235),
    ("addresses", ADDRESS | {"IpAddress": "203.0.113.2"}, 21235),
    ("addresses", ADDRESS | {"FriendlyName": "b"}, 21235),
    ("credentials", CREDENTIAL, 21243),
])
def test_what_is_there_already(api, where, form, code):
    path = paths(api)[where]
    first = {"trunks": TRUNK, "addresses": ADDRESS, "credentials": CREDENTIAL}[where]
    api.make(path, **first)
    refused(api.post(path, **form), 400, code)


def test_another_prefix_is_another_address(api):
    path = paths(api)["addresses"]
    api.make(path, **ADDRESS)
    other = api.make(path, **ADDRESS | {"FriendlyName": "b", "CidrPrefixLength": "24"})
    item = path.removesuffix(".json") + f"/{other['sid']}.json"
    refused(api.post(item, CidrPrefixLength="32"), 400, 21235)
    assert api.post(item, FriendlyName="c").status_code == 200


def test_another_account_has_taken_the_domain(api):
    api.store.insert("account", {"sid": "AC" + "9" * 32, "friendly_name": "other", "auth_token": "x"})
    trunk = api.make(api.trunks, **TRUNK)["sid"]
    api.store.run("UPDATE trunk SET account_sid = ? WHERE sid = ?", "AC" + "9" * 32, trunk)
    refused(api.post(api.trunks, **TRUNK), 400, 21248)
    refused(api.post(api.trunks, DomainName="b.a.pstn.twilio.com"), 400, 21247)
    refused(api.get(f"{api.trunks}/{trunk}"), 404, 20404)
    refused(api.post(f"{api.trunks}/{trunk}/OriginationUrls", **URL), 404, 20404)
    assert api.get(api.trunks).json()["trunks"] == []


def test_the_domain_of_a_deleted_trunk_is_nobodys_for_thirty_days(api):
    trunk = f"{api.trunks}/{api.make(api.trunks, **TRUNK)['sid']}"
    begun = api.store.clock()
    assert api.delete(trunk).status_code == 204
    other = f"{api.trunks}/{api.make(api.trunks)['sid']}"
    refused(api.post(api.trunks, DomainName="A.PSTN.twilio.com"), 400, 21248)
    refused(api.post(other, **TRUNK), 400, 21248)
    api.store.clock = lambda: begun + 30 * 86400 + 60
    assert api.post(other, **TRUNK).status_code == 200


@pytest.mark.parametrize("settings", [{"domain_reserved_days": 0}, {"renamed_domain_reserved": False}])
def test_a_domain_that_was_given_up_is_free_where_the_twin_is_told_so(api_with, settings):
    api = api_with(**settings)
    trunk = f"{api.trunks}/{api.make(api.trunks, **TRUNK)['sid']}"
    assert api.post(trunk, DomainName="other.pstn.twilio.com").status_code == 200
    assert api.make(api.trunks, **TRUNK)


def test_a_reset_frees_the_domains(api):
    assert api.delete(f"{api.trunks}/{api.make(api.trunks, **TRUNK)['sid']}").status_code == 204
    api.http.post("/twin/reset")
    assert api.make(api.trunks, **TRUNK)


def test_a_number_leaves_one_trunk_before_the_other_where_the_twin_is_told_so(api_with):
    api = api_with(number_movable=False)
    sid = api.own("+17756187988")
    number = f"{api.account}/IncomingPhoneNumbers/{sid}.json"
    one, other = (api.make(api.trunks)["sid"] for dummy in range(2))
    assert api.post(number, TrunkSid=one).json()["trunk_sid"] == one
    assert api.post(number, TrunkSid=one).status_code == 200
    refused(api.post(number, TrunkSid=other), 400, 21245)
    refused(api.post(f"{api.trunks}/{other}/PhoneNumbers", PhoneNumberSid=sid), 400, 21245)
    api.post(number, TrunkSid="")
    assert api.post(number, TrunkSid=other).json()["trunk_sid"] == other


def test_a_sub_domain_needs_its_parent_as_long_as_it_is_there(api):
    parent = f"{api.trunks}/{api.make(api.trunks, **TRUNK)['sid']}"
    child = f"{api.trunks}/{api.make(api.trunks, DomainName='b.a.pstn.twilio.com')['sid']}"
    refused(api.delete(parent), 400, 21247)
    refused(api.post(parent, DomainName="c.pstn.twilio.com"), 400, 21247)
    assert api.post(parent, DomainName="A.pstn.twilio.com").json()["domain_name"] == "A.pstn.twilio.com"
    assert (api.delete(child).status_code, api.delete(parent).status_code) == (204, 204)


@pytest.mark.parametrize(("where", "param", "code"), [
    ("trunk acls", "IpAccessControlListSid", 21236), ("trunk credentials", "CredentialListSid", 21241),
])
def test_a_list_in_use_is_not_deleted_nor_attached_twice(api, where, param, code):
    lists = api.access_lists if param.startswith("Ip") else api.credential_lists
    made = api.make(lists + ".json", FriendlyName="used")["sid"]
    path = paths(api)[where]
    api.make(path, **{param: made})
    refused(api.post(path, **{param: made}), 400, 21245)
    refused(api.delete(f"{lists}/{made}.json"), 400, code)
    assert api.delete(f"{path}/{made}").status_code == 204
    assert api.delete(f"{lists}/{made}.json").status_code == 204
    refused(api.post(path, **{param: made}), 404, 20404)


def test_a_caller_id_is_verified_once(api):
    api.http.put("/twin/caller-ids/+15005550006")
    refused(api.post(api.account + "/OutgoingCallerIds.json", PhoneNumber="+15005550006"), 400, 21450)


@pytest.mark.parametrize("auth", [
    None, (ACCOUNT, "wrong"), (ACCOUNT, ""), ("AC" + NOWHERE, TOKEN), (KEY, TOKEN), (ACCOUNT, SECRET), ("", ""),
])
@pytest.mark.parametrize("path", ["/v1/Trunks", Api.account + ".json", "/v1/Nothing"])
def test_wrong_credentials(api, auth, path):
    api.http.auth = auth
    answer = api.get(path)
    refused(answer, 401, 20003)
    assert answer.headers["www-authenticate"] == 'Basic realm="Twilio API"'


@pytest.mark.parametrize("header", ["Bearer x", "Basic", "Basic %%%", "Basic /w==", "basic QQ=="])
def test_credentials_that_cannot_be_read(api, header):
    api.http.auth = None
    refused(api.http.get("/v1/Trunks", headers={"Authorization": header}), 401, 20003)


def test_an_api_key_reaches_all_but_the_account_itself(api):
    api.http.auth = (KEY, SECRET)
    assert api.get(api.trunks).status_code == 200
    assert api.get(api.access_lists + ".json").status_code == 200
    refused(api.get(api.account + ".json"), 401, 20003)


def test_an_account_that_is_not_active(api):
    api.http.put("/twin/account", json={"sid": ACCOUNT, "auth_token": TOKEN, "status": "suspended"})
    refused(api.get(api.trunks), 403, 20005)


@pytest.mark.parametrize("path", [
    "/v1/Trunks/TK" + NOWHERE, "/v1/Trunks/nonsense", f"/v1/Trunks/TK{NOWHERE}/Recording",
    f"/v1/Trunks/TK{NOWHERE}/OriginationUrls", f"/v1/Trunks/TK{NOWHERE}/PhoneNumbers/PN{NOWHERE}",
    Api.account + f"/IncomingPhoneNumbers/PN{NOWHERE}.json", f"{Api.access_lists}/AL{NOWHERE}/IpAddresses.json",
    f"/2010-04-01/Accounts/AC{NOWHERE}.json", f"/2010-04-01/Accounts/AC{NOWHERE}/SIP/CredentialLists.json",
    Api.credential_lists, "/v1/Trunks/", "/v2/Trunks", "/",
])
def test_what_is_not_there(api, path):
    message = refused(api.get(path), 404, 20404)
    assert message == f"The requested resource {path.removeprefix('/v1')} was not found"


@pytest.mark.parametrize(("method", "path"), [
    ("PUT", "/v1/Trunks"), ("DELETE", "/v1/Trunks"), ("PATCH", "/v1/Trunks/TK" + NOWHERE),
    ("POST", Api.account + "/Calls.json"), ("DELETE", Api.account + ".json"),
    ("POST", f"/v1/Trunks/TK{NOWHERE}/CredentialLists/CL{NOWHERE}"), ("DELETE", f"/v1/Trunks/TK{NOWHERE}/Recording"),
])
def test_methods_that_are_not_allowed(api, method, path):
    refused(api.http.request(method, path), 405, 20004)


def test_a_deleted_resource_is_gone(api):
    path = f"{api.trunks}/{api.make(api.trunks)['sid']}"
    assert api.delete(path).content == b""
    for method in ("GET", "POST", "DELETE"):
        refused(api.http.request(method, path), 404, 20404)


def test_a_body_that_is_no_form(api):
    refused(api.http.post(api.trunks, content=b"\xff="), 400, 20001)
    ignored = api.http.post(api.trunks, content=json.dumps({"FriendlyName": "x"}))
    assert ignored.json()["friendly_name"] is None


def test_an_error_of_the_twin_itself_is_a_500_in_twilios_shape(api):
    api.store.run("DROP TABLE origination_url")
    path = f"{api.trunks}/{api.make(api.trunks)['sid']}/OriginationUrls"
    api.http._transport.raise_server_exceptions = False
    answer = api.get(path)
    assert (answer.status_code, answer.json()["code"]) == (500, 20500)


def test_a_path_with_a_line_break_is_nowhere(api):
    for path in ("/v1/a%0Ab", "/v1/Trunks%0A", f"{api.access_lists}.json%0A"):
        answer = api.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, 20404), path
