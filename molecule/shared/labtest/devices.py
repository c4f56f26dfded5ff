# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Play a phone with several devices, which ring, or a phone that calls and sends requests within the call.

The script speaks SIP over UDP on a host of the lab, and reads its order from standard input.

Order: {"target": address, "user", "password", "devices": [seconds after which each answers, null for never], "seconds":
how long they wait for calls, "dial": a number that the first one calls, or "", "headers": [lines of that INVITE],
"within": [[method, content type or "", body], …], sent once that call is answered; ["wait", "", "2"] waits}.
Answer: a line with the statuses of its registrations, and one with {"rang": [INVITEs of each device], "reasons":
[Reason of the CANCEL that it got], "dialled": status, "within": [status, 0 for no answer]}.
"""

import hashlib
import json
import re
import select
import socket
import sys
import time
import uuid

SDP = (
    "v=0\r\no=- 1 1 IN IP4 {0}\r\ns=-\r\nc=IN IP4 {0}\r\nt=0 0\r\nm=audio {1} RTP/AVP 0 101\r\n"
    "a=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n")
PATIENCE = 4


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def header(message, name):
    found = re.search(rf"^{name}\s*:\s*(.*?)\s*$", message, re.I | re.M)
    return found.group(1) if found else ""


def status(message):
    return int(message.split(None, 2)[1]) if message else 0


class Device:
    """A device of the phone, which answers a call after `answers` seconds, or never if that is None."""

    def __init__(self, order, answers):
        self.order, self.answers = order, answers
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect((order["target"], 5060))
        self.host, self.port = self.socket.getsockname()
        self.cseq, self.rang, self.reason, self.ringing, self.due = 1, 0, "", "", 0

    def request(self, method, uri, dialogue, lines=(), kind="", body=""):
        """Send a request and return its final response, after a challenge if there is one."""
        answer = self.ask(method, uri, dialogue, lines, kind, body)
        if status(answer) == 401:
            if method == "INVITE":
                self.send("ACK", uri, {**dialogue, "to": header(answer, "To")})
            part = dict(re.findall(r'(\w+)="?([^",]+)"?', header(answer, "WWW-Authenticate")))
            user, password = self.order["user"], self.order["password"]
            response = md5(":".join([
                md5(f"{user}:{part['realm']}:{password}"), part["nonce"], "00000001", "c0ffee", "auth",
                md5(f"{method}:{uri}")]))
            digest = (
                f'Authorization: Digest username="{user}",realm="{part["realm"]}",nonce="{part["nonce"]}",uri="{uri}",'
                f'response="{response}",algorithm=MD5,qop=auth,nc=00000001,cnonce="c0ffee",'
                f'opaque="{part.get("opaque", "")}"')
            answer = self.ask(method, uri, dialogue, [*lines, digest], kind, body)
        return answer

    def ask(self, method, uri, dialogue, lines, kind, body):
        self.cseq += 1
        self.send(method, uri, dialogue, lines, kind, body)
        wanted, until = f"{self.cseq} {method}", time.monotonic() + (20 if method == "INVITE" else PATIENCE)
        while (left := until - time.monotonic()) > 0:
            text = self.read(left)
            if text.startswith("SIP/2.0 ") and header(text, "CSeq") == wanted and status(text) >= 200:
                return text
        return ""

    def send(self, method, uri, dialogue, lines=(), kind="", body=""):
        user = self.order["user"]
        head = [
            f"{method} {uri} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.host}:{self.port};rport;branch=z9hG4bK{uuid.uuid4().hex}", "Max-Forwards: 70",
            f"From: <sip:{user}@{self.order['target']}>;tag={dialogue['tag']}",
            f"To: {dialogue['to']}", f"Call-ID: {dialogue['id']}", f"CSeq: {self.cseq} {method}",
            f"Contact: <sip:{user}@{self.host}:{self.port}>", *lines, *([f"Content-Type: {kind}"] if kind else []),
            f"Content-Length: {len(body)}",
        ]
        self.socket.send(("\r\n".join(head) + "\r\n\r\n" + body).encode())

    def read(self, seconds):
        """Return the message that arrives within so many seconds, or ""; answer it if it is a request."""
        if not select.select([self.socket], [], [], seconds)[0]:
            return ""
        text = self.socket.recv(65535).decode(errors="replace")
        method = text.split(None, 1)[0]
        if method == "INVITE":
            self.rang += text != self.ringing
            self.ringing, self.due = text, time.monotonic() + (1e9 if self.answers is None else self.answers)
            self.reply(text, 180)
        elif method == "CANCEL":
            self.reason = header(text, "Reason")
            self.reply(text, 200)
            self.reply(self.ringing, 487)
        elif method not in ("ACK", "SIP/2.0"):
            self.reply(text, 200)
        return text

    def reply(self, text, code, body=""):
        lines = [f"SIP/2.0 {code} So", *re.findall(r"^Via:.*?(?=\r$)", text, re.M)]
        lines += [f"{name}: {header(text, name)}" for name in ("From", "Call-ID", "CSeq")]
        tag = "" if "tag=" in header(text, "To") else f";tag={self.port}"
        lines += [f"To: {header(text, 'To')}{tag}", f"Contact: <sip:{self.order['user']}@{self.host}:{self.port}>"]
        lines += ["Content-Type: application/sdp"] if body else []
        self.socket.send(("\r\n".join(lines) + f"\r\nContent-Length: {len(body)}\r\n\r\n" + body).encode())

    def tick(self):
        self.read(0.02)
        if self.ringing and time.monotonic() > self.due:
            self.reply(self.ringing, 200, SDP.format(self.host, self.port + 1))
            self.due = 1e12

    def register(self, seconds):
        uri = f"sip:{self.order['target']}"
        dialogue = {"tag": "r", "id": uuid.uuid4().hex, "to": f"<sip:{self.order['user']}@{self.order['target']}>"}
        return status(self.request("REGISTER", uri, dialogue, [f"Expires: {seconds}"]))

    def call(self):
        """Dial the number, send the requests within the call, hang up; return the statuses."""
        uri = f"sip:{self.order['dial']}@{self.order['target']}"
        dialogue = {"tag": uuid.uuid4().hex[:8], "id": uuid.uuid4().hex, "to": f"<{uri}>"}
        body = SDP.format(self.host, self.port + 1)
        answer = self.request("INVITE", uri, dialogue, self.order["headers"], "application/sdp", body)
        dialogue["to"] = header(answer, "To")
        if status(answer) != 200:
            return status(answer), []
        uri = re.search(r"<(.*?)>", header(answer, "Contact"))[1]
        self.send("ACK", uri, dialogue)
        time.sleep(1)
        found = []
        for method, kind, text in self.order["within"]:
            if method == "wait":
                time.sleep(float(text))
            else:
                found.append(status(self.request(method, uri, dialogue, [], kind, text)))
        time.sleep(1)
        self.request("BYE", uri, dialogue)
        return status(answer), found


def main(order):
    devices = [Device(order, answers) for answers in order["devices"]]
    registered = [device.register(60) for device in devices]
    print(json.dumps(registered), flush=True)
    dialled, within = devices[0].call() if order["dial"] else (0, [])
    until = time.monotonic() + order["seconds"]
    while time.monotonic() < until:
        for device in devices:
            device.tick()
    for device in devices:
        device.register(0)
    return {
        "rang": [device.rang for device in devices], "reasons": [device.reason for device in devices],
        "dialled": dialled, "within": within,
    }


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.stdin.readline()))))
