# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An Asterisk that keeps a SIP history of the OPTIONS it is made to send, as the probes ask it."""

from __future__ import annotations

import itertools
import types

from .console import Manager


class Asterisk(Manager):
    """Its manager interface. `add` gives it a trunk."""

    def __init__(self):
        super().__init__()
        self.trunks = {}
        self.qualified = []
        self.texts = []     # pairs of whether it was sent, and a SIP message
        self.ids = itertools.count(1)

    def add(self, endpoint, host, answer="200 OK", status="Avail", sends=True, after=0, before=lambda: None):
        """Add a trunk. `after`: how many endpoints must have been asked before it answers; `before`: called then."""
        self.trunks[endpoint] = types.SimpleNamespace(
            host=host, answer=answer, status=status, sends=sends, after=after, before=before, call_id="")

    def action(self, name, *fields):
        endpoint = dict(fields)["Endpoint"]
        trunk = self.trunks[endpoint]
        self.qualified.append(endpoint)
        if trunk.sends:
            trunk.call_id = f"call-{next(self.ids)}"
            self.texts.append((True, f"OPTIONS sip:{trunk.host} SIP/2.0\n{self.head(trunk)}"))
        return super().action(name, *fields)

    def head(self, trunk):
        return f"Via: SIP/2.0/UDP 192.0.2.1;branch=z9\nCall-ID: {trunk.call_id}\nCSeq: 1 OPTIONS\n"

    def retransmit(self):
        """Send the first OPTIONS again."""
        self.texts.append(self.texts[0])

    def command(self, line):
        self.said.append(line)
        words = line.split()
        if line.startswith("pjsip show endpoint "):
            found = self.trunks.get(words[-1])
            if not found:
                return True, [f"Unable to find object {words[-1]}."]
            return True, [f"    Contact:  {words[-1]}/sip:x 0123 {found.status} 2.5", f" aors : {words[-1]}"]
        if line.startswith("pjsip show aor "):
            return True, [f" contact : sip:{self.trunks[words[-1]].host}"]
        if line.startswith("pjsip show history entry "):
            sent, text = self.texts[int(words[-1])]
            way = "Sent to" if sent else "Received from"
            return True, [f"<--- History Entry {words[-1]} {way} 192.0.2.2:5060 at 1 --->", *text.splitlines()]
        if line.startswith("pjsip show history"):
            self.answers()
            of = words[-1].strip('"') if " where " in line else ""
            return True, [f"{number:05} 1795400585 * {'==>' if sent else '<=='} 192.0.2.2:5060 {text.splitlines()[0]}"
                          for number, (sent, text) in enumerate(self.texts) if of in text]
        if line == "pjsip set history clear":
            self.texts.clear()
        return True, []

    def answers(self):
        for trunk in self.trunks.values():
            if trunk.call_id and trunk.answer and len(self.qualified) >= trunk.after:
                self.texts.append((False, f"SIP/2.0 {trunk.answer}\n{self.head(trunk)}"))
                trunk.before()
                trunk.call_id = ""
