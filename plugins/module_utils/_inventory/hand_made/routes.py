# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read what an extension does: ring phones, take a message, play a prompt, end the call, or call a trunk.

Anything else is not followed, and the place where it stands becomes a note.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Collection, Iterator, Mapping, NamedTuple, Union

from ..._asterisk.config.conf import Place
from ..._asterisk.config.dialplan import Context, Dialplan, Extension, Step, split
from .endpoints import Trunk, caller
from .notes import Notes

#: Applications that change nothing about where a call goes.
SILENT = frozenset((
    "noop", "verbose", "log", "answer", "ringing", "progress", "proceeding", "wait", "resetcdr", "nocdr", "set",
    "celgenuserevent", "dumpchan", "playtones", "stopplaytones", "setamaflags"))
HANGUPS = {"": "normal", "16": "normal", "17": "busy", "19": "unanswered", "21": "refused"}
ENDS = {"busy": "busy", "congestion": "refused"}
CONTACTS = re.compile(r"\$\{PJSIP_DIAL_CONTACTS\((?P<name>[^(){}$,]+)\)\}", re.IGNORECASE)
EXTEN = re.compile(r"\$\{EXTEN(?::(?P<from>-?[0-9]{1,9}))?(?::(?P<length>-?[0-9]{1,9}))?\}")
GLOBAL = re.compile(r"\$\{(?:GLOBAL\()?(?P<name>[A-Za-z_]\w*)\)?\}")
#: How many Goto() may follow one another.
MAX_JUMPS = 8
#: How many steps of an extension may ring or play one after another.
MAX_ACTS = 25
#: The variable that Set() sets, and how many levels of channels inherit it.
VARIABLE = re.compile(r"_{0,2}(?:GLOBAL\()?(?P<name>[A-Za-z]\w*)\)?")
NAMED, FOREVER = re.compile(r"[A-Za-z0-9_./-]+"), 300


#: The context, extension and priority of each place where a walk began.
Trail = tuple[tuple[str, str, int], ...]


class Ring(NamedTuple):
    """Phones ring together; then comes `rest`."""

    phones: tuple[str, ...]
    seconds: int
    rest: Route


class Leave(NamedTuple):
    """The caller leaves a message."""

    mailbox: str


class Say(NamedTuple):
    """A prompt is played; then comes `rest`."""

    prompt: str
    rest: Route


class End(NamedTuple):
    """The call ends, by a word of the inventory's `hangup`."""

    reason: str


class Outside(NamedTuple):
    """The call goes to a trunk, with the number as it is written in Dial()."""

    trunk: str
    number: str
    caller: str
    place: Place


#: None where the extension does something that the inventory cannot say; a note says where.
Route = Union[Ring, Leave, Say, End, Outside, None]


@dataclass
class Reader:
    """Follows extensions.

    :param seen: the extensions that were read, by context and identity, whether or not they were understood.
    :param constants: the variables of [globals].
    """

    plan: Dialplan
    phones: Collection[str]
    trunks: Mapping[str, Trunk]
    notes: Notes
    seen: set[tuple[str, str]]
    constants: Mapping[str, str] = field(default_factory=dict)

    def filled(self, text: str) -> str:
        """Return a text with the values of [globals] in it."""
        return GLOBAL.sub(lambda found: self.constants.get(found["name"], found.group()), text)

    def find(self, context: str, number: str) -> tuple[Context, Extension] | None:
        """Return the extension that answers a number in a context or in what it includes, None where that is not clear.

        Asterisk looks through a context before the contexts that it includes, and takes a name before a pattern.
        """
        for reached in self.plan.reached(context):
            found = list(reached.answering(number))
            if any("/" in one.name for one in found):   # it depends on who calls
                return None
            if found:
                literal = [one for one in found if not one.name.startswith("_")]
                return (reached, (literal or found)[0]) if literal or len(found) == 1 else None
        return None

    def route(self, context: str, number: str) -> Route:
        """Return what a number does in a context."""
        found = self.find(context, number)
        return self.extension(*found, number, entered=context) if found else None

    def extension(
        self, context: Context, extension: Extension, number: str, first: str = "1", trail: Trail = (),
        entered: str = "",
    ) -> Route:
        """Return what an extension does from a priority or label on, for a number.

        :param trail: what led here.
        :param entered: the context that the call is in, which may include the extension's. A Goto() without a context
            stays in it.
        """
        key = _key(context, extension)
        self.seen.add((context.name, key))
        by_number: dict[int, Step] = {}     # Asterisk refuses a priority that is there already
        for step in extension.steps:
            if step.number:
                by_number.setdefault(step.number, step._replace(arguments=self.filled(step.arguments)))
        at = next((step.number for dummy, step in sorted(by_number.items())
                   if first in (str(step.number), step.label)), None)
        if at is None:
            return None
        trail = (*trail, (context.name, key, at))
        if trail[-1] in trail[:-1] or len(trail) > MAX_JUMPS + 1:
            self.notes.add(f"extension {extension.name} of [{context.name}]: Goto() leads here in a circle, or over"
                           f" {MAX_JUMPS} others, and is not carried over", by_number[at].place)
            return None
        steps = []      # the call ends where a priority is missing
        while at in by_number:
            steps.append(by_number[at])
            at += 1
        beyond = [step for number_, step in by_number.items() if number_ > at]
        if beyond:
            self.notes.add(f"extension {extension.name} of [{context.name}]: there is no priority {at}, so the call"
                           f" ends there, and priority {beyond[0].number} is not carried over", beyond[0].place)
        return _Walk(self, context, extension, number, trail, entered or context.name).walk(steps)


