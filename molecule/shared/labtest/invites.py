# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends INVITEs as they are told, thousands if need be, over UDP. Runs on a host of the lab, its order on its standard
input.

Order: {"target": address, "user", "password": for the digest, or neither, "at_once": how many are under way at once,
"hold": seconds an answered call is kept, "invites": [{"to": the user part as it is sent, "from": that of From, "" for
none, "name": its display name as it is sent, "headers": [lines], "refer": a URI to send a REFER to, once answered}]}.
Answer: [[status of the INVITE, status of the REFER], …] in the order of the INVITEs, 0 where there was none.
"""

import hashlib
import json
import re
import select
import socket
import sys
import time

RESEND, GIVE_UP = 1.0, 30.0
SDP = "v=0\r\no=- 1 1 IN IP4 {0}\r\ns=-\r\nc=IN IP4 {0}\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def header(message, name):
    found = re.search(rf"^{name}\s*:\s*(.*?)\s*$", message, re.I | re.M)
    return found.group(1) if found else ""


class Call:
    """One INVITE and what follows it."""

    def __init__(self, sender, index, order):
        self.sender, self.index, self.order = sender, index, order
        self.uri = f"sip:{order['to']}@{sender.target}"
        self.user = f"{order['from']}@" if order["from"] else ""
        self.cseq, self.to, self.tried = 1, f"<{self.uri}>", False
        self.result, self.over, self.until = [0, 0], False, 0
        self.sent = self.last = ""
        self.begun = self.at = time.monotonic()

    def request(self, method, cseq, uri, extra=(), body=""):
        host = self.sender.address
        lines = [
            f"{method} {uri} SIP/2.0",
            f"Via: SIP/2.0/UDP {host};rport;branch=z9hG4bK{self.sender.run}-{self.index}-{cseq}",
            "Max-Forwards: 70",
            f"From: {self.order.get('name', '')}<sip:{self.user}{host}>;tag=t{self.index}",
            f"To: {self.to}",
            f"Call-ID: {self.sender.call_id(self.index)}",
            f"CSeq: {cseq} {method}",
            f"Contact: <sip:caller@{host}>",
            *extra,
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
        ]
        self.sender.send("\r\n".join(lines) + "\r\n\r\n" + body)
        return lines

    def invite(self, authorization=()):
        body = SDP.format(self.sender.address.partition(":")[0])
        self.at = time.monotonic()
        self.sent = (authorization, self.cseq)
        self.request("INVITE", self.cseq, self.uri, [*self.order.get("headers", ()), *authorization], body)

    def tick(self, now):
        if not self.over and self.until and now > self.until:
            self.bye()
        elif not self.over and not self.result[0] and now - self.begun > GIVE_UP:
            self.over = True
        elif not self.over and not self.last and now - self.at > RESEND:
            self.invite(self.sent[0])

    def bye(self):
        self.cseq += 1
        self.request("BYE", self.cseq, self.contact)
        self.over = True

    def receive(self, text):
        status, method = int(text.split(None, 2)[1]), header(text, "CSeq").split()[1]
        if method == "INVITE":
            self.last = "seen"
            if status >= 200:
                self.final(status, text)
        elif method == "REFER" and status >= 200 and not self.result[1]:
            self.result[1] = status
            self.until = time.monotonic() + self.sender.hold

    def final(self, status, text):
        cseq = int(header(text, "CSeq").split()[0])
        self.to = header(text, "To")
        if status >= 300:
            self.request("ACK", cseq, self.uri)
            self.to = f"<{self.uri}>"
        if status == 401 and not self.tried and self.sender.user:
            self.tried, self.last = True, ""
            self.cseq += 1
            self.invite([self.sender.digest(header(text, "WWW-Authenticate"), self.uri)])
        elif cseq == self.cseq and not self.result[0]:
            self.result[0] = status
            if status >= 300:
                self.over = True
                return
            found = re.search(r"<(.*?)>", header(text, "Contact"))
            self.contact = found.group(1) if found else self.uri
            self.request("ACK", cseq, self.contact)
            self.until = time.monotonic() + self.sender.hold
            if self.order.get("refer"):
                self.cseq += 1
                self.until = time.monotonic() + 5
                self.request("REFER", self.cseq, self.contact, [f"Refer-To: <{self.order['refer']}>"])


class Sender:
    """All calls, and the socket they share."""

    def __init__(self, order):
        self.target, self.hold = order["target"], order.get("hold", 0)
        self.user, self.password = order.get("user"), order.get("password")
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.socket.connect((self.target, 5060))
        self.address = "{}:{}".format(*self.socket.getsockname())
        self.run = md5(str(time.time()))[:8]
        self.waiting = [Call(self, index, one) for index, one in enumerate(order["invites"])]
        self.calls, self.at_once = list(self.waiting), order.get("at_once", 20)

    def call_id(self, index):
        return f"{self.run}-{index}"

    def send(self, text):
        self.socket.send(text.encode())

    def digest(self, challenge, uri):
        part = dict(re.findall(r'(\w+)="?([^",]+)"?', challenge))
        first, second = md5(f"{self.user}:{part['realm']}:{self.password}"), md5("INVITE:" + uri)
        response = md5(":".join([first, part["nonce"], "00000001", "c0ffee", "auth", second]))
        return (
            f'Authorization: Digest username="{self.user}",realm="{part["realm"]}",nonce="{part["nonce"]}",uri="{uri}",'
            f'response="{response}",algorithm=MD5,qop=auth,nc=00000001,cnonce="c0ffee",'
            f'opaque="{part.get("opaque", "")}"'
        )

    def run_all(self):
        up = {}
        while self.waiting or up:
            while self.waiting and len(up) < self.at_once:
                call = self.waiting.pop(0)
                up[call.index] = call
                call.begun = time.monotonic()
                call.invite()
            if select.select([self.socket], [], [], 0.05)[0]:
                self.receive()
            now = time.monotonic()
            for index in [index for index, call in up.items() if call.tick(now) or call.over]:
                del up[index]
        return [call.result for call in self.calls]

    def receive(self):
        text = self.socket.recv(65535).decode(errors="replace")
        if not text.startswith("SIP/2.0 "):
            self.answer(text)
            return
        run, dummy, index = header(text, "Call-ID").partition("-")
        if run == self.run:
            self.calls[int(index)].receive(text)

    def answer(self, text):
        names = ("Via", "From", "To", "Call-ID", "CSeq")
        lines = ["SIP/2.0 200 OK", *(f"{name}: {header(text, name)}" for name in names), "Content-Length: 0"]
        self.send("\r\n".join(lines) + "\r\n\r\n")


if __name__ == "__main__":
    json.dump(Sender(json.load(sys.stdin)).run_all(), sys.stdout)
