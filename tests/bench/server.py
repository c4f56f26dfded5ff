# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asterisk with the roles' configuration, and the same one with the Debian package's, in turns on one host."""

from __future__ import annotations

import contextlib
import os
import statistics
import string
import time
from dataclasses import dataclass, field
from pathlib import Path

from .hosts import ADDRESS, PBX, TWIN, on, run, write
from .runs import NO_CALL, SITE
from .sipp import NAME, NUMBER, Load

OURS, STOCK = "asterisk", "asterisk-stock"
FOLDER = f"/var/tmp/{STOCK}"
ADDED = Path(__file__).parent / "stock"
STARTS, ROUNDS = 3, 2
SETTLE = 3  # seconds
CALLS, PER_SECOND, HOLD_MS = 1000, 100, 500
# Up from there, a quarter more each time, 3 s each, until calls fail. Short ones: the package's unit leaves Asterisk 1,024
# file descriptors, of which a call takes ten.
RAMP, RAMP_SECONDS, RAMP_HOLD_MS = 1.25, 3, 100
# What a phone may send is limited, and a thousand calls to one phone are more. No limit holds for calls that come in.
NO_LIMIT = {"firewall_sip_rate": 100_000, "firewall_sip_burst": 100_000}

# What Debian installs, with its own unit, in folders of its own. Only the package's own files are taken.
LAY_DOWN = """
set -e
apt-get -q -y install --reinstall --download-only asterisk-config
version=$(dpkg-query -W -f '${Version}' asterisk-config | sed s/:/%3a/)
mkdir -p $0
cd $0
dpkg-deb -x "/var/cache/apt/archives/asterisk-config_${version}_all.deb" .
mkdir -p db cache spool run log/cdr-csv log/cdr-custom
sed -i -e 's/^\\[directories\\](!)/[directories]/' \
    -e "s#^\\(astetcdir\\) =>.*#\\1 => $0/etc/asterisk#" \
    -e "s#^ast\\(db\\|cache\\|spool\\|run\\|log\\)dir =>.*#ast\\1dir => $0/\\1#" etc/asterisk/asterisk.conf
sed "s#^ExecStart=.*#& -C $0/etc/asterisk/asterisk.conf#" \
    /usr/lib/systemd/system/asterisk.service >/run/systemd/system/${0##*/}.service
systemctl daemon-reload
"""


@contextlib.contextmanager
def stock():
    """The Debian package's own configuration, and what the call needs beyond it."""
    try:
        on(PBX, "sh", "-c", LAY_DOWN, FOLDER)
        values = {"edge": ADDRESS[TWIN], "phone": NAME, "number": NUMBER,
                  "password": os.environ["TRUNKLINE_PHONE_PASSWORD"]}
        for file in ADDED.iterdir():
            path = f"{FOLDER}/etc/asterisk/{file.name}"
            write(PBX, path, on(PBX, "cat", path) + string.Template(file.read_text()).substitute(values))
        on(PBX, "chown", "-R", "asterisk:asterisk", FOLDER)
        yield
    finally:
        on(PBX, "systemctl", "stop", STOCK, codes=(0, 5))
        on(PBX, "rm", "-rf", FOLDER, f"/run/systemd/system/{STOCK}.service")
        on(PBX, "systemctl", "daemon-reload")


@contextlib.contextmanager
def without_limit():
    """The roles' Asterisk, the firewall as open as the load needs it; at the end as the inventory says."""
    try:
        run(SITE, **NO_CALL, **NO_LIMIT)
        yield
    finally:
        on(PBX, "systemctl", "start", OURS)
        run(SITE, **NO_CALL)


