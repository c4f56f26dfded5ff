# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module trunk_options: has Asterisk ask a trunk with ARGUMENT_SPEC, and tells what came."""

from __future__ import annotations

import time

from .._asterisk.ami import AmiError
from .._asterisk.contacts import first_contact
from .._asterisk.sip_history import Recorder
from .._sip import ladder as ladders
from .._sip.message import parse, uri_of
from .._sip.verdict import options_problem
from . import probe

CHECK = "OPTIONS"
ARGUMENT_SPEC = {"timeout": {"type": "int", "default": 6}}
RANGES = {"timeout": (1, 60)}
POLL_SECONDS = 0.02
# Asterisk notes an answer a moment after it came.
NOTING_SECONDS = 1


def ask(ami, endpoint, timeout):
    """Has the contact qualified and waits for the answer: the contact after it, and the ladder."""
    host = uri_of(first_contact(ami, endpoint).uri).host
    with Recorder(ami, endpoint) as recorder:
        ami.action("PJSIPQualify", ("Endpoint", endpoint))
        steps, deadline = [], time.monotonic() + timeout
        while time.monotonic() < deadline and not ladders.settled(steps):
            time.sleep(POLL_SECONDS)
            mine = [row for row in recorder.requests("OPTIONS") if uri_of(row.line).host == host]
            first = recorder.entry(mine[-1].number) if mine else None
            if first:
                steps = ladders.steps(recorder.dialogue(parse(first.text).call_id))
    contact, deadline = first_contact(ami, endpoint), time.monotonic() + NOTING_SECONDS
    while contact.status != "Avail" and ladders.settled(steps) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
        contact = first_contact(ami, endpoint)
    return contact, steps


def report(module, contact, steps):
    """The module's result from what was seen."""
    facts = ladders.facts(steps)
    host = uri_of(contact.uri).host
    problem = options_problem(facts, bool(facts) or probe.resolves(host), contact.status)
    if problem:
        seen = {"host": host, "contact": contact.uri, "contact_status": contact.status, **facts}
        check = {**probe.failure(module, CHECK, problem, seen), "seen": ", ".join(step.brief for step in steps)}
    else:
        answer = f"{facts['status']} {facts['reason']} in {contact.rtt_ms} ms"
        check = probe.success(module, CHECK, f"{answer}; contact {contact.status}")
    return {
        "passed": not problem,
        "checks": [check],
        "status": facts.get("status", 0),
        "reason": facts.get("reason", ""),
        "rtt_ms": contact.rtt_ms,
        "contact": {"uri": contact.uri, "status": contact.status},
        "ladder": [step.line for step in steps],
        "messages": [step.text for step in steps],
    }


def of_edges(name, reports):
    """One result of several edges': the first that passed, or else the first, with a word on each. Calls get through as
    long as one answers, so that is what it takes to pass.

    :param name: what the edges' endpoints begin with.
    :param reports: pairs of an endpoint and its result.
    """
    best = next((report for _endpoint, report in reports if report["passed"]), reports[0][1])
    if len(reports) > 1:
        details = [f"{endpoint[len(name) + 1:]}: {report['checks'][0]['detail']}" for endpoint, report in reports]
        best["checks"][0]["detail"] = "; ".join(details)
    return best


def main() -> None:
    """Runs the module. Does not return: it exits as Ansible modules do."""
    module = probe.start(ARGUMENT_SPEC, ("endpoint",), RANGES, (CHECK,))
    try:
        with probe.manager(module) as ami:
            result = of_edges(module.params["endpoint"], [
                (endpoint, report(module, *ask(ami, endpoint, module.params["timeout"])))
                for endpoint in probe.endpoints(module)
            ])
    except AmiError as error:
        result = {"passed": False, "checks": [probe.failure(module, CHECK, error.problem, {"detail": str(error)})]}
    module.exit_json(changed=False, **result)
