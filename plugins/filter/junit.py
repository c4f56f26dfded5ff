# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter junit."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Sequence

DOCUMENTATION = r"""
name: junit
short_description: Return the proof of several PBXs as JUnit XML
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


def junit(hosts: Sequence[tuple[str, Sequence[Mapping[str, Any]] | None]]) -> str:
    """See DOCUMENTATION."""
    # Imported late, as Ansible imports all filters for each task that uses one.
    from ansible_collections.trunkline.voice.plugins.module_utils._sip import report

    return report.junit(hosts)


class FilterModule:
    """The filter, as Ansible looks for it."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"junit": junit}
