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

from ansible_collections.trunkline.voice.plugins.doc_fragments.probe import ModuleDocFragment
from ansible_collections.trunkline.voice.plugins.module_utils._ansible import probe, trunk_call, trunk_options
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.ami import AmiDenied
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.call import Outcome
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.contacts import Contact
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.loudness import Sound

from ..sip.recorded import ladder
from .console import Manager, printed

TRUNK = {
    "trunk": "Asterisk-SIP-Trunk", "endpoint": "twilio-asterisk-pbx1", "domain": "asterisk-pbx1.pstn.twilio.com",
    "ip_access_control_list": "Asterisk-Server",
}
CALL = {**TRUNK, "number": "+919876543210"}
PROBES = {"trunk_options": (trunk_options, TRUNK), "trunk_call": (trunk_call, CALL)}
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
    ("trunk_options", {"trunk": None}, "missing required arguments: trunk"),
    ("trunk_options", {"endpoint": None}, "missing required arguments: endpoint"),
    ("trunk_options", {"domain": None}, "missing required arguments: domain"),
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


@pytest.mark.parametrize("name, checks", [("trunk_options", ["OPTIONS"]), ("trunk_call", ["call", "audio"])])
def test_check_mode_probes_nothing_and_says_so(name, checks, capsys, monkeypatch):
    monkeypatch.setattr(probe, "manager", lambda _module: pytest.fail("something was touched"))
    result = run(name, capsys, check_mode=True)
    assert result["changed"] is False and result["passed"] is None
    assert [(row["check"], row["result"], row["detail"]) for row in result["checks"]] == [
        (check, "skipped", "not run in check mode") for check in checks]


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
def seen(monkeypatch):
    """A function that lets a module see what it is given."""

    def see(name, *what):
        monkeypatch.setattr(probe, "manager", lambda _module: contextlib.nullcontext())
        monkeypatch.setattr(PROBES[name][0], "place" if name == "trunk_call" else "ask", lambda *_arguments: what)

    return see


def test_options_pass(seen, capsys):
    seen("trunk_options", AVAILABLE, ladder("options"))
    result = run("trunk_options", capsys)
    assert result["passed"] and not result["changed"] and result["rtt_ms"] == 2.5
    assert result["checks"] == [{
        "trunk": "Asterisk-SIP-Trunk", "check": "OPTIONS", "result": "passed",
        "detail": "200 OK in 2.5 ms; contact Avail"}]
    assert result["ladder"] == ["-> OPTIONS", "<- 200 OK"]


def test_options_fail(seen, capsys):
    seen("trunk_options", AVAILABLE, ladder("options_sip_domain"))
    result = run("trunk_options", capsys)
    assert result["passed"] is False and result["status"] == 404
    assert result["checks"][0]["cause"] == "sip-domain-called" and result["checks"][0]["seen"] == "OPTIONS, 404"
    assert "asterisk-pbx1.pstn.twilio.com" in result["checks"][0]["fix"]


def test_options_pass_where_any_edge_answers(monkeypatch, capsys):
    asked = []

    def ask(_ami, endpoint, _timeout):
        asked.append(endpoint)
        return (UNAVAILABLE, []) if endpoint.endswith("-dublin") else (AVAILABLE, ladder("options"))

    monkeypatch.setattr(probe, "manager", lambda _module: contextlib.nullcontext())
    monkeypatch.setattr(probe, "resolves", lambda _host: True)
    monkeypatch.setattr(trunk_options, "ask", ask)
    result = run("trunk_options", capsys, edges=["dublin", "ashburn"])
    assert asked == ["twilio-asterisk-pbx1-dublin", "twilio-asterisk-pbx1-ashburn"]
    assert result["passed"] and result["rtt_ms"] == 2.5 and len(result["checks"]) == 1
    first, second = result["checks"][0]["detail"].split("; ashburn: ")
    assert first.startswith("dublin: ") and second == "200 OK in 2.5 ms; contact Avail"
    result = run("trunk_options", capsys, edges=["dublin"])
    assert result["passed"] is False and result["checks"][0]["cause"] == "options-not-sent"
    run("trunk_options", capsys, edges=["auto"])
    assert len(asked) == 11


def test_a_name_that_does_not_resolve(seen, capsys, monkeypatch):
    monkeypatch.setattr(probe, "resolves", lambda _host: False)
    for name, what in (("trunk_options", (UNAVAILABLE, [])), ("trunk_call", (UNAVAILABLE, Outcome(), []))):
        seen(name, *what)
        assert run(name, capsys)["checks"][0]["cause"] == "name-unresolved"


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


def test_a_call_passes(seen, capsys):
    seen("trunk_call", AVAILABLE, answered(), ladder("answered"))
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
def test_a_call_without_audio(seen, capsys, changes, cause):
    seen("trunk_call", AVAILABLE, answered(**changes), ladder("answered"))
    result = run("trunk_call", capsys)
    assert result["passed"] is False
    assert [(row["result"], row.get("cause")) for row in result["checks"]] == [("passed", None), ("failed", cause)]


@pytest.mark.parametrize("name, outcome, cause", [
    ("not_in_acl", Outcome(), "address-not-in-acl"),
    ("caller_id", Outcome(), "caller-id-not-owned"),
    ("answered", answered(channels=["PJSIP/twilio-other-00000001"]), "other-endpoint"),
    ("cancelled", Outcome(), "not-answered"),
])
def test_a_call_fails(seen, capsys, name, outcome, cause):
    seen("trunk_call", AVAILABLE, outcome, ladder(name))
    result = run("trunk_call", capsys)
    call, audio = result["checks"]
    assert (result["passed"], call["result"], call["cause"], audio["result"]) == (False, "failed", cause, "skipped")
    assert call["detail"] and call["fix"] and call["seen"].startswith("INVITE, ")


def test_the_invite_is_found_by_its_number():
    entries = {0: "INVITE sip:+1555@d SIP/2.0\nCall-ID: a\n\n", 1: "INVITE sip:+919876543210@d SIP/2.0\nCall-ID: b\n\n"}
    rows = [types.SimpleNamespace(number=number, line=text.split("\n")[0]) for number, text in entries.items()]
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
        **yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"], **yaml.safe_load(module.DOCUMENTATION)["options"]}
    taken = {**probe.CONNECTION, **probe.TRUNK, **PROBES[name][0].ARGUMENT_SPEC}
    assert {key: {at: option[at] for at in SHAPE if at in option} for key, option in documented.items()} == {
        key: {at: option[at] for at in SHAPE if at in option} for key, option in taken.items()}
    assert yaml.safe_load(module.EXAMPLES)
    for returned in yaml.safe_load(module.RETURN).values():
        assert {"description", "returned", "type"} <= set(returned)
        assert all(set(inner) == {"description", "type"} for inner in returned.get("contains", {}).values())
