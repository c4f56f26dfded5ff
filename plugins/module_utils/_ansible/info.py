# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runs of the modules that only read Twilio. Each has its options and what it answers."""

from __future__ import annotations

from typing import Callable, Mapping

from .._core.errors import InvalidInput
from .._twilio import queries
from .run import client, run_with

MOST_MINUTES = 30 * 24 * 60     # Twilio keeps alerts for 30 days


def trunk(params: Mapping) -> dict:
    """`trunks`: the account's trunks, or those of one name."""
    return {"trunks": queries.trunks(client(params), params["name"])}


def trunking(params: Mapping) -> dict:
    """`resources`: all that `twilio_trunking` declares, as it is."""
    return {"resources": queries.trunking(client(params), params["countries"])}


def caller_id(params: Mapping) -> dict:
    """`caller_ids`: the numbers that calls may show."""
    return {"caller_ids": queries.caller_ids(client(params), params["region"])}


def alert(params: Mapping) -> dict:
    """`alerts`: what Twilio complained of, the newest first."""
    minutes, codes = params["minutes"], params["codes"]
    problems = []
    if not 1 <= minutes <= MOST_MINUTES:
        problems.append(
            f"minutes must be from 1 to {MOST_MINUTES}, which is the 30 days that Twilio keeps, not {minutes}."
        )
    problems += [f"codes[{n}] must be an error code or its first digits, not {code}." for n, code in enumerate(codes)
                 if not 1 <= code <= 99999]
    if problems:
        raise InvalidInput(problems)
    return {"alerts": queries.alerts(client(params), minutes, codes)}


#: The options of each, beside the connection's.
ARGUMENT_SPEC = {
    trunk: {"name": {"type": "str"}},
    trunking: {"countries": {"type": "bool", "default": False}},
    caller_id: {},
    alert: {
        "minutes": {"type": "int", "default": 60},
        "codes": {"type": "list", "elements": "int", "default": [32]},
    },
}


def run_info(read: Callable[[Mapping], dict]) -> None:
    """Runs a module that only reads. Does not return: it exits as Ansible modules do."""
    run_with(ARGUMENT_SPEC[read], lambda params, check_mode: ({"changed": False, **read(params)}, []))
