# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of role twilio_twin, normalised and validated as those of a PBX are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .._core import validators
from . import options
from .normalise import AsWritten, normalise
from .options import Values
from .values import wrong, wrong_entries, wrong_rows

_ACCOUNT = re.compile(r"AC[0-9a-f]{32}")
_EDGE = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_CERTIFICATE = re.compile(r"(?:\*\.)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
#: A phrase stands in a definition of Kamailio's between exclamation marks and quotes.
_PHRASE = re.compile(r"[^\x00-\x1f\x7f\"!\\]{1,400}")
#: The options that are numbers, with their limits.
_LIMITS = {
    "api_port": (1, 65535), "concurrent_calls": (0, 100000), "edge_workers": (1, 64), "answer_seconds": (1, 86400),
    "ring_seconds": (1, 3600)}


def read(
    given: Values, address: str, as_written: AsWritten = lambda value: None
) -> tuple[dict[str, Any], list[str]]:
    """Normalise and validate the variables of a host that is a twin of Twilio.

    :param given: the host's variables, as Ansible delivers them.
    :param address: the address of the host's default route, or an empty text where facts were not gathered.
    :returns: the options of role twilio_twin, and a sentence for everything that cannot be right.
    """
    values, problems = normalise(options.of_twin(), given, as_written)
    values["twilio_twin_address"] = values["twilio_twin_address"] or address
    problems.extend(options.misspelt(given))
    if not problems:
        problems.extend(_problems({name.removeprefix("twilio_twin_"): value for name, value in values.items()}))
    return values, problems


def public(values: Values) -> dict[str, Any]:
    """Return the options that tasks may know: those that hold no secret."""
    secret = ("twilio_twin_auth_token", "twilio_twin_api_keys")
    return {name: value for name, value in values.items() if name not in secret}


def _problems(twin: Values) -> Iterator[str]:
    if not twin["address"]:
        yield "twilio_twin_address is missing, and the host has no default route or no facts: set it, or gather facts."
        return
    yield from wrong("twilio_twin_address", validators.ipv4, twin["address"])
    if not _ACCOUNT.fullmatch(twin["account_sid"]):
        yield "twilio_twin_account_sid must be AC and 32 hexadecimal digits in small letters."
    for name in ("numbers", "caller_ids"):
        yield from wrong_entries(f"twilio_twin_{name}", validators.e164, twin[name])
    yield from wrong_rows("twilio_twin_pstn_numbers", {"number": validators.e164}, twin["pstn_numbers"])
    for name, pattern in (("edges", _EDGE), ("certificate_names", _CERTIFICATE)):
        for index, one in enumerate(twin[name]):
            if not pattern.fullmatch(one):
                yield f"twilio_twin_{name}[{index}] must be a name, not {one!r}."
    for name, (least, most) in _LIMITS.items():
        if not least <= twin[name] <= most:
            yield f"twilio_twin_{name} must be from {least} to {most}, not {twin[name]}."
    for name in ("caller_id_reason", "caller_id_text"):
        if not _PHRASE.fullmatch(twin[name]):
            yield f"twilio_twin_{name} must be one line without quotes, exclamation marks and backslashes."
    if not isinstance(twin["settings"], dict):
        yield "twilio_twin_settings must be a dict of settings of the REST API, such as {trunks_per_account: 2}."
    yield from _addresses(twin)


def _addresses(twin: Values) -> Iterator[str]:
    """Yield what is wrong with the edges that have an address of their own."""
    rows = twin["edge_addresses"]
    yield from wrong_rows("twilio_twin_edge_addresses", {"address": validators.ipv4}, rows)
    for index, row in enumerate(rows):
        place = f"twilio_twin_edge_addresses[{index}]"
        if row["name"] not in twin["edges"]:
            yield f"{place}.name is {row['name']!r}, which is not in twilio_twin_edges."
        if row["address"] == twin["address"]:
            yield f"{place}.address is the twin's own; leave the row out, and the edge has it."
        if not 0 <= row["delay_ms"] <= 10000:
            yield f"{place}.delay_ms must be from 0 to 10000, not {row['delay_ms']}."
