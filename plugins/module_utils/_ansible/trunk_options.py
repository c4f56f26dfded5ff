# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module trunk_options: have Asterisk send OPTIONS to trunks, side by side, and report the answers."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Callable, Iterable, Mapping, Sequence, TypeVar, Union

from .._asterisk.ami import Ami, AmiError, AmiUnreachable
from .._asterisk.contacts import Contact, first_contact
from .._asterisk.sip_history import Recorder
from .._sip import ladder as ladders
from .._sip.ladder import Step
from .._sip.message import parse, uri_of
from .._sip.verdict import options_problem
from . import probe
from .probe import Probe, ProbeModule, Result, Trunk

CHECK = "OPTIONS"
ARGUMENT_SPEC: dict[str, Any] = {"timeout": {"type": "int", "default": 6}}
LIMITS = {"timeout": (1, 60)}
POLL_SECONDS = 0.02
# Asterisk updates a contact's status a moment after the answer came.
STATUS_SECONDS = 1


@dataclass(frozen=True)
class Answer:
    """The result of the OPTIONS of one endpoint: its contact after them, and their ladder."""

    contact: Contact
    steps: list[Step]


#: By endpoint. The error is Asterisk's about this endpoint, such as a missing contact.
Answers = dict[str, Union[Answer, AmiError]]
Value = TypeVar("Value")


def ask(ami: Ami, endpoints: Iterable[str], timeout: float) -> Answers:
    """Have Asterisk qualify the endpoints, and return the answer of each.

    Endpoints are asked side by side where their request hosts differ, since the SIP history tells their OPTIONS apart
    by that. The edges of a trunk have one request host, so they are asked in rounds.

    :param timeout: the seconds that a round may take.
    :raises AmiUnreachable: Asterisk went away.
    """
    hosts: dict[str, str] = {}
    answers: Answers = {}
    for endpoint in endpoints:
        contact = _attempt(first_contact, ami, endpoint)
        if isinstance(contact, AmiError):
            answers[endpoint] = contact
        else:
            hosts[endpoint] = uri_of(contact.uri).host
    if hosts:
        with Recorder(ami, next(iter(hosts))) as recorder:
            for asked in rounds(hosts):
                answers.update(_Round(ami, recorder, asked).run(timeout))
    return answers


def _attempt(action: Callable[..., Value], *arguments: Any) -> Value | AmiError:
    """Return what an action about one endpoint gives, or Asterisk's error about that endpoint."""
    try:
        return action(*arguments)
    except AmiUnreachable:
        raise
    except AmiError as error:
        return error


def rounds(hosts: Mapping[str, str]) -> list[dict[str, str]]:
    """Split endpoints, with their request hosts, into rounds that have each host once."""
    found: list[dict[str, str]] = []
    for endpoint, host in hosts.items():
        free = next((asked for asked in found if host not in asked.values()), None)
        if free is None:
            free = {}
            found.append(free)
        free[endpoint] = host
    return found


@dataclass
class _Round:
    """Endpoints, with their request hosts, that are asked at the same time."""

    ami: Ami
    recorder: Recorder
    hosts: dict[str, str]
    call_ids: dict[int, str] = field(default_factory=dict)

    def run(self, timeout: float) -> Answers:
        # The OPTIONS of an earlier round may be retransmitted in this one, so rows are told apart by Call-ID.
        earlier = {call_id for call_id, dummy in self._sent()}
        asked = {endpoint: _attempt(self.ami.action, "PJSIPQualify", ("Endpoint", endpoint)) for endpoint in self.hosts}
        errors = {endpoint: error for endpoint, error in asked.items() if isinstance(error, AmiError)}
        found: dict[str, list[Step]] = {endpoint: [] for endpoint in self.hosts if endpoint not in errors}
        waiting, deadline = list(found), time.monotonic() + timeout
        while waiting and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
            latest = {host: call_id for call_id, host in self._sent() if call_id not in earlier}
            for endpoint in waiting:
                if self.hosts[endpoint] in latest:
                    found[endpoint] = ladders.steps(self.recorder.dialogue(latest[self.hosts[endpoint]]))
            waiting = [endpoint for endpoint in waiting if not ladders.settled(found[endpoint])]
        return {**errors, **self._with_contacts(found)}

    def _sent(self) -> list[tuple[str, str]]:
        """Return the Call-ID and the request host of each OPTIONS to this round's hosts, in their order."""
        found = []
        for row in self.recorder.requests("OPTIONS"):
            host = uri_of(row.line).host
            if host in self.hosts.values() and row.number not in self.call_ids:
                entry = self.recorder.entry(row.number)
                if entry:
                    self.call_ids[row.number] = parse(entry.text).call_id
            if row.number in self.call_ids:
                found.append((self.call_ids[row.number], host))
        return found

    def _with_contacts(self, found: Mapping[str, list[Step]]) -> Answers:
        """Return the answers, with each contact's status once Asterisk has updated it."""
        answers: Answers = {}
        behind, deadline = list(found), time.monotonic() + STATUS_SECONDS
        while behind:
            contacts = {endpoint: _attempt(first_contact, self.ami, endpoint) for endpoint in behind}
            for endpoint, contact in contacts.items():
                answers[endpoint] = contact if isinstance(contact, AmiError) else Answer(contact, found[endpoint])
            behind = [] if time.monotonic() > deadline else [
                endpoint for endpoint in behind if ladders.settled(found[endpoint]) and _is_behind(answers[endpoint])]
            if behind:
                time.sleep(POLL_SECONDS)
        return answers


