# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter changes."""

from __future__ import annotations

from typing import Any, Callable

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.task_changes import of_results

DOCUMENTATION = r"""
name: changes
short_description: Return the changes that tasks made, in the form in which roles publish them
version_added: 0.2.0
description:
  - Turns what tasks registered into the rows that roles publish, such as C(pbx_changes).
author: the trunkline.voice authors (@trunkline)
options:
  _input:
    description: The results of tasks. Of a loop, each item counts. A skipped task has no row.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Say what changed
  ansible.builtin.set_fact:
    pbx_changes: "{{ [certificate, removed_files] | trunkline.voice.changes }}"
"""

RETURN = r"""
_value:
  description: Rows of C(action) (V(add), V(change) or V(remove)), C(what), and perhaps C(note).
  type: list
  elements: dict
"""


class FilterModule:
    """The filter, as Ansible looks for it."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"changes": of_results}
