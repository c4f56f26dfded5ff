# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the modules that only read Twilio: the options of each, and its result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Mapping

from .._core.errors import InvalidInput
from .._twilio import queries
from .argument_spec import Spec
from .run import client, run_twilio

#: Twilio keeps alerts for 30 days: https://www.twilio.com/docs/usage/monitor-alert
MAX_MINUTES = 30 * 24 * 60


@dataclass(frozen=True)
class Query:
    """A read-only module.

    :param argument_spec: its options beside the connection's. :param read: from all options to its result.
    """

    argument_spec: Spec
    read: Callable[[Mapping[str, Any]], dict[str, Any]]


def _trunk(params: Mapping[str, Any]) -> dict[str, Any]:
    return {"trunks": queries.trunks(client(params), params["name"])}


def _trunking(params: Mapping[str, Any]) -> dict[str, Any]:
    return {"resources": queries.trunking(client(params), params["countries"])}


def _caller_id(params: Mapping[str, Any]) -> dict[str, Any]:
    return {"caller_ids": queries.caller_ids(client(params), params["region"])}


def _alert(params: Mapping[str, Any]) -> dict[str, Any]:
    minutes, codes = params["minutes"], params["codes"]
    problems = []
    if not 1 <= minutes <= MAX_MINUTES:
        problems.append(
            f"minutes must be from 1 to {MAX_MINUTES}, which is the 30 days that Twilio keeps, not {minutes}."
        )
    problems += [f"codes[{n}] must be an error code or its first digits, not {code}." for n, code in enumerate(codes)
                 if not 1 <= code <= 99999]
    if problems:
        raise InvalidInput(problems)
    return {"alerts": queries.alerts(client(params), minutes, codes)}


TRUNK = Query({"name": {"type": "str"}}, _trunk)
TRUNKING = Query({"countries": {"type": "bool", "default": False}}, _trunking)
CALLER_ID = Query({}, _caller_id)
ALERT = Query(
    {
        "minutes": {"type": "int", "default": 60},
        "codes": {"type": "list", "elements": "int", "default": [32]},
    },
    _alert,
)


def run_info(query: Query) -> None:
    """Run a read-only module. Does not return: it exits as Ansible modules do."""
    run_twilio(query.argument_spec, lambda params, check_mode: ({"changed": False, **query.read(params)}, []))
