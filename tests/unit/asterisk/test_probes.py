# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules that probe: what they accept, what they document, and what they make of what was seen."""

from __future__ import annotations

import contextlib
import importlib
import json
import types

import pytest
import yaml
from ansible.module_utils.testing import patch_module_args

from ansible_collections.trunkline.voice.plugins.doc_fragments import manager, probe as trunks
from ansible_collections.trunkline.voice.plugins.module_utils._ansible import probe, trunk_call, trunk_options
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk import sip_history
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.ami import AmiDenied
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.call import Outcome
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.contacts import Contact, EndpointMissing
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.loudness import Sound

from ..sip.recorded import ladder
from .asked import Asterisk
from .console import Manager, printed

TRUNK = {
    "trunk": "Asterisk-SIP-Trunk", "endpoint": "twilio-asterisk-pbx1", "domain": "asterisk-pbx1.pstn.twilio.com",
    "ip_access_control_list": "Asterisk-Server",
}
CALL = {**TRUNK, "number": "+919876543210"}
PROBES = {"trunk_options": (trunk_options, TRUNK), "trunk_call": (trunk_call, CALL)}
#: A row of `trunks`, and what leaves the options of one trunk out.
ROW = {"name": "Backup", "endpoint": "twilio-backup", "domain": "backup.pstn.twilio.com"}
ALONE = dict.fromkeys(TRUNK)
AVAILABLE = Contact("sip:asterisk-pbx1.pstn.twilio.com", "Avail", 2.5)
UNAVAILABLE = Contact("sip:asterisk-pbx1.pstn.twilio.com", "Unavail", None)


def run(name, capsys, check_mode=False, **changes):
    """Runs a module with some options changed, None leaving one out; gives its result."""
    module, options = PROBES[name]
    options = {key: value for key, value in {**options, **changes}.items() if value is not None}
    with patch_module_args({**options, "_ansible_check_mode": check_mode}), pytest.raises(SystemExit):
        module.main()
    return json.loads(capsys.readouterr().out)


WRONG = [
    ("trunk_options", ALONE, "one of the following is required: trunk, trunks"),
    ("trunk_options", {"trunk": None}, "parameters are required together: trunk, endpoint, domain"),
    ("trunk_options", {"endpoint": None}, "parameters are required together: trunk, endpoint, domain"),
    ("trunk_options", {"domain": None}, "parameters are required together: trunk, endpoint, domain"),
    ("trunk_options", {"trunks": [ROW]}, "parameters are mutually exclusive: trunks|trunk"),
    ("trunk_options", {**ALONE, "trunks": [ROW], "edges": ["dublin"]}, "mutually exclusive: trunks|edges"),
    ("trunk_call", {**ALONE, "trunks": [ROW], "context": "out"}, "parameters are mutually exclusive: trunks|context"),
    ("trunk_options", {**ALONE, "trunks": [{"name": "a"}]}, "missing required arguments: domain, endpoint"),
    ("trunk_options", {**ALONE, "trunks": [ROW, {**ROW, "endpoint": "a b"}]}, "trunks[1].endpoint must be 1 to 80"),
    ("trunk_call", {**ALONE, "trunks": [{**ROW, "context": "a,b"}]}, "trunks[0].context must be 1 to 80"),
    ("trunk_options", {**ALONE, "trunks": [{**ROW, "edges": ["x"]}]}, "trunks[0].edges[0] must be auto or one of"),
    ("trunk_options", {"endpoint": "a b"}, "endpoint must be 1 to 80 letters"),
    ("trunk_options", {"endpoint": "x\nAction: Command"}, "endpoint must be 1 to 80 letters"),
    ("trunk_options", {"timeout": 0}, "timeout must be from 1 to 60, not 0."),
    ("trunk_options", {"timeout": 61}, "timeout must be from 1 to 60, not 61."),
    ("trunk_options", {"timeout": "soon"}, "timeout"),
    ("trunk_options", {"manager_port": 65536}, "manager_port must be from 1 to 65535"),
    ("trunk_options", {"edges": ["frankfrut"]}, "edges[0] must be auto or one of ashburn"),
    ("trunk_call", {"edges": ["auto", "dublin"]}, "edges must be auto alone, or names of edges."),
    ("trunk_options", {"nonsense": 1}, "Unsupported parameters"),
    ("trunk_call", {"number": None}, "missing required arguments: number"),
    ("trunk_call", {"number": "919876543210"}, "number must be a number in E.164 form"),
    ("trunk_call", {"number": "+91&PJSIP/1001"}, "number must be a number in E.164 form"),
    ("trunk_call", {"context": "out,1"}, "context must be 1 to 80 letters"),
    ("trunk_call", {"endpoint": ""}, "endpoint must be 1 to 80 letters"),
    ("trunk_call", {"sound": "demo&other"}, "sound must be a sound's name"),
    ("trunk_call", {"sound": "../../etc/passwd"}, "sound must be a sound's name"),
    ("trunk_call", {"answer_seconds": 121}, "answer_seconds must be from 1 to 120"),
    ("trunk_call", {"call_seconds": 1}, "call_seconds must be from 2 to 120"),
]


