# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Play a desk phone that does what it is ordered to, one order after the other, and rings or answers meanwhile.

The script speaks SIP over UDP on a host of the lab. It follows the text of `devices`, in place of its import.
The first line of standard input is the order of `devices`, with one device; each further line is an order, and each is
answered by a line.

Orders: {"do": "dial", "number"}; {"do": "refer", "call", "to", "replaces": another call or null}; {"do": "hang_up",
"call"}; {"do": "key", "call", "digit"}; {"do": "say", "call", "ulaw"}; {"do": "subscribe", "to"}; {"do": "see"};
{"do": "hear"}; {"do": "stop"}. Calls count from 0, in both directions.
Answers: {"status": of the request, "call": its number}, and for `see` {"rang", "from": From of the last INVITE,
"up": [whether each call is up], "notified": [the body of each NOTIFY], "callers": [From of each call that rang],
"intercom": [the headers of each call by which a phone may answer by itself]}; for `hear` {"ulaw": the audio
of all calls}.
"""

import base64
import contextlib
import json
import re
import select
import socket
import struct
import sys
import time
import uuid
from urllib.parse import quote

from .devices import SDP, Device, header, status

WATCH = ("Event: dialog", "Accept: application/dialog-info+xml")


class Desk(Device):
    def __init__(self, order):
        super().__init__(order, order["devices"][0])
        self.calls, self.notified, self.watched, self.callers = [], [], [], {}
        self.intercom, self.said = [], 0
        self.audio, self.heard = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), b""
        with contextlib.suppress(OSError):      # another phone of the host may have the port: it hears nothing then
            self.audio.bind((self.host, self.port + 1))

    def read(self, seconds):
        """As Device does, and keep what other requests say of calls and subscriptions."""
        text = super().read(seconds)
        method, call = text.partition(" ")[0], header(text, "Call-ID")
        if method == "INVITE":
            if call not in self.callers:
                self.intercom.append([header(text, name) for name in ("Alert-Info", "Call-Info", "Answer-Mode")])
            self.callers[call] = header(text, "From")
        if method == "CANCEL":
            self.due = 1e12
        if method == "NOTIFY":
            self.notified.append(text.partition("\r\n\r\n")[2])
        for one in self.calls:
            if one["id"] == call:
                one["up"] = one["up"] and method != "BYE"
        return text

    def tick(self):
        while select.select([self.audio], [], [], 0)[0]:
            packet = self.audio.recv(65535)
            self.heard += packet[12:] if packet[1] & 127 == 0 else b""
        waiting = self.due < 1e12
        super().tick()
        if waiting and self.due == 1e12 and self.ringing:
            self.calls.append({
                "id": header(self.ringing, "Call-ID"), "tag": str(self.port), "to": header(self.ringing, "From"),
                "uri": re.search("<(.*?)>", header(self.ringing, "Contact"))[1], "up": True,
                "tags": (str(self.port), header(self.ringing, "From").rpartition("tag=")[2])})

    def dial(self, number):
        uri = f"sip:{number}@{self.order['target']}"
        dialogue = {"tag": uuid.uuid4().hex[:8], "id": uuid.uuid4().hex, "to": f"<{uri}>"}
        answer = self.request("INVITE", uri, dialogue, [], "application/sdp", SDP.format(self.host, self.port + 1))
        dialogue["to"], dialogue["sdp"] = header(answer, "To"), answer.partition("\r\n\r\n")[2]
        up = status(answer) == 200
        if answer:
            dialogue["uri"] = re.search("<(.*?)>", header(answer, "Contact"))[1] if up else uri
            self.send("ACK", dialogue["uri"], dialogue)
        self.calls.append({**dialogue, "up": up, "tags": (dialogue["tag"], dialogue["to"].rpartition("tag=")[2])})
        return status(answer), len(self.calls) - 1

    def refer(self, call, to, replaces):
        dialogue = self.calls[call]
        target = f"sip:{to}@{self.order['target']}"
        if replaces is not None:
            mine, theirs = self.calls[replaces]["tags"]
            value = f"{self.calls[replaces]['id']};to-tag={theirs};from-tag={mine}"
            target += f"?Replaces={quote(value, safe='')}"
        user = f"<sip:{self.order['user']}@{self.order['target']}>"
        return status(self.request(
            "REFER", dialogue["uri"], dialogue, [f"Refer-To: <{target}>", f"Referred-By: {user}"])), call

    def hang_up(self, call):
        dialogue = self.calls[call]
        dialogue["up"] = False
        return status(self.request("BYE", dialogue["uri"], dialogue)), call

    def key(self, call, digit):
        dialogue = self.calls[call]
        body = f"Signal={digit}\r\nDuration=160\r\n"
        return status(self.request("INFO", dialogue["uri"], dialogue, [], "application/dtmf-relay", body)), call

    def say(self, call, ulaw):
        """Send audio to where the answer of a call that this phone placed has it sent, a packet each 20 ms."""
        sdp, sound, begun = self.calls[call]["sdp"], base64.b64decode(ulaw), time.monotonic()
        target = re.search("^c=IN IP4 (\\S+)", sdp, re.M)[1], int(re.search("^m=audio ([0-9]+)", sdp, re.M)[1])
        for index in range(0, len(sound), 160):
            time.sleep(max(0, begun + index / 8000 - time.monotonic()))
            head = struct.pack("!BBHII", 128, 0, self.said & 0xffff, self.said * 160, self.port)
            self.audio.sendto(head + sound[index:index + 160], target)
            self.said += 1
        return 0, call

    def subscribe(self, to):
        uri = f"sip:{to}@{self.order['target']}"
        dialogue = {"tag": uuid.uuid4().hex[:8], "id": uuid.uuid4().hex, "to": f"<{uri}>"}
        answer = self.request("SUBSCRIBE", uri, dialogue, [*WATCH, "Expires: 600"])
        if status(answer) == 200:
            self.watched.append({**dialogue, "to": header(answer, "To"), "uri": uri})
        return status(answer), None

    def hear(self):
        return {"ulaw": base64.b64encode(self.heard).decode()}

    def see(self):
        return {
            "rang": self.rang, "reason": self.reason, "from": header(self.ringing, "From"),
            "up": [one["up"] for one in self.calls],
            "notified": self.notified, "callers": list(self.callers.values()), "intercom": self.intercom}


def serve(desk):
    while True:
        if not select.select([sys.stdin], [], [], 0)[0]:
            desk.tick()
            continue
        order = json.loads(sys.stdin.readline() or '{"do": "stop"}')
        what = order.pop("do")
        if what == "stop":
            break
        found = getattr(desk, what)(**order)
        print(json.dumps(found if what in ("see", "hear") else dict(zip(("status", "call"), found))), flush=True)
    for index, call in enumerate(desk.calls):
        if call["up"]:
            desk.hang_up(index)
    for one in desk.watched:
        desk.request("SUBSCRIBE", one["uri"], one, [*WATCH, "Expires: 0"])
    desk.register(0)


if __name__ == "__main__":
    played = Desk(json.loads(sys.stdin.readline()))
    print(json.dumps([played.register(600)]), flush=True)
    serve(played)
