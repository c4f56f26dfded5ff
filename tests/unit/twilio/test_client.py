# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client to Twilio: paging, what is repeated and what is not, and how a refusal is reported. No network."""

from __future__ import annotations

import json
import threading
import time

import pytest
import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

from ansible_collections.trunkline.voice.plugins.module_utils._twilio import client as client_module
from ansible_collections.trunkline.voice.plugins.module_utils._twilio.client import ApiClient, Credentials
from ansible_collections.trunkline.voice.plugins.module_utils._twilio.errors import ApiError, Unclear, Unreachable
from ansible_collections.trunkline.voice.plugins.module_utils._twilio.limiter import ConcurrencyLimiter
from ansible_collections.trunkline.voice.plugins.module_utils._twilio.resources.ip_access_control_list import (
    IP_ACCESS_CONTROL_LIST,
)
from ansible_collections.trunkline.voice.plugins.module_utils._twilio.resources.trunk import TRUNK

ACCOUNT = "AC" + "0" * 32
TOKEN = "canary-Token-0123456789"
TRUNKS, LISTS = TRUNK.service, IP_ACCESS_CONTROL_LIST.service


class Line:
    """Answers requests from a list; an exception in it is raised."""

    def __init__(self, *answers):
        self.answers, self.requests, self.waits = list(answers), [], []

    def send(self, request, **_kwargs):
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        response = requests.Response()
        response.status_code, headers, body = answer
        response.headers.update(headers)
        response._content = (body if isinstance(body, str) else json.dumps(body)).encode()
        return response


@pytest.fixture
def line(monkeypatch):
    def connect(*answers, **options):
        line = Line(*answers)
        monkeypatch.setattr(requests.Session, "send", line.send)
        return line, ApiClient(Credentials(ACCOUNT, TOKEN), sleep=line.waits.append, **options)

    return connect


def ok(body):
    return (200, {}, body)


def no(status, code, message="No.", headers=None):
    return (status, headers or {}, {"code": code, "message": message, "status": status})


def test_pages_of_the_v1_api_are_followed_to_the_end_at_the_largest_size(line):
    wire, client = line(
        ok({"trunks": [{"sid": "TK1"}], "meta": {"next_page_url": "https://elsewhere.example/v1/Trunks?PageSize=1000&Page=1&PageToken=t"}}),
        ok({"trunks": [{"sid": "TK2"}], "meta": {"next_page_url": None}}),
    )
    assert [row["sid"] for row in client.rows(TRUNKS)] == ["TK1", "TK2"]
    assert [request.url for request in wire.requests] == [
        "https://trunking.twilio.com/v1/Trunks?PageSize=1000",
        "https://trunking.twilio.com/v1/Trunks?PageSize=1000&Page=1&PageToken=t",
    ]


def test_pages_that_lead_back_to_one_that_was_read_are_an_error(line):
    def page(link):
        return ok({"trunks": [], "meta": {"next_page_url": f"https://trunking.twilio.com/v1/Trunks?Page={link}"}})

    dummy, client = line(page(1), page(2), page(1))
    with pytest.raises(Unreachable, match="lead back to an earlier one"):
        list(client.rows(TRUNKS))


def test_a_row_of_another_account_is_left_out_where_the_path_names_the_account(line):
    ours, theirs = {"sid": "AL1", "account_sid": ACCOUNT}, {"sid": "AL2", "account_sid": "AC" + "f" * 32}
    dummy, client = line(ok({"ip_access_control_lists": [theirs, ours, {"sid": "AL3"}], "next_page_uri": None}))
    assert [row["sid"] for row in client.rows(LISTS)] == ["AL1", "AL3"]


def test_pages_of_the_2010_api_have_relative_links(line):
    path = f"/2010-04-01/Accounts/{ACCOUNT}/SIP/IpAccessControlLists.json"
    wire, client = line(
        ok({"ip_access_control_lists": [{"sid": "AL1"}], "next_page_uri": f"{path}?Page=1&PageToken=t"}),
        ok({"ip_access_control_lists": [{"sid": "AL2"}], "next_page_uri": None}),
    )
    assert [row["sid"] for row in client.rows(LISTS)] == ["AL1", "AL2"]
    assert wire.requests[1].url == f"https://api.twilio.com{path}?Page=1&PageToken=t"