@dataclass
class _Walk:
    """One pass over the steps of an extension."""

    reader: Reader
    context: Context
    extension: Extension
    number: str
    trail: Trail
    entered: str
    shown: str = ""
    acts: int = 0

    def walk(self, steps: list[Step]) -> Route:
        for index, step in enumerate(steps):
            name = step.application.lower()
            if name == "set" and self._is_constant(step):
                self._note("Set() changes a variable of [globals], so what comes after it is not carried over", step)
                return None
            if name in SILENT:
                self._silent(name, step)
            elif name == "hangup":
                return End(HANGUPS.get(step.arguments.strip(), "normal"))
            elif name in ENDS:
                return End(ENDS[name])
            else:
                return self._act(name, step, steps[index + 1:])
        return End("normal")

    def _silent(self, name: str, step: Step) -> None:
        if name != "set":
            return
        variable, dummy, value = step.arguments.partition("=")
        variable = variable.strip().lower().replace(" ", "")
        if variable in ("callerid(num)", "callerid(number)"):
            self.shown = value.strip()
        elif variable == "callerid(all)":
            self.shown = caller(value)[1]
        else:
            self._note(f"Set({step.arguments.partition('=')[0].strip()}) is not carried over", step)

    def _is_constant(self, step: Step) -> bool:
        found = VARIABLE.fullmatch(step.arguments.partition("=")[0].strip())
        return found is not None and found["name"] in self.reader.constants

    def _act(self, name: str, step: Step, rest: list[Step]) -> Route:
        self.acts += 1
        if self.acts > MAX_ACTS:
            self._note(f"more than {MAX_ACTS} steps ring or play one after another, which is not carried over", step)
            return None
        if name == "dial":
            return self._dial(step, rest)
        if name == "voicemail":
            return self._voicemail(step, rest)
        if name == "playback":
            return self._playback(step, rest)
        if name == "goto":
            return self._goto(step)
        self._note(f"{step.application}() is not carried over", step)
        return None

    def _dial(self, step: Step, rest: list[Step]) -> Route:
        arguments = [part.strip() for part in split(step.arguments, ",")]
        targets = [target.strip() for target in split(arguments[0], "&") if target.strip()]
        outside = [found for target in targets if (found := self._outside(target, step))]
        if outside:
            if len(targets) == 1:
                self._options(arguments, step)
                self._rest(step, rest)
                return outside[0]
            self._note("Dial() rings a trunk among others, which is not carried over", step)
            return None
        phones = [self._phone(target) for target in targets]
        if not phones or None in phones:
            self._note("Dial() rings something that is no phone of the inventory, so it is not carried over", step)
            return None
        self._options(arguments, step)
        if self.shown:
            self._note(f"phones are shown the number {self.shown} in place of the caller's, which is not carried over",
                       step)
        seconds = arguments[1] if len(arguments) > 1 else ""
        if seconds and (not re.fullmatch("[1-9][0-9]{0,8}", seconds) or int(seconds) > FOREVER):
            self._note(f"Dial() rings for {seconds[:40]} seconds, which is not carried over; here it is {FOREVER} at"
                       " most", step)
        after = self.walk(rest)
        if isinstance(after, Outside):
            self._note("a call that nobody took goes to a trunk, which is not carried over", step)
        ends = after is None or isinstance(after, Outside)
        return Ring(tuple(dict.fromkeys(filter(None, phones))),
                    min(int(seconds), FOREVER) if re.fullmatch("[1-9][0-9]{0,8}", seconds) else FOREVER,
                    End("normal") if ends else after)

    def _rest(self, step: Step, rest: list[Step]) -> None:
        """Note the steps behind one with which a route ends."""
        left = [one.application for one in rest if one.application.lower() not in (*SILENT, *ENDS, "hangup")]
        if left:
            self._note(f"what comes after {step.application}() is not carried over"
                       f" ({', '.join(dict.fromkeys(left))})", step)

    def _options(self, arguments: list[str], step: Step) -> None:
        if len(arguments) > 2 and arguments[2]:
            self._note(f"the options of Dial() ({re.sub(r'[(].*', '…', arguments[2])}) are not carried over", step)

    def _phone(self, target: str) -> str | None:
        contacts = CONTACTS.fullmatch(self._filled(target))
        technology, slash, name = self._filled(target).partition("/")
        name = contacts["name"] if contacts else name if slash and technology.upper() == "PJSIP" else ""
        return name if name in self.reader.phones else None

    def _outside(self, target: str, step: Step) -> Outside | None:
        """Read `PJSIP/number@endpoint` and `PJSIP/endpoint/sip:number@host`."""
        technology, slash, resource = target.partition("/")
        if not slash or technology.upper() != "PJSIP":
            return None
        endpoint, uri = resource.partition("/")[::2]
        number, at, behind = resource.rpartition("@")
        if uri.startswith("sip") and endpoint in self.reader.trunks:
            number = re.sub(r"^sips?:", "", uri).partition("@")[0]
            return Outside(endpoint, number, self.shown, step.place)
        return Outside(behind, number, self.shown, step.place) if at and behind in self.reader.trunks else None

    def _filled(self, text: str) -> str:
        """Return a text with the number in place of ${EXTEN}."""
        return EXTEN.sub(lambda found: _part(self.number, found), text) if self.number else text

    def _voicemail(self, step: Step, rest: list[Step]) -> Route:
        box = self._filled(step.arguments.split(",")[0].split("|")[0].strip())
        name, dummy, context = box.partition("@")
        if "&" in box or not name.isdigit() or context not in ("", "default"):
            self._note("VoiceMail() names no single mailbox of context default, and is not carried over", step)
            return None
        self._rest(step, rest)
        return Leave(name)

    def _playback(self, step: Step, rest: list[Step]) -> Route:
        files = step.arguments.split(",")[0].split("&")
        after = self.walk(rest)
        if not all(NAMED.fullmatch(file.strip()) for file in files) or after is None or isinstance(after, Outside):
            self._note("Playback() is not carried over", step)
            return None
        for file in reversed(files):
            after = Say(file.strip(), after)
        return after

    def _goto(self, step: Step) -> Route:
        parts = [self._filled(part.strip()) for part in step.arguments.split(",")]
        context, number, first = [self.entered, *parts] if len(parts) == 2 else [*parts, "", ""][:3]
        if any("$" in part for part in parts):
            self._note("Goto() leads to a place that a call decides, and is not carried over", step)
            return None
        if len(parts) == 1:
            return self.reader.extension(
                self.context, self.extension, self.number, parts[0], self.trail, self.entered)
        found = self.reader.find(context, number)
        if found is None:
            self._note(f"Goto() leads to {number} of [{context}], which is not there or more than one pattern", step)
            return None
        return self.reader.extension(*found, number, first, self.trail, context)

    def _note(self, what: str, step: Step) -> None:
        self.reader.notes.add(f"extension {self.extension.name} of [{self.context.name}]: {what}", step.place)


def _key(context: Context, extension: Extension) -> str:
    return next(key for key, one in context.extensions.items() if one is extension)


def _part(number: str, found: re.Match[str]) -> str:
    """Return what `${EXTEN:from:length}` is of a number."""
    start = int(found["from"] or 0)
    rest = number[start:] if start >= 0 or -start <= len(number) else number
    return rest[: int(found["length"])] if found["length"] else rest


def unread(plan: Dialplan, seen: set[tuple[str, str]]) -> Iterator[tuple[Context, Extension]]:
    """Yield the extensions that nothing accounted for."""
    for context in plan.contexts.values():
        for key, extension in context.extensions.items():
            if (context.name, key) not in seen and any(step.number for step in extension.steps):
                yield context, extension
