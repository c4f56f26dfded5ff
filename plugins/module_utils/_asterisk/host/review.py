# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What speaks against a host's Asterisk: somebody else's on the host, and a series that gets no fixes any more."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass, replace
from typing import Any, Mapping, Sequence

from .releases import Tables, age, is_dead
from .server import Server, removal

#: FreePBX has these; it writes /etc/asterisk itself, and every reload of it would undo role pbx.
FREEPBX = ("/etc/freepbx.conf", "/usr/sbin/fwconsole", "/var/www/html/admin/modules/framework")
#: Where a build by hand puts it: `make install` without and with a prefix.
PROGRAM = "/usr/sbin/asterisk"
BUILDS = (PROGRAM, "/usr/local/sbin/asterisk", "/opt/asterisk/sbin/asterisk")
#: More names than this are counted.
_SHOWN = 6


@dataclass(frozen=True)
class Reviewed(Server):
    """A decision on a host.

    :param notes: what a plan says of it, also where there is nothing to do.
    """

    notes: Sequence[str] = ()


def reviewed(
    found: Server, look: Mapping[str, Any], accepts_dead: bool, tables: Tables, today: datetime.date,
) -> Reviewed:
    """Return a decision on a host with what the tables and the host's other software say of it.

    :param look: the host's look, with the commands `others`, which of `FREEPBX` and `BUILDS` exist, and `owner`, the
        package that `PROGRAM` is of.
    :param accepts_dead: asterisk_dead_series.
    """
    refusal = _occupied(look) or found.refusal or _dead(found, accepts_dead, tables, today)
    if refusal:
        return Reviewed(found.major if refusal == found.refusal else 0, refusal)
    known = age(look["packages"].get("asterisk", ""), tables, today)
    warnings = [*found.warnings, *([known.text] if known.warns else []), *_by_hand(look)]
    return Reviewed(**asdict(replace(found, warnings=warnings)), notes=[known.text, *found.warnings, *_by_hand(look)])


def _by_hand(look: Mapping[str, Any]) -> list[str]:
    """Say what becomes of a configuration that was written by hand: `loose` are the files of /etc/asterisk that are no
    links, as role pbx would have made them."""
    names = sorted(path.rpartition("/")[2] for path in look["commands"].get("loose", {}).get("stdout", "").split("\n"))
    names = [name for name in names if name]
    if not names:
        return []
    shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
    return [f"/etc/asterisk has files that role pbx did not write ({shown}). It keeps them in"
            " /etc/asterisk/trees, in a folder whose name ends in -found, and Asterisk no longer reads them there."]


def _occupied(look: Mapping[str, Any]) -> str:
    there = look["commands"].get("others", {}).get("stdout", "").split()
    freepbx = [path for path in FREEPBX if path in there]
    if freepbx:
        return (f"runs FreePBX ({freepbx[0]}), which writes /etc/asterisk itself: take another host, or remove FreePBX"
                " and its Asterisk first.")
    said = look["commands"].get("owner", {})
    # rpm says on its standard output that nobody owns a file.
    owner = "" if said.get("rc") else said.get("stdout", "").partition(":")[0]
    for path in BUILDS:
        if path not in there or (path == PROGRAM and "asterisk" in (*look["packages"], owner)):
            continue
        whose = f"of package {owner}" if path == PROGRAM and owner else "that no package owns"
        remove = removal(look, owner) if path == PROGRAM and owner else "make uninstall in its source"
        return (f"has an Asterisk {whose}, {path}: remove it first ({remove}), since two would take the same ports and"
                " /etc/asterisk. A copy of its /etc/asterisk is yours to keep.")
    return ""


def _dead(found: Server, accepts_dead: bool, tables: Tables, today: datetime.date) -> str:
    """Return why an Asterisk that the inventory chose is refused. A system's own package is the system's choice: its
    row says whether it is used, and warns."""
    series = str(found.major)
    if found.method == "package" or accepts_dead or not is_dead(series, tables, today):
        return ""
    alive = ", ".join(name for name in tables.series if not is_dead(name, tables, today))
    return (f"would have Asterisk {series}, which gets no security fixes since {tables.series[series]['security']}:"
            f" choose a series that does ({alive or 'the table has none, so update the collection'}), or set"
            " asterisk_dead_series to true.")
