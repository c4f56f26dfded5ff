# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The script that asks n8n where a call goes: what it takes for an answer, and when it does not ask."""

from __future__ import annotations

import importlib
import io
import json
import sys
from pathlib import Path
from urllib.parse import parse_qsl

import jsonschema
import pytest
from hypothesis import given, strategies as st

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "roles/pbx/files"))
n8n_route = importlib.import_module("n8n_route")
n8n_client = importlib.import_module("n8n_client")
Fault, decide = n8n_route.Fault, n8n_route.decide

ANSWER = json.loads((ROOT / "docs/schemas/n8n-answer-1.json").read_text(encoding="utf-8"))
REQUEST = json.loads((ROOT / "docs/schemas/n8n-request-1.json").read_text(encoding="utf-8"))
ALLOW = {"menu main": "menu-main,s,1", "phone 1001": "internal,1001,1"}
RIGHT = {"version": 1, "action": "route", "to": {"menu": "main"}}
CONFIG = """\
[reception]
url = http://127.0.0.1:5678/webhook/calls
secret = Canary%3B%25%23x
ca_file =
client_file =
languages = en es_MX
connect_seconds = 1
answer_seconds = 3
failures = 2
pause_seconds = 30
allow menu main = menu-main,s,1
allow phone 1001 = internal,1001,1
"""


def body(**changes):
    return json.dumps({**RIGHT, **changes}).encode()


@pytest.mark.parametrize(("answer", "fault"), [
    (b"", "invalid JSON"), (b"{", "invalid JSON"), (b"[]", "invalid JSON: no object"), (b"null", "invalid JSON: no o"),
    (b"<!DOCTYPE html>", "HTML instead of JSON"), (b"\xff\xfe", "invalid JSON"), (b"[" * 9000, "invalid JSON"),
    (body(version=2), "unknown version"), (body(version="1"), "unknown version"), (body(version=True), "unknown ver"),
    (b'{"action": "route", "to": {"menu": "main"}}', "unknown version"),
    (body(action="dial"), "unknown action"), (body(action=["route"]), "unknown action"),
    (body(to=None), "no destination"), (body(to="menu"), "no destination"), (body(to={}), "no destination"),
    (body(to={"menu": "main", "phone": "1001"}), "no destination"),
    (body(to={"menu": "other"}), "destination menu other is not allowed"),
    (body(to={"queue": "main"}), "destination queue main is not allowed"),
    (body(to={"phone": "1001&1002"}), "a character outside"), (body(to={"menu": "main,s,1"}), "a character outside"),
    (body(to={"PJSIP/1": "1001"}), "a character outside"), (body(to={"phone": "${SHELL(id)}"}), "a character outside"),
    (body(to={"phone": 1001}), "a character outside"), (body(to={"phone": "+12025550143"}), "a character outside"),
    (body(fallback="sales"), "no destination: `fallback`"), (body(fallback={}), "no destination: `fallback`"),
    (body(fallback={"phone": "1002"}), "destination phone 1002 is not allowed"),
    (body(fallback={"phone": "1001&1002"}), "a character outside"),
    (body(record=1), "`record` must be"),
    (body(record="yes"), "`record` must be"), (body(record=True), "recording is not allowed"),
    (body(language=7), "a language with a character"),
    (body(language="../en"), "a language with a character"), (body(language="de"), "language de is not allowed"),
    (body(to={"menu": "main\n"}), "a character outside"), (body(to={"menu": "../main"}), "a character outside"),
])
def test_what_is_not_of_the_contract_is_named(answer, fault):
    with pytest.raises(Fault, match=fault):
        decide(answer, ALLOW, ["en", "es_MX"])


def test_where_a_call_goes_is_never_what_n8n_wrote():
    assert decide(body(), ALLOW).target == "menu-main,s,1"
    assert decide(body(to={"phone": "1001"}, later="ignored"), ALLOW).target == "internal,1001,1"


def test_a_fallback_and_a_language_are_among_those_allowed():
    decision = decide(body(fallback={"phone": "1001"}, language="es_MX"), ALLOW, ["en", "es_MX"])
    assert (decision.target, decision.fallback, decision.language) == ("menu-main,s,1", "internal,1001,1", "es_MX")
    nothing = decide(body(fallback=None, language=None, record=None), ALLOW)
    assert (nothing.fallback, nothing.language, nothing.record) == ("", "", False)
    assert decide(body(record=True), ALLOW, may_record=True).record


