# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small SIP servers on this machine, UDP, TCP and TLS, that answer OPTIONS as late and as wrongly as they are told."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import ipaddress
import socket
import ssl
import threading
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass
class Answers:
    """How a server answers: after `delay` seconds, with `status`, and to the requests of this `lose` list of numbers
    (1 is the first) not at all. `before` is what it sends ahead of each answer, `change` makes another answer of it,
    `pieces` cuts what goes into a stream into pieces of that size."""

    delay: float = 0.0
    status: str = "200 OK"
    lose: tuple = ()
    silent: bool = False
    before: tuple = ()
    change: object = None
    body: str = ""
    pieces: int = 0
    hang_up: bool = False


def response(request: str, status: str, body: str = "") -> str:
    """The answer that RFC 3261 8.2.6 wants, in compact form where it may be, since both must be read."""
    head = request.split("\r\n\r\n")[0].split("\r\n")[1:]
    kept = [line for line in head if line.split(":")[0] in ("Via", "From", "Call-ID", "CSeq")]
    to = next(line for line in head if line.startswith("To:"))
    lines = [f"SIP/2.0 {status}", *kept, f"{to};tag=there", f"l: {len(body.encode())}", "", body]
    return "\r\n".join(lines)


class _Base:
    def __init__(self, server):
        self.server, self.transport = server, None

    def connection_made(self, transport):
        self.transport = transport

    def connection_lost(self, exc):
        pass


class _Udp(_Base, asyncio.DatagramProtocol):
    def datagram_received(self, data, addr):
        self.server.take(data.decode(), lambda text: self.transport.sendto(text.encode(), addr))

    def error_received(self, exc):
        pass


class _Tcp(_Base, asyncio.Protocol):
    """OPTIONS have no body, so each request ends with its first blank line."""

    buffer = ""
    free = 0.0          # when the last piece so far has gone

    def data_received(self, data):
        self.buffer += data.decode(errors="replace")
        while "\r\n\r\n" in self.buffer:
            one, _blank, self.buffer = self.buffer.partition("\r\n\r\n")
            if self.server.answers.hang_up:
                self.transport.close()
                return
            self.server.take(one + "\r\n\r\n", self.write)

    def write(self, text):
        loop, data = asyncio.get_running_loop(), text.encode()
        size = self.server.answers.pieces or len(data)
        for at in range(0, len(data), size):
            # A write each, a moment apart, so that they do not arrive as one, and behind the answer before.
            self.free = max(self.free + 0.002, loop.time())
            loop.call_at(self.free, self.transport.write, data[at:at + size])


class Server:
    """One server: its `port`, and the `requests` that it has had."""

    def __init__(self, answers):
        self.answers, self.requests, self.port = answers, [], 0

    def take(self, request, send):
        self.requests.append(request)
        answers = self.answers
        if answers.silent or len(self.requests) in answers.lose:
            return
        text = response(request, answers.status, answers.body)
        if answers.change:
            text = answers.change(text)
        for one in (*(before(request) for before in answers.before), text):
            asyncio.get_running_loop().call_later(answers.delay, send, one)


class Servers:
    """A context with any number of servers, in a loop and a thread of its own."""

    def __enter__(self):
        self.loop, self.open = asyncio.new_event_loop(), []
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        return self

    def __exit__(self, *_error):
        async def end():
            for one in self.open:
                one.close()
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()

        asyncio.run_coroutine_threadsafe(end(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def serve(self, transport="udp", host="127.0.0.1", context=None, **answers):
        """A server on a free port of `host`."""
        server = Server(Answers(**answers))

        async def begin():
            if transport == "udp":
                one, _protocol = await self.loop.create_datagram_endpoint(lambda: _Udp(server), local_addr=(host, 0))
                server.port = one.get_extra_info("sockname")[1]
            else:
                one = await self.loop.create_server(lambda: _Tcp(server), host, 0, ssl=context)
                server.port = one.sockets[0].getsockname()[1]
            self.open.append(one)

        asyncio.run_coroutine_threadsafe(begin(), self.loop).result()
        return server


def closed_port(transport="udp"):
    """A port of 127.0.0.1 that nobody listens on."""
    kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
    with contextlib.closing(socket.socket(socket.AF_INET, kind)) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Authority:
    """A certificate authority of this test run; `file` is its certificate."""

    def __init__(self, folder, name="A test's authority"):
        self.folder, self.made = folder, 0
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        constraint = (x509.BasicConstraints(ca=True, path_length=0), True)
        self.file = folder / "authority.pem"
        self.file.write_bytes(self._signed(self.name, self.key, [constraint], 1).public_bytes(
            serialization.Encoding.PEM))

    def _signed(self, subject, key, extensions, days):
        now = datetime.datetime.now(datetime.timezone.utc)
        builder = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(self.name).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=3))
            .not_valid_after(now + datetime.timedelta(days=days))
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(self.key, hashes.SHA256())

    def pem(self, name="localhost", days=1):
        """A file with a certificate for `name` and 127.0.0.1 that ends in so many days, and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName(
            [x509.DNSName(name), *([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))] if name == "localhost" else [])])
        made = self._signed(x509.Name([]), key, [(names, True)], days)
        self.made += 1
        path = self.folder / f"server{self.made}.pem"
        path.write_bytes(
            key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                              serialization.NoEncryption())
            + made.public_bytes(serialization.Encoding.PEM))
        path.chmod(0o640)
        return path

    def context(self, name="localhost", days=1):
        """A server's TLS with such a certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.pem(name, days))
        return context
