# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A web server that stands for n8n's webhook, or for a CRM and a chat. It runs on a host of the lab: it is passed as a
program.

Its standard input is an order, a JSON object: `port`, and the `answers`, of which each request takes the next and all
that come later the last; requests with JSON take those of `events`. An answer has a `status`, a `body`, `headers`, a
`delay` in seconds, and the `token` without which it is 403. A GET is a question to a CRM about `phone` in its query,
which is answered with a list of that one of the `contacts`, or with 404. It prints what each request sent, a JSON
object a line, until its standard input ends.
"""

import http.server
import json
import sys
import threading
import time
import urllib.parse


class Webhook(http.server.BaseHTTPRequestHandler):
    """One request."""

    def do_GET(self):
        """Answer with a contact."""
        fields = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
        contact = self.server.contacts.get(fields.get("phone"))
        self.note(fields)
        body = json.dumps([contact] if contact else []).encode()
        self.send_response(200 if contact else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        """Answer as ordered."""
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        is_event = "json" in self.headers["Content-Type"]
        answers = self.server.events if is_event else self.server.answers
        answer = answers[0]
        if answer.get("token") not in (None, self.headers["X-Trunkline-Token"]):
            answer = {"status": 403}
        elif len(answers) > 1:
            answers.pop(0)
        fields = json.loads(sent) if is_event else dict(urllib.parse.parse_qsl(sent, keep_blank_values=True))
        self.note(fields)
        time.sleep(answer.get("delay", 0))
        body = answer.get("body", "").encode()
        self.send_response(answer.get("status", 200))
        for name, value in answer.get("headers", {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def note(self, fields):
        """Print what was asked."""
        print(json.dumps({"path": self.path, "headers": dict(self.headers), "fields": fields}), flush=True)

    def log_message(self, *dummy):
        """Say nothing: what was asked is printed above."""


if __name__ == "__main__":
    order = json.loads(sys.stdin.readline())
    server = http.server.ThreadingHTTPServer(("0.0.0.0", order["port"]), Webhook)
    server.answers, server.events = order["answers"], order["events"]
    server.contacts = order.get("contacts", {})
    print(json.dumps("ready"), flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
