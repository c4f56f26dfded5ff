# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls by SIPp: from an edge of Twilio to the number of the trunk, which rings a phone that answers."""

from __future__ import annotations

import csv
import io
import os
import time
from dataclasses import dataclass
from pathlib import Path

from .hosts import ADDRESS, PBX, PHONE, TWIN, on, write

NUMBER, NAME = "+17756187988", "1001"
FOLDER = "/var/tmp/sipp"
SCENARIOS = Path(__file__).parent / "sipp"
UNIT = "sipp-phone"


@dataclass(frozen=True)
class Calls:
    """What became of some calls. `per_second` is all of them over the time from the first to the end of the last."""

    failed: int
    per_second: float
    setup_ms: list[float]


class Load:
    """`with Load() as load: …`; then a phone can be `ready` or `away`, and calls be placed."""

    def __enter__(self):
        for host in (TWIN, PHONE):
            on(host, "mkdir", "-p", FOLDER)
            for file in SCENARIOS.iterdir():
                write(host, f"{FOLDER}/{file.name}", file.read_text())
        password = os.environ["TRUNKLINE_PHONE_PASSWORD"]
        write(PHONE, f"{FOLDER}/phone.csv",
              f"SEQUENTIAL\n{NAME};[authentication username={NAME} password={password}]\n")
        return self

    def __exit__(self, *_exception):
        self._stop_phone()
        for host in (TWIN, PHONE):
            on(host, "rm", "-r", FOLDER)

    def ready(self):
        """The phone is registered with whoever runs on the PBX now, and a call comes through."""
        self._register(300)
        on(PHONE, "systemd-run", "--quiet", "--collect", f"--unit={UNIT}", "sipp", "-nostdin",
           "-sf", f"{FOLDER}/phone.xml", "-i", ADDRESS[PHONE], "-p", "5060")
        deadline = time.monotonic() + 20
        while self.calls(1, 1, 0).failed:
            if time.monotonic() > deadline:
                raise SystemExit("No call comes through to the phone.")

    def away(self):
        """The phone's registration is taken back."""
        self._register(0)

    def _register(self, seconds):
        # A Contact becomes the address that its REGISTER came from, so that one comes from the phone's own.
        self._stop_phone()
        self._sipp(PHONE, "register.xml", "5060", "-m", "1", "-inf", "phone.csv", "-key", "expires", str(seconds))

    def _stop_phone(self):
        on(PHONE, "systemctl", "stop", UNIT, codes=(0, 5))

    def calls(self, count, per_second, hold_ms, at_once=None):
        """So many calls, which stay up so many milliseconds.

        :param at_once: how many there may be, whatever the rate: the next one waits for one to end.
        """
        printed = self._sipp(
            TWIN, "caller.xml", "15060",
            "-m", str(count), "-r", str(per_second), "-l", str(at_once or count), "-d", str(hold_ms), "-timeout", "40s",
            "-key", "number", NUMBER, "-key", "account", os.environ["TWILIO_ACCOUNT_SID"],
            "-trace_rtt", "-rtt_freq", str(count), "-trace_stat", "-stf", "stat.csv", "-fd", "1",
            codes=(0, 1, 97), then="cat stat.csv; echo; cat *_rtt.csv; rm -f *_rtt.csv stat.csv")
        statistics, dummy, times = printed.partition("\n\n")
        row = list(csv.DictReader(io.StringIO(statistics), delimiter=";"))[-1]
        return Calls(count - int(row["SuccessfulCall(C)"]), float(row["CallRate(C)"]),
                     [float(line.split(";")[1]) for line in times.splitlines()[1:]])

    def _sipp(self, host, scenario, port, *options, codes=(0,), then=":"):
        command = ["-sf", scenario, "-i", ADDRESS[host], "-p", port, *options]
        script = f'cd {FOLDER}; sipp -nostdin {ADDRESS[PBX]}:5060 "$@" >sipp.log 2>&1; code=$?; {then}; exit $code'
        return on(host, "sh", "-c", script, "sh", *command, codes=codes)
