# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recording of calls: who asks for it, and how recordings are announced, kept and read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .features.prompts import prompt_problems

#: Recordings, a file of two channels each, and the sides of those that are under way.
FOLDER = "/var/spool/asterisk/recordings"
PARTS = "/var/spool/asterisk/recordings-open"
#: What joins the sides; role pbx installs it from its files.
SCRIPT = "/usr/local/lib/trunkline/join_recording.py"
_VARIABLE = "pbx_recording"
_GROUP = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
_CODE = re.compile(r"[*#][0-9*#]{1,3}")
_NEVER = "never"
_RECORDED = ("pbx_dids", "pbx_phones", "pbx_ring_groups", "pbx_queues", "pbx_conferences")


def reasons(host: Mapping[str, Any]) -> list[str]:
    """Return the options by which calls of a host may be recorded."""
    return [
        *(f"{variable}[{index}].record" for variable in _RECORDED
          for index, row in enumerate(host[variable]) if row["record"] != _NEVER),
        *(f"pbx_n8n[{index}].may_record" for index, row in enumerate(host["pbx_n8n"]) if row["may_record"]),
    ]


def rows(host: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the templates print, nothing where no call is recorded."""
    if not reasons(host):
        return {}
    return {
        **host[_VARIABLE], "folder": FOLDER, "parts": PARTS, "script": SCRIPT,
        "conferences": any(row["record"] == "always" for row in host["pbx_conferences"]),
        "phones": [phone["name"] for phone in host["pbx_phones"] if phone["record"] == "always"],
    }


def kept(host: Mapping[str, Any]) -> dict[str, Any]:
    """Return how long recordings are kept and who may read them, nothing where no call is recorded."""
    return {name: host[_VARIABLE][name] for name in ("days", "group")} if reasons(host) else {}


def modules(host: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the modules of Asterisk by which a phone hears that it has paused the recording of another channel."""
    return ("app_chanspy.so", "app_originate.so") if reasons(host) and host[_VARIABLE]["phones_pause"] else ()


def problems(host: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for everything that cannot be right in the recording of a host's calls."""
    options, why = host[_VARIABLE], reasons(host)
    if not options:
        if why:
            yield f"{_VARIABLE} is missing, and {why[0]} asks for it: say how long recordings are kept, {{days: 30}}."
        return
    if not 1 <= (options["days"] or 0) <= 3650:
        yield f"{_VARIABLE}.days must be from 1 to 3650, not {options['days']}."
    if options["group"] and not _GROUP.fullmatch(options["group"]):
        yield f"{_VARIABLE}.group must be the name of a group such as auditors, not {options['group']!r}."
    if not _CODE.fullmatch(options["code"]):
        yield f"{_VARIABLE}.code must be * or # and 1 to 3 more of 0-9, * and #, in quotes, not {options['code']!r}."
    yield from (f"{_VARIABLE}.{option} {fault}." for option, fault in prompt_problems(options))
