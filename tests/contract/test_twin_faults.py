# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The twin misbehaves as its faults say, keeps a log of what was asked, and changes its switches while it runs."""

import concurrent.futures
import time

import pytest
import requests
from twilio_twin.faults import Faults
from twilio_twin.requestlog import MAX_KEPT
from twilio_twin.surface import ControlError

from .conftest import ACCOUNT, TOKEN, Api

CREDENTIAL = {"Username": "pbx", "Password": "Correct-Horse-9"}


class Remote:
    """The twin as its service runs, reached over a connection of its own."""

    def __init__(self, url):
        self.url = url
        self.http = requests.Session()
        self.http.auth = (ACCOUNT, TOKEN)
        self.control("POST", "reset")
        self.control("DELETE", "requests")

    def control(self, method, path, body=None):
        answer = requests.request(method, f"{self.url}/twin/{path}", json=body, timeout=5)
        assert answer.ok, answer.text
        return answer.json()

    def ask(self, method="GET", path=Api.trunks, timeout=5, **form):
        return self.http.request(method, self.url + path, data=form or None, timeout=timeout)

    def log(self):
        return [(one["method"], one["status"]) for one in self.control("GET", "requests")["requests"]]


@pytest.fixture
def remote(served):
    found = Remote(served[0])
    yield found
    found.control("POST", "reset")
    found.http.close()


def rules(*given, **more):
    return {"rules": list(given), **more}


@pytest.mark.parametrize(("kind", "done"), [("reset", False), ("lost", True)])
def test_a_cut_connection(remote, kind, done):
    assert remote.ask().status_code == 200, "on a connection that is open already"
    remote.control("PUT", "faults", rules({"kind": kind, "methods": ["POST"]}))
    with pytest.raises(requests.ConnectionError, match="Connection aborted.*reset by peer"):
        remote.ask("POST", FriendlyName="cut")
    assert [one["friendly_name"] for one in remote.ask().json()["trunks"]] == (["cut"] if done else [])
    assert remote.log() == [("GET", 200), ("POST", None), ("GET", 200)]


def test_an_answer_that_hangs(remote):
    remote.control("PUT", "faults", rules({"kind": "hang", "methods": ["POST"]}))
    with pytest.raises(requests.ReadTimeout):
        remote.ask("POST", timeout=0.5)
    assert len(remote.ask().json()["trunks"]) == 1
    remote.control("PUT", "faults", rules({"kind": "hang", "seconds": 0.2}))
    began = time.monotonic()
    assert remote.ask("POST").status_code == 201
    assert time.monotonic() - began >= 0.2


def together(remote, count):
    """The statuses of that many requests at once, and the seconds they took."""
    def ask(dummy):
        return requests.get(remote.url + Api.trunks, auth=(ACCOUNT, TOKEN), timeout=30).status_code

    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        statuses = sorted(pool.map(ask, range(count)))
    return statuses, time.monotonic() - began


def test_requests_wait_side_by_side(remote):
    remote.control("PUT", "faults", {"latency": 1})
    statuses, seconds = together(remote, 8)
    assert statuses == [200] * 8
    assert 1 <= seconds < 7, "and not 8"
    assert all(one["seconds"] >= 1 for one in remote.control("GET", "requests")["requests"])


def test_more_than_the_twin_works_on_at_once_is_refused_at_once(remote):
    remote.control("PUT", "faults", {"latency": 2, "concurrency": 3, "retry_after": 2})
    assert together(remote, 8)[0] == [200] * 3 + [429] * 5
    assert remote.ask().status_code == 200, "and all of it is let go again"
    refused = [one for one in remote.control("GET", "requests")["requests"] if one["status"] == 429]
    assert all(one["seconds"] < 2 for one in refused)


@pytest.mark.parametrize(("kind", "status", "code", "done"), [
    ("429", 429, 20429, False), ("429-retry-after", 429, 20429, False), ("500", 500, None, False),
    ("503", 503, None, False), ("401", 401, 20003, False), ("problem", 400, 20001, False),
    ("lost-500", 500, None, True),
])
def test_answers_instead_of_the_right_one(api, kind, status, code, done):
    assert api.http.put("/twin/faults", json=rules({"kind": kind, "nth": 1})).json() == {"changed": True}
    answer = api.post(api.trunks)
    assert (answer.status_code, answer.json().get("code")) == (status, code)
    assert answer.headers.get("retry-after") == ("1" if kind == "429-retry-after" else None)
    assert answer.headers["twilio-request-id"].startswith("RQ")
    if kind == "problem":
        assert answer.headers["content-type"] == "application/problem+json"
        assert {"type", "title", "status", "code", "detail", "errors"} <= set(answer.json())
    assert len(api.get(api.trunks).json()["trunks"]) == int(done)


def statuses(api, count=6, method="GET"):
    return [api.http.request(method, api.trunks).status_code for dummy in range(count)]


