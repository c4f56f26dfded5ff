# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a dialplan refers to and Asterisk looks up only when a call comes by: applications, functions, targets. Pure.

What holds a variable is known at run time only and is not judged; the rest of the same target is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterator, Optional

from .conf import Fault, Place
from .dialplan import APPLICATION, Dialplan, Step, split

FUNCTION = re.compile(r"\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)\(")
ASSIGNED = re.compile(r"\s*(?P<name>[A-Za-z_][A-Za-z0-9_]*)\(")
PEER = re.compile(r"PJSIP/(?:[^/@&,]*@)?(?P<endpoint>[^/@&,]+)")
LOCAL = re.compile(r"Local/(?P<extension>[^@/&,]+)@(?P<context>[^/&,]+)")
CONDITIONAL = {"gotoif": "goto", "gosubif": "gosub", "gotoiftime": "goto", "execif": "exec", "execiftime": "exec"}


@dataclass(frozen=True)
class Known:
    """What there is to refer to. A set that is None is not known, and what refers to it is not judged."""

    applications: Optional[frozenset] = None
    functions: Optional[frozenset] = None
    endpoints: Optional[frozenset] = None
    queues: Optional[frozenset] = None
    mailboxes: Optional[frozenset] = None
    sounds: Optional[frozenset] = None


def faults(plan: Dialplan, known: Known) -> Iterator[Fault]:
    """Everything in a dialplan that names something which is not there."""
    for context in plan.contexts.values():
        for name, place in context.includes:
            if not _variable(name) and name not in plan.contexts:
                yield Fault(f"it includes context [{name}], which is not there", place)
        for extension, steps in context.extensions.items():
            for step in steps:
                if step.number == 0:
                    yield from _peers(step.arguments, known, plan, step.place)
                else:
                    yield from _application(
                        step.application, step.arguments, step, context.name, extension, plan, known)
                    yield from _functions(step.arguments, known, step.place)


def _application(
    name: str, arguments: str, step: Step, context: str, extension: str, plan: Dialplan, known: Known
) -> Iterator[Fault]:
    kind = name.lower()
    if known.applications is not None and kind not in known.applications:
        yield Fault(f"there is no application {name}, or the module that brings it is not loaded", step.place)
        return
    if arguments.count("(") != arguments.count(")") and '"' not in arguments:
        yield Fault(f"the brackets of {name}(...) do not match", step.place)
    if kind in CONDITIONAL:
        for branch in _branches(arguments):
            if CONDITIONAL[kind] == "exec":
                called = APPLICATION.fullmatch(branch.strip())
                if called:
                    yield from _application(
                        called["name"], called["arguments"] or "", step, context, extension, plan, known)
            elif branch.strip():
                yield from _target(branch, CONDITIONAL[kind], step.place, context, extension, plan)
    elif kind in ("goto", "gosub"):
        yield from _target(arguments, kind, step.place, context, extension, plan)
    elif kind in ("dial", "page", "queue", "originate"):
        yield from _peers(arguments, known, plan, step.place)
        yield from _named(kind, arguments, known, step.place)
    elif kind in ("voicemail", "voicemailmain", "playback", "background", "backgrounddetect"):
        yield from _named(kind, arguments, known, step.place)
    elif kind in ("set", "mset"):
        yield from _assignments(arguments, step, context, extension, plan, known)


def _branches(arguments: str) -> list[str]:
    """What stands behind `?`, and behind `:` after it."""
    condition, *rest = split(arguments, "?", 2)
    return split(rest[0], ":", 2) if rest else []


def _target(text: str, kind: str, place: Place, context: str, extension: str, plan: Dialplan) -> Iterator[Fault]:
    parts = [part.strip() for part in split(text, ",", 3)]
    if kind == "gosub":
        # The arguments are part of the last piece, as in context,extension,priority(arg1,arg2).
        parts[-1] = parts[-1].partition("(")[0].strip() if "${" not in parts[-1].partition("(")[0] else parts[-1]
    here = (["", "", *parts] if len(parts) == 1 else ["", *parts] if len(parts) == 2 else parts)
    wanted, number, priority = here[0] or context, here[1], here[2]
    if _variable(wanted):
        return
    if wanted not in plan.contexts:
        yield Fault(f"{kind} leads to context [{wanted}], which is not there", place)
        return
    if _variable(number):
        return
    if number:
        steps = plan.steps(wanted, number)
    else:
        steps = [step for reached in plan.reached(wanted) for step in reached.extensions.get(extension, [])] or None
    if steps is None:
        yield Fault(f"{kind} leads to extension {number or extension} of [{wanted}], which is not there", place)
    elif not _variable(priority) and not any(
        step.number == int(priority) if priority.isdigit() else step.label == priority for step in steps
    ):
        yield Fault(
            f"{kind} leads to priority {priority or '(none)'} of extension {number or extension} of [{wanted}],"
            " which is not there", place)


def _assignments(text: str, step: Step, context: str, extension: str, plan: Dialplan, known: Known) -> Iterator[Fault]:
    name, equals, value = text.partition("=")
    found = ASSIGNED.match(name)
    if not equals:
        yield Fault("Set needs name=value", step.place)
    if found and known.functions is not None and found["name"] not in known.functions:
        yield Fault(f"there is no function {found['name']}, or the module that brings it is not loaded", step.place)
    if "hangup_handler" in name and value:
        yield from _target(value, "gosub", step.place, context, extension, plan)


def _functions(text: str, known: Known, place: Place) -> Iterator[Fault]:
    for found in FUNCTION.finditer(text):
        if known.functions is not None and found["name"] not in known.functions:
            yield Fault(f"there is no function {found['name']}, or the module that brings it is not loaded", place)
    if text.count("${") > text.count("}"):
        yield Fault("a ${ is left open", place)


def _peers(text: str, known: Known, plan: Dialplan, place: Place) -> Iterator[Fault]:
    for found in PEER.finditer(text):
        name = found["endpoint"]
        if known.endpoints is not None and not set(name) & set("${}()") and name not in known.endpoints:
            yield Fault(f"it calls PJSIP endpoint {name}, which is not there", place)
    for found in LOCAL.finditer(text):
        if _variable(found["context"]) or _variable(found["extension"]):
            continue
        if found["context"] not in plan.contexts:
            yield Fault(f"it calls context [{found['context']}], which is not there", place)
        elif plan.steps(found["context"], found["extension"]) is None:
            yield Fault(f"it calls extension {found['extension']} of [{found['context']}], which is not there", place)


def _named(kind: str, arguments: str, known: Known, place: Place) -> Iterator[Fault]:
    first = split(arguments, ",")[0].strip()
    if kind == "queue":
        names, among, what = [first], known.queues, "queue"
    elif kind == "voicemail":
        boxes = [box if "@" in box else f"{box}@default" for box in first.split("&")]
        names, among, what = boxes, known.mailboxes, "mailbox"
    elif kind in ("playback", "background", "backgrounddetect"):
        names, among, what = first.split("&"), known.sounds, "prompt"
    else:
        return
    for name in names:
        if among is not None and name and not _variable(name) and not name.startswith("/") and name not in among:
            yield Fault(f"there is no {what} {name}", place)


def _variable(text: str) -> bool:
    return "${" in text or "$[" in text
