# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare the firewall in force on a host with its files, and decide what a run has to load."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Mapping, Sequence

from . import other_firewalls

_SET = re.compile(r"^\tset \w+ \{\n(?:\t\t.*\n)*?\t\}\n", re.M)


@dataclass(frozen=True)
class Paths:
    """The files of role firewall that the kernel, systemd and fail2ban have to load."""

    rules: str
    units: Sequence[str]
    jail: Sequence[str]


@dataclass(frozen=True)
class Ports:
    """The ports that the PBX listens on: those of SIP, and the first and the last of audio."""

    sip: Sequence[int]
    rtp_start: int
    rtp_end: int


@dataclass(frozen=True)
class Firewall:
    """The state of a host's firewall, and what to do.

    :param only_in_force, only_in_file: lines of the rules that only the kernel has, and that only the file has.
    :param in_force: whether the kernel has the rules of the file.
    :param load: whether to have the unit load the rules. False before the unit exists, as in a dry run.
    :param watch: whether to reload fail2ban. False before it is installed.
    :param changes: the changes beside the files.
    :param differs: whether there is any difference.
    :param warnings: what every run says of the host's other tables, sentences.
    """

    only_in_force: list[str]
    only_in_file: list[str]
    in_force: bool
    load: bool
    watch: bool
    changes: list[dict[str, str]]
    differs: bool
    warnings: list[str]


def firewall(look: Mapping[str, Any], wanted: Sequence[str], paths: Paths, ports: Ports) -> Firewall:
    """Decide from a look at a host, before or after files were written.

    :param look: the result of module host_files with the commands `live` and `file` (the rules in the kernel, and the
        file's as the kernel prints them), `ruleset` (that of all tables), `enabled` and `active` (the unit), and, where
        fail2ban is to watch, `fail2ban` (its unit) and `jail`.
    :param wanted: the names of the packages to install.
    """
    said, touched = look["commands"], {*look["written"], *look["removed"]}
    live, file = _rules(said["live"]["stdout"]), _rules(said["file"]["stdout"])
    in_force = live == file
    runs = said["enabled"]["rc"] == 0 and said["active"]["rc"] == 0
    stale = not in_force or not runs
    watch = _jail_is_stale(said, touched, paths)
    change = [
        *(["firewall, the rules in force"] if stale and paths.rules not in touched else []),
        *(["service fail2ban"] if watch and not touched.intersection(paths.jail) else []),
    ]
    exists = said["enabled"]["stdout"].strip() not in ("", "not-found")
    can_watch = "fail2ban" in look["packages"]
    missing = [name for name in wanted if name not in look["packages"]]
    return Firewall(
        only_in_force=[line.strip() for line in live if line not in file],
        only_in_file=[line.strip() for line in file if line not in live],
        in_force=in_force,
        load=exists and (stale or bool(touched.intersection(paths.units))),
        watch=watch and can_watch,
        changes=[{"action": "change", "what": what} for what in change],
        differs=bool(look["changes"] or missing or stale or watch),
        warnings=other_firewalls.warnings(said["ruleset"]["stdout"], ports.sip, (ports.rtp_start, ports.rtp_end)),
    )


def _rules(listed: str) -> list[str]:
    """Return the lines of a table without the sets that packets fill, whose elements are no difference."""
    return _SET.sub(lambda found: "" if "dynamic" in found.group() else found.group(), listed).splitlines()


def _jail_is_stale(said: Mapping[str, Any], touched: set[str], paths: Paths) -> bool:
    if touched.intersection(paths.jail):
        return True
    return any(said[name]["rc"] != 0 for name in ("fail2ban", "jail") if name in said)