@pytest.mark.parametrize(("given", "expected"), [
    ({"nth": 3}, [200, 200, 503, 200, 200, 200]),
    ({"from": 4}, [200, 200, 200, 503, 503, 503]),
    ({}, [503] * 6),
    ({"share": 0}, [200] * 6),
    ({"methods": ["POST"]}, [200] * 6),
    ({"methods": ["POST", "GET"], "path": "/Trunks$"}, [503] * 6),
    ({"path": "Credential"}, [200] * 6),
])
def test_which_requests_a_rule_fits(api, given, expected):
    api.http.put("/twin/faults", json=rules({"kind": "503", **given}))
    assert statuses(api) == expected


def test_the_first_rule_that_fits_decides(api):
    api.http.put("/twin/faults", json=rules({"kind": "503", "nth": 2}, {"kind": "401", "from": 2}))
    assert statuses(api, 3) == [200, 503, 401]


def test_chance_is_the_same_from_the_same_seed(api):
    def drawn(seed):
        api.http.put("/twin/faults", json=rules({"kind": "503", "share": 0.3}, seed=seed))
        return statuses(api, 60)

    first = drawn(7)
    assert first == drawn(7)
    assert first != drawn(8)
    assert 5 <= first.count(503) <= 35


def test_a_rate_with_a_burst(api):
    moment = [100.0]
    api.app.state.faults = Faults({"per_second": 2, "burst": 3, "retry_after": 4}, clock=lambda: moment[0])
    assert statuses(api, 5) == [200, 200, 200, 429, 429]
    assert api.get(api.trunks).headers["retry-after"] == "4"
    moment[0] += 1
    assert statuses(api, 3) == [200, 200, 429]
    moment[0] += 60
    assert statuses(api, 4) == [200, 200, 200, 429]


def test_what_the_limits_refuse_is_not_counted(api):
    moment = [0.0]
    api.app.state.faults = Faults(
        rules({"kind": "503", "nth": 2}, per_second=1), clock=lambda: moment[0]
    )
    assert statuses(api, 3) == [200, 429, 429]
    moment[0] += 1
    assert statuses(api, 1) == [503]


def test_faults_are_set_read_and_cleared(api):
    given = {"latency": 0, "concurrency": 1, **rules({"kind": "lost", "nth": 9})}
    assert api.http.get("/twin/faults").json() == {}
    assert [api.http.put("/twin/faults", json=given).json()["changed"] for dummy in range(2)] == [True, False]
    assert api.http.get("/twin/faults").json() == given
    assert [api.http.delete("/twin/faults").json()["changed"] for dummy in range(2)] == [True, False]
    assert api.http.get("/twin/faults").json() == {}
    api.http.put("/twin/faults", json=rules({"kind": "503"}))
    assert api.http.get("/twin/faults").status_code == 200, "the control surface itself behaves"
    assert [api.http.post("/twin/reset").json()["changed"] for dummy in range(2)] == [True, False]
    assert statuses(api, 1) == [200]


def test_setting_the_same_again_counts_anew(api):
    for dummy in range(2):
        api.http.put("/twin/faults", json=rules({"kind": "503", "nth": 1}))
        assert statuses(api, 2) == [503, 200]


@pytest.mark.parametrize(("given", "complaint"), [
    ({"delay": 1}, "Unknown key 'delay'"),
    ({"latency": -1}, "latency must be a number, at least 0"),
    ({"latency": "1"}, "latency must be a number"),
    ({"latency": True}, "latency must be a number"),
    ({"concurrency": 0}, "concurrency must be a whole number, at least 1"),
    ({"concurrency": 1.5}, "concurrency must be a whole number"),
    ({"per_second": 0}, "per_second must be a number, at least"),
    ({"burst": 5}, "burst needs per_second"),
    ({"per_second": 5, "burst": 0}, "burst must be a number, at least 1"),
    ({"retry_after": 1.5}, "retry_after must be a whole number"),
    ({"seed": "x"}, "seed must be a whole number"),
    ({"rules": {}}, "rules must be a list"),
    (rules("429"), r"rules\[0\]: must be an object"),
    (rules({}), r"rules\[0\]: kind must be one of 429, 429-retry-after, 500"),
    (rules({"kind": 429}), r"rules\[0\]: kind must be one of"),
    (rules({"kind": "429"}, {"kind": "429", "often": 1}), r"rules\[1\]: Unknown key 'often'"),
    (rules({"kind": "429", "share": 1.1}), "share must be a number, at least 0 and at most 1"),
    (rules({"kind": "429", "share": -0.1}), "share must be a number, at least 0 and at most 1"),
    (rules({"kind": "429", "nth": 0}), "nth must be a whole number, at least 1"),
    (rules({"kind": "429", "from": "2"}), "from must be a whole number, at least 1"),
    (rules({"kind": "429", "nth": 1, "from": 1}), "nth and from exclude each other"),
    (rules({"kind": "429", "methods": "POST"}), "methods must be a list of GET"),
    (rules({"kind": "429", "methods": []}), "methods must be a list of GET"),
    (rules({"kind": "429", "methods": ["post"]}), "methods must be a list of GET"),
    (rules({"kind": "429", "path": "("}), "path must be a regular expression: "),
    (rules({"kind": "429", "path": 1}), "path must be a regular expression"),
    (rules({"kind": "hang", "seconds": -1}), "seconds must be a number, at least 0"),
    (rules({"kind": "lost", "seconds": 1}), "seconds is for the kind hang alone"),
])
def test_wrong_faults(api, given, complaint):
    with pytest.raises(ControlError, match=complaint):
        Faults(given)
    api.http.put("/twin/faults", json={"latency": 0})
    answer = api.http.put("/twin/faults", json=given)
    assert (answer.status_code, set(answer.json())) == (400, {"error"})
    assert api.http.get("/twin/faults").json() == {"latency": 0}


