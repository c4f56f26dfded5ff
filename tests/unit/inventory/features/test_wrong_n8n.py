# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes of n8n that cannot be: each wrong value is a sentence that names its variable."""

from __future__ import annotations

import pytest

from ..whole import whole
from .test_wrong_values import NOTHING, RIGHT as WITHOUT, changed

ROUTE = {
    "name": "reception", "url": "https://n8n.example.com/webhook/calls", "token": "Canary-1234567890",
    "allow": [{"ring_group": "sales"}, {"phone": "1001"}], "otherwise": {"phone": "1001"}}
RIGHT = {**WITHOUT, "pbx_n8n": [ROUTE],
         "pbx_dids": [{"number": "+17756187988", "to": {"n8n": "reception"}}, *WITHOUT["pbx_dids"][1:]],
         "pbx_phones": [{**WITHOUT["pbx_phones"][0], "when_busy": {"hours": "office"}}, WITHOUT["pbx_phones"][1]]}
ROW = ("pbx_n8n", 0)
WRONG = [
    (("pbx_n8n",), "reception", "pbx_n8n must be a list of dicts, not a text"),
    ((*ROW, "allow"), {"phone": "1001"}, "pbx_n8n[0].allow must be a list of dicts, not a dict"),
    (("pbx_n8n",), ROUTE, "pbx_n8n must be a list of dicts, not a dict: begin each with a dash"),
    (("pbx_n8n",), [], "pbx_dids[0].to names n8n 'reception', which is not in pbx_n8n."),
    (("pbx_n8n", "+"), ROUTE, "pbx_n8n[1].name repeats pbx_n8n[0]: 'reception' is there twice."),
    (("pbx_dids", 0, "to"), {"n8n": "recept"}, "pbx_dids[0].to names n8n 'recept', which is not in pbx_n8n."),
    ((*ROW, "name"), NOTHING, "pbx_n8n[0].name is missing"),
    ((*ROW, "name"), "Reception", "pbx_n8n[0].name must be 1 to 32 of a-z"),
    ((*ROW, "name"), "a,b", "pbx_n8n[0].name must be 1 to 32 of a-z"),
    ((*ROW, "name"), "a]\n[b", "pbx_n8n[0].name must be 1 to 32 of a-z"),
    ((*ROW, "url"), NOTHING, "pbx_n8n[0].url is missing"),
    ((*ROW, "url"), "", "pbx_n8n[0].url "),
    ((*ROW, "url"), "n8n.example.com/webhook/calls", "pbx_n8n[0].url must be an http or https URL"),
    ((*ROW, "url"), "file:///etc/passwd", "pbx_n8n[0].url must be an http or https URL"),
    ((*ROW, "url"), "https:///webhook", "pbx_n8n[0].url must be an http or https URL"),
    ((*ROW, "url"), "https://n8n.example.com/a b", "pbx_n8n[0].url must be an http or https URL"),
    ((*ROW, "url"), "https://n8n.example.com/a\nsecret = b", "pbx_n8n[0].url must be an http or https URL"),
    ((*ROW, "url"), "https://n8n.example.com/a;b", "pbx_n8n[0].url must be an http or https URL"),
    ((*ROW, "url"), "https://n8n.example.com:99999/a", "pbx_n8n[0].url is no URL"),
    ((*ROW, "url"), "https://[::1/a", "pbx_n8n[0].url is no URL"),
    ((*ROW, "url"), "https://me:Canary-12345@n8n.example.com/a", "pbx_n8n[0].url must have no user and no password"),
    ((*ROW, "url"), "https://n8n.example.com/a#b", "pbx_n8n[0].url must have no #"),
    ((*ROW, "url"), "http://n8n.example.com/webhook", "pbx_n8n[0].url must be https, or the token can be read"),
    ((*ROW, "url"), "http://203.0.113.200.example/x", "pbx_n8n[0].url must be https, or the token can be read"),
    ((*ROW, "url"), "http://8.8.8.8/webhook", "pbx_n8n[0].url must be https, or the token can be read"),
    ((*ROW, "token"), NOTHING, "pbx_n8n[0].token is missing"),
    ((*ROW, "token"), "", "pbx_n8n[0].token must be 16 to 200 visible characters"),
    ((*ROW, "token"), "Canary-123", "pbx_n8n[0].token must be 16 to 200 visible characters"),
    ((*ROW, "token"), "Canary-12345 with a space", "pbx_n8n[0].token must be 16 to 200 visible characters"),
    ((*ROW, "token"), "Canary-1234567890\r\nX: y", "pbx_n8n[0].token must be 16 to 200 visible characters"),
    ((*ROW, "token"), "Canary-12345-ä-öäüß", "pbx_n8n[0].token must be 16 to 200 visible characters"),
    ((*ROW, "previous_token"), "Canary-123", "pbx_n8n[0].previous_token must be 16 to 200 visible characters"),
    ((*ROW, "previous_token"), "Canary-1234567890\nurl = x", "pbx_n8n[0].previous_token must be 16 to 200 visible"),
    ((*ROW, "events_url"), "n8n.example.com/webhook/events", "pbx_n8n[0].events_url must be an http or https URL"),
    ((*ROW, "events_url"), "http://n8n.example.com/e", "pbx_n8n[0].events_url must be https, or the token can be read"),
    ((*ROW, "events_url"), "https://n8n.example.com/a;b", "pbx_n8n[0].events_url must be an http or https URL"),
    ((*ROW, "events_url"), True, "pbx_n8n[0].events_url "),
    ((*ROW, "events"), True, "pbx_n8n[0].events is no option"),
    ((*ROW, "allow"), NOTHING, "pbx_n8n[0].allow is missing"),
    ((*ROW, "allow"), [], "pbx_n8n[0].allow is empty: list the destinations that n8n may name."),
    ((*ROW, "allow"), ["sales"], "pbx_n8n[0].allow[0] must be a dict of phone"),
    ((*ROW, "allow"), [{}], "pbx_n8n[0].allow[0] is empty."),
    ((*ROW, "allow"), [{"phone": "1001"}, {"phone": "1001"}], "pbx_n8n[0].allow[1] repeats phone 1001."),
    ((*ROW, "allow"), [{"phone": "1003"}], "pbx_n8n[0].allow[0] names phone '1003', which is not in pbx_phones."),
    ((*ROW, "allow"), [{"outside": "+12025550143"}], "pbx_n8n[0].allow[0].outside is no option"),
    ((*ROW, "allow"), [{"phone": "1001", "menu": "main"}], "pbx_n8n[0].allow[0] names 2 destinations"),
    ((*ROW, "otherwise"), NOTHING, "pbx_n8n[0].otherwise is missing"),
    ((*ROW, "otherwise"), {}, "pbx_n8n[0].otherwise is empty."),
    ((*ROW, "otherwise"), {"n8n": "reception"}, "pbx_n8n: a call would go round for ever, n8n reception"),
    ((*ROW, "connect_seconds"), 0, "pbx_n8n[0].connect_seconds must be from 1 to 10, not 0."),
    ((*ROW, "answer_seconds"), 11, "pbx_n8n[0].answer_seconds must be from 1 to 10, not 11."),
    ((*ROW, "answer_seconds"), "3s", "pbx_n8n[0].answer_seconds must be a whole number"),
    ((*ROW, "failures"), 0, "pbx_n8n[0].failures must be from 1 to 100, not 0."),
    ((*ROW, "pause_seconds"), 3601, "pbx_n8n[0].pause_seconds must be from 1 to 3600, not 3601."),
    ((*ROW, "ca_file"), "ca.pem", "pbx_n8n[0].ca_file must be a path on the PBX that begins with /"),
    ((*ROW, "ca_file"), "/etc/ca.pem\nurl = x", "pbx_n8n[0].ca_file must be a path on the PBX"),
    ((*ROW, "client_file"), "client.pem", "pbx_n8n[0].client_file must be a path on the PBX that begins with /"),
    ((*ROW, "client_file"), "/etc/x.pem;y", "pbx_n8n[0].client_file must be a path on the PBX"),
    ((*ROW, "client_file"), True, "pbx_n8n[0].client_file "),
    (ROW, {**ROUTE, "url": "http://10.0.0.7/x", "client_file": "/etc/n8n.pem"},
     "pbx_n8n[0].client_file is shown to https servers only, and url is none"),
    ((*ROW, "languages"), ["../en"], "pbx_n8n[0].languages[0] must be the name of a folder of Asterisk's prompts"),
    ((*ROW, "languages"), ["en", "es MX"], "pbx_n8n[0].languages[1] must be the name of a folder"),
    ((*ROW, "languages"), [False], "pbx_n8n[0].languages"),
    ((*ROW, "verify"), False, "pbx_n8n[0].verify is no option"),
]


