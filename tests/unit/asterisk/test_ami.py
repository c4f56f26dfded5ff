# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manager's client, against a socket that sends what each test gives it."""

from __future__ import annotations

import re
import socket
import threading
import time

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.ami import (
    Ami,
    AmiDenied,
    AmiError,
    AmiLogin,
    AmiUnreachable,
)

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
LOGIN = b"Response: Success\r\nActionID: <id>\r\nMessage: Authentication accepted\r\n\r\n"


@pytest.fixture
def asterisk():
    """A function that starts a server and returns a client. The server answers each action with the next of the given
    bytes, `<id>` being replaced by the action's id. None closes the connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    asked, threads = [], []

    def serve(answers):
        connection, _peer = listener.accept()
        with connection:
            connection.sendall(BANNER)
            for answer in answers:
                action = b""
                while not action.endswith(b"\r\n\r\n"):
                    data = connection.recv(4096)
                    if not data:
                        return
                    action += data
                asked.append(action.decode())
                if answer is None:
                    return
                connection.sendall(answer.replace(b"<id>", re.search(rb"ActionID: (\S+)", action)[1]))
            connection.recv(1)

    def start(*answers, timeout=2.0):
        threads.append(threading.Thread(target=serve, args=(answers,), daemon=True))
        threads[-1].start()
        client = Ami("127.0.0.1", listener.getsockname()[1], timeout)
        client.asked = asked
        return client

    yield start
    listener.close()


def test_login_and_action(asterisk):
    with asterisk(LOGIN, b"Response: Success\r\nActionID: <id>\r\nMessage: Will qualify\r\n\r\n") as client:
        client.login("verify", "secret")
        assert client.action("PJSIPQualify", ("Endpoint", "one")).get("Message") == "Will qualify"
        assert "Username: verify\r\nSecret: secret\r\n" in client.asked[0]
        assert client.asked[1].startswith("Action: PJSIPQualify\r\n")


def test_refused_login(asterisk):
    with asterisk(b"Response: Error\r\nActionID: <id>\r\nMessage: Authentication failed\r\n\r\n") as client:
        with pytest.raises(AmiLogin, match="Authentication failed"):
            client.login("verify", "wrong")


@pytest.mark.parametrize("message, error", [
    (b"Permission denied", AmiDenied),
    (b"Unable to retrieve endpoint\n", AmiError),
    (b"", AmiError),
])
def test_an_error(asterisk, message, error):
    with asterisk(b"Response: Error\r\nActionID: <id>\r\nMessage: " + message + b"\r\n\r\n") as client:
        with pytest.raises(error) as raised:
            client.action("PJSIPQualify")
        assert raised.value.__class__ is error and str(raised.value)


def test_a_command_that_fails_and_one_that_is_denied(asterisk):
    failed = b"Response: Error\r\nActionID: <id>\r\nMessage: Command output follows\r\nOutput: No such command\r\n\r\n"
    denied = b"Response: Error\r\nActionID: <id>\r\nMessage: Permission denied\r\n\r\n"
    with asterisk(failed, denied) as client:
        assert client.command("pjsip show history") == (False, ["No such command"])
        with pytest.raises(AmiDenied):
            client.command("core show version")


def test_events_wait_while_an_answer_is_read(asterisk):
    event = b"Event: Newchannel\r\nChannel: Local/1\r\n\r\n"
    answer = b"Response: Success\r\nActionID: <id>\r\nValue: /var/spool/asterisk\r\n\r\n"
    with asterisk(event + b"Response: Success\r\nActionID: other\r\n\r\n" + answer + event, timeout=60) as client:
        assert client.variable("ASTSPOOLDIR") == "/var/spool/asterisk"
        assert [client.event(1).get("Channel") for dummy in range(2)] == ["Local/1", "Local/1"]
        start = time.monotonic()
        assert client.event(0.05) is None
        assert time.monotonic() - start < 50


def test_no_answer_is_not_waited_for_for_ever(asterisk):
    with asterisk(b"", timeout=0.1) as client:
        with pytest.raises(AmiUnreachable, match="no answer"):
            client.action("Ping")


def test_asterisk_goes_away(asterisk):
    with asterisk(None) as client:
        with pytest.raises(AmiUnreachable, match="closed"):
            client.action("Ping")


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(AmiUnreachable, match="refused"):
        Ami("127.0.0.1", port)


def test_something_else_listens():
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = Ami("127.0.0.1", server.getsockname()[1], 1)
        other, _peer = server.accept()
        with client, other:
            other.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
            with pytest.raises(AmiUnreachable, match="not Asterisk's manager"):
                client.login("verify", "secret")
