# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The twin never fails, answers as Twilio's documents say, and refuses as Twilio does, whatever the request.

The same requests each time; TRUNKLINE_FUZZ=10 makes ten times as many.
"""

import base64
import collections
import os
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings, strategies as st

from . import document
from .fuzzing import MANNERS, OPERATIONS, Ground, Request, requests, wrong_with
from .openapi.extract import FORM, JSON

TIMES = int(os.environ.get("TRUNKLINE_FUZZ", "1"))


def bounded(examples):
    """Return hypothesis settings for so many examples, the same in each run."""
    return settings(
        max_examples=examples * TIMES, derandomize=True, database=None, deadline=None,
        suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink),
    )


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    ground = Ground(tmp_path_factory.mktemp("twin"))
    # One event loop for all requests instead of one for each.
    with ground.api.http:
        yield ground


def ask(ground, request):
    """Send a request and return the status of its answer. Fails where the answer is wrong."""
    note(f"{request}")
    answer = ground.send(request)
    note(f"{answer.status_code} {answer.text}")
    assert wrong_with(request.method, request.path, answer) == []
    return answer.status_code


@pytest.mark.parametrize(("method", "template"), document.operations())
def test_one_request(ground, method, template):
    assert ground.places[template], f"the twin has nothing at {template}"
    statuses = collections.Counter()

    def one_request(request):
        ground.restore()
        statuses[ask(ground, request)] += 1

    # Likely requests are for what is accepted, odd ones for what breaks; each gets its part.
    for manners, examples in ((("likely",), 8), (("odd",), 16), (tuple(MANNERS), 8)):
        bounded(examples)(given(requests(ground, method, template, manners))(one_request))()
    assert any(200 <= status < 300 for status in statuses), f"all refused: {statuses}"


@bounded(60)
@given(data=st.data())
def test_request_upon_request(ground, data):
    """Each request meets the state that those before it left behind."""
    ground.restore()
    for method, template in data.draw(st.lists(st.sampled_from(list(OPERATIONS)), min_size=2, max_size=10)):
        ask(ground, data.draw(requests(ground, method, template)))


@bounded(200)
@given(
    method=st.sampled_from(("GET", "POST", "PUT", "PATCH", "DELETE")),
    template=st.sampled_from(sorted({template for _, template in OPERATIONS})),
    end=st.just("") | st.text(max_size=40), query=st.binary(max_size=40), body=st.binary(max_size=200),
    kind=st.sampled_from((FORM, JSON, "text/plain", "", "multipart/form-data; boundary=x")),
)
def test_no_form_at_all(ground, method, template, end, query, body, kind):
    """Send bytes instead of a form, to any path, by any method."""
    ground.restore()
    path = Request(method, template, ground.places[template][0], {}).path + quote(end)
    note(f"{method} {path}")
    answer = ground.api.http.request(
        method, f"{path}?{quote(query, safe='&=%')}", content=body, headers={"Content-Type": kind}
    )
    note(f"{answer.status_code} {answer.text}")
    assert wrong_with(method, path, answer) == []


@bounded(60)
@given(scheme=st.sampled_from(("Basic", "basic", "Bearer", "")), said=st.binary(max_size=60) | st.text(max_size=30))
def test_whoever_is_not_known_is_refused(ground, scheme, said):
    token = base64.b64encode(said.encode() if isinstance(said, str) else said).decode()
    for header in (f"{scheme} {token}", f"{scheme} {quote(said)}"):
        answer = ground.api.http.get(ground.api.trunks, headers={"Authorization": header}, auth=lambda request: request)
        note(f"{header!r}: {answer.status_code} {answer.text}")
        assert answer.status_code == 401
        assert wrong_with("GET", ground.api.trunks, answer) == []