@pytest.mark.parametrize("name, changes, message", WRONG, ids=[f"{row[0]}-{row[1]}" for row in WRONG])
@pytest.mark.parametrize("check_mode", [False, True])
def test_a_wrong_option(name, changes, message, check_mode, capsys, monkeypatch):
    monkeypatch.setattr(probe, "manager", lambda _module: pytest.fail("something was touched"))
    result = run(name, capsys, check_mode, **changes)
    assert result["failed"] and message in result["msg"]


def test_every_wrong_option_is_named_and_none_is_shown(capsys):
    result = run("trunk_call", capsys, sound="a&b", call_seconds=1, endpoint="a b")
    assert [problem.partition(" ")[0] for problem in result["problems"]] == ["endpoint", "call_seconds", "sound"]
    assert result["invocation"] == {}


@pytest.mark.parametrize("name, checks", [("trunk_options", ["OPTIONS"]), ("trunk_call", ["call", "audio"])])
def test_check_mode_probes_nothing_and_says_so(name, checks, capsys, monkeypatch):
    monkeypatch.setattr(probe, "manager", lambda _module: pytest.fail("something was touched"))
    result = run(name, capsys, check_mode=True)
    assert result["changed"] is False and result["passed"] is None
    assert [(row["check"], row["result"], row["detail"]) for row in result["checks"]] == [
        (check, "skipped", "not run in check mode") for check in checks]


@pytest.mark.parametrize("name, checks", [("trunk_options", ["OPTIONS"]), ("trunk_call", ["call", "audio"])])
def test_several_trunks_in_check_mode_and_without_asterisk(name, checks, capsys, tmp_path):
    rows = [ROW, {**ROW, "name": "Main"}]
    skipped = run(name, capsys, check_mode=True, **ALONE, trunks=rows)
    missing = run(name, capsys, **ALONE, trunks=rows, manager_secret_file=str(tmp_path / "none"))
    assert (skipped["passed"], missing["passed"]) == (None, False)
    for result in (skipped, missing):
        assert [(row["trunk"], row["check"]) for row in result["checks"]] == [
            (trunk, check) for trunk in ("Backup", "Main") for check in checks]
        assert [one["trunk"] for one in result["results"]] == ["Backup", "Main"]
        assert [row for one in result["results"] for row in one["checks"]] == result["checks"]
    assert {row["cause"] for row in missing["checks"] if row["result"] == "failed"} == {"manager-secret-missing"}


@pytest.mark.parametrize("name", sorted(PROBES))
def test_no_trunk_asks_nobody(name, capsys, monkeypatch):
    monkeypatch.setattr(probe, "manager", lambda _module: pytest.fail("something was touched"))
    result = run(name, capsys, **ALONE, trunks=[])
    assert (result["passed"], result["checks"], result["results"]) == (True, [], [])


@pytest.mark.parametrize("name", sorted(PROBES))
def test_asterisk_is_not_to_be_had(name, capsys, tmp_path):
    missing = run(name, capsys, manager_secret_file=str(tmp_path / "none"))
    assert missing["passed"] is False and missing["checks"][0]["cause"] == "manager-secret-missing"
    (tmp_path / "secret").write_text("[verify]\nsecret = Canary-secret-1\n")
    down = run(name, capsys, manager_secret_file=str(tmp_path / "secret"), manager_port=1)
    assert down["checks"][0]["cause"] == "asterisk-down" and "127.0.0.1:1" in down["checks"][0]["detail"]
    assert [row["result"] for row in down["checks"]] == ["failed", "skipped"][: len(down["checks"])]


