# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The I/O of a SIP ping: OPTIONS to many targets at once, in one event loop. Its pure part is ping.py."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import re
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from typing import Any, Callable, Mapping, NamedTuple, Sequence

from . import ping
from .message import NotSip, parse
from .ping import Outcome, Target

MAX_HEAD_BYTES = 65536
LENGTH = re.compile(rb"(?im)^(?:content-length|l)[ \t]*:[ \t]*(\d+)")

#: A socket's address: host and port, and of IPv6 two numbers more.
Address = tuple[Any, ...]


@dataclass(frozen=True)
class Policy:
    """The number of OPTIONS for each target, the seconds between two of them, and the timeout in seconds of an answer,
    of a name lookup and of a connection."""

    count: int = 3
    interval: float = 0.02
    timeout: float = 2.0


class _Connection(NamedTuple):
    address: tuple[str, int]    # our own
    send: Callable[[bytes], object]
    abort: Callable[[], object]


def probe_all(targets: Sequence[Target], policy: Policy, context: ssl.SSLContext | None) -> list[Outcome]:
    """Ask all targets at the same time, and return an outcome for each, in their order.

    :param context: for TLS, None if no target's transport is `tls`.
    """

    async def gather() -> list[Outcome]:
        return list(await asyncio.gather(*(_ask(target, policy, context) for target in targets)))

    return asyncio.run(gather())


async def _ask(target: Target, policy: Policy, context: ssl.SSLContext | None) -> Outcome:
    outcome = Outcome(target)
    exchange = _Exchange(outcome)
    connection: _Connection | None = None
    try:
        family, where = await asyncio.wait_for(_address(target), policy.timeout)
        outcome.address = where[0]
        # Setting up the connection is not part of a round trip.
        connection = await asyncio.wait_for(_connect(target, family, where, exchange, context), policy.timeout)
        await exchange.run(connection, policy)
    except asyncio.TimeoutError:
        if outcome.address:
            exchange.fail(ping.SILENT, f"no connection within {policy.timeout:g} s")
        else:
            exchange.fail(ping.NOT_FOUND, f"no name server answered within {policy.timeout:g} s")
    except OSError as error:
        exchange.fail(*_named(error))
    finally:
        if connection:
            connection.abort()
    if outcome.rtts:
        outcome.error = outcome.detail = ""
    elif not outcome.error:
        outcome.error = ping.SILENT
        outcome.detail = f"no answer within {policy.timeout:g} s"
        if outcome.strays:
            outcome.error = ping.STRANGE
            outcome.detail = "no message that came back answers an OPTIONS"
    return outcome


async def _address(target: Target) -> tuple[int, Address]:
    """Return the family and the socket address of the target: of a name its first address, IPv4 before IPv6.

    The lookup runs in a daemon thread, so that a silent name server cannot keep the process from ending.
    """
    loop = asyncio.get_running_loop()
    kind = socket.SOCK_DGRAM if target.transport == "udp" else socket.SOCK_STREAM
    with contextlib.suppress(ValueError):
        version = ipaddress.ip_address(target.host).version
        return (socket.AF_INET if version == 4 else socket.AF_INET6), (target.host, target.port)
    answer: asyncio.Future[tuple[int, Address]] = loop.create_future()

    def settle(set_it: Callable[[Any], None], value: object) -> None:
        if not answer.done():
            set_it(value)

    def look() -> None:
        settled: tuple[Callable[[Any], None], object]
        try:
            found = socket.getaddrinfo(target.host, target.port, type=kind)
            first = min(found, key=lambda row: row[0] != socket.AF_INET)
            settled = (answer.set_result, (first[0], first[4]))
        except OSError as error:
            settled = (answer.set_exception, error)
        except UnicodeError:
            settled = (answer.set_exception, socket.gaierror("no name has such a part"))
        with contextlib.suppress(RuntimeError):     # the loop ended meanwhile
            loop.call_soon_threadsafe(settle, *settled)

    threading.Thread(target=look, daemon=True).start()
    return await answer