@pytest.mark.parametrize(("name", "shown"), [
    ("Example Ltd", "Example Ltd"), ("O'Brien, Zoë", "O'Brien, Zoë"), ('a"b\\c', "abc"), ("a\r\nb\x00", "ab"),
    ("x" * 99, "x" * 60), (7, ""), (None, ""), ("<sip:x>", "sip:x"),
])
def test_a_name_is_shown_without_what_a_phone_could_misread(name, shown):
    assert decide(body(caller_name=name), ALLOW).caller_name == shown


@pytest.mark.parametrize(("tag", "kept"), [("crm:4711", "crm:4711"), ("a b", ""), ("x" * 65, ""), (5, ""), ('"', "")])
def test_a_tag_is_plain(tag, kept):
    assert decide(body(tag=tag), ALLOW).tag == kept


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.sampled_from(["route", "menu", "main", "phone", "1001", "é&"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["version", "action", "to", "menu", "phone", "caller_name", "tag", "fallback", "language",
                         "record", "x"]), inner, max_size=4))
NEAR = st.fixed_dictionaries(
    {}, optional={"version": st.just(1) | JSON, "action": st.just("route") | JSON, "tag": JSON, "caller_name": JSON,
                  "fallback": st.just({"phone": "1001"}) | JSON, "language": st.just("en") | JSON, "record": JSON,
                  "to": st.just({"menu": "main"}) | JSON})
OF_CONSEQUENCE = ("version", "action", "to", "fallback", "language", "record")


@given(NEAR | JSON)
def test_what_is_taken_is_of_the_schema(answer):
    """An answer that is taken, without what has no say in where the call goes, is one that the schema allows."""
    try:
        decision = decide(json.dumps(answer).encode(), ALLOW, ["en"], may_record=True)
    except Fault:
        return
    assert decision.target in ALLOW.values()
    jsonschema.validate({name: answer[name] for name in OF_CONSEQUENCE if name in answer}, ANSWER)


@given(NEAR)
def test_what_the_schema_allows_is_taken_or_not_allowed(answer):
    if jsonschema.Draft202012Validator(ANSWER).is_valid(answer):
        try:
            decide(json.dumps(answer).encode(), ALLOW, ["en"], may_record=True)
        except Fault as fault:
            assert "is not allowed" in str(fault)


@pytest.mark.parametrize("said", [{"caller_name": None}, {"tag": None}, {"caller_name": None, "tag": "crm:1"}])
def test_a_null_is_taken_as_not_given_by_schema_and_script(said):
    jsonschema.validate({**RIGHT, **said}, ANSWER)
    assert decide(json.dumps({**RIGHT, **said}).encode(), ALLOW).caller_name == ""


class Asterisk(io.StringIO):
    """Asterisk's side of AGI: answers to expressions, and the variables that were set."""

    def __init__(self, **values):
        super().__init__()
        self.values, self.set, self.answers = values, {}, []

    def write(self, text):
        verb, rest = text.rstrip("\n").split(" VARIABLE ")
        if verb == "SET":
            name, dummy, value = rest.partition(" ")
            self.set[name] = value[1:-1]
            self.answers.append("200 result=1\n")
        else:
            value = self.values.get(rest[3:-2])
            self.answers.append("200 result=0\n" if value is None else f"200 result=1 ({value})\n")
        return len(text)

    def __iter__(self):
        return iter(["agi_request: x\n", "agi_uniqueid: 17.5\n", "\n"])

    def readline(self, *dummy):
        return self.answers.pop(0)


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """Return asked(answer, **values): run the script on a call, and return what it set and what it sent."""
    config, sent = tmp_path / "n8n.conf", []

    def run(answer, name="reception", **values):
        config.write_text(CONFIG)

        def ask(route, body):
            sent.append((route, dict(parse_qsl(body.decode(), keep_blank_values=True))))
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr(n8n_route, "ask", ask)
        asterisk = Asterisk(**values)
        n8n_route.route_call(n8n_route.Channel(asterisk, asterisk), name, str(config), str(tmp_path / "state"))
        return asterisk.set, sent

    return run


