# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The transaction: check, swap, reload what changed, look, and keep the new tree or put the old one back.

Whatever kills a run leaves the old tree whole or the new one. What a new tree still needs, a reload or a restart, is
written into it before it becomes live, so that the next run goes on where one was killed.
"""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass, field
from typing import Mapping, Optional

from . import lint, redact, reload, service, verify
from .configuration import Config
from .scratch import Scratch
from .service import LiveFailed, Service, Unit
from .store import LOCAL, ConfigStore, Current

NOW, WHEN_IDLE, REPORT = "now", "when_idle", "report"


class Refused(Exception):
    """The configuration cannot be right; nothing was touched.

    :param sentences: what is wrong, one each.
    """

    def __init__(self, sentences: list):
        super().__init__(" ".join(sentences))
        self.sentences = sentences


class PutBack(Exception):
    """The running Asterisk did not take the configuration; the one before is in place again."""


@dataclass(frozen=True)
class Desired:
    """What is declared.

    :param files: the text of each file by name: all of them.
    :param once: the names of those that are written only where they are missing.
    :param restart: one of NOW, WHEN_IDLE (within `patience` seconds), REPORT.
    """

    files: Mapping[str, str]
    once: frozenset = frozenset()
    restart: str = WHEN_IDLE
    patience: float = 60


@dataclass
class Outcome:
    """What a run changed, or would change: rows {action, what} in `changes`, with a `note` where there is something to
    say and a `diff` where a file changes; the files that are not there yet, without which a dry run could not check, in
    `unchecked`."""

    changes: list = field(default_factory=list)
    reloaded: list = field(default_factory=list)
    pending: list = field(default_factory=list)
    unchecked: list = field(default_factory=list)


@dataclass(frozen=True)
class Change:
    """A difference and where it starts from.

    :param files: what becomes the live tree; `after` has what is written by hand as well.
    :param before: what the running Asterisk has read, but for what is pending.
    :param outside: the digests of the files that `after` refers to outside of it, by path.
    :param pending: what the live tree still needs: {reloads, restart}.
    """

    current: Current
    unit: Unit
    files: Mapping[str, str]
    before: Config
    after: Config
    outside: Mapping[str, str]
    pending: Mapping[str, list]

    @property
    def is_empty(self) -> bool:
        state = self.current.state
        return (
            self.files == self.current.files and not self.current.loose and not self.pending["reloads"]
            and self.current.local == state.get("local", {}) and self.outside == state.get("outside", {})
        )

    @property
    def state(self) -> dict:
        """What is noted of the tree that comes of it."""
        return {"local": self.current.local, "outside": self.outside}


class Transaction:
    """A single run on one host. Not reusable."""

    def __init__(
        self, desired: Desired, store: Optional[ConfigStore] = None, live: Optional[Service] = None, scratch=Scratch
    ):
        self.desired, self.store, self.service = desired, store or ConfigStore(), live or Service()
        self._scratch = scratch
        self.outcome = Outcome()

    def run(self, dry: bool = False) -> Outcome:
        """Make Asterisk run with what is declared; `dry` says what that would change and checks it all the same.

        :raises Refused, PutBack, LiveFailed, ScratchFailed:
        """
        if dry:
            return self._run(dry)
        if not os.path.exists(service.BINARY):
            raise LiveFailed(f"there is no {service.BINARY}; role trunkline.voice.asterisk installs it")
        with self.store.locked():
            return self._run(dry)

    def _run(self, dry: bool) -> Outcome:
        change = self._change()
        if change.is_empty:
            self._record_permissions(change)
            return self._unchanged(change, dry)
        self._record_files(change)
        self._record_permissions(change)
        to_come = [path for path in (service.BINARY, *change.outside) if not os.path.exists(path)]
        if dry and to_come:
            self.outcome.unchecked = to_come
            is_up = change.unit.active
            self._record_service("change" if is_up else "add", "reload" if is_up else "start")
            return self.outcome
        with self._scratch(change.after) as scratch:
            found = lint.problems(change.after, scratch)
            if found:
                hide = redact.Hider(redact.secrets({**change.current.all, **change.after}))
                raise Refused([hide(lint.sentence(fault, change.after)) for fault in found])
            self._carry_out(change, scratch, dry)
        return self.outcome

    def _change(self) -> Change:
        current, unit = self.store.look(), self.service.unit()
        files = {**self.desired.files,
                 **{name: current.files[name] for name in self.desired.once if name in current.files}}
        files.update(_included_by_name(files, current.local))
        state = current.state
        before = Config({**current.files, **state.get("local", {})})
        after = Config({**files, **current.local})
        # The same texts refer to the same files.
        paths = state.get("outside", {}) if dict(after) == dict(before) else reload.referred(after)
        return Change(
            current=current, unit=unit, files=files, before=before, after=after,
            outside={path: _digest(path) for path in paths}, pending=_pending(current, unit))

    def _unchanged(self, change: Change, dry: bool) -> Outcome:
        if change.current.bad_permissions and not dry:
            self.store.fix_permissions()
        if not change.unit.active:
            self._record_service("change", "start")
            if not dry:
                self.service.start()
        else:
            self._restart([*change.pending["restart"], *self.service.newer(change.unit)], change.unit, dry)
        return self.outcome

    def _carry_out(self, change: Change, scratch: Scratch, dry: bool) -> None:
        reloads, reasons = self._needs(change, scratch)
        unit = change.unit
        if dry:
            if unit.active:
                self._restart([*reasons, *self.service.newer(unit)], unit, dry)
            else:
                self._record_service("change" if change.current.files else "add", "start")
            self.outcome.reloaded = reloads if unit.active else []
            return
        contacts = verify.contacts(self.service.ask) if unit.active else {}
        waiting = {"since": time.time(), "reloads": reloads, "restart": reasons}
        old = self.store.swap(change.files, {**change.state, "pending": waiting})
        if change.current.bad_permissions:
            self.store.fix_permissions()
        try:
            done = self._apply(change, reloads, reasons)
            if done:
                self._look(change, scratch, contacts)
        except LiveFailed as error:
            self._put_back(old, unit, waiting, error)
        else:
            self.store.note({**change.state, "pending": {} if done else {**waiting, "reloads": []}})
            self.store.prune(keep=old)

    def _needs(self, change: Change, scratch: Scratch) -> tuple[list, list]:
        """The console commands that apply a change, and the reasons why a restart has to."""
        needs, pending = reload.needs(change.before, change.after), change.pending
        reasons = [*pending["restart"], *(reason for reason in needs.restart if reason not in pending["restart"])]
        noted = change.current.state.get("outside", {})
        renewed = [path for path in change.outside if change.outside[path] != noted.get(path)]
        renewals: list = []
        if reload.reloads_certificates(scratch.ask("core show version")):
            readers = reload.referred(change.after) if renewed and not needs.restart else {}
            renewals = [reload.RELOAD[readers[path]] for path in renewed if path in readers]
        else:
            reasons += [f"{path} is read at the start only" for path in renewed
                        if service.changed(path) > change.unit.since]
        carried = [] if pending["restart"] else pending["reloads"]
        return list(dict.fromkeys([*carried, *needs.reloads, *renewals])), reasons

    def _apply(self, change: Change, reloads: list, reasons: list) -> bool:
        """Whether Asterisk now runs with what is on the disk."""
        if not change.unit.active:
            self._record_service("change" if change.current.files else "add", "start")
            self.service.start()
            return True
        reasons = [*reasons, *self.service.newer(change.unit)]
        if reasons:
            return self._restart(reasons, change.unit, dry=False)
        for command in reloads:
            self.service.ask(command)
        self.outcome.reloaded = reloads
        return True

    def _restart(self, reasons: list, unit: Unit, dry: bool) -> bool:
        """Restart as the policy says; True where nothing is left to do."""
        if not reasons:
            return True
        policy = self.desired.restart
        if policy == REPORT:
            self.outcome.pending = reasons
            return False
        if dry:
            self._record_service("change", "restart, which ends the calls that are up" if policy == NOW else
                                 "restart as soon as no call is up")
            return True
        self.service.take_up(unit)
        if policy == NOW:
            self.service.restart()
        elif not self.service.restart_when_idle(self.desired.patience):
            self.outcome.pending = reasons
            return False
        self._record_service("change", "restart")
        return True

    def _look(self, change: Change, scratch: Scratch, contacts: Mapping[str, str]) -> None:
        """:raises LiveFailed: Asterisk does not have what was declared, or a trunk is worse off than it was."""
        asked = verify.questions(change.before if change.unit.active else Config({}), change.after)
        wrong = list(verify.differences(asked, scratch.ask, self.service.ask))
        if wrong:
            raise LiveFailed("; ".join(wrong))
        lost = verify.worse(contacts, self.service.ask, change.after.pjsip.trunks())
        if lost:
            raise LiveFailed(f"{', '.join(lost)} answered OPTIONS before and does not now")

    def _put_back(self, old: Optional[str], unit: Unit, waiting: dict, error: LiveFailed) -> None:
        if old is None:
            raise PutBack(f"Asterisk did not take the configuration, and there was none before: {error}.") from None
        state = self.store.state(old)
        self.store.note({**state, "pending": {**waiting, "since": time.time()}}, old)
        self.store.activate(old)
        if unit.active and self.service.unit().pid != unit.pid:
            # It has read the new one at its start.
            self._restart(["the configuration before is back"], self.service.unit(), dry=False)
        elif unit.active:
            for command in waiting["reloads"]:
                self.service.ask(command)
        self.store.note({**state, "pending": {}})
        self.store.prune()
        raise PutBack(f"Asterisk did not take the configuration, and the one before is back: {error}.") from None

    def _record_files(self, change: Change) -> None:
        before, after = change.current.files, change.files
        if before == after:
            return
        diff = redact.Differ(change.current.all, change.after)
        for name in [*sorted(after), *sorted(set(before) - set(after))]:
            if before.get(name) != after.get(name):
                action = "add" if name not in before else "change" if name in after else "remove"
                path = f"{self.store.root}/{name}"
                texts = before.get(name, ""), after.get(name, "")
                self.outcome.changes.append({
                    "action": action, "what": f"file {path}", "diff": diff(path, *texts),
                    # Data, which a program compares: it holds no secret.
                    **(dict(zip(("before", "after"), texts)) if name.endswith(".json") else {})})

    def _record_permissions(self, change: Change) -> None:
        named = {os.path.basename(row["what"]) for row in self.outcome.changes}
        self.outcome.changes += [
            {"action": "change", "what": f"owner and mode of {path}"}
            for path in change.current.bad_permissions if os.path.basename(path) not in named and change.current.files
        ]

    def _record_service(self, action: str, note: str) -> None:
        self.outcome.changes.append({"action": action, "what": f"service {self.service.name}", "note": note})


def _included_by_name(files: Mapping[str, str], local: Mapping[str, str]) -> dict[str, str]:
    """The files that Asterisk reads by a name that only `local.d` has: each includes what is written by hand."""
    names = {name[len(LOCAL) + 1:]: name for name in local if name.startswith(LOCAL + "/")}
    return {
        name: f"; Managed by trunkline.voice: what is written by hand.\n#include {by_hand}\n"
        for name, by_hand in names.items() if name not in files and reload.known(name)
    }


def _digest(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()
    except OSError:
        return ""


def _pending(current: Current, unit: Unit) -> dict:
    """What the live tree still needs, unless Asterisk has started since and read everything."""
    waiting = current.state.get("pending") or {}
    if not waiting or not unit.active or unit.since > waiting["since"]:
        return {"reloads": [], "restart": []}
    return waiting
