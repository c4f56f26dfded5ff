# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Send SIP requests at once and count the responses, from this machine or, as a script, from a host of the lab.

request_burst.py HOST COUNT METHOD USER [CALL-ID] [HEADER] prints the counts as JSON: {"401": 3}
"""

from __future__ import annotations

import collections
import json
import socket
import sys
import time

REQUEST = """\
{method} sip:{user}@{host} SIP/2.0
Via: SIP/2.0/UDP {me}:{port};branch=z9hG4bK{unique};rport
Max-Forwards: 70
From: <sip:{user}@{me}>;tag={unique}
To: <sip:{user}@{host}>
Call-ID: {call_id}{unique}
CSeq: 1 {method}
Contact: <sip:{user}@{me}:{port}>
{header}Content-Length: 0

"""


def burst(host: str, count: int, method: str, user: str, call_id: str = "", header: str = "") -> dict[str, int]:
    """Send the requests; return status to number of responses, counted until none comes for two seconds."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.connect((host, 5060))
        me, port = udp.getsockname()
        for index in range(count):
            unique = f"{time.time_ns()}x{index}"
            udp.send(REQUEST.format(**locals()).replace("\n", "\r\n").encode())
        udp.settimeout(2)
        seen: collections.Counter = collections.Counter()
        try:
            while True:
                seen[udp.recv(65535).split()[1].decode()] += 1
        except (TimeoutError, ConnectionError):
            return dict(seen)


if __name__ == "__main__":
    print(json.dumps(burst(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])))
