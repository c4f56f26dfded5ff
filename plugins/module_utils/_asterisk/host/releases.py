# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How old a host's Asterisk is, and which known advisories touch it: from tables, for a day that the caller names."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Any, Collection, Mapping, Sequence

_UPSTREAM = re.compile(r"(?:\d+:)?(\d+\.\d+\.\d+)(?![\d.])")
#: A distribution's revision follows a hyphen (Debian Policy 5.6.12), and so does that of an RPM; the revision of a
#: package that role asterisk_build made is known by its name.
_DISTRIBUTION = re.compile(r"-(?!0\.trunkline)[^-]+$")
#: What Debian's security team counts up: 1:16.28.0~dfsg-0+deb11u9.
_SECURITY = re.compile(r"(.+[+~]deb\d+u)(\d+)")
#: More names than this are counted.
_SHOWN = 4


@dataclass(frozen=True)
class Tables:
    """The known releases of Asterisk; vars/releases.yml of role asterisk_build says what each row means.

    :param loaded: the modules that role pbx may load.
    """

    series: Mapping[str, Mapping[str, str]]
    until: str
    read: str
    releases: Mapping[str, str]
    advisories: Sequence[Mapping[str, Any]]
    loaded: Collection[str] = ()


@dataclass(frozen=True)
class Age:
    """The report of a run on one Asterisk.

    :param version: upstream's version, such as 22.10.1; "" where there is no Asterisk, or its version says nothing.
    :param released: its date; "" where the table does not have it.
    :param days: how old it is; None where that is unknown.
    :param newest: the newest release of its series in the table; "" where there is none.
    :param dead: whether its series gets no security fixes any more; None where that is unknown.
    :param touching: the advisories that this Asterisk lacks the fix of, in modules that role pbx may load.
    :param elsewhere: those in other modules and in programs beside Asterisk.
    :param unknown: those of which nobody can tell from the version whether this package has the fix.
    :param text: all of it in sentences.
    :param warns: whether a run should say so where nobody asked.
    """

    version: str = ""
    released: str = ""
    days: int | None = None
    newest: str = ""
    dead: bool | None = None
    touching: Sequence[str] = ()
    elsewhere: Sequence[str] = ()
    unknown: Sequence[str] = ()
    text: str = ""
    warns: bool = False


def age(package: str, tables: Tables, today: datetime.date) -> Age:
    """Return what is known of an Asterisk.

    :param package: the version of its package, in dpkg's words, or what `asterisk -V` says after its name.
    """
    found = _UPSTREAM.match(package)
    if not found:
        text = f"Asterisk {package}: its age and advisories are unknown." if package else "There is no Asterisk yet."
        return Age(text=text, warns=bool(package))
    version = found[1]
    series = version.partition(".")[0]
    released = tables.releases.get(version, "")
    days = (today - datetime.date.fromisoformat(released)).days if released else None
    newest = max((one for one in tables.releases if one.startswith(f"{series}.")), key=_numbers, default="")
    dead = is_dead(series, tables, today)
    touching, elsewhere, unknown = _sorted(package, version, tables)
    behind = bool(newest) and _numbers(newest) > _numbers(version)
    sentences = [
        _age(version, released, days),
        _newest(series, newest, behind, tables),
        _series(series, dead, tables),
        *_advisories(touching, elsewhere, unknown, tables),
    ]
    return Age(version, released, days, newest, dead, touching, elsewhere, unknown, " ".join(filter(None, sentences)),
               warns=behind or dead is not False or bool(touching or unknown))


def is_dead(series: str, tables: Tables, today: datetime.date) -> bool | None:
    """Return whether a series gets no security fixes any more, None where the table does not have it."""
    row = tables.series.get(series)
    return None if row is None else today > datetime.date.fromisoformat(row["security"])


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _sorted(package: str, version: str, tables: Tables) -> tuple[list[str], list[str], list[str]]:
    touching: list[str] = []
    elsewhere: list[str] = []
    unknown: list[str] = []
    for row in tables.advisories:
        has = _has_fix(row, package, version)
        if has is None:
            unknown.append(_name(row))
        elif not has:
            (touching if _is_loaded(row, tables) else elsewhere).append(_name(row))
    return touching, elsewhere, unknown


def _has_fix(row: Mapping[str, Any], package: str, version: str) -> bool | None:
    """Return whether an Asterisk has the fix of an advisory, None where nobody can tell."""
    series = version.partition(".")[0]
    fixed = row["fixed"].get(series)
    # A series that began after the fix has it from its first release.
    if int(series) > max(map(int, row["fixed"])) or (fixed and _numbers(version) >= _numbers(fixed)):
        return True
    if "debian" in row and _is_from(package, row["debian"]):
        return True
    # A distribution mends its own package without a new version of upstream's, and a series that no row names may
    # never have had the fault.
    return None if _DISTRIBUTION.search(package) or not fixed else False


def _is_from(package: str, fixed: str) -> bool:
    """Return whether Debian's security update `fixed`, or a later one of the same package, is installed."""
    have, need = _SECURITY.fullmatch(package), _SECURITY.fullmatch(fixed)
    if not have or not need:
        return False
    return have[1] == need[1] and int(have[2]) >= int(need[2])


def _is_loaded(row: Mapping[str, Any], tables: Tables) -> bool:
    # One that nobody has looked into may be anywhere.
    return not row["modules"] or any(name == "asterisk" or name in tables.loaded for name in row["modules"])


def _name(row: Mapping[str, Any]) -> str:
    modules = f" ({', '.join(row['modules'])})" if row["modules"] else ""
    return f"{row.get('cve') or row['id']}{modules}"


def _age(version: str, released: str, days: int | None) -> str:
    if days is None:
        return f"Asterisk {version}, whose date the table does not have."
    return f"Asterisk {version} of {released}, {days} day{'' if days == 1 else 's'} old."


def _newest(series: str, newest: str, behind: bool, tables: Tables) -> str:
    if not newest:
        return f"The table has no release of series {series}."
    return (f"The table has {newest} of {tables.releases[newest]}." if behind
            else f"The table has no newer {series} (up to {tables.until}).")


def _series(series: str, dead: bool | None, tables: Tables) -> str:
    if dead is None:
        return f"How long series {series} gets fixes is unknown."
    return f"Series {series} gets no fixes since {tables.series[series]['security']}." if dead else ""


def _advisories(
    touching: Sequence[str], elsewhere: Sequence[str], unknown: Sequence[str], tables: Tables,
) -> list[str]:
    found = []
    if touching:
        found.append(f"It lacks the fix of {_list(touching)}.")
    if elsewhere:
        found.append(f"It lacks {len(elsewhere)} more, of modules that this collection does not load.")
    if unknown:
        found.append(f"Whether this package has the fix of {_list(unknown)} is unknown: ask whoever made it.")
    return found or [f"No advisory of the table (up to {tables.read}) touches it."]


def _list(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
