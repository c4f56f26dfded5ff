# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it takes to ask eight edges how far they are."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

from ansible_collections.trunkline.voice.plugins.module_utils._ansible import sip_options
from tests.sip_servers import Authority, Servers

# Seconds; the farthest is about as far as Sydney is from Europe.
DELAYS = (0.01, 0.03, 0.08, 0.1, 0.15, 0.2, 0.25, 0.3)


def probe(_account, table):
    """Eight servers on this machine that take their time, with the module's own defaults."""
    table.section("Eight edges, 10 to 300 ms away, probed with three OPTIONS each")
    with contextlib.ExitStack() as stack:
        servers = stack.enter_context(Servers())
        authority = Authority(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        for transport in ("udp", "tcp", "tls"):
            secured = authority.context() if transport == "tls" else None
            rows = [
                {"name": f"{delay}", "host": "127.0.0.1", "transport": transport, "request_host": None,
                 "server_name": None, "port": servers.serve(transport, delay=delay, context=secured).port}
                for delay in DELAYS
            ]
            options = {**{name: option.get("default") for name, option in sip_options.ARGUMENT_SPEC.items()},
                       "ca_file": str(authority.file)}
            found = sip_options.act({**options, "targets": rows})
            assert found["ranked"] == [row["name"] for row in rows]
            slowest = max(row["rtt_ms"]["max"] for row in found["targets"])
            times = found["elapsed_ms"] / slowest
            table.line(f"{transport}, time", f"{found['elapsed_ms']:.0f} ms ({times:.2f} round trips)",
                       "at most 1.5 of the slowest", times <= 1.5)
            serial = sum(sip_options.act({**options, "targets": [row]})["elapsed_ms"] for row in rows)
            table.line(f"{transport}, one by one", f"{serial:.0f} ms ({serial / slowest:.2f} round trips)")