@dataclass
class Server:
    """One of the two, and what was measured of it, a value each time."""

    unit: str
    start: list[float] = field(default_factory=list)        # seconds from exec to fully booted
    idle: list[float] = field(default_factory=list)         # MiB
    after: list[float] = field(default_factory=list)        # MiB
    threads: list[int] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)          # milliseconds a call
    setup: list[float] = field(default_factory=list)        # milliseconds, the median of the calls
    per_second: list[float] = field(default_factory=list)

    def begin(self):
        """Starts it, and stops the other."""
        on(PBX, "systemctl", "stop", OURS, STOCK)
        on(PBX, "systemctl", "start", self.unit)
        # Asterisk tells systemd that it is ready once it has fully booted.
        times = on(PBX, "systemctl", "show", self.unit, "--value",
                   "--property=ExecMainHandoffTimestampMonotonic,ActiveEnterTimestampMonotonic").split()
        self.start.append(abs(int(times[0]) - int(times[1])) / 1e6)

    def process(self):
        """Resident MiB, threads, and CPU seconds since its start."""
        pid = on(PBX, "systemctl", "show", self.unit, "--value", "--property=MainPID").strip()
        lines = on(PBX, "cat", f"/proc/{pid}/stat", f"/proc/{pid}/status").splitlines()
        values = lines[0].rpartition(")")[2].split()
        status = dict(line.split(":", 1) for line in lines[1:])
        ticks = int(values[11]) + int(values[12])
        return (int(status["VmRSS"].split()[0]) / 1024, int(status["Threads"]), ticks / os.sysconf("SC_CLK_TCK"))

    def loaded(self, load):
        """A start, a thousand calls, and then as many a second as it can."""
        self.begin()
        time.sleep(SETTLE)
        idle, threads, _ = self.process()
        load.ready()
        _, _, before = self.process()
        calls = load.calls(CALLS, PER_SECOND, HOLD_MS)
        after, _, spent = self.process()
        if calls.failed:
            raise SystemExit(f"{calls.failed} of {CALLS} calls failed on {self.unit} at {PER_SECOND} a second.")
        self.idle.append(idle)
        self.threads.append(threads)
        self.after.append(after)
        self.cpu.append((spent - before) / CALLS * 1000)
        self.setup.append(statistics.median(calls.setup_ms))
        self.per_second.append(self.ramp(load, calls.per_second))

    def ramp(self, load, most):
        """The most calls a second of which none failed."""
        rate = float(PER_SECOND)
        while True:
            rate *= RAMP
            calls = load.calls(round(rate * RAMP_SECONDS), round(rate), RAMP_HOLD_MS)
            if calls.failed or calls.per_second < most:
                return most
            most = calls.per_second


def measure(table):
    """In turns, as other work on the machine falls on both. Of times the least counts, being the least disturbed."""
    table.section("Asterisk as the roles set it up, against the Debian package's own configuration")
    run("tests/bench/plays/sipp.yml")
    ours, other = Server(OURS), Server(STOCK)
    with without_limit(), stock(), Load() as load:
        for _ in range(STARTS):
            ours.begin()
            other.begin()
        for _ in range(ROUNDS):
            other.loaded(load)
            ours.loaded(load)
    for what, name, best, form, bound in (
        ("start, until fully booted", "start", min, "{:.2f} s", 0.5),
        ("memory, idle", "idle", min, "{:.0f} MiB", 0.6),
        (f"memory after {CALLS:,} calls", "after", min, "{:.0f} MiB", 0.6),
        ("threads", "threads", min, "{}", 0.5),
        ("CPU time a call", "cpu", min, "{:.1f} ms", None),
        ("time to set a call up, the median", "setup", min, "{:.1f} ms", 1),
        ("calls a second of which none fails", "per_second", max, "{:.0f}", -1),
    ):
        mine, theirs = best(getattr(ours, name)), best(getattr(other, name))
        ratio = mine / theirs
        goal, good = "", True
        if bound:
            goal = f"at most {bound}" if bound > 0 else f"at least {-bound}"
            good = ratio <= bound if bound > 0 else ratio >= -bound
        table.line(what, f"{form} : {form} ({{:.2f}})".format(mine, theirs, ratio), goal, good)
