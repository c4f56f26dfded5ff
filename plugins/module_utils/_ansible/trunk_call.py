# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module trunk_call: have Asterisk place a call through each trunk, one after the other, and report what happened.

The calls are not placed side by side. They go to one number, whose phone would be busy for the second. Twilio limits
an account's concurrent calls. And the SIP history does not show which call an INVITE belongs to: the channel knows its
Call-ID, but a call that is refused at once has no channel left to ask.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Any, Mapping

from .._asterisk import call as calls, prompt
from .._asterisk.ami import Ami, AmiError
from .._asterisk.contacts import Contact, first_contact
from .._asterisk.sip_history import Entry, Recorder
from .._sip import ladder as ladders
from .._sip.ladder import Facts, Step
from .._sip.message import parse, uri_of
from .._sip.problem import Problem
from .._sip.verdict import audio_problem, call_problem
from . import probe
from .probe import Probe, Result, Trunk

CALL, AUDIO = "call", "audio"
ARGUMENT_SPEC: dict[str, Any] = {
    "number": {"type": "str", "required": True},
    "context": {"type": "str", "default": "outbound"},
    "sound": {"type": "str", "default": "demo-congrats"},
    "answer_seconds": {"type": "int", "default": 30},
    "call_seconds": {"type": "int", "default": 12},
}
LIMITS = {"answer_seconds": (1, 120), "call_seconds": (2, 120)}
# The last responses come a moment after the call is over.
SETTLING_SECONDS = 2
SOUND = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_.-]{0,200}")


@dataclass(frozen=True)
class Placed:
    """A call that is over: the trunk's contact before it, the outcome, and the ladder."""

    contact: Contact
    outcome: calls.Outcome
    steps: list[Step]


def check(params: Mapping[str, Any]) -> None:
    """Refuse a number or a sound that the dialplan would read as something else.

    :raises ValueError: with a sentence.
    """
    probe.e164("number", params["number"])
    if not SOUND.fullmatch(params["sound"]):
        raise ValueError(f"sound must be a sound's name such as demo-congrats, not {params['sound']!r}")


def place(ami: Ami, params: Mapping[str, Any], trunk: Trunk) -> Placed:
    """Place a call through a trunk, and return when it is over.

    :raises AmiError: the call cannot be placed.
    """
    contacts = [first_contact(ami, endpoint) for endpoint in trunk.endpoints]
    contact = next((one for one in contacts if one.status == "Avail"), contacts[0])
    if not ami.command(f"dialplan show {params['number']}@{trunk.context}")[0]:
        raise calls.ExtensionMissing(params["number"])
    prompt.look_for(ami, params["sound"])
    order = calls.Order(**{**{name: params[name] for name in ARGUMENT_SPEC}, "context": trunk.context})
    with Recorder(ami, trunk.endpoints[0]) as recorder:
        outcome = calls.place(ami, order)
        steps: list[Step] = []
        deadline = time.monotonic() + SETTLING_SECONDS
        while not ladders.settled(steps) and time.monotonic() < deadline:
            steps = ladders.steps(messages(recorder, params["number"]))
            time.sleep(0.1)
    return Placed(contact, outcome, steps)


def messages(recorder: Recorder, number: str) -> list[Entry]:
    """Return every message of the dialogues whose INVITE went to the number."""
    mine = [row for row in recorder.requests("INVITE") if uri_of(row.line).user == number]
    firsts = [parse(entry.text) for entry in (recorder.entry(row.number) for row in mine) if entry]
    dialogues = dict.fromkeys(first.call_id for first in firsts)
    return [entry for call_id in dialogues for entry in recorder.dialogue(call_id)]


def report(module: Probe, trunk: Trunk, placed: Placed) -> Result:
    """Return the result of a call."""
    facts, problem = _problem(trunk, placed)
    result = {
        "passed": False,
        "status": facts.status,
        "reason": facts.reason,
        "twilio_error": facts.twilio,
        "caller_id": facts.caller,
        "address_seen": facts.address_seen,
        "ladder": [step.line for step in placed.steps],
        "messages": [step.text for step in placed.steps],
    }
    known = {
        "host": uri_of(placed.contact.uri).host,
        "contact": placed.contact.uri,
        "channel": "".join(placed.outcome.channels[-1:]),
    }
    brief = ", ".join(step.brief for step in placed.steps)
    if problem:
        called = {**module.failure(trunk, CALL, problem, facts, **known), "seen": brief}
        return {**result, "checks": [called, probe.skip(trunk, AUDIO, "the call was not answered")]}
    audio = audio_of(placed.outcome)
    problem = audio_problem(
        placed.outcome.recorded, audio["packets_received"], audio["packets_sent"],
        placed.outcome.heard.loud_seconds, placed.outcome.sent.loud_seconds)
    if problem:
        heard = module.failure(trunk, AUDIO, problem, facts, **known)
    else:
        heard = probe.success(trunk, AUDIO, audio_detail(audio))
    checks = [probe.success(trunk, CALL, brief), heard]
    return {**result, "passed": not problem, "checks": checks, "audio": audio}


def _problem(trunk: Trunk, placed: Placed) -> tuple[Facts, Problem | None]:
    facts, channels = ladders.facts(placed.steps), placed.outcome.channels
    own = not channels or channels[-1].startswith(tuple(f"PJSIP/{endpoint}-" for endpoint in trunk.endpoints))
    resolves = facts.sent or probe.resolves(uri_of(placed.contact.uri).host)
    return facts, call_problem(facts, resolves, placed.contact.status, own)


def audio_of(outcome: calls.Outcome) -> Result:
    """Return the return value `audio`."""
    packets = outcome.packets
    return {
        "seconds": outcome.seconds,
        "packets_sent": int(packets.get("txcount", 0)),
        "packets_received": int(packets.get("rxcount", 0)),
        "packets_lost": int(packets.get("lp", 0)),
        "rtt_ms": round(float(packets.get("rtt", 0)) * 1000, 1) or None,
        "heard": outcome.heard.as_dict(),
        "played": outcome.sent.as_dict(),
    }


def audio_detail(audio: Result) -> str:
    """Return the audio in a line."""
    played, heard = audio["played"]["loud_seconds"], audio["heard"]["loud_seconds"]
    return (
        f"sent {audio['packets_sent']} packets, {played} s of sound; "
        f"received {audio['packets_received']}, {heard} s of sound; lost {audio['packets_lost']}"
    )


def failed(module: Probe, trunk: Trunk, error: AmiError) -> Result:
    """Return the result of a trunk through which no call could be placed."""
    skipped = probe.skip(trunk, AUDIO, "the call was not placed")
    return {"passed": False, "checks": [module.error(trunk, CALL, error), skipped]}


def result(module: Probe, ami: Ami, trunk: Trunk) -> Result:
    """Call through a trunk, and return its result."""
    try:
        return report(module, trunk, place(ami, module.params, trunk))
    except AmiError as error:
        return failed(module, trunk, error)


def main() -> None:
    """Run the module. Does not return: it exits as Ansible modules do."""
    module = Probe(ARGUMENT_SPEC, LIMITS, (CALL, AUDIO), check)
    module.run(
        lambda ami: [result(module, ami, trunk) for trunk in module.trunks],
        lambda trunk, error: failed(module, trunk, error))
