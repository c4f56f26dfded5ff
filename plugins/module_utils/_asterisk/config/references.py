# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A dialplan's references, which Asterisk resolves only during a call: applications, functions, targets of jumps. Pure.

A part of a target that holds a variable is known at run time only and is not judged; the other parts are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Callable, Iterator

from .conf import Fault, Place
from .dialplan import APPLICATION, Dialplan, Step, identity, split
from .pjsip import not_loaded

FUNCTION = re.compile(r"\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)\(")
ASSIGNED = re.compile(r"\s*(?P<name>[A-Za-z_][A-Za-z0-9_]*)\(")
PEER = re.compile(r"PJSIP/(?:[^/@&,]*@)?(?P<endpoint>[^/@&,]+)")
LOCAL = re.compile(r"Local/(?P<extension>[^@/&,]+)@(?P<context>[^/&,]+)")
#: The contexts that a module makes, and the module.
MAKERS = {"parkedcalls": "res_parking.so"}
CONDITIONAL = {"gotoif": "goto", "gosubif": "gosub", "gotoiftime": "goto", "execif": "exec", "execiftime": "exec"}


@dataclass(frozen=True)
class Available:
    """The names that a dialplan may refer to. A set that is None is unknown, and references to it are not judged."""

    applications: frozenset[str] | None = None
    functions: frozenset[str] | None = None
    endpoints: frozenset[str] | None = None
    queues: frozenset[str] | None = None
    mailboxes: frozenset[str] | None = None
    sounds: frozenset[str] | None = None
    #: Whether a module has made a context, as res_parking makes parkedcalls.
    has_context: Callable[[str], bool] = lambda name: False


def faults(plan: Dialplan, available: Available) -> Iterator[Fault]:
    """Yield a fault for each dangling reference in a dialplan."""
    for context in plan.contexts.values():
        for name, place in context.includes:
            scope = Scope(plan, available, context.name, "", place)
            if not _variable(name) and scope.lacks(name):
                yield scope.fault(f"it includes context [{name}], {_missing(name)}")
        for extension in context.extensions.values():
            for step in extension.steps:
                scope = Scope(plan, available, context.name, extension.name, step.place)
                if step.number == 0:
                    yield from scope.peers(step.arguments)
                else:
                    yield from scope.application(step.application, step.arguments)
                    yield from scope.functions(step.arguments)


def _missing(context: str) -> str:
    maker = MAKERS.get(context)
    return "which does not exist" + (f": {not_loaded(maker)}" if maker else "")


