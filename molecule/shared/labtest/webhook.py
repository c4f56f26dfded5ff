# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A web server that stands for n8n's webhook. It runs on a host of the lab: it is passed as a program.

Its standard input is an order, a JSON object: `port`, and the `answers`, of which each request takes the next and all
that come later the last. An answer has a `status`, a `body`, `headers` and a `delay` in seconds. It prints what each
request sent, a JSON object a line, until its standard input ends.
"""

import http.server
import json
import sys
import threading
import time
import urllib.parse


class Webhook(http.server.BaseHTTPRequestHandler):
    """One request."""

    def do_POST(self):
        """Answer as ordered."""
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        answers = self.server.answers
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        print(json.dumps({"path": self.path, "headers": dict(self.headers), "fields": dict(
            urllib.parse.parse_qsl(sent, keep_blank_values=True))}), flush=True)
        time.sleep(answer.get("delay", 0))
        body = answer.get("body", "").encode()
        self.send_response(answer.get("status", 200))
        for name, value in answer.get("headers", {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *dummy):
        """Say nothing: what was asked is printed above."""


if __name__ == "__main__":
    order = json.loads(sys.stdin.readline())
    server = http.server.ThreadingHTTPServer(("0.0.0.0", order["port"]), Webhook)
    server.answers = order["answers"]
    print(json.dumps("ready"), flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
