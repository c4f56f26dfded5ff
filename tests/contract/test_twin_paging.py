# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages, limits and switches."""

import json

import pytest
from twilio_twin.settings import Settings

from .conftest import BASE
from .test_twin_refusals import ADDRESS, CREDENTIAL, URL, paths, refused


def fill(api, count):
    """That many trunks and access lists, with numbers for names."""
    for number in range(count):
        api.make(api.trunks, FriendlyName=str(number))
        api.make(api.access_lists + ".json", FriendlyName=str(number))


def links(answer):
    """(records, next, previous, page, page size) of an answer of either generation."""
    if "meta" in answer:
        meta = answer["meta"]
        return answer["trunks"], meta["next_page_url"], meta["previous_page_url"], meta["page"], meta["page_size"]
    return (answer["ip_access_control_lists"], answer["next_page_uri"], answer["previous_page_uri"],
            answer["page"], answer["page_size"])


@pytest.mark.parametrize("generation", ["v1", "2010"])
def test_links_lead_through_all_pages_and_back(api, generation):
    fill(api, 7)
    path = api.trunks if generation == "v1" else api.access_lists + ".json"
    seen, pages, following = [], [], f"{path}?PageSize=3"
    while following:
        assert following.startswith(BASE + path if generation == "v1" and seen else path)
        answer = api.get(following).json()
        records, following, previous, page, size = links(answer)
        assert (page, size) == (len(pages), 3)
        seen += [record["friendly_name"] for record in records]
        pages.append([record["friendly_name"] for record in records])
    assert seen == [str(number) for number in range(7)]
    while previous:
        records, dummy, previous, page, dummy = links(api.get(previous).json())
        assert [record["friendly_name"] for record in records] == pages[page]
    assert page == 0


def test_a_page_knows_its_own_address_and_its_place(api):
    fill(api, 3)
    first = api.get(api.access_lists + ".json", PageSize=2).json()
    second = api.get(first["next_page_uri"]).json()
    assert (first["start"], first["end"], second["start"], second["end"]) == (0, 1, 2, 2)
    assert second["uri"] == first["next_page_uri"]
    assert second["first_page_uri"] == first["uri"] == first["first_page_uri"]
    empty = api.get(api.credential_lists + ".json").json()
    assert (empty["start"], empty["end"], empty["page_size"]) == (0, 0, 50)


def test_rows_that_come_and_go_meanwhile_neither_repeat_nor_vanish(api):
    fill(api, 4)
    first = api.get(api.trunks, PageSize=2).json()
    for trunk in first["trunks"]:
        api.delete(f"{api.trunks}/{trunk['sid']}")
    second = api.get(first["meta"]["next_page_url"]).json()
    assert [trunk["friendly_name"] for trunk in second["trunks"]] == ["2", "3"]


def test_the_links_keep_the_filter(api):
    for last in range(3):
        api.own(f"+1500555000{last}")
    path = api.account + "/IncomingPhoneNumbers.json"
    first = api.get(path, PhoneNumber="+1500", PageSize=2).json()
    assert first["next_page_uri"].startswith(path + "?PhoneNumber=%2B1500&PageSize=2&Page=1&PageToken=PA")
    assert len(api.get(first["next_page_uri"]).json()["incoming_phone_numbers"]) == 1


def test_links_name_the_host_by_which_the_client_came(api):
    fill(api, 2)
    answer = api.http.get(api.trunks + "?PageSize=1", headers={"Host": "trunking.twilio.com"}).json()
    assert answer["meta"]["next_page_url"].startswith("http://trunking.twilio.com/v1/Trunks?")
    assert answer["trunks"][0]["url"].startswith("http://trunking.twilio.com/v1/Trunks/")


@pytest.mark.parametrize(("query", "code"), [
    ({"PageSize": "1001"}, 20007), ({"PageSize": "0"}, 20001), ({"PageSize": "many"}, 20001), ({"Page": "-1"}, 20001),
    ({"PageToken": "x"}, 21481), ({"PageToken": "PAAL" + "0" * 32}, 21481), ({"PageToken": "PATK" + "f" * 32}, 21481),
])
def test_wrong_paging(api, query, code):
    refused(api.get(api.trunks, **query), 400, code)


