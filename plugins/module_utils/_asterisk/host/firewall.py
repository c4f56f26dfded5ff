# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in force of a host's firewall, and what a run has to do about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Dict, List, Mapping, Sequence, Set

_SET = re.compile(r"^\tset \w+ \{\n(?:\t\t.*\n)*?\t\}\n", re.M)


@dataclass(frozen=True)
class Paths:
    """The files of role firewall that something else has to take up."""

    rules: str
    units: Sequence[str]
    jail: Sequence[str]


@dataclass(frozen=True)
class Firewall:
    """What a look at the host found.

    :param only_in_force, only_in_file: lines of the rules that the kernel has and the file has not, and the reverse.
    :param load: whether the unit has to put the rules in force. It cannot before it is there, as in a dry run.
    :param in_force: whether the kernel has the rules of the file.
    :param watch: whether fail2ban has to read its jails again. It cannot before it is installed.
    :param changes: what that changes, beside the files.
    :param differs: whether there is anything to do.
    """

    only_in_force: List[str]
    only_in_file: List[str]
    in_force: bool
    load: bool
    watch: bool
    changes: List[Dict[str, str]]
    differs: bool


def firewall(look: Mapping, wanted: Sequence[str], paths: Paths) -> Firewall:
    """Decide from a look at a host, before files were written or after it.

    :param look: the result of module host_files, with commands `live` and `file` (the rules that the kernel has, and
        those of the file in the kernel's words), `enabled` and `active` (the unit), and, where fail2ban is to watch,
        `fail2ban` (its unit) and `jail`.
    :param wanted: the names of the packages that should be there.
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
    is_there = said["enabled"]["stdout"].strip() not in ("", "not-found")
    can_watch = "fail2ban" in look["packages"]
    missing = [name for name in wanted if name not in look["packages"]]
    return Firewall(
        only_in_force=[line.strip() for line in live if line not in file],
        only_in_file=[line.strip() for line in file if line not in live],
        in_force=in_force,
        load=is_there and (stale or bool(touched.intersection(paths.units))),
        watch=watch and can_watch,
        changes=[{"action": "change", "what": what} for what in change],
        differs=bool(look["changes"] or missing or stale or watch),
    )


def _rules(listed: str) -> List[str]:
    """The lines of a table, without the sets that packets fill: what a source may still send is no difference."""
    return _SET.sub(lambda found: "" if "dynamic" in found.group() else found.group(), listed).splitlines()


def _jail_is_stale(said: Mapping, touched: Set[str], paths: Paths) -> bool:
    if touched.intersection(paths.jail):
        return True
    return any(said[name]["rc"] != 0 for name in ("fail2ban", "jail") if name in said)
