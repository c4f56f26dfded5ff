# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists that lag behind, regions that lack something, subaccounts."""

import pytest

from .conftest import ACCOUNT, KEY, SECRET, TOKEN, Api
from .test_twin_refusals import CREDENTIAL, paths, refused

SUB = "AC" + "d4" * 16
SUB_PATH = f"/2010-04-01/Accounts/{SUB}"


class Lagging:
    """A trunk whose lists are five seconds late, one list to put on it, and the clock."""

    def __init__(self, api_with, where):
        self.api = api_with(association_lag=5)
        self.now = 1000.0
        self.api.store.clock = lambda: self.now
        self.trunk = f"{Api.trunks}/{self.api.make(Api.trunks)['sid']}"
        lists = Api.access_lists if where.startswith("Ip") else Api.credential_lists
        self.sid = self.api.make(lists + ".json", FriendlyName="a")["sid"]
        self.path, self.key = f"{self.trunk}/{where}s", lists.rsplit("/", 1)[1]
        self.param = where + "Sid"

    def attach(self):
        return self.api.make(self.path, **{self.param: self.sid})

    def detach(self):
        assert self.api.delete(f"{self.path}/{self.sid}").status_code == 204

    def shown(self):
        """(is it in the list, does the trunk's auth_type know it)."""
        answer = self.api.get(self.path).json()
        listed = [one["sid"] for one in answer[answer["meta"]["key"]]]
        trunk = self.api.get(self.trunk).json()
        assert trunk in self.api.get(Api.trunks).json()["trunks"]
        return self.sid in listed, bool(trunk["auth_type"])


@pytest.fixture(params=["IpAccessControlList", "CredentialList"])
def lagging(api_with, request):
    return Lagging(api_with, request.param)


def test_lists_lag_behind_an_attachment(lagging):
    assert lagging.attach()["sid"] == lagging.sid
    assert lagging.api.get(f"{lagging.path}/{lagging.sid}").status_code == 200, "the instance is there at once"
    refused(lagging.api.post(lagging.path, **{lagging.param: lagging.sid}), 400, 21245)
    assert lagging.shown() == (False, False)
    lagging.now += 5
    assert lagging.shown() == (True, True)


def test_lists_lag_behind_a_detachment(lagging):
    lagging.attach()
    lagging.now += 5
    lagging.detach()
    refused(lagging.api.get(f"{lagging.path}/{lagging.sid}"), 404, 20404)
    assert lagging.shown() == (True, True)
    lagging.now += 5
    assert lagging.shown() == (False, False)


def test_what_comes_back_in_time_was_never_away(lagging):
    lagging.attach()
    lagging.detach()
    assert lagging.shown() == (False, False)
    lagging.attach()
    lagging.now += 5
    lagging.detach()
    lagging.attach()
    assert lagging.shown() == (True, True)
    lagging.now += 5
    assert lagging.shown() == (True, True)


def test_a_trunk_that_goes_takes_its_lag_along(lagging):
    lagging.attach()
    assert lagging.api.delete(lagging.trunk).status_code == 204
    assert lagging.api.store.one("SELECT count(*) AS n FROM association_lag")["n"] == 0


def test_without_the_switch_nothing_lags(api):
    known = paths(api)
    acl = api.make(known["acls"], FriendlyName="a")["sid"]
    api.make(known["trunk acls"], IpAccessControlListSid=acl)
    assert api.get(known["trunk"]).json()["auth_type"] == "IP_ACL"
    api.delete(f"{known['trunk acls']}/{acl}")
    assert api.get(known["trunk acls"]).json()["ip_access_control_lists"] == []


@pytest.mark.parametrize("region", ["ie1", "au1"])
def test_what_a_region_lacks(api_with, region):
    api = api_with(region=region)
    known = paths(api)
    trunk = known["trunk"].rsplit("/", 1)[1]
    number = api.get(known["number"]).json()["sid"]
    for path in (known["trunk numbers"], known["callers"], f"{known['trunk numbers']}/{number}"):
        refused(api.get(path), 404, 20404)
    refused(api.post(known["trunk numbers"], PhoneNumberSid=number), 404, 20404)
    attached = api.post(known["number"], TrunkSid=trunk)
    assert (attached.json()["trunk_sid"], attached.headers["x-home-region"]) == (trunk, region)


