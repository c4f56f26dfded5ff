# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What n8n's server does wrong has a name, and costs a caller no more than the limit."""

from __future__ import annotations

import contextlib
import http.server
import queue
import socket
import ssl
import threading
import time
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import serialization

from ..sip_servers import Authority
from ..unit.n8n.test_n8n_route import n8n_client

RIGHT = b'{"version": 1, "action": "route", "to": {"menu": "main"}}'
TOKEN = "Canary-1234567890"
BODY = b"from=%2B1+%26+%C3%A9"


class Server(http.server.ThreadingHTTPServer):
    """A web server that answers with `answer(handler)`; it keeps what it was sent."""

    daemon_threads = True

    def __init__(self, answer, context=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer, self.seen = answer, []
        if context:
            self.socket = context.wrap_socket(self.socket, server_side=True)

    def handle_error(self, *dummy):
        """A client that goes away is no news."""


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, dict(self.headers), sent))
        self.server.answer(self)

    def say(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *dummy):
        """Say nothing."""


@contextlib.contextmanager
def serving(answer, context=None):
    server = Server(answer, context)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def route(port, host="127.0.0.1", scheme="http", **options):
    return n8n_client.Route("reception", f"{scheme}://{host}:{port}/webhook/calls?x=1", TOKEN, {}, **options)


def ask(answer, context=None, **options):
    with serving(answer, context) as server:
        return n8n_client.ask(route(server.server_address[1], **options), BODY), server.seen


def test_an_answer_comes_back_as_it_was_sent():
    body, ((path, headers, sent),) = ask(lambda handler: handler.say(200, RIGHT))
    assert (body, path, sent) == (RIGHT, "/webhook/calls?x=1", BODY)
    assert headers["X-Trunkline-Token"] == TOKEN
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"


