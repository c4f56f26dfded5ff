# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module number_destinations: have Asterisk place a call to each number from inside, and report what it reaches."""

from __future__ import annotations

import time
import uuid
from typing import Any, Iterator, Mapping, Sequence

from .._asterisk.ami import Ami, AmiError
from .._core import validators
from .._core.errors import InvalidInput
from .._sip.diagnosis import diagnose
from .._sip.ladder import Facts
from .._sip.problem import Problem
from .module import Module, run
from .probe import CONNECTION, FAILED, PASSED, SKIPPED, Result, manager

CHECK, CONTEXT = "number", "proof"
ARGUMENT_SPEC: dict[str, Any] = {
    **CONNECTION,
    "numbers": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {"number": {"type": "str", "required": True}, "destination": {"type": "str", "required": True}},
    },
}
#: So many calls are placed at a time. None of them rings anybody, and each is over in milliseconds.
AT_ONCE = 20
#: How long Asterisk may take for those.
SECONDS = 20


def reached(ami: Ami, numbers: Sequence[str]) -> dict[str, str]:
    """Have Asterisk call each number from inside, as a call from the telephone network would come.

    :returns: by number, what the call came to; a number that reached nothing is not there.
    :raises AmiError: Asterisk refuses to place a call, or does not end one in time.
    """
    found: dict[str, str] = {}
    if not ami.command(f"dialplan show {CONTEXT}")[0]:      # the configuration is not, or not yet, role pbx's
        return found
    for first in range(0, len(numbers), AT_ONCE):
        calls = {_call(ami, number) for number in numbers[first : first + AT_ONCE]}
        deadline = time.monotonic() + SECONDS
        while calls:
            event = ami.event(max(0.0, deadline - time.monotonic()))
            if event is None:
                raise AmiError(f"a call to context {CONTEXT} did not end within {SECONDS} s")
            if event.get("UserEvent") == "NumberReached":
                found[event.get("Number")] = event.get("Destination")
            elif event.get("Event") == "Hangup":
                calls.discard(event.get("Uniqueid"))
    return found


def _call(ami: Ami, number: str) -> str:
    """Place a call that nobody answers, and return the ID of its channel in the dialplan.

    Its events come in order, and that of its end is the last. OriginateResponse may come before them.
    """
    call = f"trunkline-{uuid.uuid4().hex[:12]}"
    ami.action(
        "Originate",
        ("Channel", f"Local/{number}@{CONTEXT}/n"),
        ("ChannelId", call),
        ("OtherChannelId", f"{call}-dialplan"),
        ("Application", "Hangup"),
        ("Timeout", SECONDS * 1000),
        ("Async", "true"),
    )
    return f"{call}-dialplan"


def is_as_declared(destination: str, came_to: str) -> bool:
    """Return whether a call came to what is declared, or to what its hours declare: `hours office (open): …`."""
    return came_to == destination or came_to.startswith(f"{destination} (")


def check(row: Mapping[str, str], came_to: str | None, params: Mapping[str, Any]) -> Result:
    """Return the row of one number for the report."""
    base = {"trunk": row["number"], "check": CHECK}
    if came_to is not None and is_as_declared(row["destination"], came_to):
        return {**base, "result": PASSED, "detail": came_to}
    problem = Problem.NUMBER_NOWHERE if came_to is None else Problem.NUMBER_ELSEWHERE
    return {**base, **_failure(problem, {**params, **row, "reached": came_to})}


def _failure(problem: Problem, known: Mapping[str, Any]) -> Result:
    finding = diagnose(problem, Facts(), {**known, "manager": f"{known['manager_host']}:{known['manager_port']}"})
    return {"result": FAILED, "detail": finding.cause, "cause": finding.name, "fix": finding.fix}


def _problems(rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    for index, row in enumerate(rows):
        try:
            validators.e164(row["number"])
        except ValueError as error:
            yield f"numbers[{index}].number {error}."


def act(module: Module) -> Result:
    """Validate the options, place the calls, and return the module's result.

    :raises InvalidInput: a number is not in E.164 form.
    """
    rows = module.params["numbers"]
    if problems := list(_problems(rows)):
        raise InvalidInput(problems)
    if module.check_mode or not rows:
        skipped = {"check": CHECK, "result": SKIPPED, "detail": "not run in check mode"}
        return _result([{"trunk": row["number"], **skipped} for row in rows], None if module.check_mode else True)
    try:
        with manager(module) as ami:
            came_to = reached(ami, [row["number"] for row in rows])
    except AmiError as error:
        failure = _failure(Problem(error.problem), {**module.params, "detail": str(error)})
        return _result([{"trunk": "every number", "check": CHECK, **failure}], False)
    checks = [check(row, came_to.get(row["number"]), module.params) for row in rows]
    return _result(checks, all(one["result"] == PASSED for one in checks))


def _result(checks: list[Result], passed: bool | None) -> Result:
    return {"changed": False, "passed": passed, "checks": checks}


def main() -> None:
    """Run the module. This does not return: it exits as Ansible modules do."""
    run(ARGUMENT_SPEC, act)
