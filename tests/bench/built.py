# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Asterisk that role asterisk_build makes, and the one of Debian's package, with one configuration and one unit."""

from __future__ import annotations

import contextlib
import os
import subprocess
from statistics import median

import yaml

from ansible_collections.trunkline.voice.plugins.filter.asterisk_server import FilterModule
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.build.make import make

from .hosts import PBX, on
from .lab import ROOT
from .server import AT_ONCE, CALLS, OURS, PER_SECOND, SELDOM, Server, compare

BUILT = "asterisk-built"
FOLDER = f"/opt/{BUILT}"
#: The lab's release, whose own package is Debian's.
RELEASE = {"id": "debian", "version_codename": "forky"}
# The unit and its settings are those of the role, but for the program, its libraries and its modules.
LAY_DOWN = """
set -e
cd $0
{ printf '[directories]\\n'
  echo "astmoddir => $(echo $0/usr/lib/*/asterisk/modules)"
  echo "astdatadir => $0/usr/share/asterisk"
  cat /etc/asterisk/asterisk.conf
} >asterisk.conf
ln -s /usr/share/asterisk/sounds usr/share/asterisk/sounds
{ systemctl cat asterisk.service
  echo '[Service]'
  echo "Environment=LD_LIBRARY_PATH=$(echo $0/usr/lib/*-linux-gnu)"
  echo 'ExecStart='
  echo "ExecStart=$0/usr/sbin/asterisk -f -C $0/asterisk.conf"
} >/run/systemd/system/${0##*/}.service
systemctl daemon-reload
"""
# No worse, which leaves a tenth to what times vary by on a busy machine.
ROWS = (
    ("start, until fully booted", "start", min, "{:.2f} s", "at most", 1.1),
    ("memory, idle", "idle", median, "{:.0f} MiB", "at most", 1.05),
    (f"memory after {CALLS:,} calls", "after", median, "{:.0f} MiB", "at most", 1.05),
    ("threads", "threads", median, "{:.0f}", "at most", 1),
    (f"time to set a call up, {SELDOM} a second", "seldom", min, "{:.1f} ms", "at most", 1.1),
    (f"time to set a call up, {PER_SECOND} a second", "setup", min, "{:.1f} ms", "at most", 1.1),
    (f"calls a second without failure, {AT_ONCE} at once", "per_second", median, "{:.0f}", "at least", 0.9),
    ("CPU time a call", "cpu", min, "{:.1f} ms", "", 0),
)


def package():
    """The path of a package for the lab's release, from the lab's store or made now."""
    text = (ROOT / "roles/asterisk/vars/main/platforms.yml").read_text(encoding="utf-8")
    rows = yaml.safe_load(text)["__asterisk_platforms"]
    said = {"user": "0", "architecture": on(PBX, "dpkg", "--print-architecture").strip()}
    look = {"release": RELEASE, "packages": {}, "changes": [], "foreign": [],
            "commands": {name: {"rc": 0, "stdout": text, "stderr": ""} for name, text in said.items()}}
    choice = {"packages": [], "method": "build", "version": "22", "file": None, "sources_file": None, "untried": True,
              "dead": False}
    order = FilterModule().filters()["asterisk_server"](look, rows, choice)["order"]
    return make(order, os.path.join(os.environ["TRUNKLINE_CACHE"], "asterisk"))["path"]


@contextlib.contextmanager
def laid_down():
    """The built Asterisk, unpacked beside Debian's."""
    path = package()
    try:
        on(PBX, "mkdir", FOLDER)
        with open(path, "rb") as stream:
            subprocess.run(["podman", "exec", "--interactive", PBX, "sh", "-c",
                            f"cat > {FOLDER}.deb && dpkg-deb -x {FOLDER}.deb {FOLDER}"], stdin=stream, check=True)
        on(PBX, "sh", "-c", LAY_DOWN, FOLDER)
        yield
    finally:
        on(PBX, "systemctl", "stop", BUILT, codes=(0, 5))
        on(PBX, "rm", "-rf", FOLDER, f"{FOLDER}.deb", f"/run/systemd/system/{BUILT}.service")
        on(PBX, "systemctl", "daemon-reload")


def measure(table):
    """As part `server` does: the same load, in turns."""
    table.section("The Asterisk of role asterisk_build : the one of Debian's package, both as the roles set them up")
    compare(table, Server(BUILT, OURS), Server(OURS, BUILT), laid_down, ROWS)
