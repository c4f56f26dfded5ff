# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server that Asterisk runs on: its sandbox, its logs, and an upgrade during a call."""

from __future__ import annotations

import json
import re
import time

NUMBER = "+919876543210"
LOG = "/var/log/asterisk/messages.log"


def test_sandbox(pbx, detail):
    """The running unit's exposure is under 2.5, and the process is in the sandbox that the unit names."""
    level = re.search(r"exposure level for asterisk.service: ([0-9.]+)", pbx.check_output(
        "systemd-analyze security --no-pager asterisk.service"
    ))
    detail(f"exposure {level.group(1)}")
    assert float(level.group(1)) < 2.5
    pid = pbx.check_output("systemctl show -P MainPID asterisk")
    status = dict(re.findall(r"^(\w+):\s+(.*)$", pbx.check_output(f"cat /proc/{pid}/status"), re.M))
    user = pbx.check_output("id -u asterisk")
    assert set(status["Uid"].split()) == {user}
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
    assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0
    assert b"MALLOC_ARENA_MAX=2" in pbx.file(f"/proc/{pid}/environ").content
    assert "/libjemalloc.so.2" in pbx.check_output(f"cat /proc/{pid}/maps")
    assert pbx.run(f"nsenter -t {pid} -m touch /etc/asterisk/by-asterisk").rc != 0


def running(asterisk) -> str:
    return asterisk("core show channels").splitlines()[-2]


def test_upgrade_ends_no_call(pbx, asterisk, detail):
    """An upgrade of the package lets a call go on; when it is over the new Asterisk runs."""
    old = pbx.check_output("systemctl show -P MainPID asterisk")
    asterisk(f"channel originate Local/{NUMBER}@outbound application Echo")
    time.sleep(2)
    assert running(asterisk).startswith("1 active call")
    printed = pbx.check_output("DEBIAN_FRONTEND=noninteractive apt-get -qq install --reinstall asterisk 2>&1")
    # In the words of deb-systemd-invoke, or of invoke-rc.d.
    refused = "101, not running 'restart asterisk.service'|policy-rc.d denied execution of restart"
    assert re.search(refused, printed), printed
    time.sleep(2)
    assert pbx.check_output("systemctl show -P MainPID asterisk") == old
    assert running(asterisk).startswith("1 active call")
    asterisk("channel request hangup all")
    begin = time.monotonic()
    # For a moment neither the old one nor the new one runs.
    while pbx.check_output("systemctl show -P MainPID asterisk") in (old, "0") or pbx.run(
        "asterisk -rx 'core waitfullybooted'"
    ).rc:
        assert time.monotonic() - begin < 60
        time.sleep(0.3)
    detail(f"the new one runs {time.monotonic() - begin:.1f} s after the call")
    assert not pbx.file("/etc/logrotate.d/asterisk").exists


def test_rotated_log_goes_on(pbx, asterisk):
    """After a rotation Asterisk writes the new file, a JSON object a line."""
    pbx.check_output("logrotate --force /etc/logrotate.d/trunkline-asterisk")
    rotated = pbx.file(f"{LOG}.1").content
    asterisk("channel originate Local/000@outbound application Echo")
    deadline = time.monotonic() + 20
    while "Refused a call to 000" not in pbx.file(LOG).content_string and time.monotonic() < deadline:
        time.sleep(0.3)
    # Each file begins with a line of Asterisk's own about its version.
    lines = [json.loads(line) for line in pbx.file(LOG).content_string.splitlines() if line.startswith("{")]
    assert [line for line in lines if "Refused a call to 000" in line["logmsg"]["message"]], lines
    assert pbx.file(f"{LOG}.1").content == rotated
    assert (pbx.file(LOG).user, pbx.file(LOG).mode) == ("asterisk", 0o640)
