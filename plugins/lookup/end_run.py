# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookup plugin."""

from __future__ import annotations

from ansible import context
from ansible.plugins.lookup import LookupBase
from ansible.utils.display import Display

DOCUMENTATION = r"""
name: end_run
short_description: End a run with a text and an exit code
version_added: 0.1.0
description:
  - For the C(hosts) of a playbook's last play, which Ansible evaluates in its main process. It prints the text and ends
    the run there, with no recap after it.
  - A failed task cannot do this. It always leads to exit code 2 (or 4), and the last that a person reads is Ansible's
    report of a failure, although a plan with changes is none.
  - In a task it would end that task's worker only, which is an error.
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
- name: The end
  hosts: "{{ lookup('trunkline.voice.end_run', hostvars['localhost'].text, code=hostvars['localhost'].code) }}"
"""

RETURN = r"""
_raw:
  description: Only where Ansible lists a playbook or checks its syntax, and nothing is run. No host at all.
  type: list
  elements: str
"""

LISTINGS = ("syntax", "listhosts", "listtasks", "listtags")


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(self, terms, variables=None, **kwargs):
        """:raises SystemExit: with the code; nothing but Ansible's own cleaning up runs after it."""
        self.set_options(var_options=variables, direct=kwargs)
        if any(context.CLIARGS.get(listing) for listing in LISTINGS):
            return []
        Display().display("\n".join(map(str, terms)))
        raise SystemExit(self.get_option("code"))