def test_a_call_is_routed(asked):
    values = {"NUMBER": "+17756187988", "CALLERID(num)": "+919876543210", "CALLERID(name)": "Bob (the) man",
              "PJSIP_HEADER(read,X-Twilio-CallSid)": "CA" + "0" * 32, "KEYS": "2#"}
    was_set, ((route, fields),) = asked(
        body(caller_name="Example", tag="a-1", fallback={"phone": "1001"}, language="en"), **values)
    assert was_set == {
        "N8N_ATTEMPT": "1", "N8N_TARGET": "menu-main,s,1", "N8N_TO": "menu main", "N8N_FAULT": "",
        "N8N_FALLBACK": "internal,1001,1", "CHANNEL(language)": "en", "N8N_RECORD": "0",
        "CALLERID(name)": "Example", "CDR(userfield)": "a-1", "N8N_TAG": "a-1"}
    jsonschema.validate(fields, REQUEST)
    assert (fields["from_name"], fields["keys"], fields["to"]) == ("Bob (the) man", "2#", "+17756187988")
    assert (route.token, route.previous_token) == ("Canary;%#x", "")


def test_a_name_that_is_no_utf_8_is_no_failure_of_n8n(asked):
    was_set, ((dummy, sent),) = asked(body(), **{"CALLERID(name)": "Zoë \udce9"})
    assert was_set["N8N_FAULT"] == "" and sent["from_name"] == "Zoë ?"


def test_a_phone_with_capitals_can_be_named():
    assert decide(body(to={"phone": "Anna_2"}), {"phone Anna_2": "internal,Anna_2,1"}).target == "internal,Anna_2,1"


def test_a_fault_is_named_and_leaves_no_target(asked):
    was_set, dummy = asked(Fault("status 500"))
    assert (was_set["N8N_TARGET"], was_set["N8N_FAULT"]) == ("", "status 500")
    was_set, dummy = asked(body(), name="other")
    assert was_set["N8N_TARGET"] == "" and was_set["N8N_FAULT"].endswith("has no other")


def test_a_call_does_not_go_round_for_ever(asked):
    was_set, sent = asked(body(), N8N_ATTEMPT="20")
    assert (was_set["N8N_FAULT"], sent) == ("asked 20 times in this call", [])


def test_after_failures_in_a_row_nobody_waits(asked, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(n8n_route.Breaker.__init__, "__defaults__", (n8n_route.STATE, lambda: now[0]))
    for dummy in range(2):
        asked(Fault("status 500"))
    was_set, sent = asked(body())
    assert was_set["N8N_FAULT"] == "circuit open: 2 failures in a row, next try in 30 s" and len(sent) == 2
    now[0] += 31
    assert asked(Fault("status 500"))[0]["N8N_FAULT"] == "status 500", "one call tries again"
    assert "circuit open" in asked(body())[0]["N8N_FAULT"]
    now[0] += 31
    assert asked(body())[0]["N8N_TARGET"] and asked(body())[0]["N8N_TARGET"], "and all do after an answer"


def test_one_call_at_a_time_tries_again(tmp_path):
    now = [1000.0]
    route = n8n_route.Route("reception", "http://localhost/", "t", {}, failures=1, pause_seconds=30)
    first, second = (n8n_route.Breaker(route, str(tmp_path), lambda: now[0]) for dummy in range(2))
    first.count(failed=True)
    now[0] += 31
    first.check()
    with pytest.raises(Fault, match="circuit open"):
        second.check()


def test_a_wrong_answer_is_no_failure_of_n8n(asked):
    for dummy in range(5):
        assert asked(body(to={"menu": "other"}))[0]["N8N_FAULT"] == "destination menu other is not allowed"


@pytest.mark.parametrize("text", ["", "{", '{"failures": "x"}', '{"failures": 9, "until": 9e99}'])
def test_a_state_that_is_broken_lets_calls_ask(tmp_path, text):
    route = n8n_route.Route("reception", "http://localhost/", "t", {})
    (tmp_path / "reception").write_text(text)
    n8n_route.Breaker(route, str(tmp_path)).check()
    n8n_route.Breaker(route, "/proc/no-such-folder").check()


@pytest.mark.parametrize(("answer", "fault", "to"), [
    (body(), "", "menu main"), (body(version=2), "unknown version", ""), (Fault("status 404"), "status 404", "")])
def test_verify_asks_without_a_call(tmp_path, monkeypatch, answer, fault, to):
    config, sent = tmp_path / "n8n.conf", []
    config.write_text(CONFIG)

    def ask(route, text):
        sent.append(dict(parse_qsl(text.decode(), keep_blank_values=True)))
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(n8n_route, "ask", ask)
    found = n8n_route.verify("reception", str(config))
    assert (found["fault"], found["to"], found["name"]) == (fault, to, "reception")
    jsonschema.validate(sent[0], REQUEST)
    assert sent[0]["event"] == "verify" and set(sent[0]) == set(n8n_route.FIELDS)
    assert n8n_route.verify("other", str(config))["fault"].endswith("has no other")