def test_the_first_region_lacks_nothing(api):
    assert api.get(api.account + "/OutgoingCallerIds.json").headers["x-home-region"] == "us1"
    answer = api.http.put("/twin/settings", json={"region": "de1"})
    assert answer.json() == {"error": "region must be one of us1, ie1, au1, not 'de1'"}
    assert api.http.put("/twin/settings", json={"region": "ie1"}).json()["changed"]
    refused(api.get(api.account + "/OutgoingCallerIds.json"), 404, 20404)


@pytest.mark.parametrize(("path", "host"), [
    ("/v1/Trunks", "trunking"), ("/v1/Alerts", "monitor"), ("/v1/Settings", "voice"),
    ("/v1/DialingPermissions/Countries", "voice"), (Api.account + ".json", "api"),
])
def test_whose_host_it_would_be(api, path, host):
    assert api.get(path).headers["x-api-domain"] == f"{host}.twilio.com"


@pytest.fixture
def family(api):
    """A twin in which a second account belongs to the first."""
    account = {"sid": SUB, "auth_token": "of-the-sub", "owner_account_sid": ACCOUNT}
    assert api.http.put("/twin/account", json=account).json()["changed"]
    assert not api.http.put("/twin/account", json=account).json()["changed"]
    return api


@pytest.mark.parametrize("auth", [(ACCOUNT, TOKEN), (KEY, SECRET), (SUB, "of-the-sub")])
def test_who_reaches_a_subaccount_by_its_path(family, auth):
    family.http.auth = auth
    made = family.make(SUB_PATH + "/SIP/CredentialLists.json", FriendlyName="a")
    assert made["account_sid"] == SUB
    inside = f"{SUB_PATH}/SIP/CredentialLists/{made['sid']}/Credentials.json"
    assert family.make(inside, **CREDENTIAL)["uri"].startswith(SUB_PATH)
    assert len(family.get(inside).json()["credentials"]) == 1
    family.http.auth = (ACCOUNT, TOKEN)
    assert family.get(family.credential_lists + ".json").json()["credential_lists"] == []
    assert family.get(SUB_PATH + ".json").json()["owner_account_sid"] == ACCOUNT
    assert family.get(family.account + ".json").json()["owner_account_sid"] == ACCOUNT


def test_v1_belongs_to_whose_credentials_are_used(family):
    trunk = family.make(family.trunks)
    assert trunk["account_sid"] == ACCOUNT
    family.http.auth = (SUB, "of-the-sub")
    assert family.get(family.trunks).json()["trunks"] == []
    assert family.make(family.trunks)["account_sid"] == SUB
    refused(family.get(f"{family.trunks}/{trunk['sid']}"), 404, 20404)
    for path in (family.account + ".json", family.account + "/IncomingPhoneNumbers.json"):
        refused(family.get(path), 404, 20404)


def test_a_subaccount_becomes_an_account_of_its_own(family):
    assert family.http.get("/twin/account").json()["accounts"][1]["owner_account_sid"] == ACCOUNT
    third = {"sid": "AC" + "e" * 32, "auth_token": "x", "owner_account_sid": SUB}
    assert "no subaccount itself" in family.http.put("/twin/account", json=third).json()["error"]
    third["owner_account_sid"] = "AC" + "7" * 32
    assert "must be another account" in family.http.put("/twin/account", json=third).json()["error"]
    del third["owner_account_sid"]
    family.http.put("/twin/account", json=third)
    owner = {"sid": ACCOUNT, "auth_token": TOKEN, "owner_account_sid": third["sid"]}
    assert "has subaccounts" in family.http.put("/twin/account", json=owner).json()["error"]
    family.http.put("/twin/account", json={"sid": SUB, "auth_token": "of-the-sub", "owner_account_sid": ""})
    refused(family.get(SUB_PATH + "/IncomingPhoneNumbers.json"), 404, 20404)