async def _connect(
    target: Target, family: int, where: Address, exchange: _Exchange, context: ssl.SSLContext | None
) -> _Connection:
    loop = asyncio.get_running_loop()
    host, port = where[:2]
    if target.transport == "udp":
        # A connected socket gets ICMP errors, and datagrams of the target only.
        datagrams = (await loop.create_datagram_endpoint(
            lambda: _Datagrams(exchange), remote_addr=(host, port), family=family))[0]
        return _Connection(datagrams.get_extra_info("sockname")[:2], datagrams.sendto, datagrams.abort)
    secure: Mapping[str, Any] = {}
    if target.transport == "tls":
        secure = {"ssl": context, "server_hostname": target.server_name}
    stream = (await loop.create_connection(lambda: _Stream(exchange), host, port, family=family, **secure))[0]
    return _Connection(stream.get_extra_info("sockname")[:2], stream.write, stream.abort)


def _named(error: Exception) -> tuple[str, str]:
    """Return ping.py's name for an error of the operating system, a name server or TLS, and a description."""
    if isinstance(error, socket.gaierror):
        return ping.NOT_FOUND, error.strerror or str(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return ping.TLS, f"the certificate is rejected: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return ping.TLS, (error.reason or str(error)).replace("_", " ").lower()
    if isinstance(error, ConnectionRefusedError):
        return ping.REFUSED, "the port is closed"
    if isinstance(error, (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)):
        return ping.CLOSED, "the connection was closed"
    return ping.UNREACHABLE, getattr(error, "strerror", None) or str(error)


class _Exchange:
    """The OPTIONS of one target and the answers to them."""

    def __init__(self, outcome: Outcome):
        self.outcome = outcome
        self.pending: dict[str, tuple[ping.Request, float]] = {}    # by branch: the request, and when it was sent
        self.all_sent = False
        self.over = asyncio.Event()

    async def run(self, connection: _Connection, policy: Policy) -> None:
        """Send the policy's OPTIONS, and wait until all are answered, the connection fails or the timeout passes. Later
        messages do not count."""
        host, port = connection.address
        for number in range(1, policy.count + 1):
            sent = ping.request(self.outcome.target, host, port, number)
            self.pending[sent.branch] = (sent, time.perf_counter())
            self.outcome.sent += 1
            self.all_sent = number == policy.count
            connection.send(sent.text.encode())
            if await self._over(policy.timeout if self.all_sent else policy.interval):
                return
        self.over.set()

    async def _over(self, seconds: float) -> bool:
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self.over.wait(), seconds)
        return self.over.is_set()

    def hear(self, data: bytes) -> None:
        """Count one message that arrived, whatever it is."""
        now = time.perf_counter()
        if self.over.is_set():
            return
        try:
            message = parse(data.decode("utf-8", "replace"))
        except NotSip:
            self.outcome.strays += 1
            return
        sent, at = self.pending.get(message.branch, (None, 0.0))
        if not sent or not sent.answered_by(message):
            # A provisional response is neither an answer nor a stray.
            if not 100 <= message.status < 200:
                self.outcome.strays += 1
            return
        del self.pending[message.branch]
        self.outcome.rtts.append((now - at) * 1000)
        self.outcome.status, self.outcome.reason = message.status, message.reason
        if self.all_sent and not self.pending:
            self.over.set()

    def fail(self, name: str, detail: str) -> None:
        """End the exchange with an error. Earlier answers still count."""
        if not self.over.is_set():
            self.outcome.error, self.outcome.detail = name, detail
            self.over.set()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, exchange: _Exchange):
        self.exchange = exchange

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self.exchange.hear(data)

    def error_received(self, exc: Exception) -> None:
        self.exchange.fail(*_named(exc))


class _Stream(asyncio.Protocol):
    """A stream cut into messages by Content-Length (RFC 3261 18.3)."""

    def __init__(self, exchange: _Exchange):
        self.exchange = exchange
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        self.buffer = (self.buffer + data).lstrip(b"\r\n")      # keep-alives between messages (RFC 5626 3.5.1)
        while b"\r\n\r\n" in self.buffer:
            head, _blank, rest = self.buffer.partition(b"\r\n\r\n")
            length = LENGTH.search(head)
            body = int(length[1]) if length else 0
            if len(rest) < body:
                break
            self.buffer = rest[body:].lstrip(b"\r\n")
            self.exchange.hear(head + b"\r\n\r\n" + rest[:body])
        if len(self.buffer) > MAX_HEAD_BYTES:
            self.exchange.fail(ping.STRANGE, "the answer is not SIP")

    def connection_lost(self, exc: Exception | None) -> None:
        if isinstance(exc, OSError):
            self.exchange.fail(*_named(exc))
        else:
            self.exchange.fail(ping.CLOSED, "the connection was closed")
