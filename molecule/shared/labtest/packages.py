# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The package of Asterisk on the PBX, and others, made of the built one in seconds: its code under another version."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Callable

BINARY = "usr/sbin/asterisk"
MODULES = "usr/lib/x86_64-linux-gnu/asterisk/modules"


def built(suffix: str) -> Path:
    """Return the newest package of a release in the lab's store, such as deb13."""
    found = Path(os.environ["TRUNKLINE_CACHE"], "asterisk").glob(f"asterisk_*+{suffix}_*.deb")
    return max(found, key=lambda path: path.stat().st_mtime)


def another(source: Path, folder: Path, version: str, change: Callable[[Path], None] = lambda tree: None) -> Path:
    """Return a package of the source's files whose Asterisk names another version of the same length.

    :param change: changes the unpacked tree, whose DEBIAN folder has the package's scripts.
    """
    tree, old = folder / version, source.name.split("_")[1].partition("~")[0]
    subprocess.run(["dpkg-deb", "--raw-extract", str(source), str(tree)], check=True)
    replace(tree / BINARY, old, version)
    control = (tree / "DEBIAN/control").read_text()
    control = re.sub(r"(?m)^(Version: 1:)[0-9.]+", rf"\g<1>{version}", control)
    control = re.sub(r"(?m)^(Trunkline-Key: ).*", rf"\g<1>{version}", control)
    (tree / "DEBIAN/control").write_text(control)
    change(tree)
    path = folder / f"{version}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zgzip", "--build", str(tree), str(path)], check=True,
                   stdout=subprocess.DEVNULL)
    return path


def replace(path: Path, old: str, new: str) -> None:
    """Replace a text in a program by one of the same length."""
    content, (before, after) = path.read_bytes(), (old.encode(), new.encode())
    assert before in content and len(before) == len(after), (path, old, new)
    path.write_bytes(content.replace(before, after))


def process(pbx) -> str:
    """Return the number of Asterisk's process."""
    return pbx.check_output("systemctl show -P MainPID asterisk")


def installed(pbx) -> str:
    """Return state and version of the installed package."""
    return pbx.check_output("dpkg-query --show --showformat='${db:Status-Status} ${Version}' asterisk")


def up(asterisk) -> int:
    """Return how many calls are up."""
    return int(asterisk("core show channels").splitlines()[-2].split()[0])