@pytest.mark.parametrize(("path", "value", "sentence"), WRONG, ids=lambda one: str(one)[:60])
def test_it_is_refused_by_name(path, value, sentence):
    problems = whole(changed(path, value, RIGHT)).problems
    assert any(sentence in problem for problem in problems), problems
    assert "Canary-1" not in "".join(problems).replace("'https://me:Canary-12345", "")


def test_the_right_route_is_right():
    inventory = whole(RIGHT)
    assert (inventory.problems, inventory.warnings) == ([], [])


@pytest.mark.parametrize(("path", "value"), [
    ((*ROW, "answer_seconds"), "3"), ((*ROW, "token"), "%;'\"#=[]{}\\$,&Canary"),
    ((*ROW, "url"), "http://127.0.0.1:5678/webhook/calls?x=1"), ((*ROW, "url"), "http://localhost/x"),
    ((*ROW, "previous_token"), ""), ((*ROW, "events_url"), ""), ((*ROW, "events_url"), None),
    ((*ROW, "events_url"), "http://10.0.0.7:5678/e"), ((*ROW, "previous_token"), "%;'\"#=[]{}\\$,&Canary"),
    ((*ROW, "url"), "http://10.0.0.7:5678/x"), ((*ROW, "ca_file"), "/etc/ssl/my-ca.pem"),
    ((*ROW, "client_file"), "/etc/ssl/private/me.pem"), ((*ROW, "languages"), "en,pt_BR"), ((*ROW, "languages"), None),
    ((*ROW, "allow"), [{"n8n": "reception"}, {"menu": "main"}]),
])
def test_what_is_odd_and_right_is_taken(path, value):
    assert whole(changed(path, value, RIGHT)).problems == []
