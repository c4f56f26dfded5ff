# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration transaction: lint, swap, reload what changed, verify, and commit or roll back.

A run that is killed at any instant leaves the previous tree whole or the new one. What a new tree still needs, a reload
or a restart, is written into it before it becomes live, so that the next run resumes where one was killed.
"""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass, field
from typing import Any, Callable, Mapping

from ..._core.errors import TrunklineError
from . import lint, redact, reload, service, verify
from .configuration import Config
from .prompts import Prompts, what
from .reload import Needs
from .scratch import Scratch
from .service import NOW, REPORT, WHEN_IDLE, Service, ServiceFailed, Unit
from .store import FOUND, LOCAL, TREES, ConfigStore, Current


class InvalidConfig(TrunklineError):
    """Lint found faults in the configuration. Nothing was changed.

    :param problems: a sentence for each fault.
    """

    def __init__(self, problems: list[str]) -> None:
        message = f"The configuration is not valid, and nothing was changed. {' '.join(problems)}"
        super().__init__(message, problems=problems)
        self.problems = problems


class ApplyFailed(TrunklineError):
    """The running Asterisk did not take the configuration, which was rolled back where there was one before."""


@dataclass(frozen=True)
class Desired:
    """The declared configuration.

    :param files: the text of each file by name: all of them.
    :param once: the names of the files that are written only where they are missing.
    :param restart: one of NOW, WHEN_IDLE (within `patience` seconds), REPORT.
    :param prompts: those that it names. The others are removed once no running Asterisk plays them.
    """

    files: Mapping[str, str]
    once: frozenset[str] = frozenset()
    restart: str = WHEN_IDLE
    patience: float = 60
    prompts: Prompts = Prompts()


@dataclass
class Outcome:
    """The changes that a run made or, as a dry run, would make.

    :param changes: rows {action, what}, some with a `note`, and with a `diff` where a file changes.
    :param reloaded: the console commands that applied the change.
    :param pending: why Asterisk still has to be restarted.
    :param unchecked: the missing files without which a dry run could not lint.
    """

    changes: list[dict[str, str]] = field(default_factory=list)
    reloaded: list[str] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Change:
    """The difference between the current configuration and the desired one.

    :param files: the files of the new tree; `after` adds what is written by hand.
    :param before: what the running Asterisk has read, except for what is pending.
    :param outside: the digest of each file outside of `after` that it refers to, by path.
    :param pending: what the live tree still needs.
    """

    current: Current
    unit: Unit
    files: Mapping[str, str]
    before: Config
    after: Config
    outside: Mapping[str, str]
    pending: Needs

    @property
    def is_empty(self) -> bool:
        state = self.current.state
        return (
            self.files == self.current.files and not self.current.loose and not self.pending.reloads
            and self.current.local == state.get("local", {}) and self.outside == state.get("outside", {})
        )

    @property
    def state(self) -> dict[str, Any]:
        """The state to note of the new tree."""
        return {"local": self.current.local, "outside": self.outside}


class Transaction:
    """A single run on one host. Not reusable.

    :param store: the configuration on the disk.
    :param live: the running Asterisk.
    :param scratch: makes a scratch Asterisk for a configuration.
    """

    def __init__(
        self, desired: Desired, store: ConfigStore | None = None, live: Service | None = None,
        scratch: Callable[[Config], Scratch] = Scratch,
    ) -> None:
        self.desired, self.store, self.service = desired, store or ConfigStore(), live or Service()
        self._scratch = scratch
        self.outcome = Outcome()

    def run(self, dry: bool = False) -> Outcome:
        """Make the running Asterisk have the desired configuration; a dry run lints it and returns what would change.

        :raises InvalidConfig, ApplyFailed, ServiceFailed, ScratchFailed:
        """
        if dry:
            self._run(dry)
            return self._without_unused_prompts(dry)
        if not os.path.exists(self.service.binary):
            raise ServiceFailed(f"there is no {self.service.binary}; role trunkline.voice.asterisk installs it")
        with self.store.locked():
            self._run(dry)
            return self._without_unused_prompts(dry)

    def _run(self, dry: bool) -> Outcome:
        change = self._change()
        if change.is_empty:
            self._record_permissions(change)
            return self._unchanged(change, dry)
        self._record_files(change)
        self._record_permissions(change)
        missing = [path for path in (self.service.binary, *change.outside) if not os.path.exists(path)]
        if dry and missing:
            self.outcome.unchecked = missing
            is_up = change.unit.active
            self._record_service("change" if is_up else "add", "reload" if is_up else "start")
            return self.outcome
        with self._scratch(change.after) as scratch:
            self._lint(change, scratch)
            needs = self._needs(change, scratch)
            # Before the swap: whatever becomes of the scratch Asterisk, nothing was changed yet.
            expected = {} if dry else self._expected(change, scratch)
        if dry:
            self._foretell(change, needs)
        else:
            self._carry_out(change, needs, expected)
        return self.outcome

    def _without_unused_prompts(self, dry: bool) -> Outcome:
        """Remove the prompts of the configuration before, unless Asterisk still has to be restarted to forget it."""
        if not self.outcome.pending:
            prompts = self.desired.prompts
            self.outcome.changes += [{"action": "remove", "what": what(name)} for name in prompts.gone()]
            if not dry:
                prompts.remove_unused()
        return self.outcome

    def _lint(self, change: Change, scratch: Scratch) -> None:
        faults = lint.problems(change.after, scratch)
        if faults:
            hide = redact.Hider(redact.secrets({**change.current.all, **change.after}))
            raise InvalidConfig([hide(lint.sentence(fault, change.after)) for fault in faults])

    def _expected(self, change: Change, scratch: Scratch) -> dict[str, str]:
        """Return the answers that the running Asterisk must give after the change, by question."""
        before = change.before if change.unit.active else Config({})
        return {question: scratch.ask(question) for question in verify.questions(before, change.after)}

    def _change(self) -> Change:
        current, unit = self.store.read(), self.service.unit()
        files = {**self.desired.files,
                 **{name: current.files[name] for name in self.desired.once if name in current.files}}
        files.update(_included_by_name(files, current.local))
        state = current.state
        before = Config({**current.files, **state.get("local", {})})
        after = Config({**files, **current.local})
        # The same texts refer to the same files.
        paths = state.get("outside", {}) if dict(after) == dict(before) else reload.referred_files(after)
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
            self._restart([*change.pending.restart, *self.service.newer(change.unit)], change.unit, dry)
        return self.outcome

    def _foretell(self, change: Change, needs: Needs) -> None:
        if change.unit.active:
            self._restart([*needs.restart, *self.service.newer(change.unit)], change.unit, dry=True)
            self.outcome.reloaded = needs.reloads
        else:
            self._record_service("change" if change.current.files else "add", "start")

    def _carry_out(self, change: Change, needs: Needs, expected: Mapping[str, str]) -> None:
        contacts = verify.contact_states(self.service.ask) if change.unit.active else {}
        pending = _noted(needs)
        previous = self.store.swap(change.files, {**change.state, "pending": pending})
        if change.current.bad_permissions:
            self.store.fix_permissions()
        try:
            done = self._apply(change, needs)
            if done:
                self._verify(change, expected, contacts)
        except ServiceFailed as error:
            self._roll_back(previous, change.unit, needs, error)
        else:
            self.store.write_state({**change.state, "pending": {} if done else {**pending, "reloads": []}})
            self.store.prune(keep=previous)

    def _needs(self, change: Change, scratch: Scratch) -> Needs:
        """Return the console commands that apply a change, and the reasons why only a restart does."""
        needs, pending = reload.needs(change.before, change.after), change.pending
        reasons = [*pending.restart, *(reason for reason in needs.restart if reason not in pending.restart)]
        noted = change.current.state.get("outside", {})
        renewed = [path for path in change.outside if change.outside[path] != noted.get(path)]
        renewals: list[str] = []
        if reload.reloads_certificates(scratch.ask("core show version")):
            readers = reload.referred_files(change.after) if renewed and not needs.restart else {}
            renewals = [reload.RELOAD[readers[path]] for path in renewed if path in readers]
        else:
            reasons += [f"{path} is read at the start only" for path in renewed
                        if service.changed(path) > change.unit.since]
        carried = [] if pending.restart else pending.reloads
        return Needs(list(dict.fromkeys([*carried, *needs.reloads, *renewals])), reasons)

    def _apply(self, change: Change, needs: Needs) -> bool:
        """Start, restart or reload Asterisk. False where a restart is still pending."""
        if not change.unit.active:
            self._record_service("change" if change.current.files else "add", "start")
            self.service.start()
            return True
        reasons = [*needs.restart, *self.service.newer(change.unit)]
        if reasons:
            return self._restart(reasons, change.unit, dry=False)
        for command in needs.reloads:
            self.service.ask(command)
        self.outcome.reloaded = needs.reloads
        return True

    def _restart(self, reasons: list[str], unit: Unit, dry: bool) -> bool:
        """Restart as the policy says, if there is a reason. False where the restart is still pending."""
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
        self.service.daemon_reload(unit)
        if policy == NOW:
            self.service.restart()
        elif not self.service.restart_when_idle(self.desired.patience):
            self.outcome.pending = reasons
            return False
        self._record_service("change", "restart")
        return True

    def _verify(self, change: Change, expected: Mapping[str, str], contacts: Mapping[str, str]) -> None:
        """Compare the running Asterisk's answers with the scratch one's, and its trunks with their state before.

        :raises ServiceFailed: Asterisk does not have what was declared, or a trunk stopped answering.
        """
        wrong = list(verify.differences(expected, self.service.ask))
        if wrong:
            raise ServiceFailed("; ".join(wrong))
        lost = verify.lost_contacts(contacts, self.service.ask, change.after.pjsip.trunks())
        if lost:
            raise ServiceFailed(f"{', '.join(lost)} answered OPTIONS before and does not now")

    def _roll_back(self, previous: str | None, unit: Unit, needs: Needs, error: ServiceFailed) -> None:
        """Make the previous tree live again, and have Asterisk read it.

        :raises ApplyFailed: always, with what became of it.
        """
        if previous is None:
            raise ApplyFailed(
                f"Asterisk did not take the configuration, and there was none before: {error.reason}.", changed=True
            ) from None
        state = self.store.read_state(previous)
        self.store.write_state({**state, "pending": _noted(needs)}, previous)
        self.store.activate(previous)
        try:
            done = self._take_back(unit, needs)
        except ServiceFailed as again:
            raise ApplyFailed(
                f"Asterisk did not take the configuration: {error.reason}. The one before is on the disk again, but"
                f" Asterisk did not take it back: {again.reason}.", "Mend that, and run again.", changed=True
            ) from None
        if done:
            self.store.write_state({**state, "pending": {}})
        self.store.prune()
        back = "back" if done else "on the disk again, which Asterisk takes at its next start"
        raise ApplyFailed(
            f"Asterisk did not take the configuration, and the one before is {back}: {error.reason}.") from None

    def _take_back(self, unit: Unit, needs: Needs) -> bool:
        """Make Asterisk read the previous tree, which is live again. False where a restart is still pending.

        :param unit: the unit before the run.
        """
        if not unit.active:
            return True
        now = self.service.unit()
        if now.pid != unit.pid:
            # The process has read the new tree at its start.
            return self._restart(["the configuration before is back"], now, dry=False)
        for command in needs.reloads:
            self.service.ask(command)
        return True

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
                kept = {"note": f"the file before is kept in {self.store.root}/{TREES}/…{FOUND}"}
                self.outcome.changes.append({
                    "action": action, "what": f"file {path}", "diff": diff(path, *texts),
                    **(kept if name in change.current.loose else {}),
                    # Data without secrets, which a program compares.
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
    """Return a file for each name that Asterisk reads and only `local.d` has. It includes what is written by hand."""
    names = {name[len(LOCAL) + 1:]: name for name in local if name.startswith(LOCAL + "/")}
    return {
        name: f"; Managed by trunkline.voice: what is written by hand.\n#include {by_hand}\n"
        for name, by_hand in names.items() if name not in files and reload.is_read_by_name(name)
    }


def _digest(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()
    except OSError:
        return ""


def _pending(current: Current, unit: Unit) -> Needs:
    """Return what the live tree still needs: nothing if Asterisk has started since, and so has read everything."""
    noted = current.state.get("pending") or {}
    if not noted or not unit.active or unit.since > noted["since"]:
        return Needs([], [])
    return Needs(noted["reloads"], noted["restart"])


def _noted(needs: Needs) -> dict[str, Any]:
    """Return needs as a tree's state keeps them. A process that starts later has read everything."""
    return {"since": time.time(), "reloads": needs.reloads, "restart": needs.restart}