def test_a_refused_login_closes_the_connection_and_hides_the_secret(capsys, monkeypatch, tmp_path):
    closed = []

    class Ami:
        def __init__(self, *_where):
            pass

        def __exit__(self, *_error):
            closed.append(True)

        def login(self, _user, secret):
            raise AmiDenied(f"refused {secret}")

    monkeypatch.setattr(probe, "Ami", Ami)
    (tmp_path / "secret").write_text("[verify]\nsecret = Canary-secret-1\n")
    result = run("trunk_options", capsys, manager_secret_file=str(tmp_path / "secret"))
    assert closed and result["checks"][0]["cause"] == "manager-denied"
    assert "Canary" not in json.dumps(result)


@pytest.fixture
def asterisk(monkeypatch):
    """An Asterisk whose trunks answer OPTIONS as they are added."""
    made = Asterisk()
    monkeypatch.setattr(probe, "manager", lambda _module: contextlib.nullcontext(made))
    monkeypatch.setattr(probe, "resolves", lambda _host: True)
    monkeypatch.setattr(sip_history, "SETTLE_SECONDS", 0)
    monkeypatch.setattr(trunk_options, "POLL_SECONDS", 0)
    monkeypatch.setattr(trunk_options, "STATUS_SECONDS", 0)
    return made


@pytest.fixture
def placed(monkeypatch):
    """A function that has trunk_call find what it is given, in place of a call."""

    def find(*what):
        monkeypatch.setattr(probe, "manager", lambda _module: contextlib.nullcontext())
        monkeypatch.setattr(trunk_call, "place", lambda *_arguments: trunk_call.Placed(*what))

    return find


def test_options_pass(asterisk, capsys):
    asterisk.add("twilio-asterisk-pbx1", TRUNK["domain"])
    result = run("trunk_options", capsys)
    assert result["passed"] and not result["changed"] and result["rtt_ms"] == 2.5
    assert result["checks"] == [{
        "trunk": "Asterisk-SIP-Trunk", "check": "OPTIONS", "result": "passed",
        "detail": "200 OK in 2.5 ms; contact Avail"}]
    assert result["ladder"] == ["-> OPTIONS", "<- 200 OK"]


def test_options_fail(asterisk, capsys):
    asterisk.add("twilio-asterisk-pbx1", "asterisk-pbx1.sip.twilio.com", answer="404 Not Found")
    result = run("trunk_options", capsys)
    assert result["passed"] is False and result["status"] == 404
    assert result["checks"][0]["cause"] == "sip-domain-called" and result["checks"][0]["seen"] == "OPTIONS, 404"
    assert "asterisk-pbx1.pstn.twilio.com" in result["checks"][0]["fix"]


def test_options_pass_where_any_edge_answers(asterisk, capsys):
    asterisk.add("twilio-asterisk-pbx1-dublin", TRUNK["domain"], answer=None, status="Unavail")
    asterisk.add("twilio-asterisk-pbx1-ashburn", TRUNK["domain"])
    result = run("trunk_options", capsys, edges=["dublin", "ashburn"], timeout=1)
    assert asterisk.qualified == ["twilio-asterisk-pbx1-dublin", "twilio-asterisk-pbx1-ashburn"]
    assert result["passed"] and result["rtt_ms"] == 2.5 and len(result["checks"]) == 1
    first, second = result["checks"][0]["detail"].split("; ashburn: ")
    assert first.startswith("dublin: OPTIONS to") and second == "200 OK in 2.5 ms; contact Avail"
    result = run("trunk_options", capsys, edges=["dublin"], timeout=1)
    assert result["passed"] is False and result["checks"][0]["cause"] == "options-unanswered"


def test_an_edge_without_an_endpoint_is_named(asterisk, capsys):
    asterisk.add("twilio-asterisk-pbx1-ashburn", TRUNK["domain"])
    check, = run("trunk_options", capsys, edges=["ashburn", "dublin"])["checks"]
    assert check["cause"] == "endpoint-missing" and "twilio-asterisk-pbx1-dublin" in check["detail"]


