# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookup end_run."""

from __future__ import annotations

DOCUMENTATION = r"""
name: end_run
short_description: Decide with which text and exit code a run ends
version_added: 0.1.0
description:
  - For the C(hosts) of a play, which Ansible evaluates in its main process. The run goes on, and Ansible ends it as it
    ends any run, with its recap and with the statistics that callbacks write. Then the text is printed and the exit
    code is this one, whatever Ansible's own would be.
  - Of several such plays the last one that Ansible comes to decides. So a first play decides how a run ends that is
    stopped before the last play.
  - A failed task cannot do this. It leads to exit code 2 or 4, and what a person reads last is Ansible's report of a
    failure, although a plan with changes is none.
  - In a task it does nothing, as a task has a process of its own.
author: the trunkline.voice authors (@trunkline)
options:
  _terms:
    description: The text.
    required: true
  code:
    description: The exit code.
    type: int
    default: 0
"""

EXAMPLES = r"""
- name: Whatever stops the run, its exit code is 1
  hosts: "{{ lookup('trunkline.voice.end_run', 'There is no plan.', code=1) }}"

- name: The end
  hosts: "{{ lookup('trunkline.voice.end_run', hostvars['localhost'].text, code=hostvars['localhost'].code) }}"
"""

RETURN = r"""
_raw:
  description: No host at all, so that the play does nothing.
  type: list
  elements: str
"""

import atexit
import os
import sys
from typing import Any, Mapping, Sequence

from ansible import context
from ansible.plugins.lookup import LookupBase
from ansible.utils.display import Display

LISTINGS = ("syntax", "listhosts", "listtasks", "listtags")


class Ending:
    """The end of this process, which Ansible gives a playbook no way to decide."""

    def __init__(self) -> None:
        self.process: int | None = None
        self.text = ""
        self.code = 0

    def decide(self, text: str, code: int) -> None:
        """Set the text and the exit code with which the process ends."""
        if self.process is None:
            atexit.register(self.end)
        self.process, self.text, self.code = os.getpid(), text, code

    def end(self) -> None:
        """Exit with the code, after the other exit handlers, which remove Ansible's temporary files."""
        if self.process != os.getpid():
            return    # a copy of the process that did not end as Ansible's workers do
        try:
            Display().display(self.text)
            atexit.unregister(self.end)
            atexit._run_exitfuncs()
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(self.code)


ENDING = Ending()


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(self, terms: Sequence[Any], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[str]:
        """Return no host."""
        self.set_options(var_options=variables, direct=kwargs)
        if not any(context.CLIARGS.get(listing) for listing in LISTINGS):
            ENDING.decide("\n".join(map(str, terms)), self.get_option("code"))
        return []
