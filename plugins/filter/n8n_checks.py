# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter n8n_checks."""

from __future__ import annotations

from typing import Any, Callable, Sequence

DOCUMENTATION = r"""
name: n8n_checks
short_description: Return what came of asking workflows of n8n, with the cause and the fix where one failed
version_added: 1.0.0
description:
  - For role P(trunkline.voice.verify#role).
author: the trunkline.voice authors (@trunkline)
positional: _input, routes
options:
  _input:
    description: What C(n8n_route.py --verify) printed on the PBX, empty where it could not run.
    type: str
    required: true
  routes:
    description: The names of the rows of C(pbx_n8n).
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Report
  ansible.builtin.debug:
    msg: "{{ asked.stdout | trunkline.voice.n8n_checks(['reception']) }}"
"""

RETURN = r"""
_value:
  description: C(checks), a row for each workflow, for filter P(trunkline.voice.proof_report#filter).
  type: dict
"""


def n8n_checks(said: str, routes: Sequence[str]) -> dict[str, Any]:
    """See DOCUMENTATION."""
    # Imported late, as Ansible imports all filters for each task that uses one.
    from ansible_collections.trunkline.voice.plugins.module_utils._sip import report

    return report.n8n_checks(said, routes)


class FilterModule:
    """The filter, as Ansible looks for it."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"n8n_checks": n8n_checks}