def test_trunks_are_asked_at_the_same_time(asterisk, capsys):
    """No answer comes before every trunk has been asked; edges of one trunk wait for each other."""
    asterisk.add("twilio-main-dublin", "main.pstn.twilio.com", after=2)
    asterisk.add("twilio-main-ashburn", "main.pstn.twilio.com", after=3)
    asterisk.add("twilio-backup", "backup.pstn.twilio.com", after=2, answer="404 Not Found")
    main = {"name": "Main", "endpoint": "twilio-main", "domain": "main.pstn.twilio.com", "edges": ["dublin", "ashburn"]}
    gone = {**ROW, "name": "Gone", "endpoint": "twilio-gone"}
    result = run("trunk_options", capsys, **ALONE, trunks=[gone, ROW, main], timeout=1)
    assert asterisk.qualified == ["twilio-backup", "twilio-main-dublin", "twilio-main-ashburn"]
    assert asterisk.said.count("pjsip set history on") == asterisk.said.count("pjsip set history off") == 1
    assert [(row["trunk"], row["result"], row.get("cause")) for row in result["checks"]] == [
        ("Gone", "failed", "endpoint-missing"), ("Backup", "failed", "trunk-unknown"), ("Main", "passed", None)]
    assert [(one["trunk"], one.get("status")) for one in result["results"]] == [
        ("Gone", None), ("Backup", 404), ("Main", 200)]
    assert result["passed"] is False


def test_a_retransmission_is_not_taken_for_the_next_edge(asterisk, capsys):
    asterisk.add("twilio-asterisk-pbx1-dublin", TRUNK["domain"], answer=None, status="Unavail")
    asterisk.add("twilio-asterisk-pbx1-ashburn", TRUNK["domain"], before=asterisk.retransmit)
    result = run("trunk_options", capsys, edges=["dublin", "ashburn"], timeout=1)
    assert result["passed"] and result["ladder"] == ["-> OPTIONS", "<- 200 OK"]


def test_endpoints_of_one_host_are_in_different_rounds():
    assert trunk_options.rounds({"a": "x", "b": "y", "c": "x", "d": "x", "e": "y"}) == [
        {"a": "x", "b": "y"}, {"c": "x", "e": "y"}, {"d": "x"}]


def test_a_name_that_does_not_resolve(asterisk, placed, capsys, monkeypatch):
    monkeypatch.setattr(probe, "resolves", lambda _host: False)
    asterisk.add("twilio-asterisk-pbx1", TRUNK["domain"], sends=False, status="Unavail")
    assert run("trunk_options", capsys, timeout=1)["checks"][0]["cause"] == "name-unresolved"
    placed(UNAVAILABLE, Outcome(), [])
    assert run("trunk_call", capsys)["checks"][0]["cause"] == "name-unresolved"


def test_several_calls_are_placed_one_after_the_other(placed, capsys, monkeypatch):
    """A trunk that cannot be called through does not keep the others from it."""
    placed()
    contexts = []

    def place(_ami, _params, trunk):
        contexts.append(trunk.context)
        if trunk.name == "Gone":
            raise EndpointMissing(trunk.endpoint)
        return trunk_call.Placed(AVAILABLE, answered(channels=[f"PJSIP/{trunk.endpoint}-00000001"]), ladder("answered"))

    monkeypatch.setattr(trunk_call, "place", place)
    rows = [{**ROW, "name": "Gone", "endpoint": "twilio-gone", "context": "a"}, {**ROW, "context": "b"}]
    result = run("trunk_call", capsys, **ALONE, trunks=rows)
    assert contexts == ["a", "b"]
    assert [(row["trunk"], row["check"], row["result"], row.get("cause")) for row in result["checks"]] == [
        ("Gone", "call", "failed", "endpoint-missing"), ("Gone", "audio", "skipped", None),
        ("Backup", "call", "passed", None), ("Backup", "audio", "passed", None)]
    assert (result["passed"], [one["passed"] for one in result["results"]]) == (False, [False, True])


def test_no_call_is_placed_for_a_prompt_that_is_missing(monkeypatch, capsys, tmp_path):
    manager = Manager(commands={"core show file formats": printed("formats")}, variables={"ASTDATADIR": str(tmp_path)})
    monkeypatch.setattr(probe, "manager", lambda _module: contextlib.nullcontext(manager))
    monkeypatch.setattr(trunk_call, "first_contact", lambda *_arguments: AVAILABLE)
    called, audio = run("trunk_call", capsys)["checks"]
    assert (called["cause"], audio["result"], manager.actions) == ("prompt-missing", "skipped", [])
    assert f"{tmp_path}/sounds/en/demo-congrats" in called["detail"]


