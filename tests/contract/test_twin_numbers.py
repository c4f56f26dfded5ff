# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses, what they are to a number in an emergency, and numbers that are bought."""

import pytest

from .conftest import ACCOUNT, Api
from .openapi.plain import HOME
from .test_twin_answers import APPLICATION
from .test_twin_refusals import refused

ADDRESSES = Api.account + "/Addresses.json"
NUMBERS = Api.account + "/IncomingPhoneNumbers.json"
NUMBER = "+15005550001"
NOWHERE = "0" * 32


def item(collection, sid):
    return f"{collection.removesuffix('.json')}/{sid}.json"


@pytest.mark.parametrize(("form", "stored"), [
    ({}, {"region": "TS", "postal_code": "SW1A 1AA", "iso_country": "IN", "emergency_enabled": True}),
    ({"AutoCorrectAddress": ""}, {"region": "TS", "postal_code": "SW1A 1AA"}),
    ({"AutoCorrectAddress": "false"}, {"region": "Ts", "postal_code": "sw1a 1aa", "validated": False}),
    ({"IsoCountry": "gb", "EmergencyEnabled": "false"}, {"iso_country": "GB", "emergency_enabled": False}),
    ({"FriendlyName": "", "StreetSecondary": ""}, {"friendly_name": None, "street_secondary": None}),
])
def test_an_address_may_be_corrected(api, form, stored):
    made = api.make(ADDRESSES, **HOME | {"PostalCode": "sw1a 1aa"} | form)
    assert stored.items() <= made.items()
    assert api.get(item(ADDRESSES, made["sid"])).json() == made


def test_an_address_is_updated_but_for_its_country(api):
    path = item(ADDRESSES, api.make(ADDRESSES, **HOME)["sid"])
    updated = api.post(path, Region="ap", City="Warangal", IsoCountry="US", EmergencyEnabled="false").json()
    assert (updated["region"], updated["city"], updated["iso_country"]) == ("AP", "Warangal", "IN")
    assert api.post(path, Region="ap", AutoCorrectAddress="false").json()["region"] == "ap"
    assert api.delete(path).status_code == 204
    refused(api.get(path), 404, 20404)


@pytest.mark.parametrize("form", [
    *({name: ""} for name in ("CustomerName", "Street", "City", "Region", "PostalCode", "IsoCountry")),
    {"IsoCountry": "IND"}, {"EmergencyEnabled": "yes"}, {"AutoCorrectAddress": "no"}, {"FriendlyName": "x" * 65},
])
def test_wrong_addresses(api, form):
    refused(api.post(ADDRESSES, **HOME | form), 400, 20001)
    assert api.get(ADDRESSES).json()["addresses"] == []


@pytest.mark.parametrize(("query", "found"), [
    ({"CustomerName": "Trunkline"}, 1), ({"FriendlyName": "Office"}, 0), ({"IsoCountry": "IN"}, 1),
    ({"EmergencyEnabled": "true"}, 1), ({"EmergencyEnabled": "false"}, 0),
])
def test_addresses_are_filtered(api, query, found):
    api.make(ADDRESSES, **HOME)
    assert len(api.get(ADDRESSES, **query).json()["addresses"]) == found


def test_a_filter_that_is_no_boolean(api):
    refused(api.get(ADDRESSES, EmergencyEnabled="maybe"), 400, 20001)


@pytest.fixture
def registrar(api_with):
    """(a twin that takes a minute to register, its clock, an owned number's path, the sids of two addresses)."""
    api = api_with(emergency_registration_seconds=60)
    moment = [1000.0]
    api.store.clock = lambda: moment[0]
    homes = [api.make(ADDRESSES, **HOME)["sid"] for dummy in range(2)]
    return api, moment, item(NUMBERS, api.own(NUMBER)), homes


def test_registration_takes_its_time_on_the_way_in_and_out(registrar):
    api, moment, number, (home, dummy) = registrar
    seen = [api.get(number).json()["emergency_address_status"]]
    for form in ({"EmergencyAddressSid": home}, {"EmergencyAddressSid": ""}):
        answer = api.post(number, **form).json()
        assert answer["emergency_address_sid"] == (form["EmergencyAddressSid"] or None)
        seen.append(answer["emergency_address_status"])
        moment[0] += 59
        # The same again is no change, and does not begin anew.
        seen.append(api.post(number, **form).json()["emergency_address_status"])
        moment[0] += 1
        seen.append(api.get(number).json()["emergency_address_status"])
    assert seen == [
        "unregistered", "pending-registration", "pending-registration", "registered",
        "pending-unregistration", "pending-unregistration", "unregistered",
    ]


def test_another_address_must_wait_until_the_first_is_gone(registrar):
    api, moment, number, (home, other) = registrar
    api.post(number, EmergencyAddressSid=home)
    moment[0] += 60
    refused(api.post(number, EmergencyAddressSid=other), 400, 21634)
    assert api.get(number).json()["emergency_address_sid"] == home
    api.post(number, EmergencyAddressSid="")
    refused(api.post(number, EmergencyAddressSid=other), 400, 21634)
    moment[0] += 60
    assert api.post(number, EmergencyAddressSid=other).json()["emergency_address_status"] == "pending-registration"


