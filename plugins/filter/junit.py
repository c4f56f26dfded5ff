# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter plugin."""

from __future__ import annotations

from ansible_collections.trunkline.voice.plugins.module_utils._sip.report import junit

DOCUMENTATION = r"""
name: junit
short_description: The proof of several PBXs in JUnit's form
version_added: 0.2.0
description:
  - For role P(trunkline.voice.verify#role).
author: the trunkline.voice authors (@trunkline)
options:
  _input:
    description: Pairs of a host and its rows, as P(trunkline.voice.proof_report#filter) returns them, or none.
    type: list
    elements: list
    required: true
"""

EXAMPLES = r"""
- name: Keep the report
  ansible.builtin.copy:
    content: "{{ [['pbx1', report.rows]] | trunkline.voice.junit }}"
    dest: /tmp/verify.xml
    mode: "0644"
"""

RETURN = r"""
_value:
  description: An XML document.
  type: str
"""


class FilterModule:
    """Ansible's way to find the filter."""

    def filters(self):
        """Return the filter by its name."""
        return {"junit": junit}
