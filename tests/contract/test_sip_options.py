# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module sip_options against servers on this machine: what it sends, what it takes for an answer, how long it takes."""

from __future__ import annotations

import json
import os
import re
import socket
import ssl
import subprocess
import sys
import time

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.trunkline.voice.plugins.module_utils._ansible import sip_options
from ansible_collections.trunkline.voice.plugins.module_utils._sip import ping, probe

from ..sip_servers import Authority, Servers, closed_port, response

HERE = "127.0.0.1"
SHORT = 0.4         # seconds, where nothing comes; what comes may take longer on a machine that is busy


@pytest.fixture
def servers():
    with Servers() as some:
        yield some


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


def run(capsys, targets, check_mode=False, **options):
    """The result of a run of the module."""
    given = {"targets": targets, "timeout": 20, **options}
    with patch_module_args({**given, "_ansible_check_mode": check_mode}), pytest.raises(SystemExit):
        sip_options.main()
    return json.loads(capsys.readouterr().out)


def at(server, **more):
    return {"host": HERE, "port": server.port, **more}


def one(capsys, server, target=None, **options):
    """The only target's part of the result."""
    return run(capsys, [at(server, **(target or {}))], **options)["targets"][0]


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_target_that_answers(servers, capsys, check_mode):
    server = servers.serve(delay=0.05)
    result = run(capsys, [at(server, name="near")], check_mode)
    outcome = result["targets"][0]
    assert result["changed"] is False and result["ranked"] == ["near"]
    assert (outcome["status"], outcome["reason"], outcome["error"], outcome["detail"]) == (200, "OK", "", "")
    assert (outcome["sent"], outcome["received"], outcome["loss_percent"], outcome["strays"]) == (3, 3, 0.0, 0)
    assert 50 <= outcome["rtt_ms"]["min"] <= outcome["rtt_ms"]["median"] <= outcome["rtt_ms"]["max"]
    assert (outcome["address"], outcome["port"], outcome["transport"]) == (HERE, server.port, "udp")
    assert 90 <= result["elapsed_ms"]


def test_what_is_sent(servers, capsys):
    server = servers.serve()
    one(capsys, server, {"request_host": "asterisk-pbx1.pstn.twilio.com"})
    seen = [dict(line.split(": ", 1) for line in text.strip().split("\r\n")[1:]) for text in server.requests]
    assert {text.split("\r\n")[0] for text in server.requests} == {"OPTIONS sip:asterisk-pbx1.pstn.twilio.com SIP/2.0"}
    for number, headers in enumerate(seen, 1):
        assert re.fullmatch(r"SIP/2\.0/UDP 127\.0\.0\.1:\d+;rport;branch=z9hG4bK[0-9a-f]{24}", headers["Via"])
        assert re.fullmatch(r"<sip:127\.0\.0\.1>;tag=[0-9a-f]{16}", headers["From"])
        assert headers["To"] == "<sip:asterisk-pbx1.pstn.twilio.com>" and headers["Max-Forwards"] == "70"
        assert headers["CSeq"] == f"{number} OPTIONS" and headers["Content-Length"] == "0"
    for name in ("Via", "From", "Call-ID"):
        assert len({headers[name] for headers in seen}) == 3, name


@pytest.mark.parametrize("status", ["404 Not Found", "503 Service Unavailable", "401 Unauthorized", "603 Decline"])
def test_any_final_response_is_an_answer(servers, capsys, status):
    outcome = one(capsys, servers.serve(status=status))
    assert f"{outcome['status']} {outcome['reason']}" == status
    assert outcome["received"] == 3 and outcome["error"] == "" and outcome["rtt_ms"]


def test_a_provisional_response_is_none(servers, capsys):
    outcome = one(capsys, servers.serve(status="100 Trying"), timeout=SHORT)
    assert (outcome["error"], outcome["status"], outcome["received"], outcome["strays"]) == ("silent", 0, 0, 0)
    outcome = one(capsys, servers.serve(before=(lambda request: response(request, "100 Trying"),)))
    assert (outcome["status"], outcome["received"], outcome["strays"]) == (200, 3, 0)