def test_a_twin_takes_the_place_of_every_product(line):
    wire, client = line(ok({"ip_access_control_lists": []}), ok({"trunks": [], "meta": {}}), base_url="http://twin.example:8080/")
    assert not [*client.rows(LISTS), *client.rows(TRUNKS)]
    assert [request.url.partition("?")[0] for request in wire.requests] == [
        f"http://twin.example:8080/2010-04-01/Accounts/{ACCOUNT}/SIP/IpAccessControlLists.json",
        "http://twin.example:8080/v1/Trunks",
    ]


def test_a_region_and_its_edge_are_in_the_host(line):
    wire, client = line(ok({"trunks": [], "meta": {}}), region="ie1", edge="dublin")
    assert not list(client.rows(TRUNKS))
    assert wire.requests[0].url.startswith("https://trunking.dublin.ie1.twilio.com/v1/Trunks")


def test_a_429_is_repeated_even_for_a_create_and_retry_after_is_honoured(line):
    wire, client = line(no(429, 20429), no(429, 20429, headers={"Retry-After": "3"}), (201, {}, {"sid": "TK1"}))
    assert client.create(TRUNKS, (), {"FriendlyName": "t"})["sid"] == "TK1"
    assert len(wire.requests) == 3
    assert 0.2 <= wire.waits[0] <= 0.25 and 3 <= wire.waits[1] <= 3.75
    assert client.limiter.limit < ConcurrencyLimiter().limit


def test_a_429_that_does_not_end_is_told(line):
    wire, client = line(*[no(429, 20429, "Too Many Requests")] * client_module.MAX_RATE_LIMITED_ATTEMPTS)
    with pytest.raises(ApiError, match="Too Many Requests"):
        list(client.rows(TRUNKS))
    assert len(wire.requests) == client_module.MAX_RATE_LIMITED_ATTEMPTS


def test_nobody_waits_for_an_hour(line):
    wire, client = line(no(429, 20429, "Too Many Requests", headers={"Retry-After": "3600"}))
    with pytest.raises(ApiError, match="Run it again later"):
        list(client.rows(TRUNKS))
    assert not wire.waits


def test_a_read_is_repeated_after_a_5xx_and_after_a_broken_line(line):
    wire, client = line((503, {}, "busy"), requests.ConnectionError("reset"), ok({"trunks": [], "meta": {}}))
    assert not list(client.rows(TRUNKS))
    assert len(wire.requests) == 3


UNCLEAR = [(500, {}, "oops"), requests.ConnectionError("reset"), requests.ReadTimeout("slow")]


@pytest.mark.parametrize("trouble", UNCLEAR)
def test_a_create_whose_answer_is_unclear_is_never_repeated_by_the_door(line, trouble):
    wire, client = line(trouble)
    with pytest.raises(Unclear):
        client.create(TRUNKS, (), {"FriendlyName": "t"})
    assert len(wire.requests) == 1


@pytest.mark.parametrize("trouble", UNCLEAR)
def test_an_update_and_a_removal_come_to_the_same_when_they_are_repeated(line, trouble):
    wire, client = line(trouble, ok({"sid": "TK1"}), trouble, (204, {}, ""))
    assert client.update(TRUNKS, (), "TK1", {"Secure": "true"})["sid"] == "TK1"
    client.delete(TRUNKS, (), "TK1")
    assert len(wire.requests) == 4


def test_a_create_that_was_never_sent_is_repeated(line):
    never = requests.ConnectionError(MaxRetryError(None, "/", NewConnectionError(None, "Connection refused")))
    wire, client = line(never, requests.ConnectTimeout("slow"), (201, {}, {"sid": "TK1"}))
    assert client.create(TRUNKS, (), {"FriendlyName": "t"})["sid"] == "TK1"
    assert len(wire.requests) == 3


@pytest.mark.parametrize("body", ["<html>Sign in to the guest network</html>", [], {}, {"trunks": "none"}])
def test_what_has_another_shape_is_not_from_twilio(line, body):
    dummy, client = line((200, {}, body))
    with pytest.raises(Unreachable, match="not from Twilio"):
        list(client.rows(TRUNKS))


def test_calls_side_by_side_keep_their_order_and_stop_at_the_first_failure(line):
    dummy, client = line()
    assert client.together([lambda n=n: n for n in range(50)]) == list(range(50))
    failure = Unreachable("GET", "http://twin.example", "gone")

    def fail():
        raise failure

    outcomes = client.together([fail] + [lambda: time.sleep(0.01)] * 200)
    assert outcomes[0] is failure and outcomes[-1] is None
    with pytest.raises(Unreachable):
        client.all([fail, lambda: 1])