def test_the_largest_page_is_allowed(api):
    assert api.get(api.trunks, PageSize="1000").json()["meta"]["page_size"] == 1000


@pytest.mark.parametrize(("setting", "where", "form", "code"), [
    ("trunks_per_account", "trunks", {}, 21244),
    ("origination_urls_per_trunk", "urls", URL, 21249),
    ("access_lists_per_account", "acls", {"FriendlyName": "{}"}, 21255),
    ("addresses_per_access_list", "addresses", ADDRESS | {"FriendlyName": "{}", "IpAddress": "203.0.113.{}"}, 21237),
    ("credential_lists_per_account", "lists", {"FriendlyName": "{}"}, 21239),
    ("credentials_per_list", "credentials", CREDENTIAL | {"Username": "{}"}, 21242),
])
def test_limits(api_with, setting, where, form, code):
    api = api_with(**{setting: 3})
    path = paths(api)[where]
    there = 1 if where in ("trunks", "acls", "lists") else 0
    for number in range(there, 3):
        api.make(path, **{name: value.format(number) for name, value in form.items()})
    refused(api.post(path, **{name: value.format(9) for name, value in form.items()}), 400, code)


def test_the_documented_limits():
    settings = Settings()
    assert (settings.trunks_per_account, settings.origination_urls_per_trunk) == (100, 10)
    assert (settings.access_lists_per_account, settings.addresses_per_access_list) == (1000, 100)
    assert (settings.credential_lists_per_account, settings.credentials_per_list) == (100, 1000)


@pytest.mark.parametrize(("setting", "value", "where", "form", "statuses"), [
    ("trunk_friendly_name_limit", 64, "trunks", {"FriendlyName": "x" * 65}, (201, 400)),
    ("origination_weight_minimum", 1, "urls", URL | {"Weight": "0"}, (201, 400)),
    ("sips_accepted", False, "urls", URL | {"SipUrl": "sips:pbx.example.com"}, (201, 400)),
])
def test_switches_of_what_is_accepted(api_with, setting, value, where, form, statuses):
    for settings, status in zip(({}, {setting: value}), statuses, strict=True):
        api = api_with(**settings)
        assert api.post(paths(api)[where], **form).status_code == status
        api.http.post("/twin/reset")
        api.store.run("DELETE FROM api_key")
        api.store.run("DELETE FROM account")


def test_switch_prefix_zero(api_with):
    api = api_with(cidr_zero_stored_as=0)
    assert api.make(paths(api)["addresses"], **ADDRESS, CidrPrefixLength="0")["cidr_prefix_length"] == 0
    row = api.store.one("SELECT * FROM ip_address")
    assert (row["first_address"], row["last_address"]) == (0, 2 ** 32 - 1)


def test_switch_names_of_addresses(api_with):
    api = api_with(address_friendly_name_unique=False)
    path = paths(api)["addresses"]
    api.make(path, **ADDRESS)
    api.make(path, **ADDRESS | {"IpAddress": "203.0.113.2"})


def test_switches_of_what_may_be_deleted(api_with):
    api = api_with(list_in_use_deletable=True, trunk_in_use_deletable=False)
    known = paths(api)
    acl = api.make(known["acls"], FriendlyName="used")["sid"]
    api.make(known["trunk acls"], IpAccessControlListSid=acl)
    refused(api.delete(known["trunk"]), 400, 21247)
    assert api.delete(f"{api.access_lists}/{acl}.json").status_code == 204
    assert api.get(known["trunk acls"]).json()["ip_access_control_lists"] == []
    assert api.delete(known["trunk"]).status_code == 204


@pytest.mark.parametrize(("content", "complaint"), [
    ('{"trunk_limit": 1}', "unknown setting 'trunk_limit'"),
    ('{"sips_accepted": 1}', "sips_accepted must be bool"),
    ("[]", "must be a JSON object"),
    ("{", "property name"),
])
def test_a_wrong_settings_file(tmp_path, content, complaint):
    path = tmp_path / "settings.json"
    path.write_text(content)
    with pytest.raises(ValueError, match=complaint):
        Settings.load(path)


def test_a_settings_file(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"trunks_per_account": 1}))
    assert Settings.load(path) == Settings(trunks_per_account=1)
