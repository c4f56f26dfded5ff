# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the Asterisk that a host's Debian release has, and the packages that are missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Sequence


@dataclass(frozen=True)
class Server:
    """A host as role asterisk sees it.

    :param major: the major version of the Asterisk of its release; 0 where the release is not supported.
    :param refusal: the end of a sentence that begins with the host's name; "" where the host is right.
    :param missing: what apt is to install, in apt's words.
    :param differs: whether the role has anything to do.
    """

    major: int
    refusal: str
    missing: list[str]
    differs: bool


def server(look: Mapping[str, Any], releases: Mapping[str, int], wanted: Sequence[str]) -> Server:
    """Decide from a look at a host.

    :param look: the result of module host_files, with the packages and, as commands, `boot`, whether the service starts
        at boot, and `user`, the number of the user that tasks run as.
    :param releases: the supported Debian releases by code name, with the major version of the Asterisk of each.
    :param wanted: the names of the packages that should be there.
    """
    user = look["commands"]["user"]["stdout"].strip()
    if user != "0":
        return Server(0, f"runs tasks as user {user}, and these take root: set ansible_become to true.", [], False)
    release, packages = look["release"], look["packages"]
    supported = "this role supports Debian " + ", ".join(f"{name} with Asterisk {at}" for name, at in releases.items())
    major = releases.get(release.get("version_codename", ""), 0) if release.get("id") == "debian" else 0
    if not major:
        return Server(0, f"runs {release.get('pretty_name', 'what has no os-release')}, and {supported}.", [], False)
    installed = packages.get("asterisk", "")
    if installed and not installed.startswith(f"1:{major}."):
        return Server(major, f"has Asterisk {installed}, and {supported}.", [], False)
    # Of several sources, as with backports, the one that has the release's.
    pins = {"asterisk": f"asterisk=1:{major}.*"}
    missing = [pins.get(name, name) for name in wanted if name not in packages]
    differs = bool(look["changes"] or look["foreign"] or missing or is_disabled(look))
    return Server(major, "", missing, differs)


def is_disabled(look: Mapping[str, Any]) -> bool:
    """Whether the host has the service, and does not start it at boot."""
    printed: str = look["commands"]["boot"]["stdout"]
    return printed.strip() == "disabled"