def test_the_limiter_opens_shrinks_and_opens_again():
    limiter = ConcurrencyLimiter(initial=4, maximum=32)
    with limiter.request() as seen:
        pass
    for dummy in range(12):
        limiter.accepted()
    assert limiter.limit == 16
    limiter.refused(seen)
    limiter.refused(seen)      # sent under the same bound, so the same news
    assert limiter.limit == 8
    for dummy in range(8):
        limiter.accepted()
    assert 8.9 < limiter.limit < 9.1
    for dummy in range(10):
        with limiter.request() as seen:
            limiter.refused(seen)
    assert limiter.limit == 1


def test_the_limiter_lets_only_so_many_through():
    limiter, most, here, lock = ConcurrencyLimiter(initial=3, maximum=3), 0, 0, threading.Lock()
    three_at_once = threading.Barrier(3, timeout=60)

    def one():
        nonlocal most, here
        with limiter.request():
            with lock:
                here += 1
                most = max(most, here)
            three_at_once.wait()
            with lock:
                here -= 1

    threads = [threading.Thread(target=one) for dummy in range(21)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not three_at_once.broken
    assert most == 3


def test_deleting_what_is_gone_is_no_error(line):
    wire, client = line(no(404, 20404))
    client.delete(TRUNKS, (), "TK1")
    assert wire.requests[0].method == "DELETE"


@pytest.mark.parametrize(
    ("answer", "sentence", "fix"),
    [
        (
            no(401, 20003, "Authenticate"),
            r"answered 401 to GET /v1/Trunks: Authenticate \(error 20003\)",
            "TWILIO_AUTH_TOKEN",
        ),
        (no(400, 21999, "Odd"), r"Odd \(error 21999\)", "https://www.twilio.com/docs/api/errors/21999"),
        (
            (
                403,
                {},
                {"type": "about:blank", "title": "Forbidden", "status": 403, "code": 20003, "detail": "Not yours."},
            ),
            r"Not yours \(error 20003\)\.",
            "account_sid",
        ),
        (
            no(401, "20003", "Authenticate"),
            r"Authenticate \(error 20003\)", "TWILIO_AUTH_TOKEN",
        ),
        (
            (401, {}, "<?xml version='1.0'?><TwilioResponse><RestException><Code>20003</Code><Message>It &amp; that"
                      "</Message></RestException></TwilioResponse>"),
            r"It & that \(error 20003\)", "TWILIO_AUTH_TOKEN",
        ),
        (no(400, "", "Odd"), r"Odd\.", ""),
        ((404, {}, "<html>"), "no reason that a program could read", ""),
    ],
)
def test_a_no_says_what_and_how_to_mend_it(line, answer, sentence, fix):
    dummy, client = line(answer)
    with pytest.raises(ApiError, match=sentence) as caught:
        list(client.rows(TRUNKS))
    assert fix in caught.value.fix
    assert TOKEN not in str(caught.value)


def test_out_of_reach_is_said_with_the_place_and_without_the_secret(line):
    cause = requests.ConnectionError("HTTPConnectionPool(host='twin', port=1): [Errno 111] Connection refused")
    dummy, client = line(*[cause] * client_module.MAX_ATTEMPTS, base_url="http://twin.example:1")
    message = r"did not answer GET http://twin.example:1/v1/Trunks: .*Connection refused"
    with pytest.raises(Unreachable, match=message) as caught:
        list(client.rows(TRUNKS))
    assert "api_url" in caught.value.fix and TOKEN not in str(caught.value)


def test_credentials_do_not_show_their_secret():
    assert TOKEN not in repr(Credentials(ACCOUNT, TOKEN))


def test_an_api_key_logs_in_with_its_secret(line):
    wire, dummy = line(ok({"trunks": [], "meta": {}}))
    client = ApiClient(Credentials(ACCOUNT, None, "SK" + "1" * 32, "key-secret"), sleep=wire.waits.append)
    assert not list(client.rows(TRUNKS))
    expected = requests.auth._basic_auth_str("SK" + "1" * 32, "key-secret")
    assert wire.requests[0].headers["Authorization"] == expected


def test_requests_name_the_collection(line):
    wire, client = line(ok({"trunks": [], "meta": {"next_page_url": None}}))
    assert list(client.rows(TRUNKS)) == []
    agent = wire.requests[0].headers["User-Agent"]
    assert agent.startswith("twilio-python/") and agent.endswith(" trunkline.voice")