def test_a_loss_is_seen(servers, capsys):
    outcome = one(capsys, servers.serve(lose=(2, 4)), count=4, timeout=2)
    assert (outcome["sent"], outcome["received"], outcome["loss_percent"], outcome["error"]) == (4, 2, 50.0, "")


def test_an_answer_that_comes_too_late_is_lost(servers, capsys):
    outcome = one(capsys, servers.serve(delay=0.6), count=1, timeout=SHORT)
    assert (outcome["error"], outcome["detail"], outcome["loss_percent"]) == ("silent", "no answer within 0.4 s", 100.0)


def replaced(pattern, text):
    return lambda answer: re.sub(pattern, text, answer)


FOREIGN = {
    "another branch": replaced(r"branch=z9hG4bK\w+", "branch=z9hG4bKother"),
    "no branch": replaced(r";branch=z9hG4bK\w+", ""),
    "another Call-ID": replaced(r"Call-ID: \w+", "Call-ID: other"),
    "another number": replaced(r"CSeq: \d+", "CSeq: 77"),
    "another method": replaced(r"(CSeq: \d+) OPTIONS", r"\1 INVITE"),
    "a request": replaced(r"SIP/2\.0 200 OK", "OPTIONS sip:x@y SIP/2.0"),
    "no SIP": lambda _answer: "\x00\xff not SIP at all",
    "another protocol": lambda _answer: "HTTP/1.1 200 OK\r\n\r\n",
}


@pytest.mark.parametrize("transport", ["udp", "tcp"])
@pytest.mark.parametrize("kind", sorted(FOREIGN))
def test_what_answers_nothing_is_no_answer(servers, capsys, kind, transport):
    change = FOREIGN[kind]
    server = servers.serve(transport, change=lambda answer: change(answer).rstrip() + "\r\n\r\n")
    outcome = one(capsys, server, {"transport": transport}, timeout=2 * SHORT)
    assert (outcome["error"], outcome["status"], outcome["received"]) == ("strange", 0, 0)
    assert outcome["strays"] == 3 and outcome["rtt_ms"] is None


def test_what_comes_beside_the_answer_does_no_harm(servers, capsys):
    junk = (lambda _request: "junk", lambda request: FOREIGN["another branch"](response(request, "503 No")))
    outcome = one(capsys, servers.serve(before=junk))
    assert (outcome["status"], outcome["received"], outcome["strays"], outcome["error"]) == (200, 3, 6, "")


def test_an_answer_counts_once(servers, capsys):
    outcome = one(capsys, servers.serve(before=(lambda request: response(request, "200 OK"),)))
    assert outcome["received"] == 3 and outcome["strays"] == 2     # the last one's copy comes after all is known


