# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dialing permissions, and the alerts of calls that were refused."""

import calendar
import json

import pytest

from .conftest import ACCOUNT, BASE, TOKEN
from .test_twin_answers import CALL
from .test_twin_refusals import refused

COUNTRIES = "/v1/DialingPermissions/Countries"
UPDATES = "/v1/DialingPermissions/BulkCountryUpdates"
OTHER = "AC" + "d4" * 16
PERMISSIONS = (
    "low_risk_numbers_enabled", "high_risk_special_numbers_enabled", "high_risk_tollfraud_numbers_enabled",
)


def permit(api, *updates):
    return api.post(UPDATES, UpdateRequest=json.dumps(updates))


def permissions(api, country):
    answer = api.get(f"{COUNTRIES}/{country}").json()
    return tuple(answer[name] for name in PERMISSIONS)


def stored(api):
    return api.store.one("SELECT count(*) AS n FROM dialing_permission")["n"]


def test_every_country_is_there_and_only_the_us_and_canada_may_be_dialed(api):
    first = api.get(COUNTRIES, PageSize=1000).json()
    assert (len(first["content"]), first["meta"]["next_page_url"]) == (242, None)
    assert [one["iso_code"] for one in first["content"] if any(one[name] for name in PERMISSIONS)] == ["US"]
    us = api.get(COUNTRIES + "/US").json()
    assert us == {
        "iso_code": "US", "name": "United States/Canada", "continent": "NORTH_AMERICA", "country_codes": ["+1"],
        "low_risk_numbers_enabled": True, "high_risk_special_numbers_enabled": False,
        "high_risk_tollfraud_numbers_enabled": False, "url": f"{BASE}{COUNTRIES}/US",
        "links": {"highrisk_special_prefixes": f"{BASE}{COUNTRIES}/US/HighRiskSpecialPrefixes"},
    }
    refused(api.get(COUNTRIES + "/CA"), 404, 20404)


def test_a_country_code_belongs_to_one_country_unless_the_plan_is_shared(api):
    shared = api.store.all("SELECT prefix, count(*) AS n FROM country_code GROUP BY prefix HAVING n > 1")
    assert {row["prefix"] for row in shared} == {"+212", "+590"}


@pytest.mark.parametrize(("query", "found"), [
    ({"IsoCode": "IN"}, ["IN"]), ({"IsoCode": "CA"}, []), ({"CountryCode": "+1"}, ["US"]),
    ({"CountryCode": "1849"}, ["DO"]), ({"CountryCode": "+590"}, ["BL", "GP", "MF"]),
    ({"Continent": "SOUTH_AMERICA", "CountryCode": "+54"}, ["AR"]), ({"LowRiskNumbersEnabled": "true"}, ["LV", "US"]),
    ({"HighRiskSpecialNumbersEnabled": "true"}, ["LV"]), ({"HighRiskTollfraudNumbersEnabled": "True"}, []),
])
def test_countries_are_filtered(api, query, found):
    permit(api, {"iso_code": "LV", "low_risk_numbers_enabled": True, "high_risk_special_numbers_enabled": "true"})
    assert [one["iso_code"] for one in api.get(COUNTRIES, **query).json()["content"]] == found


def test_a_filter_that_is_no_boolean(api):
    refused(api.get(COUNTRIES, LowRiskNumbersEnabled="1"), 400, 20001)


def test_pages_lead_through_all_countries(api):
    seen, following = [], COUNTRIES + "?PageSize=100"
    while following:
        answer = api.get(following).json()
        seen += [one["iso_code"] for one in answer["content"]]
        following = answer["meta"]["next_page_url"]
    assert len(seen) == 242
    assert seen == sorted(set(seen))


@pytest.mark.parametrize(("country", "prefixes"), [("LV", ["+37181", "+3719000"]), ("IN", [])])
def test_high_risk_prefixes(api, country, prefixes):
    answer = api.get(f"{COUNTRIES}/{country}/HighRiskSpecialPrefixes").json()
    assert answer["content"] == [{"prefix": one} for one in prefixes]
    refused(api.get(COUNTRIES + "/CA/HighRiskSpecialPrefixes"), 404, 20404)


def test_an_update_changes_what_it_names(api):
    answer = permit(api, {"iso_code": "IN", "low_risk_numbers_enabled": "true", "unknown": 1},
                    {"iso_code": "US", "low_risk_numbers_enabled": False})
    assert (answer.status_code, answer.json()) == (201, {"update_count": 2, "update_request": "accepted"})
    assert (permissions(api, "IN"), permissions(api, "US")) == ((True, False, False), (False, False, False))
    permit(api, {"iso_code": "IN", "high_risk_tollfraud_numbers_enabled": "TRUE"})
    assert permissions(api, "IN") == (True, False, True)
    permit(api, {"iso_code": "IN", "low_risk_numbers_enabled": False, "high_risk_tollfraud_numbers_enabled": False},
           {"iso_code": "US", "low_risk_numbers_enabled": True}, {"iso_code": "GB"})
    assert stored(api) == 0, "only what differs is kept"


@pytest.mark.parametrize("request_text", [
    "", "x", "{", "{}", "1", "[1]", '["IN"]', "[{}]", '[{"iso_code": 1}]', '[{"iso_code": "CA"}]',
    '[{"iso_code": "in"}]', r'[{"iso_code": "\ud800"}]', '[{"iso_code": "IN", "low_risk_numbers_enabled": "yes"}]',
    '[{"iso_code": "IN", "high_risk_special_numbers_enabled": 1}]',
    '[{"iso_code": "IN", "high_risk_tollfraud_numbers_enabled": null}]', "[" * 100_000,
    '[{"iso_code": "IN", "low_risk_numbers_enabled": true}, {"iso_code": "XX"}]',
])
def test_wrong_updates_change_nothing(api, request_text):
    refused(api.post(UPDATES, UpdateRequest=request_text), 400, 20001)
    refused(api.post(UPDATES), 400, 20001)
    assert stored(api) == 0


