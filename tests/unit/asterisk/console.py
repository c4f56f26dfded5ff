# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Asterisk 22.10.1 printed on its console, and a manager that says it again."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.ami_framing import Message

FOLDER = Path(__file__).parent / "printed"


def printed(name: str) -> list[str]:
    """The lines of a recording."""
    return (FOLDER / f"{name}.txt").read_text().splitlines()


class Manager:
    """Stands in for `ami.Ami`.

    :param commands: console command, or how it begins, to the lines it prints. The longest that fits counts.
    :param events: what `event` gives, in order; a function among them is called with the manager and its result given.
    """

    def __init__(self, commands=None, events=(), variables=None):
        self.commands = commands or {}
        self.events = list(events)
        self.variables = variables or {}
        self.said: list[str] = []
        self.actions: list[tuple] = []

    def command(self, line):
        self.said.append(line)
        fits = sorted((start for start in self.commands if line.startswith(start)), key=len)
        lines = self.commands[fits[-1]] if fits else []
        lines = lines() if callable(lines) else lines
        return not any(text.startswith(("No such command", "Unable to", "There is no")) for text in lines), list(lines)

    def action(self, name, *fields):
        self.actions.append((name, dict(fields)))
        return Message([("Response", "Success"), ("ActionID", "a1")])

    def variable(self, name, channel=""):
        return self.variables.get(name, "")

    def event(self, _seconds):
        if not self.events:
            return None
        event = self.events.pop(0)
        return event(self) if callable(event) else event