def test_numbers_that_json_does_not_know(api):
    for body in (b'{"latency": Infinity}', b'{"latency": NaN}', b"[]", b"{"):
        assert api.http.put("/twin/faults", content=body).status_code == 400


def test_the_log_says_what_was_asked_and_how_it_ended(api):
    made = api.make(api.credential_lists + ".json", FriendlyName="a")["sid"]
    api.http.delete("/twin/requests")
    path = f"{api.credential_lists}/{made}/Credentials.json"
    api.make(path, **CREDENTIAL)
    api.get(api.trunks, PageSize=2, Beta="")
    api.post(api.trunks, Secure="maybe")
    api.http.put("/twin/faults", json=rules({"kind": "lost"}))
    with pytest.raises(ConnectionResetError):
        api.post(api.trunks)
    log = api.http.get("/twin/requests").json()
    assert log["count"] == 4
    assert all(one.pop("seconds") > 0 for one in log["requests"])
    assert log["requests"] == [
        {"method": "POST", "path": path, "query": {}, "form": CREDENTIAL | {"Password": "***"}, "status": 201},
        {"method": "GET", "path": api.trunks, "query": {"PageSize": "2", "Beta": ""}, "form": {}, "status": 200},
        {"method": "POST", "path": api.trunks, "query": {}, "form": {"Secure": "maybe"}, "status": 400},
        {"method": "POST", "path": api.trunks, "query": {}, "form": {}, "status": None},
    ]
    assert [one["form"] for one in api.http.get("/twin/requests?limit=2").json()["requests"]] == [
        {"Secure": "maybe"}, {},
    ]
    assert api.http.get("/twin/requests?limit=0").json() == {"count": 4, "requests": []}
    assert [api.http.delete("/twin/requests").json()["changed"] for dummy in range(2)] == [True, False]
    assert api.http.get("/twin/requests").json() == {"count": 0, "requests": []}


@pytest.mark.parametrize("limit", ["-1", "x", str(MAX_KEPT + 1)])
def test_a_wrong_limit_of_the_log(api, limit):
    answer = api.http.get("/twin/requests", params={"limit": limit})
    assert (answer.status_code, answer.json()) == (400, {"error": f"limit must be a whole number from 0 to {MAX_KEPT}"})


def test_switches_are_changed_while_the_twin_runs(api):
    start = api.http.get("/twin/settings").json()
    assert (start["trunks_per_account"], start["sips_accepted"]) == (100, True)
    given = {"trunks_per_account": 1, "sips_accepted": False}
    assert [api.http.put("/twin/settings", json=given).json()["changed"] for dummy in range(2)] == [True, False]
    assert api.http.get("/twin/settings").json() == start | given
    assert [api.post(api.trunks).status_code for dummy in range(2)] == [201, 400]
    assert api.http.put("/twin/settings", json={"trunks_per_account": 2}).json()["changed"]
    assert api.post(api.trunks).status_code == 201
    assert api.http.get("/twin/settings").json()["sips_accepted"] is False
    api.http.post("/twin/reset")
    assert api.http.get("/twin/settings").json() == start
    assert not api.http.post("/twin/reset").json()["changed"]


def test_reset_brings_back_what_the_twin_was_started_with(api_with):
    api = api_with(trunks_per_account=7)
    api.http.put("/twin/settings", json={"trunks_per_account": 1})
    api.http.post("/twin/reset")
    assert api.http.get("/twin/settings").json()["trunks_per_account"] == 7


@pytest.mark.parametrize(("given", "complaint"), [
    ({"trunk_limit": 1}, "unknown setting 'trunk_limit'; known are "),
    ({"sips_accepted": 1}, "sips_accepted must be bool, not 1"),
    ({"trunks_per_account": True}, "trunks_per_account must be int, not True"),
    ({"trunks_per_account": 1.5}, "trunks_per_account must be int, not 1.5"),
    ({"trunks_per_account": -1}, "trunks_per_account must be 0 or more, not -1"),
    ([], "must be a JSON object"),
])
def test_wrong_switches(api, given, complaint):
    before = api.http.get("/twin/settings").json()
    answer = api.http.put("/twin/settings", json=given)
    assert answer.status_code == 400
    assert complaint in answer.json()["error"]
    assert api.http.get("/twin/settings").json() == before
