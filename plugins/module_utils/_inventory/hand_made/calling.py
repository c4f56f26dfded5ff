# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decide which class of service opens no more than the patterns by which a context calls a trunk."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ..._asterisk.config.conf import Place
from ..._asterisk.config.dialplan import Context, Extension
from ..._core.validators import E164
from ..._numbers.ranges import calling_code
from .notes import Notes
from .routes import EXTEN, End, Outside, Reader

#: A place of a pattern that stands for nearly any digit.
ANY = re.compile(r"[XZN]|\[(?:[0-2]-9|0123456789|123456789|23456789)\]", re.IGNORECASE)
REST = re.compile(r"(?:[XZN]|\[[^\]]*\])*[.!]", re.IGNORECASE)
#: The digits of a number in countries under +1, where all numbers are equally long.
NANP_DIGITS = 10
#: The fewest digits of a number of the telephone network.
SHORTEST = 6


@dataclass(frozen=True)
class Way:
    """A pattern that calls a trunk. `nation` is the calling code of a country whose every number it reaches, or ""."""

    context: str
    pattern: str
    trunk: str
    shown: str
    nation: str
    place: Place


def ways(reader: Reader, context: str, numbers: dict[str, str]) -> list[Way]:
    """Return the patterns by which a context, with all that it includes, calls trunks.

    An extension that leads elsewhere may close some of the numbers that another one opens, and one for all numbers
    closes those of other contexts, since Asterisk looks through a context before those that it includes. No way reaches
    a whole nation then, as nobody can say what remains of it.

    :param numbers: the number that calls show, by the endpoint of the trunk.
    """
    found: list[Way] = []
    closing: set[str] = set()   # the contexts that close all numbers elsewhere, "" where some are closed
    for reached in reader.plan.reached(context):
        for key, extension in list(reached.extensions.items()):
            quiet = replace(reader, notes=Notes(), seen=set())
            if not extension.name.startswith("_"):
                if len(key) >= SHORTEST and isinstance(
                        quiet.extension(reached, extension, key, entered=context), (End, type(None))):
                    closing.add("")
                continue
            way = _way(quiet, reached, extension, numbers, context)
            if way:
                found.append(way)
                reader.seen.add((reached.name, key))
                reader.notes.extend(quiet.notes.found)
            elif _is_long(extension.name):
                closing.add(reached.name if _is_for_all(extension.name) else "")
    return [replace(way, nation=way.nation if closing <= {way.context} else "") for way in found]


def _places(pattern: str) -> list[str]:
    return re.findall(r"\[[^\]]*\]|.", pattern[1:])


def _is_long(pattern: str) -> bool:
    """Return whether a pattern fits numbers of the telephone network."""
    places = _places(pattern)
    return len(places) >= SHORTEST or places[-1:] in (["."], ["!"])


def _is_for_all(pattern: str) -> bool:
    return bool(REST.fullmatch(pattern[1:])) and all(ANY.fullmatch(one) for one in _places(pattern)[:-1])


def _way(
    reader: Reader, context: Context, extension: Extension, numbers: dict[str, str], entered: str,
) -> Way | None:
    route = reader.extension(context, extension, "", entered=entered)
    if not isinstance(route, Outside):
        return None
    number = route.caller if E164.fullmatch(route.caller) else numbers.get(route.trunk) or ""
    # A pattern with a slash is for one caller alone.
    nation = bool(number) and "/" not in extension.name and reaches_the_nation(extension.name, route.number, number)
    code = calling_code(number) if nation else ""
    return Way(context.name, extension.name, route.trunk, route.caller, code, route.place)


def reaches_the_nation(pattern: str, dialled: str, caller_id: str) -> bool:
    """Return whether a pattern sends every number of the caller ID's country to a trunk.

    :param dialled: the number in Dial(), such as `+1${EXTEN:1}`.
    """
    found, code = EXTEN.search(dialled), calling_code(caller_id)
    if not found or found.end() < len(dialled) or found["length"] or int(found["from"] or 0) < 0 or not code:
        return False
    rest = _without(pattern[1:] if "[" in pattern else pattern[1:].replace("-", ""), int(found["from"] or 0))
    literal = re.match(r"[+0-9]*", rest)
    begins = dialled[: found.start()] + (literal.group() if literal else "")
    behind = rest[literal.end():] if literal else rest
    if begins not in ("", "+", f"+{code}", code, f"00{code}", "0") or begins == "0" and code == "1":
        return False
    places = re.findall(r"\[[^\]]*\]|.", behind)
    if REST.fullmatch(behind):
        # Where numbers begin with a 0 at home, Z and N leave them out.
        all_begin = code == "1" or begins or places[0].upper() in ("X", ".", "!")
        return bool(all_begin) and all(ANY.fullmatch(one) for one in places[:-1])
    length = NANP_DIGITS + (1 if begins == "+" else 0)
    return code == "1" and len(places) == length and all(ANY.fullmatch(one) for one in places)


def _without(pattern: str, count: int) -> str:
    """Return a pattern without its first places."""
    places = re.findall(r"\[[^\]]*\]|.", pattern)
    return "".join(places[count:]) if count < len(places) else ""
