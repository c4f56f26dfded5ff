# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asterisk with the roles' configuration, and the same one with the Debian package's, in turns on one host."""

from __future__ import annotations

import contextlib
import os
import string
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from .hosts import ADDRESS, PBX, TWIN, on, run, write
from .runs import NO_CALL, SITE
from .sipp import NAME, NUMBER, Load

OURS, STOCK = "asterisk", "asterisk-stock"
FOLDER = f"/var/tmp/{STOCK}"
ADDED = Path(__file__).parent / "stock"
STARTS, ROUNDS = 2, 3
SETTLE = 3  # seconds
CALLS, PER_SECOND, HOLD_MS = 1000, 100, 500
FEW, SELDOM = 80, 20
# As fast as it goes: a call begins when another ends. Few at once: a call takes ten file descriptors, and the package's
# unit gives Asterisk 1,024.
FAST, AT_ONCE = 1000, 40
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
    """One of the two, and what was measured of it, a value each time. `other` is the unit of the other one."""

    unit: str
    other: str
    start: list[float] = field(default_factory=list)        # seconds from exec to fully booted
    idle: list[float] = field(default_factory=list)         # MiB
    after: list[float] = field(default_factory=list)        # MiB
    threads: list[int] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)          # milliseconds a call
    setup: list[float] = field(default_factory=list)        # milliseconds, the median of the calls
    seldom: list[float] = field(default_factory=list)       # the same of calls that come seldom
    per_second: list[float] = field(default_factory=list)

    def begin(self):
        """Starts it, and stops the other."""
        on(PBX, "systemctl", "stop", self.unit, self.other)
        on(PBX, "systemctl", "start", self.unit)
        # Asterisk tells systemd that it is ready once it has fully booted.
        handed, ready = "ExecMainHandoffTimestampMonotonic", "ActiveEnterTimestampMonotonic"
        shown = on(PBX, "systemctl", "show", self.unit, f"--property={handed},{ready}")
        times = dict(line.split("=") for line in shown.splitlines())
        self.start.append((int(times[ready]) - int(times[handed])) / 1e6)

    def process(self):
        """Resident MiB, threads, and CPU seconds since its start."""
        pid = on(PBX, "systemctl", "show", self.unit, "--value", "--property=MainPID").strip()
        lines = on(PBX, "cat", f"/proc/{pid}/stat", f"/proc/{pid}/status").splitlines()
        values = lines[0].rpartition(")")[2].split()
        status = dict(line.split(":", 1) for line in lines[1:])
        ticks = int(values[11]) + int(values[12])
        return (int(status["VmRSS"].split()[0]) / 1024, int(status["Threads"]), ticks / os.sysconf("SC_CLK_TCK"))

    def loaded(self, load):
        """A start, a few calls, a thousand calls, and then as many as it can."""
        self.begin()
        time.sleep(SETTLE)
        idle, threads, dummy = self.process()
        self.idle.append(idle)
        self.threads.append(threads)
        load.ready()
        self.seldom.append(median(self.calls(load, FEW, SELDOM, HOLD_MS).setup_ms))
        dummy, dummy, before = self.process()
        self.setup.append(median(self.calls(load, CALLS, PER_SECOND, HOLD_MS).setup_ms))
        after, dummy, spent = self.process()
        self.after.append(after)
        self.cpu.append((spent - before) / CALLS * 1000)
        self.per_second += [self.calls(load, FAST, FAST, 0, AT_ONCE).per_second for dummy in range(2)]

    def calls(self, load, *how):
        """Calls of which none fails."""
        calls = load.calls(*how)
        if calls.failed:
            raise SystemExit(f"{self.unit}: of {how[0]} calls {calls.failed} failed")
        return calls


# What is printed of each: the words, the field, which of its values counts, its format, and the greatest or the least
# ratio of ours to the package's.
ROWS = (
    ("start, until fully booted", "start", min, "{:.2f} s", "at most", 0.5),
    ("memory, idle", "idle", median, "{:.0f} MiB", "at most", 0.6),
    (f"memory after {CALLS:,} calls", "after", median, "{:.0f} MiB", "at most", 0.6),
    ("threads", "threads", median, "{:.0f}", "at most", 0.5),
    (f"time to set a call up, {SELDOM} a second", "seldom", min, "{:.1f} ms", "at most", 1),
    (f"time to set a call up, {PER_SECOND} a second", "setup", min, "{:.1f} ms", "at most", 1),
    (f"calls a second without failure, {AT_ONCE} at once", "per_second", median, "{:.0f}", "at least", 1),
    ("CPU time a call", "cpu", min, "{:.1f} ms", "", 0),
)


def measure(table):
    """In turns, as other work on the machine falls on both. Of times the least disturbed one counts."""
    table.section("Asterisk as the roles set it up : as the Debian package does")
    compare(table, Server(OURS, STOCK), Server(STOCK, OURS), stock, ROWS)


def compare(table, ours, other, laid_down, rows):
    """Measure two servers in turns, and print the ratio of the first to the second.

    :param laid_down: a context manager that has the one beside the lab's own on the host.
    """
    run("tests/bench/plays/sipp.yml")
    with without_limit(), laid_down(), Load() as load:
        for dummy in range(STARTS):
            ours.begin()
            other.begin()
        for dummy in range(ROUNDS):
            other.loaded(load)
            ours.loaded(load)
        ours.begin()
        load.away()
    for what, name, best, form, bound, goal in rows:
        mine, theirs = best(getattr(ours, name)), best(getattr(other, name))
        ratio = mine / theirs
        good = {"at most": ratio <= goal, "at least": ratio >= goal, "": True}[bound]
        table.line(what, f"{form} : {form} ({{:.2f}})".format(mine, theirs, ratio), f"{bound} {goal}".strip("0 "), good)
