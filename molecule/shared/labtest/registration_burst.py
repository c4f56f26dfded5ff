# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Register many phones behind one address at once, as an office does after a power cut.

registration_burst.py HOST FIRST COUNT PATIENCE reads the password from standard input and prints the result of
:func:`register` as JSON.
"""

from __future__ import annotations

import hashlib
import json
import re
import selectors
import socket
import sys
import time

REGISTER = """\
REGISTER sip:{host} SIP/2.0
Via: SIP/2.0/UDP {me}:{port};branch=z9hG4bK{user}x{number};rport
Max-Forwards: 70
From: <sip:{user}@{host}>;tag={user}
To: <sip:{user}@{host}>
Call-ID: {user}x{port}
CSeq: {number} REGISTER
Contact: <sip:{user}@{me}:{port}>
Expires: 300
{authorization}Content-Length: 0

"""
AUTHORIZATION = (
    'Authorization: Digest username="{user}",realm="{realm}",nonce="{nonce}",uri="sip:{host}",response="{response}",'
    'algorithm=MD5,qop=auth,nc=00000001,cnonce="office"{opaque}\n'
)
FIRST_WAIT, LONGEST_WAIT = 0.5, 4       # RFC 3261's timers T1 and T2


def md5(*parts: str) -> str:
    return hashlib.md5(":".join(parts).encode()).hexdigest()


class Phone:
    """A phone that registers, and retransmits a request that nobody answered."""

    def __init__(self, host: str, user: str, password: str):
        self.host, self.user, self.password = host, user, password
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.connect((host, 5060))
        self.number, self.authorization, self.is_registered = 0, "", False
        self.begin()

    def begin(self) -> None:
        self.number += 1
        self.due, self.wait = 0.0, FIRST_WAIT

    def send(self) -> None:
        me, port = self.udp.getsockname()
        request = REGISTER.format(me=me, port=port, **vars(self))
        self.udp.send(request.replace("\n", "\r\n").encode())
        self.due, self.wait = time.monotonic() + self.wait, min(2 * self.wait, LONGEST_WAIT)

    def read(self) -> None:
        answer = self.udp.recv(65535).decode()
        if not re.search(rf"^CSeq: {self.number} ", answer, re.M):
            return      # a response to an earlier request, or a request of the PBX
        if answer.startswith("SIP/2.0 200 "):
            self.is_registered = True
        elif answer.startswith("SIP/2.0 401 ") and self.number == 1:
            given = dict(re.findall(r'(\w+)="([^"]*)"', answer))
            response = md5(
                md5(self.user, given["realm"], self.password), given["nonce"], "00000001", "office", "auth",
                md5("REGISTER", f"sip:{self.host}"))
            opaque = f',opaque="{given["opaque"]}"' if "opaque" in given else ""
            self.authorization = AUTHORIZATION.format(
                response=response, opaque=opaque, user=self.user, host=self.host,
                realm=given["realm"], nonce=given["nonce"])
            self.begin()


def register(host: str, password: str, first: int, count: int, patience: float) -> dict[str, float]:
    """Register `count` phones from `first` on at once; return how many did within `patience` seconds, and the time."""
    phones = [Phone(host, str(first + index), password) for index in range(count)]
    begin = time.monotonic()
    with selectors.DefaultSelector() as selector:
        for phone in phones:
            selector.register(phone.udp, selectors.EVENT_READ, phone)
        while time.monotonic() < begin + patience and not all(phone.is_registered for phone in phones):
            for phone in phones:
                if not phone.is_registered and phone.due <= time.monotonic():
                    phone.send()
            for key, _events in selector.select(0.02):
                key.data.read()
    return {"registered": sum(phone.is_registered for phone in phones), "seconds": time.monotonic() - begin}


if __name__ == "__main__":
    print(json.dumps(register(sys.argv[1], sys.stdin.readline().strip(), *map(int, sys.argv[2:5]))))