def _is_behind(answer: Answer | AmiError) -> bool:
    return isinstance(answer, Answer) and answer.contact.status != "Avail"


def report(module: Probe, trunk: Trunk, endpoint: str, answer: Answer) -> Result:
    """Return the result of one endpoint."""
    contact, steps = answer.contact, answer.steps
    facts, host = ladders.facts(steps), uri_of(contact.uri).host
    problem = options_problem(facts, facts.sent or probe.resolves(host), contact.status)
    if problem:
        check = module.failure(
            trunk, CHECK, problem, facts,
            endpoint=endpoint, host=host, contact=contact.uri, contact_status=contact.status)
        check["seen"] = ", ".join(step.brief for step in steps)
    else:
        detail = f"{facts.status} {facts.reason} in {contact.rtt_ms} ms; contact {contact.status}"
        check = probe.success(trunk, CHECK, detail)
    return {
        "passed": not problem,
        "checks": [check],
        "status": facts.status,
        "reason": facts.reason,
        "rtt_ms": contact.rtt_ms,
        "contact": {"uri": contact.uri, "status": contact.status},
        "ladder": [step.line for step in steps],
        "messages": [step.text for step in steps],
    }


def result(module: Probe, trunk: Trunk, answers: Mapping[str, Answer | AmiError]) -> Result:
    """Return the result of a trunk: that of its endpoint, or of the first edge that passed, or else of the first edge.

    Calls get through as long as one edge answers, so one is enough to pass. The detail names every edge's.
    """
    reports: list[tuple[str, Result]] = []
    for endpoint in trunk.endpoints:
        answer = answers[endpoint]
        if isinstance(answer, AmiError):
            return failed(module, trunk, answer, endpoint)
        reports.append((endpoint, report(module, trunk, endpoint, answer)))
    best = next((one for _endpoint, one in reports if one["passed"]), reports[0][1])
    if len(reports) > 1:
        best["checks"][0]["detail"] = "; ".join(
            f"{endpoint[len(trunk.endpoint) + 1:]}: {one['checks'][0]['detail']}" for endpoint, one in reports)
    return best


def failed(module: Probe, trunk: Trunk, error: AmiError, endpoint: str = "") -> Result:
    """Return the result of a trunk about which Asterisk could not be asked."""
    return {"passed": False, "checks": [module.error(trunk, CHECK, error, endpoint=endpoint or trunk.endpoint)]}


def results(module: Probe, ami: Ami) -> list[Result]:
    """Return the results of all trunks, which are asked side by side."""
    answers = ask(ami, _unique(module.trunks), module.params["timeout"])
    return [result(module, trunk, answers) for trunk in module.trunks]


def _unique(trunks: Sequence[Trunk]) -> list[str]:
    return list(dict.fromkeys(endpoint for trunk in trunks for endpoint in trunk.endpoints))


def main() -> None:
    """Run the module. This does not return: it exits as Ansible modules do."""
    ProbeModule(ARGUMENT_SPEC, LIMITS, (CHECK,), results, failed).run()