def test_switch_emergency_address_replaceable(api_with):
    api = api_with(emergency_address_replaceable=True)
    homes = [api.make(ADDRESSES, **HOME)["sid"] for dummy in range(2)]
    number = item(NUMBERS, api.own(NUMBER))
    for home in homes:
        answer = api.post(number, EmergencyAddressSid=home).json()
        assert (answer["emergency_address_sid"], answer["emergency_address_status"]) == (home, "registered")


def test_a_number_for_emergencies_is_not_released_nor_its_address_deleted(registrar):
    api, moment, number, (home, dummy) = registrar
    api.post(number, EmergencyAddressSid=home)
    for refusal in (api.delete(item(ADDRESSES, home)), api.post(item(ADDRESSES, home), EmergencyEnabled="false"),
                    api.delete(number)):
        refused(refusal, 400, 21634)
    api.post(number, EmergencyAddressSid="")
    assert api.delete(item(ADDRESSES, home)).status_code == 204
    refused(api.delete(number), 400, 21634)
    moment[0] += 60
    assert api.delete(number).status_code == 204


def test_an_emergency_address_is_enabled_and_the_accounts_own(api):
    number = item(NUMBERS, api.own(NUMBER))
    plain = api.make(ADDRESSES, **HOME | {"EmergencyEnabled": "false"})["sid"]
    foreign = api.make(ADDRESSES, **HOME)["sid"]
    api.store.insert("account", {"sid": "AC" + "9" * 32, "friendly_name": "other", "auth_token": "x"})
    api.store.run("UPDATE address SET account_sid = ? WHERE sid = ?", "AC" + "9" * 32, foreign)
    for wrong in (plain, foreign, "AD" + NOWHERE, "home"):
        refused(api.post(number, EmergencyAddressSid=wrong), 400, 20001)
    assert api.get(number).json()["emergency_address_sid"] is None


def test_a_number_on_sale_is_bought_once_and_a_released_one_is_gone(api):
    sale = f"/twin/for-sale/{NUMBER}"
    refused(api.post(NUMBERS, PhoneNumber=NUMBER), 400, 21422)
    assert api.http.put(sale).json() == {"changed": True}
    assert api.http.get(sale).json() == {"phone_number": NUMBER}
    trunk = api.make(api.trunks)["sid"]
    bought = api.make(NUMBERS, PhoneNumber=NUMBER, VoiceUrl="https://example.com/", TrunkSid=trunk)
    assert (bought["phone_number"], bought["friendly_name"], bought["trunk_sid"], bought["voice_url"]) == (
        NUMBER, "(500) 555-0001", trunk, "https://example.com/"
    )
    assert api.http.get(sale).status_code == 404
    refused(api.post(NUMBERS, PhoneNumber=NUMBER), 400, 21422)
    assert f"belongs to account {ACCOUNT}" in api.http.put(sale).json()["error"]
    assert api.delete(item(NUMBERS, bought["sid"])).status_code == 204
    refused(api.post(NUMBERS, PhoneNumber=NUMBER), 400, 21422)


def test_a_number_that_came_by_another_way_is_not_sold(api):
    api.http.put(f"/twin/for-sale/{NUMBER}")
    api.own(NUMBER)
    refused(api.post(NUMBERS, PhoneNumber=NUMBER), 400, 21422)


def test_a_refused_purchase_buys_nothing(api):
    api.http.put(f"/twin/for-sale/{NUMBER}")
    refused(api.post(NUMBERS, PhoneNumber=NUMBER, TrunkSid="TK" + NOWHERE), 404, 20404)
    refused(api.post(NUMBERS, PhoneNumber=NUMBER, EmergencyAddressSid="AD" + NOWHERE), 400, 20001)
    assert api.get(NUMBERS).json()["incoming_phone_numbers"] == []
    assert api.http.get("/twin/for-sale").json() == {"for_sale": [{"phone_number": NUMBER}]}


def test_a_number_is_bought_by_its_area(api):
    for number in ("+15005550002", NUMBER, "+442079460000", "+17756187988"):
        api.http.put(f"/twin/for-sale/{number}")
    assert [api.make(NUMBERS, AreaCode="500")["phone_number"] for dummy in range(2)] == [NUMBER, "+15005550002"]
    refused(api.post(NUMBERS, AreaCode="500"), 400, 21452)
    refused(api.post(NUMBERS, AreaCode="44"), 400, 20001)
    refused(api.post(NUMBERS), 400, 20001)


def test_attaching_clears_the_application_and_leaves_the_url(api):
    number = item(NUMBERS, api.own(NUMBER))
    trunk = api.make(api.trunks)["sid"]
    api.post(number, VoiceUrl="https://example.com/", VoiceApplicationSid=APPLICATION)
    attached = api.post(number, TrunkSid=trunk).json()
    assert (attached["voice_application_sid"], attached["voice_url"]) == ("", "https://example.com/")