def test_nobody_else_can_answer(servers, capsys):
    """A datagram from another address than the target's never arrives."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        def answer(request):
            port = int(re.search(r"127\.0\.0\.1:(\d+)", request)[1])
            other.sendto(response(request, "200 OK").encode(), (HERE, port))
            return "junk"

        outcome = one(capsys, servers.serve(before=(answer,), change=lambda _answer: "junk"), timeout=SHORT)
    assert outcome["received"] == 0


@pytest.mark.parametrize("pieces", [0, 7])
def test_a_stream_is_cut_by_content_length(servers, capsys, pieces):
    """With a body that looks like a message, keep-alives in between, and answers that come in pieces."""
    before = () if pieces else (lambda _request: "\r\n\r\n",)
    server = servers.serve("tcp", body="SIP/2.0 500 no\r\n\r\nü", before=before, pieces=pieces)
    outcome = one(capsys, server, {"transport": "tcp"})
    assert (outcome["status"], outcome["received"], outcome["strays"], outcome["error"]) == (200, 3, 0, "")
    assert all(";transport=tcp SIP/2.0" in text and "SIP/2.0/TCP" in text for text in server.requests)


def test_a_stream_without_end_is_no_sip(servers, capsys):
    outcome = one(capsys, servers.serve("tcp", change=lambda _answer: "x" * 70000), {"transport": "tcp"})
    assert (outcome["error"], outcome["detail"]) == ("strange", "the answer is not SIP")


def test_a_stream_that_is_closed(servers, capsys):
    outcome = one(capsys, servers.serve("tcp", hang_up=True), {"transport": "tcp"})
    assert (outcome["error"], outcome["detail"]) == ("closed", "the connection was closed")


def test_tls(servers, capsys, authority):
    server = servers.serve("tls", context=authority.context(), delay=0.03)
    outcome = one(capsys, server, {"transport": "tls"}, ca_file=str(authority.file))
    assert (outcome["status"], outcome["received"], outcome["error"]) == (200, 3, "")
    assert 30 <= outcome["rtt_ms"]["median"] and ";transport=tls" in server.requests[0]


def test_a_certificate_is_judged_as_asterisk_judges_it_on_every_python(servers, capsys, authority, monkeypatch):
    """Python 3.13 asks for more by default: it refuses this one, which has no key identifiers."""
    make = ssl.create_default_context

    def strict(**options):
        made = make(**options)
        made.verify_flags |= ssl.VERIFY_X509_STRICT
        return made

    monkeypatch.setattr(ssl, "create_default_context", strict)
    server = servers.serve("tls", context=authority.context())
    assert one(capsys, server, {"transport": "tls"}, ca_file=str(authority.file))["error"] == ""


WRONG_CERTIFICATES = {
    "of an unknown authority": ({}, {"ca_file": None}, "unable to get local issuer certificate"),
    "for another name": ({"name": "other.example"}, {}, "certificate is not valid for '127.0.0.1'"),
    "that has expired": ({"days": -1}, {}, "certificate has expired"),
}


@pytest.mark.parametrize("kind", sorted(WRONG_CERTIFICATES))
def test_a_certificate(servers, capsys, authority, kind):
    made, options, why = WRONG_CERTIFICATES[kind]
    server = servers.serve("tls", context=authority.context(**made))
    options = {"ca_file": str(authority.file), **options}
    outcome = one(capsys, server, {"transport": "tls"}, **{key: value for key, value in options.items() if value})
    assert outcome["error"] == "tls" and why in outcome["detail"], outcome
    assert not server.requests
    assert one(capsys, server, {"transport": "tls"}, verify=False)["status"] == 200


def test_a_certificate_for_the_name_that_is_given(servers, capsys, authority):
    server = servers.serve("tls", context=authority.context("*.pstn.twilio.com"))
    named = {"transport": "tls", "server_name": "asterisk-pbx1.pstn.twilio.com"}
    assert one(capsys, server, named, ca_file=str(authority.file))["status"] == 200


def test_old_tls_and_no_tls_are_refused(servers, capsys, authority):
    old = authority.context()
    old.options |= ssl.OP_NO_TLSv1_2 | ssl.OP_NO_TLSv1_3
    outcome = one(capsys, servers.serve("tls", context=old), {"transport": "tls"}, ca_file=str(authority.file))
    assert outcome["error"] in ("tls", "closed")
    outcome = one(capsys, servers.serve("tcp"), {"transport": "tls"}, ca_file=str(authority.file), timeout=SHORT)
    assert (outcome["error"], outcome["detail"]) == ("silent", "no connection within 0.4 s")


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
def test_a_closed_port(capsys, transport):
    begin = time.monotonic()
    outcome = run(capsys, [{"host": HERE, "port": closed_port(transport), "transport": transport}], timeout=30)
    assert (outcome["targets"][0]["error"], outcome["targets"][0]["detail"]) == ("refused", "the port is closed")
    assert time.monotonic() - begin < 25  # and not the 30 s of a silent one


def test_a_silent_target_takes_no_longer_than_it_may(servers, capsys):
    server = servers.serve(silent=True)
    result = run(capsys, [at(server)], timeout=SHORT)
    assert (result["targets"][0]["error"], result["targets"][0]["sent"]) == ("silent", 3)
    assert 400 <= result["elapsed_ms"]


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 64 + ".invalid"])
def test_a_name_that_is_not_found(capsys, host):
    outcome = run(capsys, [{"host": host}])["targets"][0]
    assert outcome["error"] == "name-not-found" and outcome["detail"] and outcome["address"] == ""
    assert (outcome["sent"], outcome["loss_percent"]) == (0, 100.0)


def test_a_name_server_that_does_not_answer(capsys, monkeypatch):
    def look(*_name, **_kind):
        time.sleep(1)
        raise socket.gaierror(-3, "too late")

    monkeypatch.setattr(socket, "getaddrinfo", look)
    begin = time.monotonic()
    result = run(capsys, [{"host": f"host{n}.example"} for n in range(100)], timeout=SHORT)
    assert {row["detail"] for row in result["targets"]} == {"no name server answered within 0.4 s"}
    assert time.monotonic() - begin < 30  # one after the other would take 40 s


def test_a_name_server_that_does_not_answer_holds_no_process():
    program = (
        "import socket, time\n"
        "socket.getaddrinfo = lambda *_name, **_kind: time.sleep(90)\n"
        f"from {probe.__name__} import Policy, probe_all\n"
        f"from {ping.__name__} import Target\n"
        "print(probe_all([Target('t', 'a.example', 5060, 'udp', 'b', 'b')], Policy(timeout=0.1), None)[0].error)\n"
    )
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", program], env=paths, timeout=60, check=True, capture_output=True)
    assert done.stdout == b"name-not-found\n"


def test_a_name_is_asked_at_its_first_ipv4_address(servers, capsys, monkeypatch):
    server = servers.serve()
    found = [(socket.AF_INET6, 2, 17, "", ("::1", 9, 0, 0)), (socket.AF_INET, 2, 17, "", (HERE, server.port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_name, **_kind: found)
    outcome = run(capsys, [{"host": "two.example", "port": server.port}])["targets"][0]
    assert (outcome["address"], outcome["status"]) == (HERE, 200)


def test_ipv6(servers, capsys):
    server = servers.serve(host="::1")
    outcome = run(capsys, [{"host": "::1", "port": server.port}])["targets"][0]
    assert outcome["status"] == 200
    assert server.requests[0].startswith("OPTIONS sip:[::1] SIP/2.0\r\nVia: SIP/2.0/UDP [::1]:")


def test_all_are_asked_at_the_same_time_and_ranked(servers, capsys, authority):
    """The sick come after the sound, the dead last. Half a second lies between them, more than a machine stalls."""
    delays = {"far": 2.0, "mid": 1.0, "near": 0.0}
    targets = [at(servers.serve(delay=delay), name=name) for name, delay in delays.items()]
    targets += [
        at(servers.serve("tcp", delay=0.5), name="stream", transport="tcp"),
        at(servers.serve("tls", context=authority.context(), delay=1.5), name="sealed", transport="tls"),
        at(servers.serve(status="503 No"), name="sick"),
        at(servers.serve(lose=(2, 3)), name="lossy"),
        {"name": "gone", "host": HERE, "port": closed_port()},
    ]
    result = run(capsys, targets, ca_file=str(authority.file), timeout=3)
    assert result["ranked"][:5] == ["near", "stream", "mid", "sealed", "far"]
    assert set(result["ranked"][5:7]) == {"sick", "lossy"} and result["ranked"][7] == "gone"
    assert result["elapsed_ms"] < 7500      # one after the other would take 8.3 s
    assert [row["name"] for row in result["targets"]] == [target["name"] for target in targets]


@pytest.mark.parametrize("rounds, order, received", [(1, ["far", "near"], 3), (4, ["near", "far"], 9)])
def test_a_load_of_the_moment_is_not_taken_for_distance(servers, capsys, monkeypatch, rounds, order, received):
    """A target that was slow in the first round is asked again, and once more; then nothing comes nearer."""
    near, far = servers.serve(delay=0.4), servers.serve(delay=0.2)
    ask = sip_options.probe_all

    def asked(*options):
        outcomes = ask(*options)
        near.answers.delay = 0.0
        return outcomes

    monkeypatch.setattr(sip_options, "probe_all", asked)
    result = run(capsys, [at(near, name="near"), at(far, name="far")], timeout=20, rounds=rounds, margin_ms=50)
    assert result["ranked"] == order
    assert {row["received"] for row in result["targets"]} == {received}


def test_a_hundred_at_once(servers, capsys):
    targets = [at(servers.serve(delay=0.2), name=f"t{n}") for n in range(100)]
    result = run(capsys, targets)
    assert {row["received"] for row in result["targets"]} == {3} and result["elapsed_ms"] < 20_000


WRONG = [
    ({"targets": []}, "targets must have 1 to 256 entries, not 0."),
    ({"targets": [{"host": f"h{n}.example"} for n in range(257)]}, "targets must have 1 to 256 entries, not 257."),
    ({"targets": [{"name": "x"}]}, "missing required arguments: host found in targets"),
    ({"targets": ["a.example"]}, "targets[0] must be a dict of name, host"),
    ({"targets": [{"host": "a b"}]}, "targets[0].host must be a host name or an address, not 'a b'."),
    ({"targets": [{"host": ""}]}, "targets[0].host must be a host name or an address, not ''."),
    ({"targets": [{"host": "10.0.0.256"}]}, "targets[0].host must be a host name or an address"),
    ({"targets": [{"host": "a.example", "port": 0}]}, "targets[0].port must be a port from 1 to 65535, not 0."),
    ({"targets": [{"host": "a.example", "port": 65536}]}, "targets[0].port must be a port from 1 to 65535, not 65536."),
    ({"targets": [{"host": "a.example", "transport": "sctp"}]}, "value of transport must be one of: udp, tcp, tls"),
    ({"targets": [{"host": HERE, "request_host": "x\r\nEvil: 1"}]}, "targets[0].request_host must be a host name"),
    ({"targets": [{"host": HERE, "server_name": "*.x"}]}, "targets[0].server_name must be a host name"),
    ({"targets": [{"host": HERE, "name": " "}]}, "targets[0].name must not be empty."),
    ({"targets": [{"host": HERE}, {"host": HERE, "port": 5070}]}, "targets[1] has the name of targets[0], '127.0.0.1'"),
    ({"count": 0}, "count must be from 1 to 20, not 0."),
    ({"count": 21}, "count must be from 1 to 20, not 21."),
    ({"count": "many"}, "count"),
    ({"rounds": 0}, "rounds must be from 1 to 10, not 0."),
    ({"rounds": 11}, "rounds must be from 1 to 10, not 11."),
    ({"interval": -1}, "interval must be from 0 to 10, not -1."),
    ({"interval": 11}, "interval must be from 0 to 10, not 11."),
    ({"timeout": 0}, "timeout must be from 0.1 to 30, not 0."),
    ({"timeout": 31}, "timeout must be from 0.1 to 30, not 31."),
    ({"timeout": "nan"}, "timeout must be from 0.1 to 30, not nan."),
    ({"margin_ms": -1}, "margin_ms must be from 0 to 10000, not -1."),
    ({"verify": "perhaps"}, "verify"),
    ({"ca_file": "/nonexistent"}, "ca_file '/nonexistent' cannot be read: No such file or directory."),
    ({"ca_file": "/etc/hostname"}, "ca_file '/etc/hostname' cannot be read: "),
    ({"present": {"a": 1}}, "present"),
    ({"nonsense": 1}, "Unsupported parameters"),
]


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("changes, message", WRONG, ids=[str(row[0])[:60] for row in WRONG])
def test_a_wrong_option(capsys, monkeypatch, changes, message, check_mode):
    monkeypatch.setattr(sip_options, "probe_all", lambda *_all: pytest.fail("somebody was asked"))
    result = run(capsys, **{"targets": [{"host": HERE}], **changes}, check_mode=check_mode)
    assert result["failed"] and message in result["msg"], result["msg"]


def test_all_that_is_wrong_is_told_at_once(capsys):
    result = run(capsys, [{"host": "a b", "port": 0}], count=0)
    assert len(result["problems"]) == 3 == len(re.findall(r"must be", result["msg"]))
