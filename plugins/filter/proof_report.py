# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter proof_report."""

from __future__ import annotations

from typing import Any, Callable, Iterable, Mapping

DOCUMENTATION = r"""
name: proof_report
short_description: Return the findings of a PBX's probes as rows, as a table, and as the message of a failure
version_added: 0.2.0
description:
  - For role P(trunkline.voice.verify#role).
author: the trunkline.voice authors (@trunkline)
positional: _input, number
options:
  _input:
    description:
      - The results of M(trunkline.voice.trunk_options), M(trunkline.voice.trunk_call) and
        M(trunkline.voice.number_destinations).
    type: list
    elements: dict
    required: true
  number:
    description: The number that was called, empty where no call was placed.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Report
  ansible.builtin.debug:
    msg: "{{ (results | trunkline.voice.proof_report('+919876543210')).table }}"
"""

RETURN = r"""
_value:
  description:
    - C(rows), all checks; C(table), a line of each, but one of many numbers that passed; and C(message), each cause of
      a failure with its fix, empty where everything passed.
  type: dict
"""


def proof_report(results: Iterable[Mapping[str, Any]], number: str) -> dict[str, Any]:
    """See DOCUMENTATION."""
    # Imported late, as Ansible imports all filters for each task that uses one.
    from ansible_collections.trunkline.voice.plugins.module_utils._sip import report

    return report.report(results, number)


class FilterModule:
    """The filter, as Ansible looks for it."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"proof_report": proof_report}
