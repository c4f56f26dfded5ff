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

from . import check, kinds, live
from .conf import read
from .live import LiveFailed, Service, Unit
from .objects import objects
from .scratch import Scratch
from .tree import Seen, Tree

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
class Wish:
    """What is wanted.

    :param files: the text of each file by name: the whole tree.
    :param once: the names of those that are written only where they are missing.
    :param restart: one of NOW, WHEN_IDLE (within `patience` seconds), REPORT.
    """

    files: Mapping[str, str]
    once: frozenset = frozenset()
    restart: str = WHEN_IDLE
    patience: float = 60


@dataclass
class Outcome:
    """What a run changed, or would change: rows {action, what, note} in `changes`; the trees `before` and `after`; the
    files that are not there yet, without which a dry run could not check, in `unchecked`."""

    before: dict = field(default_factory=dict)
    after: dict = field(default_factory=dict)
    changes: list = field(default_factory=list)
    reloaded: list = field(default_factory=list)
    pending: list = field(default_factory=list)
    unchecked: list = field(default_factory=list)


class Transaction:
    """One run on one host; nothing in it is for use twice."""

    def __init__(self, wish: Wish, tree: Optional[Tree] = None, service: Optional[Service] = None, scratch=Scratch):
        self.wish, self.tree, self.service = wish, tree or Tree(), service or Service()
        self._scratch = scratch
        self.outcome = Outcome()

    def run(self, dry: bool = False) -> Outcome:
        """Makes Asterisk run with what is wanted; `dry` says what that would change and checks it all the same.

        :raises Refused, PutBack, LiveFailed, ScratchFailed:
        """
        if dry:
            return self._run(dry)
        if not os.path.exists(live.BINARY):
            raise LiveFailed(f"there is no {live.BINARY}; role trunkline.voice.asterisk installs it")
        with self.tree.locked():
            return self._run(dry)

    def _run(self, dry: bool) -> Outcome:
        seen, unit = self.tree.look(), self.service.unit()
        files = {**self.wish.files, **{name: seen.files[name] for name in self.wish.once if name in seen.files}}
        after = {**files, **seen.local}
        self.outcome.before, self.outcome.after = seen.all, after
        pending = _pending(seen, unit)
        outside = {path: _digest(path) for path in kinds.referred(after)}
        differs = (
            files != seen.files or bool(seen.loose) or seen.local != seen.state.get("local", {})
            or outside != seen.state.get("outside", {})
        )
        self._tell_files(files, seen)
        if not differs and not pending["reloads"]:
            return self._unchanged(seen, unit, pending, dry)
        to_come = [path for path in (live.BINARY, *outside) if not os.path.exists(path)]
        if dry and to_come:
            self.outcome.unchecked = to_come
            self._tell_service("change" if unit.active else "add", "reload" if unit.active else "start")
            return self.outcome
        with self._scratch(after) as scratch:
            found = check.problems(after, scratch)
            if found:
                hidden = check.secrets({**seen.all, **after})
                raise Refused([check.hide(check.sentence(fault, after), hidden) for fault in found])
            self._go(files, after, outside, seen, unit, pending, scratch, dry)
        return self.outcome

    def _unchanged(self, seen: Seen, unit: Unit, pending: dict, dry: bool) -> Outcome:
        if seen.open and not dry:
            self.tree.close()
        if not unit.active:
            self._tell_service("change", "start")
            if not dry:
                self.service.start()
        else:
            self._restart([*pending["restart"], *self.service.newer(unit)], unit, dry)
        return self.outcome

    def _go(self, files, after, outside, seen: Seen, unit: Unit, pending: dict, scratch: Scratch, dry: bool) -> None:
        # With which the running Asterisk agrees, but for what is pending.
        last = {**seen.files, **seen.state.get("local", {})}
        needs = kinds.needs(last, after)
        reasons = [*pending["restart"], *(reason for reason in needs.restart if reason not in pending["restart"])]
        renewed = [path for path in outside if outside[path] != seen.state.get("outside", {}).get(path)]
        if kinds.reloads_certificates(scratch.ask("core show version")):
            renewals = [kinds.RELOAD[kinds.referred(after)[path]] for path in renewed if not needs.restart]
        else:
            renewals = []
            reasons += [f"{path} is read at the start only" for path in renewed if live.changed(path) > unit.since]
        carried = [] if pending["restart"] else pending["reloads"]
        reloads = list(dict.fromkeys([*carried, *needs.reloads, *renewals]))
        if dry:
            if unit.active:
                self._restart([*reasons, *self.service.newer(unit)], unit, dry)
            else:
                self._tell_service("change" if seen.files else "add", "start")
            self.outcome.reloaded = reloads if unit.active else []
            return
        before = live.contacts(self.service.ask) if unit.active else {}
        state = {"local": seen.local, "outside": outside}
        waiting = {"since": time.time(), "reloads": reloads, "restart": reasons}
        old = self.tree.swap(files, {**state, "pending": waiting})
        if seen.open:
            self.tree.close()
        try:
            done = self._apply(reloads, reasons, seen, unit)
            if done:
                self._look(last, after, scratch, before, was_active=unit.active)
        except LiveFailed as error:
            self._put_back(old, unit, waiting, error)
        else:
            self.tree.note({**state, "pending": {}} if done else {**state, "pending": {**waiting, "reloads": []}})
            self.tree.keep(old)

    def _apply(self, reloads: list, reasons: list, seen: Seen, unit: Unit) -> bool:
        """Whether Asterisk now runs with what is on the disk."""
        if not unit.active:
            self._tell_service("change" if seen.files else "add", "start")
            self.service.start()
            return True
        reasons = [*reasons, *self.service.newer(unit)]
        if reasons:
            return self._restart(reasons, unit, dry=False)
        for command in reloads:
            self.service.ask(command)
        self.outcome.reloaded = reloads
        return True

    def _restart(self, reasons: list, unit: Unit, dry: bool) -> bool:
        """Restarts as the policy says; True where nothing is left to do."""
        if not reasons:
            return True
        policy = self.wish.restart
        if policy == REPORT:
            self.outcome.pending = reasons
            return False
        if dry:
            self._tell_service("change", "restart, which ends the calls that are up" if policy == NOW else
                               "restart as soon as no call is up")
            return True
        self.service.take_up(unit)
        if policy == NOW:
            self.service.restart()
        elif not self.service.restart_when_idle(self.wish.patience):
            self.outcome.pending = reasons
            return False
        self._tell_service("change", "restart")
        return True

    def _look(self, last: Mapping, after: Mapping, scratch: Scratch, before: Mapping, was_active: bool) -> None:
        """:raises LiveFailed: Asterisk does not have what was declared, or a trunk is worse off than it was."""
        asked = live.questions(last if was_active else {}, after)
        wrong = list(live.differences(asked, scratch.ask, self.service.ask))
        if wrong:
            raise LiveFailed("; ".join(wrong))
        there = objects(read("pjsip.conf", after))
        trunks = {
            aor.strip(): name
            for (kind, name), section in there.items() if kind == "endpoint" and section.last("aors")
            for aor in section.last("aors").value.split(",")
            if ("aor", aor.strip()) in there and there["aor", aor.strip()].all("contact")
        }
        lost = live.worse(before, self.service.ask, trunks)
        if lost:
            raise LiveFailed(f"{', '.join(lost)} answered OPTIONS before and does not now")

    def _put_back(self, old: Optional[str], unit: Unit, waiting: dict, error: LiveFailed) -> None:
        if old is None:
            raise PutBack(f"Asterisk did not take the configuration, and there was none before: {error}.") from None
        state = self.tree.state(old)
        self.tree.note({**state, "pending": {**waiting, "since": time.time()}}, old)
        self.tree.to(old)
        if unit.active and self.service.unit().pid != unit.pid:
            # It has read the new one at its start.
            self._restart(["the configuration before is back"], self.service.unit(), dry=False)
        elif unit.active:
            for command in waiting["reloads"]:
                self.service.ask(command)
        self.tree.note({**state, "pending": {}})
        self.tree.keep()
        raise PutBack(f"Asterisk did not take the configuration, and the one before is back: {error}.") from None

    def _tell_files(self, files: Mapping, seen: Seen) -> None:
        rows = [("add" if name not in seen.files else "change", name)
                for name in sorted(files) if files[name] != seen.files.get(name)]
        rows += [("remove", name) for name in sorted(set(seen.files) - set(files))]
        self.outcome.changes += [{"action": action, "what": f"file {self.tree.root}/{name}"} for action, name in rows]
        changed = {name for _action, name in rows}
        self.outcome.changes += [
            {"action": "change", "what": f"owner and mode of {path}"}
            for path in seen.open if os.path.basename(path) not in changed and seen.files
        ]

    def _tell_service(self, action: str, note: str) -> None:
        self.outcome.changes.append({"action": action, "what": f"service {self.service.name}", "note": note})


def _digest(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()
    except OSError:
        return ""


def _pending(seen: Seen, unit: Unit) -> dict:
    """What the live tree still needs, unless Asterisk has started since and read everything."""
    waiting = seen.state.get("pending") or {}
    if not waiting or not unit.active or unit.since > waiting["since"]:
        return {"reloads": [], "restart": []}
    return waiting