def answered(**changes):
    values = {
        "answered": True, "seconds": 6.0, "channels": ["PJSIP/twilio-asterisk-pbx1-00000001"], "recorded": True,
        "packets": {"rxcount": "300", "txcount": "299", "lp": "1", "rtt": "0.0123"},
        "heard": Sound(6, 5.5, -12), "sent": Sound(6, 3.25, -10),
    }
    return Outcome(**{**values, **changes})


def test_a_call_passes(placed, capsys):
    placed(AVAILABLE, answered(), ladder("answered"))
    result = run("trunk_call", capsys)
    assert result["passed"] and not result["changed"]
    assert [row["detail"] for row in result["checks"]] == [
        "INVITE, 100, 407, ACK, INVITE with credentials, 100, 183, 200, ACK, BYE, 200",
        "sent 299 packets, 3.25 s of sound; received 300, 5.5 s of sound; lost 1"]
    assert (result["caller_id"], result["address_seen"], result["audio"]["rtt_ms"]) == (
        "+17756187988", "10.99.0.13", 12.3)
    assert 'response="***"' in "".join(result["messages"])


@pytest.mark.parametrize("changes, cause", [
    ({"packets": {}}, "nothing-received"),
    ({"heard": Sound()}, "heard-silence"),
    ({"sent": Sound()}, "played-silence"),
    ({"recorded": False}, "not-recorded"),
])
def test_a_call_without_audio(placed, capsys, changes, cause):
    placed(AVAILABLE, answered(**changes), ladder("answered"))
    result = run("trunk_call", capsys)
    assert result["passed"] is False
    assert [(row["result"], row.get("cause")) for row in result["checks"]] == [("passed", None), ("failed", cause)]


@pytest.mark.parametrize("name, outcome, cause", [
    ("not_in_acl", Outcome(), "address-not-in-acl"),
    ("caller_id", Outcome(), "caller-id-not-owned"),
    ("answered", answered(channels=["PJSIP/twilio-other-00000001"]), "other-endpoint"),
    ("cancelled", Outcome(), "not-answered"),
])
def test_a_call_fails(placed, capsys, name, outcome, cause):
    placed(AVAILABLE, outcome, ladder(name))
    result = run("trunk_call", capsys)
    call, audio = result["checks"]
    assert (result["passed"], call["result"], call["cause"], audio["result"]) == (False, "failed", cause, "skipped")
    assert call["detail"] and call["fix"] and call["seen"].startswith("INVITE, ")


def test_the_invite_is_found_by_its_number():
    entries = {0: "INVITE sip:+1555@d SIP/2.0\nCall-ID: a\n\n", 1: "INVITE sip:+919876543210@d SIP/2.0\nCall-ID: b\n\n"}
    rows = [types.SimpleNamespace(number=number, line=text.partition("\n")[0]) for number, text in entries.items()]
    recorder = types.SimpleNamespace(
        requests=lambda _method: rows,
        entry=lambda number: types.SimpleNamespace(text=entries[number]),
        dialogue=lambda call_id: [call_id],
    )
    assert trunk_call.messages(recorder, "+919876543210") == ["b"]
    assert trunk_call.messages(recorder, "+15") == []


SHAPE = ("type", "required", "default")


@pytest.mark.parametrize("name", sorted(PROBES))
def test_what_is_documented_is_what_is_taken(name):
    module = importlib.import_module(f"ansible_collections.trunkline.voice.plugins.modules.{name}")
    documented = {
        name: option
        for place in (manager.ModuleDocFragment, trunks.ModuleDocFragment, module)
        for name, option in yaml.safe_load(place.DOCUMENTATION)["options"].items()
    }
    taken = {**probe.CONNECTION, **probe.TRUNK, **PROBES[name][0].ARGUMENT_SPEC}
    assert {key: {at: option[at] for at in SHAPE if at in option} for key, option in documented.items()} == {
        key: {at: option[at] for at in SHAPE if at in option} for key, option in taken.items()}
    assert yaml.safe_load(module.EXAMPLES)
    for returned in yaml.safe_load(module.RETURN).values():
        assert {"description", "returned", "type"} <= set(returned)
        assert all(set(inner) == {"description", "type"} for inner in returned.get("contains", {}).values())
