# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A POST to n8n, as the scripts beside this file send it: its settings, its limits, and a name for each way to fail."""

from __future__ import annotations

import configparser
import http.client
import os
import queue
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

VERSION = 1
TOKEN_HEADER = "X-Trunkline-Token"
CONFIG = "/etc/asterisk/n8n.conf"
#: An answer is a few hundred bytes.
MAX_BYTES = 16384
NOT_ADMITTED = (401, 403)
#: What OpenSSL calls the alerts of a server that does not take the certificate of the PBX, or wants one.
_CLIENT_REFUSED = (
    "CERTIFICATE_REQUIRED", "BAD_CERTIFICATE", "UNSUPPORTED_CERTIFICATE", "CERTIFICATE_REVOKED", "CERTIFICATE_EXPIRED",
    "CERTIFICATE_UNKNOWN", "UNKNOWN_CA")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Fault(Exception):
    """The reason why n8n did not decide, in words that the log shows."""


class Missing(Fault):
    """n8n.conf was read, and has no such row."""


class Refused(Fault):
    """n8n, or what stands before it, answered with a status that is no success. `status` is that."""

    def __init__(self, message: str, status: int):
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Route:
    """One section of n8n.conf.

    allow: the place in the dialplan of each destination that n8n may name, by "kind name".
    languages, may_record: those that it may choose for the prompts, and whether it may have a call recorded.
    previous_token: is sent where `token` is refused, so that n8n and the PBX need not change it at one moment.
    events_url: where events go; empty where n8n wants none.
    ca_file: the CAs that n8n's certificate is checked with; those of the system where it is empty.
    client_file: the certificate that the PBX shows, with its chain and its key; empty where n8n asks for none.
    connect_seconds, answer_seconds: for the connection, and for the whole answer.
    failures, pause_seconds: after so many failures in a row nobody is asked for so long (a circuit breaker).
    """

    name: str
    url: str
    token: str
    allow: Mapping[str, str]
    previous_token: str = ""
    languages: tuple[str, ...] = ()
    may_record: bool = False
    events_url: str = ""
    ca_file: str = ""
    client_file: str = ""
    connect_seconds: float = 1.0
    answer_seconds: float = 3.0
    failures: int = 5
    pause_seconds: float = 30.0


def read_route(path: str, name: str) -> Route:
    """Read one section of n8n.conf.

    :raises Missing: if the file has no such section.
    :raises Fault: if it cannot be read.
    """
    parser = configparser.RawConfigParser(comment_prefixes=(";",), delimiters=("=",), strict=False)
    parser.optionxform = str    # type: ignore[assignment,method-assign]    # names of destinations keep their case
    try:
        if not parser.read(path, encoding="utf-8"):
            raise Fault(f"there is no {path}")
        if not parser.has_section(name):
            raise Missing(f"{path} has no {name}")
        row = dict(parser.items(name))
        return Route(
            name=name, url=row["url"], token=unquote(row["secret"]), ca_file=row.get("ca_file", ""),
            client_file=row.get("client_file", ""),
            previous_token=unquote(row.get("previous_secret", "")), events_url=row.get("events_url", ""),
            languages=tuple(row.get("languages", "").split()), may_record=row.get("may_record") == "1",
            connect_seconds=float(row["connect_seconds"]), answer_seconds=float(row["answer_seconds"]),
            failures=int(row["failures"]), pause_seconds=float(row["pause_seconds"]),
            allow={key[len("allow "):]: value for key, value in row.items() if key.startswith("allow ")},
        )
    except (configparser.Error, KeyError, ValueError, OSError) as error:
        raise Fault(f"{path} cannot be read: {type(error).__name__}") from None


