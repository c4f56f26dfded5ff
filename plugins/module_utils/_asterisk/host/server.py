# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decide from a look at a host which Asterisk it can have, and which packages are missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Sequence


@dataclass(frozen=True)
class Server:
    """The state of a host for role asterisk.

    :param major: the major version of the release's Asterisk; 0 where the release is not supported.
    :param refusal: the end of a sentence that begins with the host's name; "" where the host is supported.
    :param missing: the packages that apt has to install, as apt takes them (name=version).
    :param differs: whether there is any difference.
    """

    major: int
    refusal: str
    missing: list[str]
    differs: bool


def server(look: Mapping[str, Any], releases: Mapping[str, int], wanted: Sequence[str]) -> Server:
    """Decide from a look at a host.

    :param look: the result of module host_files with the packages and the commands `boot` (whether the service starts
        at boot) and `user` (the number of the user that tasks run as).
    :param releases: the supported Debian releases by code name, with the major version of the Asterisk of each.
    :param wanted: the names of the packages to install.
    """
    user = look["commands"]["user"]["stdout"].strip()
    if user != "0":
        return Server(0, f"runs tasks as user {user}, and they need root: set ansible_become to true.", [], False)
    release, packages = look["release"], look["packages"]
    supported = "this role supports Debian " + ", ".join(f"{name} with Asterisk {at}" for name, at in releases.items())
    major = releases.get(release.get("version_codename", ""), 0) if release.get("id") == "debian" else 0
    if not major:
        system = release.get("pretty_name", "a system without os-release")
        return Server(0, f"runs {system}, and {supported}.", [], False)
    installed = packages.get("asterisk", "")
    if installed and not installed.startswith(f"1:{major}."):
        return Server(major, f"has Asterisk {installed}, and {supported}.", [], False)
    # Of several package sources, such as backports, take the release's version.
    pins = {"asterisk": f"asterisk=1:{major}.*"}
    missing = [pins.get(name, name) for name in wanted if name not in packages]
    differs = bool(look["changes"] or look["foreign"] or missing or is_disabled(look))
    return Server(major, "", missing, differs)


def is_disabled(look: Mapping[str, Any]) -> bool:
    """Whether the host has the service but does not start it at boot."""
    return bool(look["commands"]["boot"]["stdout"].strip() == "disabled")
