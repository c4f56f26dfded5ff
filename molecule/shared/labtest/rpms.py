# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipe's RPM for Rocky Linux 9, made in a chroot of Debian 13, whose packages stand for Rocky's."""

from __future__ import annotations

import os
from pathlib import Path
from unittest import mock

import yaml

from ansible_collections.trunkline.voice.plugins.filter import asterisk_server
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.build import make, order

ROOT = Path(__file__).parents[3]
RECIPE = asterisk_server._shipped()


def platform() -> dict:
    """Return the row of Rocky Linux 9, with Debian's packages to build with."""
    rows = yaml.safe_load((ROOT / "roles/asterisk/vars/main/platforms.yml").read_text())["__asterisk_platforms"]
    rocky, trixie = ({row["name"]: row for row in rows}[name] for name in ("Rocky Linux 9", "Debian 13"))
    return {**rocky, "build": {**rocky["build"], "packages": [*trixie["build"]["packages"], "rpm", "cpio"]}}


def ordered() -> dict:
    """Return the order of the package."""
    return order.order(platform(), "x86_64", "22", RECIPE)


def built() -> Path:
    """Return the package, from the lab's store or made now."""
    bootstrap, wanted = make.bootstrap, ordered()

    def of_debian(_order: dict, chroot: Path, _here: str) -> list[str]:
        return bootstrap({**wanted, "format": "deb", "architecture": "amd64", "release": "trixie"}, chroot, "amd64")

    with mock.patch.object(make, "bootstrap", of_debian), mock.patch.dict(make._CHROOTS, rpm=make._CHROOTS["deb"]):
        return Path(make.make(wanted, os.path.join(os.environ["TRUNKLINE_CACHE"], "asterisk"))["path"])
