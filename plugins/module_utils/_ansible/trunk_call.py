# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module trunk_call: has Asterisk place a call through a trunk, and tells what became of it."""

from __future__ import annotations

import re
import time

from .._asterisk import call as calls, prompt
from .._asterisk.ami import AmiError
from .._asterisk.contacts import first_contact
from .._asterisk.sip_history import Recorder
from .._sip import ladder as ladders
from .._sip.message import parse, uri_of
from .._sip.verdict import audio_problem, call_problem
from . import probe

CALL, AUDIO = "call", "audio"
ARGUMENT_SPEC = {
    "number": {"type": "str", "required": True},
    "context": {"type": "str", "default": "outbound"},
    "sound": {"type": "str", "default": "demo-congrats"},
    "answer_seconds": {"type": "int", "default": 30},
    "call_seconds": {"type": "int", "default": 12},
}
RANGES = {"answer_seconds": (1, 120), "call_seconds": (2, 120)}
# The last responses come a moment after the call is over.
SETTLING_SECONDS = 2
SOUND = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_.-]{0,200}")


def check(params):
    """Refuses a number or a sound that would mean something else to the dialplan."""
    probe.e164("number", params["number"])
    if not SOUND.fullmatch(params["sound"]):
        raise ValueError(f"sound must be a sound's name such as demo-congrats, not {params['sound']!r}")


def place(ami, params, endpoints):
    """Places the call: the contact before it, the outcome, and the ladder."""
    contacts = [first_contact(ami, endpoint) for endpoint in endpoints]
    contact = next((one for one in contacts if one.status == "Avail"), contacts[0])
    if not ami.command(f"dialplan show {params['number']}@{params['context']}")[0]:
        raise calls.ExtensionMissing(params["number"])
    prompt.look_for(ami, params["sound"])
    order = calls.Order(**{name: params[name] for name in ARGUMENT_SPEC})
    with Recorder(ami, endpoints[0]) as recorder:
        outcome = calls.place(ami, order)
        steps, deadline = [], time.monotonic() + SETTLING_SECONDS
        while not ladders.settled(steps) and time.monotonic() < deadline:
            steps = ladders.steps(messages(recorder, params["number"]))
            time.sleep(0.1)
    return contact, outcome, steps


def messages(recorder, number):
    """Every message of the dialogues whose INVITE went to the number."""
    mine = [row for row in recorder.requests("INVITE") if uri_of(row.line).user == number]
    firsts = [parse(entry.text) for entry in (recorder.entry(row.number) for row in mine) if entry]
    dialogues = dict.fromkeys(first.call_id for first in firsts)
    return [entry for call_id in dialogues for entry in recorder.dialogue(call_id)]


def report(module, contact, outcome, steps):
    """The module's result from what was seen."""
    facts, host = ladders.facts(steps), uri_of(contact.uri).host
    mine = tuple(f"PJSIP/{endpoint}-" for endpoint in probe.endpoints(module))
    own = not outcome.channels or outcome.channels[-1].startswith(mine)
    problem = call_problem(facts, bool(facts) or probe.resolves(host), contact.status, own)
    seen = {"host": host, "contact": contact.uri, "channel": "".join(outcome.channels[-1:]), **facts}
    brief = ", ".join(step.brief for step in steps)
    result = {
        "passed": False,
        "status": facts.get("status", 0),
        "reason": facts.get("reason", ""),
        "twilio_error": facts.get("twilio", 0),
        "caller_id": facts.get("caller", ""),
        "address_seen": facts.get("address_seen", ""),
        "ladder": [step.line for step in steps],
        "messages": [step.text for step in steps],
    }
    if problem:
        skipped = probe.skip(module, AUDIO, "the call was not answered")
        failed = {**probe.failure(module, CALL, problem, seen), "seen": brief}
        return {**result, "checks": [failed, skipped]}
    audio = audio_of(outcome)
    problem = audio_problem(
        outcome.recorded, audio["packets_received"], audio["packets_sent"],
        outcome.heard.loud_seconds, outcome.sent.loud_seconds)
    called = probe.success(module, CALL, brief)
    if problem:
        heard = probe.failure(module, AUDIO, problem, seen)
    else:
        heard = probe.success(module, AUDIO, audio_detail(audio))
    return {**result, "passed": not problem, "checks": [called, heard], "audio": audio}


def audio_of(outcome):
    """The return value `audio`."""
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


def audio_detail(audio):
    """The audio in a line."""
    played, heard = audio["played"]["loud_seconds"], audio["heard"]["loud_seconds"]
    return (
        f"sent {audio['packets_sent']} packets, {played} s of sound; "
        f"received {audio['packets_received']}, {heard} s of sound; lost {audio['packets_lost']}"
    )


def main() -> None:
    """Runs the module. Does not return: it exits as Ansible modules do."""
    module = probe.start(ARGUMENT_SPEC, ("endpoint", "context"), RANGES, (CALL, AUDIO), check)
    try:
        with probe.manager(module) as ami:
            result = report(module, *place(ami, module.params, probe.endpoints(module)))
    except AmiError as error:
        failed = probe.failure(module, CALL, error.problem, {"detail": str(error)})
        skipped = probe.skip(module, AUDIO, "the call was not placed")
        result = {"passed": False, "checks": [failed, skipped]}
    module.exit_json(changed=False, **result)
