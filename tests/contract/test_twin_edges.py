# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The twin's surface for edges with an address of their own."""

import pytest

ASHBURN, DUBLIN = {"address": "10.99.0.21", "delay_ms": 10}, {"address": "10.99.0.22"}


def edges(api):
    return {row.pop("name"): row for row in api.http.get("/twin/edges").json()["edges"]}


def put(api, name, **body):
    return api.http.put(f"/twin/edges/{name}", json=body).json()


def test_an_edge_is_told_what_to_do_and_keeps_the_rest(api):
    assert [put(api, "ashburn", **ASHBURN) for dummy in range(2)] == [{"changed": True}, {"changed": False}]
    put(api, "sao-paulo", **DUBLIN)
    assert edges(api) == {
        "ashburn": {**ASHBURN, "answer": ""}, "sao-paulo": {**DUBLIN, "delay_ms": 0, "answer": ""}}
    for answer in ("silent", "503 Service Unavailable", "404 Not Found", ""):
        assert [put(api, "ashburn", answer=answer)["changed"] for dummy in range(2)] == [True, False]
        assert edges(api)["ashburn"] == {**ASHBURN, "answer": answer}
    assert [api.http.delete("/twin/edges/ashburn").json()["changed"] for dummy in range(2)] == [True, False]
    assert set(edges(api)) == {"sao-paulo"}


def test_reset_makes_all_well_and_leaves_them_where_they_are(api):
    put(api, "ashburn", **ASHBURN, answer="silent")
    assert [api.http.post("/twin/reset").json()["changed"] for dummy in range(2)] == [True, False]
    assert edges(api)["ashburn"] == {**ASHBURN, "answer": ""}


@pytest.mark.parametrize("name, body, complaint", [
    ("Ashburn", ASHBURN, "'Ashburn' is no name of an edge"),
    ("-x", ASHBURN, "is no name of an edge"),
    ("ashburn", {"delay_ms": 1}, "There is no edge ashburn yet: give its address"),
    ("ashburn", {"address": "pstn.twilio.com"}, "address must be an IPv4 address"),
    ("ashburn", {**ASHBURN, "delay_ms": -1}, "delay_ms must be from 0 to 10000"),
    ("ashburn", {**ASHBURN, "delay_ms": 10001}, "delay_ms must be from 0 to 10000"),
    ("ashburn", {**ASHBURN, "delay_ms": "10"}, "delay_ms must be of type int"),
    ("ashburn", {**ASHBURN, "answer": "deaf"}, "answer must be silent, a status and a reason"),
    ("ashburn", {**ASHBURN, "answer": "200 OK"}, "answer must be silent, a status and a reason"),
    ("ashburn", {**ASHBURN, "answer": "503 a\r\nb: c"}, "answer must be silent, a status and a reason"),
    ("ashburn", {**DUBLIN}, "10.99.0.22 is the address of edge dublin"),
    ("ashburn", {**ASHBURN, "colour": "red"}, "Unknown key 'colour'"),
])
def test_bad_input_is_a_sentence(api, name, body, complaint):
    put(api, "dublin", **DUBLIN)
    before = list(api.store.connection.iterdump())
    answer = api.http.put(f"/twin/edges/{name}", json=body)
    assert answer.status_code == 400 and complaint in answer.json()["error"], answer.text
    assert list(api.store.connection.iterdump()) == before