def ask(route: Route, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    """Send a body to `route.url` and return that of the answer.

    Neither a name server nor an answer that drips can hold the call: a thread of its own asks, and is left behind.

    :raises Fault: for anything but a whole body with a status of 2xx within the limit.
    """
    done: queue.SimpleQueue[bytes | Fault] = queue.SimpleQueue()

    def post() -> None:
        try:
            done.put(_with_tokens(route, body, headers or FORM))
        except Fault as fault:
            done.put(fault)
        except Exception as error:
            done.put(Fault(f"the script failed: {type(error).__name__}"))

    threading.Thread(target=post, daemon=True).start()
    try:
        outcome = done.get(timeout=route.answer_seconds)
    except queue.Empty:
        raise _late(route) from None
    if isinstance(outcome, Fault):
        raise outcome
    return outcome


def _with_tokens(route: Route, body: bytes, headers: Mapping[str, str]) -> bytes:
    # Both are refused where n8n changes its token between the two.
    for token in (route.token, route.previous_token) if route.previous_token else ():
        try:
            return _post(route, token, body, headers)
        except Refused as refusal:
            if refusal.status not in NOT_ADMITTED:
                raise
    return _post(route, route.token, body, headers)


def _post(route: Route, token: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    parts = urlsplit(route.url)
    connection = _connection(route)
    try:
        _connect(connection)
        connection.sock.settimeout(route.answer_seconds)
        connection.request("POST", (parts.path or "/") + (parts.query and f"?{parts.query}"), body, {
            **headers, "Accept": "application/json", TOKEN_HEADER: token, "Connection": "close"})
        answer = connection.getresponse()
        _check(answer.status)
        read = answer.read(MAX_BYTES + 1)
        if len(read) > MAX_BYTES:
            raise Fault(f"too large: over {MAX_BYTES} bytes")
        return read
    except ssl.SSLEOFError as error:    # the server hung up, which is no fault of TLS
        raise Fault(f"broken answer: {type(error).__name__}") from None
    except ssl.SSLError as error:    # from TLS 1.3 on a server refuses a client after the handshake
        raise _tls_fault(error) from None
    except socket.timeout:      # on a busy PBX it may be seen before the limit of `ask` is
        raise _late(route) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Fault(f"broken answer: {type(error).__name__}") from None
    finally:
        connection.close()


def _late(route: Route) -> Fault:
    return Fault(f"no answer within {route.answer_seconds:g} s")


def _connection(route: Route) -> http.client.HTTPConnection:
    parts = urlsplit(route.url)
    host, seconds = parts.hostname or "", route.connect_seconds
    if parts.scheme != "https":
        return http.client.HTTPConnection(host, parts.port, timeout=seconds)
    try:
        trusted = ssl.create_default_context(cafile=route.ca_file or None)
    except OSError as error:    # ssl.SSLError is one
        raise Fault(f"ca_file cannot be read: {error.strerror or type(error).__name__}") from None
    if route.client_file:
        _show(trusted, route.client_file)
    return http.client.HTTPSConnection(host, parts.port, timeout=seconds, context=trusted)


def _show(context: ssl.SSLContext, path: str) -> None:
    """Have a connection show the certificate of this file to whoever asks for one."""
    def refuse() -> bytes:
        raise Fault("client_file has a key with a pass phrase: store it without one")

    try:
        if os.stat(path).st_mode & 0o007:
            raise Fault("client_file can be read by everybody: chmod 0640, and chgrp asterisk")
        context.load_cert_chain(path, password=refuse)
    except ssl.SSLError as error:
        raise Fault(f"client_file holds no certificate with its key: {error.reason or 'no PEM'}") from None
    except OSError as error:
        raise Fault(f"client_file cannot be read: {error.strerror}") from None


def _check(status: int) -> None:
    if status in NOT_ADMITTED:
        raise Refused(f"token refused: status {status}", status)
    if 300 <= status < 400:
        raise Refused(f"redirect: status {status}, which is not followed", status)
    if not 200 <= status < 300:
        raise Refused(f"status {status}", status)


def _connect(connection: http.client.HTTPConnection) -> None:
    try:
        connection.connect()
    except ssl.SSLCertVerificationError as error:
        raise Fault(f"certificate refused: {error.verify_message}") from None
    except ssl.SSLError as error:
        raise _tls_fault(error) from None
    except socket.timeout:
        raise Fault("unreachable: no connection in time") from None
    except OSError as error:
        raise Fault(f"unreachable: {error.strerror or error}") from None


def _tls_fault(error: ssl.SSLError) -> Fault:
    reason = error.reason or type(error).__name__
    return Fault(f"client certificate refused: {reason}" if reason.endswith(_CLIENT_REFUSED) else f"no TLS: {reason}")