@dataclass(frozen=True)
class Scope:
    """A place in a dialplan, in whose context and extension its references are resolved."""

    plan: Dialplan
    available: Available
    context: str
    extension: str
    place: Place

    def fault(self, what: str) -> Fault:
        return Fault(what, self.place)

    def lacks(self, context: str) -> bool:
        return context not in self.plan.contexts and not self.available.has_context(context)

    def application(self, name: str, arguments: str) -> Iterator[Fault]:
        kind, known = name.lower(), self.available.applications
        if known is not None and kind not in known:
            yield self.fault(f"there is no application {name}, or the module that brings it is not loaded")
            return
        # What Set() gives a variable is text, as the name of a caller, and may have one bracket.
        judged = arguments.partition("=")[0] if kind == "set" else arguments
        if judged.count("(") != judged.count(")") and '"' not in judged:
            yield self.fault(f"the brackets of {name}(...) do not match")
        if kind in CONDITIONAL:
            yield from self._conditional(CONDITIONAL[kind], arguments)
        elif kind in ("goto", "gosub"):
            yield from self.target(arguments, kind)
        elif kind in ("dial", "page", "queue", "originate"):
            yield from self.peers(arguments)
            yield from self._named(kind, arguments)
        elif kind in ("voicemail", "voicemailmain", "playback", "background", "backgrounddetect"):
            yield from self._named(kind, arguments)
        elif kind in ("set", "mset"):
            yield from self._assignment(arguments)

    def functions(self, text: str) -> Iterator[Fault]:
        for found in FUNCTION.finditer(text):
            yield from self._function(found["name"])
        if text.count("${") > text.count("}"):
            yield self.fault("a ${ is left open")

    def peers(self, text: str) -> Iterator[Fault]:
        for found in PEER.finditer(text):
            name, known = found["endpoint"], self.available.endpoints
            if known is not None and not set(name) & set("${}()") and name not in known:
                yield self.fault(f"it calls PJSIP endpoint {name}, which does not exist")
        for found in LOCAL.finditer(text):
            context, extension = found["context"], found["extension"]
            if _variable(context) or _variable(extension):
                continue
            if context not in self.plan.contexts:
                if self.lacks(context):
                    yield self.fault(f"it calls context [{context}], {_missing(context)}")
            elif self.plan.steps(context, extension) is None:
                yield self.fault(f"it calls extension {extension} of [{context}], which does not exist")

    def target(self, text: str, kind: str) -> Iterator[Fault]:
        """Check the target of a jump: [[context,]extension,]priority."""
        parts = [part.strip() for part in split(text, ",", 3)]
        if kind == "gosub" and "${" not in parts[-1].partition("(")[0]:
            # The arguments are part of the last piece, as in context,extension,priority(arg1,arg2).
            parts[-1] = parts[-1].partition("(")[0].strip()
        context, number, priority = ["", "", "", *parts][-3:]
        context = context or self.context
        if _variable(context):
            return
        if context not in self.plan.contexts:
            if self.lacks(context):
                yield self.fault(f"{kind} leads to context [{context}], {_missing(context)}")
            return
        if _variable(number):
            return
        steps = self.plan.steps(context, number) if number else self._same(context)
        if steps is None:
            yield self.fault(
                f"{kind} leads to extension {number or self.extension} of [{context}], which does not exist")
        elif not _variable(priority) and not any(
            step.number == int(priority) if priority.isdigit() else step.label == priority for step in steps
        ):
            yield self.fault(
                f"{kind} leads to priority {priority or '(none)'} of extension {number or self.extension} of"
                f" [{context}], which does not exist")

    def _same(self, context: str) -> list[Step] | None:
        """Return the steps of the extension of this name in a context, None where there is none."""
        key = identity(self.extension)
        return [
            step for reached in self.plan.reached(context) if key in reached.extensions
            for step in reached.extensions[key].steps
        ] or None

    def _conditional(self, kind: str, arguments: str) -> Iterator[Fault]:
        for branch in _branches(arguments):
            if kind == "exec":
                called = APPLICATION.fullmatch(branch.strip())
                if called:
                    yield from self.application(called["name"], called["arguments"] or "")
            elif branch.strip():
                yield from self.target(branch, kind)

    def _assignment(self, text: str) -> Iterator[Fault]:
        name, equals, value = text.partition("=")
        found = ASSIGNED.match(name)
        if not equals:
            yield self.fault("Set needs name=value")
        if found:
            yield from self._function(found["name"])
        if "hangup_handler" in name and value:
            yield from self.target(value, "gosub")

    def _function(self, name: str) -> Iterator[Fault]:
        # Asterisk cuts a name at 20 characters where it lists its functions.
        if self.available.functions is not None and name[:20] not in self.available.functions:
            yield self.fault(f"there is no function {name}, or the module that brings it is not loaded")

    def _named(self, kind: str, arguments: str) -> Iterator[Fault]:
        first = split(arguments, ",")[0].strip()
        if kind == "queue":
            names, among, what = [first], self.available.queues, "queue"
        elif kind == "voicemail":
            boxes = [box if "@" in box else f"{box}@default" for box in first.split("&")]
            names, among, what = boxes, self.available.mailboxes, "mailbox"
        elif kind in ("playback", "background", "backgrounddetect"):
            names, among, what = first.split("&"), self.available.sounds, "prompt"
        else:
            return
        for name in names:
            if among is not None and name and not _variable(name) and not name.startswith("/") and name not in among:
                yield self.fault(f"there is no {what} {name}")


def _branches(arguments: str) -> list[str]:
    """Return what stands behind `?`, and behind `:` after it."""
    condition, *rest = split(arguments, "?", 2)
    return split(rest[0], ":", 2) if rest else []


def _variable(text: str) -> bool:
    return "${" in text or "$[" in text
