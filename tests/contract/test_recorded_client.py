# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules meet the recorded answers, and what Twilio may yet answer: each copes, or says what is wrong."""

from __future__ import annotations

import json
from functools import partial
from urllib.parse import urlsplit

import pytest
import requests

from ansible_collections.trunkline.voice.plugins.module_utils._ansible import info, run
from ansible_collections.trunkline.voice.plugins.module_utils._core.errors import TrunklineError

from .accounts import Account, connection
from .conftest import ACCOUNT
from .recorded import cases, document, title

READS = {
    "trunks": (info.TRUNK.read, {"name": None}, "trunks"),
    "trunking": (info.TRUNKING.read, {"countries": False}, "resources"),
    "caller_ids": (info.CALLER_ID.read, {}, "caller_ids"),
    "alerts": (info.ALERT.read, {"minutes": 60, "codes": []}, "alerts"),
}


class Line:
    """Answers each request as the case says; the last answer of a path is its answer from then on."""

    def __init__(self, case):
        text = json.dumps([document("client")["rows"], case["answers"]]).replace("{AC}", ACCOUNT)
        self.rows, self.answers = json.loads(text)
        self.asked: list[str] = []

    def send(self, _session, request, **_kwargs):
        path = urlsplit(request.url).path
        self.asked.append(f"{request.method} {path}")
        found = next((name for name in self.answers if self._means(name, self.asked[-1])), None)
        response = requests.Response()
        if found is None:
            answer = self._nothing(path)
        else:
            answer = self.answers[found].pop(0) if len(self.answers[found]) > 1 else self.answers[found][0]
        response.status_code = answer.get("status", 200)
        response.headers.update(answer.get("headers", {}))
        body = self._body(path, answer)
        response._content = b"" if body is None else (body if isinstance(body, str) else json.dumps(body)).encode()
        return response

    @staticmethod
    def _means(name, asked):
        return asked.startswith(name[:-2]) if name.endswith(".*") else asked == name

    @staticmethod
    def _nothing(path):
        """An empty list of whatever is asked for."""
        names = {
            "IncomingPhoneNumbers": "incoming_phone_numbers", "OutgoingCallerIds": "outgoing_caller_ids",
            "IpAccessControlLists": "ip_access_control_lists", "CredentialLists": "credential_lists",
            "OriginationUrls": "origination_urls", "Credentials": "credentials", "IpAddresses": "ip_addresses",
            "Trunks": "trunks",
        }
        return {"list": names[path.rpartition("/")[2].partition(".")[0]], "rows": []}

    def _body(self, path, answer):
        if "row" in answer:
            return self._row(answer["row"], answer["with"])
        if "list" not in answer:
            return answer.get("body")
        rows = [self._row(answer["list"], one) for one in answer["rows"]]
        link = answer.get("next")
        page = {"next_page_uri": link} if path.startswith("/2010") else {"meta": {"next_page_url": link}}
        return {**page, answer["list"]: rows}

    def _row(self, kind, changes):
        row = {**self.rows.get(kind, {}), **changes}
        return {name: value for name, value in row.items() if value != "(absent)"}


@pytest.fixture
def line(monkeypatch):
    """line(case): the case's answers stand for Twilio, and nobody waits."""
    def lay(case):
        laid = Line(case)
        monkeypatch.setattr(requests.Session, "send", lambda session, request, **more: laid.send(session, request))
        return laid

    monkeypatch.setattr(run, "ApiClient", partial(run.ApiClient, sleep=lambda seconds: None))
    return lay


@pytest.mark.parametrize("case", cases("client"), ids=title)
def test_answers_met(line, case):
    laid, expected = line(case), case["expect"]
    if "told" in expected:
        with pytest.raises(TrunklineError) as caught:
            _done(case)
        assert [word for word in expected["told"] if word not in str(caught.value)] == []
    else:
        found = _done(case)
        assert {name: found.get(name) for name in expected if name != "requests"} == {
            name: value for name, value in expected.items() if name != "requests"
        }
    assert len(laid.asked) <= expected.get("requests", 20)


def _done(case):
    """What the case's run did: `changed`, `steps` and `diff` of a module, `rows` of what only reads."""
    ran, given = case["run"], connection(None)
    if "read" in ran:
        read, options, name = READS[ran["read"]]
        rows = read({**given, **options})[name]
        return {"rows": {kind: len(one) for kind, one in rows.items()} if isinstance(rows, dict) else len(rows)}
    account = Account(given)
    # Where the answers of a path change from one request to the next, check mode would use them up.
    said = account.run(ran["module"], ran["options"], True) if _steady(case) else None
    done = account.run(ran["module"], ran["options"])
    before, after = done["diff"]["before"], done["diff"]["after"]
    assert not said or (said["steps"], said["diff"]) == (done["steps"], done["diff"])
    diff = {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}
    return {**done, "diff": diff}


def _steady(case):
    return all(len(answers) == 1 for answers in case["answers"].values())
