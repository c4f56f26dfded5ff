# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks many targets with OPTIONS at once, from sockets of its own, in one event loop."""

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
from typing import List, Optional, Sequence

from . import ping
from .message import NotSip, parse
from .ping import Outcome, Target

LONGEST_HEAD = 65536
LENGTH = re.compile(rb"(?im)^(?:content-length|l)[ \t]*:[ \t]*(\d+)")


@dataclass(frozen=True)
class Policy:
    """How many OPTIONS each target gets, the seconds between two of them, and for how many seconds an answer, a name
    or a connection is waited for."""

    count: int = 3
    interval: float = 0.02
    timeout: float = 2.0


def probe_all(targets: Sequence[Target], policy: Policy, context: Optional[ssl.SSLContext]) -> List[Outcome]:
    """Asks all targets at the same time; an outcome each, in their order.

    :param context: how to speak TLS; needed where a target's transport is `tls`.
    """

    async def gather():
        return await asyncio.gather(*(_ask(target, policy, context) for target in targets))

    return list(asyncio.run(gather()))


async def _ask(target: Target, policy: Policy, context: Optional[ssl.SSLContext]) -> Outcome:
    outcome = Outcome(target)
    exchange = _Exchange(outcome)
    transport = None
    try:
        family, where = await asyncio.wait_for(_address(target), policy.timeout)
        outcome.address = where[0]
        # Whatever the connection needs to be there is no part of a round trip.
        transport = await asyncio.wait_for(_connect(target, family, where, exchange, context), policy.timeout)
        await exchange.run(transport, policy)
    except asyncio.TimeoutError:
        if outcome.address:
            exchange.fail(ping.SILENT, f"no connection within {policy.timeout:g} s")
        else:
            exchange.fail(ping.NOT_FOUND, f"no name server answered within {policy.timeout:g} s")
    except OSError as error:
        exchange.fail(*_named(error))
    finally:
        if transport:
            transport.abort()
    if outcome.rtts:
        outcome.error = outcome.detail = ""
    elif not outcome.error:
        outcome.error = ping.SILENT
        outcome.detail = f"no answer within {policy.timeout:g} s"
        if outcome.strays:
            outcome.error = ping.STRANGE
            outcome.detail = "what came back answers none of the OPTIONS"
    return outcome


async def _address(target: Target):
    """The family and the socket address of the target; of a name the first that it has, IPv4 before IPv6.

    In a daemon thread: a name server that does not answer must not hold the process when all else is done.
    """
    loop = asyncio.get_running_loop()
    kind = socket.SOCK_DGRAM if target.transport == "udp" else socket.SOCK_STREAM
    with contextlib.suppress(ValueError):
        version = ipaddress.ip_address(target.host).version
        return (socket.AF_INET if version == 4 else socket.AF_INET6), (target.host, target.port)
    answer = loop.create_future()

    def settle(set_it, value):
        if not answer.done():
            set_it(value)

    def look():
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


async def _connect(target, family, where, exchange, context):
    loop = asyncio.get_running_loop()
    if target.transport == "udp":
        # A connected socket hears of a closed port, and nobody but the target.
        transport, _protocol = await loop.create_datagram_endpoint(
            lambda: _Datagrams(exchange), remote_addr=where[:2], family=family)
        return transport
    secure = {"ssl": context, "server_hostname": target.server_name} if target.transport == "tls" else {}
    transport, _protocol = await loop.create_connection(lambda: _Stream(exchange), *where[:2], family=family, **secure)
    return transport


def _named(error: OSError) -> tuple:
    """An error of the operating system, of a name server or of TLS by this package's name for it, and a sentence."""
    if isinstance(error, socket.gaierror):
        return ping.NOT_FOUND, error.strerror or str(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return ping.TLS, f"the certificate is refused: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return ping.TLS, (error.reason or str(error)).replace("_", " ").lower()
    if isinstance(error, ConnectionRefusedError):
        return ping.REFUSED, "the port is closed"
    if isinstance(error, (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)):
        return ping.CLOSED, "the connection was closed"
    return ping.UNREACHABLE, error.strerror or str(error)


class _Exchange:
    """The OPTIONS of one target and the answers to them."""

    def __init__(self, outcome: Outcome):
        self.outcome = outcome
        self.pending = {}       # branch: the request, and when it was sent
        self.all_sent = False
        self.over = asyncio.Event()

    async def run(self, transport, policy: Policy) -> None:
        """Sends what the policy says and waits until all is answered, the line is dead, or time is up. What comes
        after that counts for nothing."""
        here = transport.get_extra_info("sockname")
        for number in range(1, policy.count + 1):
            sent = ping.request(self.outcome.target, here[0], here[1], number)
            self.pending[sent.branch] = (sent, time.perf_counter())
            self.outcome.sent += 1
            self.all_sent = number == policy.count
            write = getattr(transport, "sendto", None) or transport.write
            write(sent.text.encode())
            if await self._over(policy.timeout if self.all_sent else policy.interval):
                return
        self.over.set()

    async def _over(self, seconds: float) -> bool:
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self.over.wait(), seconds)
        return self.over.is_set()

    def hear(self, data: bytes) -> None:
        """Takes one message, whatever it is."""
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
            # A provisional response is no answer yet, and no stray either.
            self.outcome.strays += not 100 <= message.status < 200
            return
        del self.pending[message.branch]
        self.outcome.rtts.append((now - at) * 1000)
        self.outcome.status, self.outcome.reason = message.status, message.reason
        if self.all_sent and not self.pending:
            self.over.set()

    def fail(self, name: str, detail: str) -> None:
        """Ends it. What was answered before stays answered."""
        if not self.over.is_set():
            self.outcome.error, self.outcome.detail = name, detail
            self.over.set()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, exchange: _Exchange):
        self.exchange = exchange

    def datagram_received(self, data, addr):
        self.exchange.hear(data)

    def error_received(self, exc):
        self.exchange.fail(*_named(exc))


class _Stream(asyncio.Protocol):
    """A stream cut into messages by Content-Length (RFC 3261 18.3)."""

    def __init__(self, exchange: _Exchange):
        self.exchange = exchange
        self.buffer = b""

    def data_received(self, data):
        self.buffer = (self.buffer + data).lstrip(b"\r\n")      # keep-alives between messages (RFC 5626 3.5.1)
        while b"\r\n\r\n" in self.buffer:
            head, _blank, rest = self.buffer.partition(b"\r\n\r\n")
            length = LENGTH.search(head)
            body = int(length[1]) if length else 0
            if len(rest) < body:
                break
            self.buffer = rest[body:].lstrip(b"\r\n")
            self.exchange.hear(head + b"\r\n\r\n" + rest[:body])
        if len(self.buffer) > LONGEST_HEAD:
            self.exchange.fail(ping.STRANGE, "what came back is no SIP")

    def connection_lost(self, exc):
        if isinstance(exc, OSError):
            self.exchange.fail(*_named(exc))
        else:
            self.exchange.fail(ping.CLOSED, "the connection was closed")
