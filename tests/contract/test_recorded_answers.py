# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The twin answers the REST API's recorded requests as Twilio did."""

from __future__ import annotations

import pytest

from .conftest import ACCOUNT, TOKEN
from .recorded import cases, complaints, title

#: What a case says of Twilio that the twin leaves out, each with its reason.
LEFT_OUT = {
    # No client reads them.
    "R26": {"twilio-concurrent-requests", "x-shenanigans", "x-powered-by", "strict-transport-security"},
}


@pytest.mark.parametrize("case", cases("answers"), ids=title)
def test_answer(api, case):
    kept = {"AC": ACCOUNT}
    for step in case.get("given", ()):
        kept[step.get("keep", "")] = _given(api, step, kept)
    asked, expected = case["request"], case["expect"]
    if asked.get("auth") == "wrong":
        api.http.auth = (ACCOUNT, "not-" + TOKEN)
    answer = _ask(api, asked, kept)
    assert answer.status_code == expected["status"], answer.text
    if "body" in expected:
        assert complaints(_filled(expected["body"], kept), answer.json()) == []
    elif answer.status_code == 204:
        assert not answer.content
    headers = {name: shape for name, shape in expected.get("headers", {}).items()
               if name not in LEFT_OUT.get(case["id"], ())}
    assert complaints(headers, dict(answer.headers)) == []


def _given(api, step, kept):
    """Takes a step before the request; the SID of what it made."""
    if step.get("control") == "own":
        return api.own(step["number"])
    if step.get("control") == "caller":
        assert api.http.put(f"/twin/caller-ids/{step['number']}").status_code < 300
        return ""
    answer = _ask(api, step, kept)
    assert answer.status_code < 300, answer.text
    return answer.json()["sid"] if answer.content else ""


def _ask(api, step, kept):
    return api.http.request(
        step["method"], _filled(step["path"], kept), params=step.get("query"), data=_filled(step.get("form"), kept),
    )


def _filled(value, kept):
    """The same with {NAME} as it was kept."""
    if isinstance(value, dict):
        return {name: _filled(one, kept) for name, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, kept) for one in value]
    if isinstance(value, str):
        for name, text in kept.items():
            value = value.replace("{" + name + "}", text)
    return value
