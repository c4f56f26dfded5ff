# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service and a scratch Asterisk that only remember which configuration they read."""

from __future__ import annotations

import time

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.service import Unit

#: What the console of an Asterisk lists which has what the dialplans here need.
LISTED = {"core show applications": "  Goto: Jump.\n  Hangup: Hang up.\n"}


class FakeScratch:
    """Answers what an Asterisk would that read the tree, and has no complaints."""

    def __init__(self, config):
        self.tree, self.died = dict(config), ""

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def ask(self, command):
        return answer(command, self.tree)

    def complaints(self):
        return []


def answer(command, tree):
    return f" tree : {sorted(tree.items())}" if command.startswith(("pjsip show", "dialplan show")) else \
        LISTED.get(command, "")


class FakeService:
    name, binary = "asterisk", "/bin/sh"

    def __init__(self, store, calls=0):
        self.store, self.calls, self.said = store, calls, []
        self.since, self.pid, self.active, self.deaf, self.contacts = 0.0, 0, False, False, "Avail"
        self.read = {}

    def unit(self):
        return Unit(self.active, self.pid, True, False, (), self.since)

    def start(self):
        self.active, self.pid, self.since = True, self.pid + 1, time.time()
        self.read = self.store.read().all

    def restart(self):
        self.said.append("restart")
        self.start()

    def restart_when_idle(self, _seconds):
        idle = not self.calls
        if idle:
            self.restart()
        return idle

    def newer(self, _unit):
        return []

    def daemon_reload(self, _unit):
        pass

    def ask(self, command, wait=True):
        if "reload" in command:
            self.said.append(command)
            if not self.deaf:
                self.read = self.store.read().all
        if command == "pjsip show contacts":
            return f"  Contact:  trunk/sip:a.example   0123456789 {self.contacts}   1.0"
        return answer(command, self.read)