def dripping(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    with contextlib.suppress(OSError):
        for dummy in range(600):
            handler.wfile.write(b" ")
            time.sleep(0.1)


@pytest.mark.parametrize(("answer", "fault"), [
    (lambda handler: handler.say(500), "status 500"), (lambda handler: handler.say(404), "status 404"),
    (lambda handler: handler.say(401), "token refused: status 401"),
    (lambda handler: handler.say(403), "token refused: status 403"),
    (lambda handler: handler.say(302, Location="/"), "redirect: status 302, which is not followed"),
    (lambda handler: handler.say(200, b" " * 1_000_000), "too large: over 16384 bytes"),
    (lambda handler: handler.wfile.write(b"SSH-2.0-x\r\n"), "broken answer: BadStatusLine"),
    (lambda handler: handler.connection.shutdown(socket.SHUT_RDWR), "broken answer: RemoteDisconnected"),
    (lambda handler: time.sleep(60), "no answer within 0.5 s"), (dripping, "no answer within 0.5 s"),
], ids=lambda one: one if isinstance(one, str) else "")
def test_a_failure_is_named(answer, fault):
    begin = time.monotonic()
    with pytest.raises(n8n_client.Fault, match=fault):
        ask(answer, answer_seconds=0.5)
    assert time.monotonic() - begin < 30


def test_a_silent_server_is_named_so_whichever_limit_comes_first(monkeypatch):
    """On a busy PBX the socket's limit may be seen before that of the thread that waits."""
    class Patient(queue.Queue):
        def get(self, timeout):
            return super().get(timeout=timeout + 9)

    monkeypatch.setattr(queue, "SimpleQueue", Patient)
    with pytest.raises(n8n_client.Fault, match="no answer within 0.5 s"):
        ask(lambda handler: time.sleep(60), answer_seconds=0.5)


def test_nobody_is_there():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(n8n_client.Fault, match="unreachable: Connection refused"):
        n8n_client.ask(route(port), BODY)
    with pytest.raises(n8n_client.Fault, match="unreachable: "):
        n8n_client.ask(route(port, host="no-such-host.invalid", answer_seconds=20), BODY)


def test_a_name_server_that_does_not_answer(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *dummy: time.sleep(60))
    with pytest.raises(n8n_client.Fault, match="no answer within 0.3 s"):
        n8n_client.ask(route(80, answer_seconds=0.3), BODY)


def test_certificates_are_checked(tmp_path):
    authority = Authority(tmp_path)
    right = {"host": "localhost", "scheme": "https", "ca_file": str(authority.file)}

    def good(handler):
        handler.say(200, RIGHT)

    assert ask(good, authority.context(), **right)[0] == RIGHT
    for context, options, fault in (
        (authority.context("n8n.example"), right, "certificate refused: Hostname mismatch"),
        (authority.context(), {**right, "ca_file": ""}, "certificate refused: "),
        (authority.context(days=-1), right, "certificate refused: certificate has expired"),
        (None, right, "no TLS: "),
    ):
        with pytest.raises(n8n_client.Fault, match=fault):
            ask(good, context, **options)


def test_a_new_token_needs_no_moment_at_which_both_sides_change():
    """The token before is sent where the new one is refused, and nothing is refused for good meanwhile."""
    admitted = [TOKEN, "new"]

    def answer(handler):
        handler.say(200 if handler.headers["X-Trunkline-Token"] == admitted[0] else 403, RIGHT)

    with serving(answer) as server:
        both = replace(route(server.server_address[1]), token="new", previous_token=TOKEN)
        assert n8n_client.ask(both, BODY) == RIGHT and len(server.seen) == 2
        admitted.pop(0)
        assert n8n_client.ask(both, BODY) == RIGHT and len(server.seen) == 3
        admitted[0] = "other"
        with pytest.raises(n8n_client.Fault, match="token refused: status 403"):
            n8n_client.ask(both, BODY)


def test_a_token_that_changes_between_two_tries_refuses_nothing():
    admitted = [TOKEN, "new"]

    def answer(handler):
        right = handler.headers["X-Trunkline-Token"] == admitted[0]
        admitted[0] = "new"         # before the client has its answer, and may ask again
        handler.say(200 if right else 403, RIGHT)

    with serving(answer) as server:
        both = replace(route(server.server_address[1]), token="new", previous_token=TOKEN)
        assert n8n_client.ask(both, BODY) == RIGHT and len(server.seen) == 3


@pytest.mark.parametrize("text", [None, "no PEM"])
def test_a_ca_file_that_cannot_be_read_is_named(tmp_path, text):
    file = tmp_path / "ca.pem"
    if text:
        file.write_text(text)
    with pytest.raises(n8n_client.Fault, match="ca_file cannot be read: "):
        n8n_client.ask(route(1, scheme="https", ca_file=str(file)), BODY)


@pytest.fixture
def mutual(tmp_path):
    """Return a certificate authority, TLS of a server that takes its certificates only, and the options of a client."""
    authority = Authority(tmp_path)
    context = authority.context()
    context.load_verify_locations(authority.file)
    context.verify_mode = ssl.CERT_REQUIRED
    return authority, context, {"host": "localhost", "scheme": "https", "ca_file": str(authority.file)}


def test_the_pbx_shows_its_certificate_where_one_is_asked_for(mutual):
    authority, context, options = mutual
    options["client_file"] = str(authority.pem("pbx1.example.com"))
    body, ((dummy, headers, dummy2),) = ask(lambda handler: handler.say(200, RIGHT), context, **options)
    assert body == RIGHT and headers["X-Trunkline-Token"] == TOKEN


def test_a_client_that_is_not_trusted_is_refused_and_told(mutual, tmp_path):
    """TLS 1.2, in which the handshake itself fails; in 1.3 a reset may come before the reason."""
    dummy, context, options = mutual
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    (tmp_path / "other").mkdir()
    stranger = str(Authority(tmp_path / "other", "Another").pem("pbx1.example.com"))
    for client_file, fault in (
        (stranger, "client certificate refused: .*UNKNOWN_CA"), ("", "no TLS: .*HANDSHAKE_FAILURE"),
    ):
        with serving(lambda handler: handler.say(200, RIGHT), context) as server:
            with pytest.raises(n8n_client.Fault, match=fault):
                n8n_client.ask(route(server.server_address[1], client_file=client_file, **options), BODY)
            assert server.seen == []


def test_a_client_without_a_certificate_gets_no_answer_in_tls_1_3(mutual):
    dummy, context, options = mutual
    with pytest.raises(n8n_client.Fault, match="client certificate refused: |broken answer: "):
        ask(lambda handler: handler.say(200, RIGHT), context, **options)


def test_a_client_file_that_is_of_no_use_is_named(tmp_path):
    authority = Authority(tmp_path)
    good, open_to_all, other, locked = (authority.pem() for dummy in range(4))
    open_to_all.chmod(0o644)
    certificate = good.read_text().partition("-----BEGIN CERTIFICATE-----")
    other.write_text(other.read_text().partition("-----BEGIN CERTIFICATE-----")[0] + "".join(certificate[1:]))
    locked.write_bytes(certificate[1].encode() + certificate[2].encode() + authority.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"x")))
    for path, fault in (
        (tmp_path / "none.pem", "client_file cannot be read: No such file"),
        (open_to_all, "client_file can be read by everybody"),
        (other, "client_file holds no certificate with its key: KEY_VALUES_MISMATCH"),
        (locked, "client_file has a key with a pass phrase"),
    ):
        with pytest.raises(n8n_client.Fault, match=fault):
            n8n_client.ask(route(1, scheme="https", client_file=str(path)), BODY)