def test_an_update_may_take_effect_later(api_with):
    api = api_with(dialing_update_lag=5)
    moment = [1000.0]
    api.store.clock = lambda: moment[0]
    permit(api, {"iso_code": "IN", "low_risk_numbers_enabled": True})
    moment[0] += 3
    permit(api, {"iso_code": "IN", "high_risk_special_numbers_enabled": True})
    seen = []
    for dummy in range(4):
        seen.append(permissions(api, "IN"))
        moment[0] += 2
    assert seen == [(False,) * 3, (True, False, False), (True, False, False), (True, True, False)]
    permit(api, {"iso_code": "IN", "low_risk_numbers_enabled": False, "high_risk_special_numbers_enabled": False})
    assert stored(api) == 2, "the one that holds, and the one that will"
    moment[0] += 5
    assert permissions(api, "IN") == (False,) * 3


def test_a_subaccount_inherits_or_chooses(api):
    api.http.put("/twin/account", json={"sid": OTHER, "auth_token": "x", "owner_account_sid": ACCOUNT})
    permit(api, {"iso_code": "IN", "low_risk_numbers_enabled": True})
    api.http.auth = (OTHER, "x")
    assert api.get("/v1/Settings").json() == {
        "dialing_permissions_inheritance": True, "url": f"{BASE}/v1/Settings",
    }
    assert permissions(api, "IN") == (True, False, False)
    changed = api.post("/v1/Settings", DialingPermissionsInheritance="false")
    assert (changed.status_code, changed.json()["dialing_permissions_inheritance"]) == (202, False)
    assert permissions(api, "IN") == (False,) * 3
    permit(api, {"iso_code": "FR", "low_risk_numbers_enabled": True})
    assert permissions(api, "FR") == (True, False, False)
    refused(api.post("/v1/Settings", DialingPermissionsInheritance="no"), 400, 20001)
    api.http.auth = (ACCOUNT, TOKEN)
    assert permissions(api, "FR") == (False,) * 3
    api.http.post("/twin/reset")
    api.http.auth = (OTHER, "x")
    assert api.get("/v1/Settings").json()["dialing_permissions_inheritance"] is True


TODAY = calendar.timegm((2026, 11, 21, 12, 0, 0))


@pytest.fixture
def alerts(api):
    """A twin on 21 November with calls of three days, one of which succeeded."""
    api.store.clock = lambda: TODAY
    for letter, day, error in (("0", 20, 32201), ("1", 20, None), ("2", 19, 32204), ("3", 21, 32202)):
        api.store.insert("call", {
            **CALL, "sid": "CA" + letter * 32, "status": "failed", "date_created": f"2026-11-{day}T10:00:00Z",
            "error_code": error, "error_text": error and "Authentication failure - bad",
        })
    return api


def codes(api, **query):
    return [one["error_code"] for one in api.get("/v1/Alerts", **query).json()["alerts"]]


def test_an_alert_is_a_call_that_failed(alerts):
    assert codes(alerts) == ["32202", "32204", "32201"], "newest first"
    one = alerts.get("/v1/Alerts/NO" + "0" * 32).json()
    assert one["resource_sid"] == "CA" + "0" * 32
    assert one["alert_text"] == "Msg=Authentication+failure+-+bad&ErrorCode=32201&SipCallId=one&LogLevel=ERROR"
    assert (one["log_level"], one["date_generated"]) == ("error", "2026-11-20T10:00:00Z")
    extra = {"request_headers", "request_variables", "response_body", "response_headers"}
    listed = alerts.get("/v1/Alerts").json()["alerts"][-1]
    assert set(one) - set(listed) == extra
    assert {name: one[name] for name in listed} == listed
    for missing in ("1", "9"):
        refused(alerts.get("/v1/Alerts/NO" + missing * 32), 404, 20404)
    refused(alerts.post("/v1/Alerts"), 405, 20004)


@pytest.mark.parametrize(("query", "found"), [
    ({"LogLevel": "error"}, 3), ({"LogLevel": "warning"}, 0), ({"StartDate": "2026-11-20"}, 2),
    ({"EndDate": "2026-11-20"}, 2), ({"StartDate": "2026-11-20T10:00:00Z", "EndDate": "2026-11-20T10:00:00Z"}, 1),
    ({"StartDate": "2026-11-20T10:00:01"}, 1), ({"StartDate": "2026-11-20T11:00:00+01:00"}, 2),
])
def test_alerts_are_filtered(alerts, query, found):
    assert len(codes(alerts, **query)) == found


@pytest.mark.parametrize("value", ["yesterday", "2026-13-01", "0001-01-01T00:00:00+01:00"])
def test_a_filter_that_is_no_date(alerts, value):
    refused(alerts.get("/v1/Alerts", StartDate=value), 400, 20001)


def test_alerts_are_kept_for_30_days(alerts):
    alerts.store.clock = lambda: TODAY + 29 * 86400
    assert codes(alerts) == ["32202"]


def test_alerts_have_pages(alerts):
    first = alerts.get("/v1/Alerts", PageSize=2).json()
    second = alerts.get(first["meta"]["next_page_url"]).json()
    assert [one["error_code"] for one in second["alerts"]] == ["32201"]
    assert second["meta"]["next_page_url"] is None
