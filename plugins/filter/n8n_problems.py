# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter n8n_problems."""

from __future__ import annotations

from typing import Any, Callable, Mapping

DOCUMENTATION = r"""
name: n8n_problems
short_description: Find what cannot be right in the options of role n8n
version_added: 1.0.0
description:
  - For role P(trunkline.voice.n8n#role), before it touches the host.
author: the trunkline.voice authors (@trunkline)
options:
  _input:
    description: The options of the role, by name.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Refuse what cannot be right
  ansible.builtin.assert:
    that: options | trunkline.voice.n8n_problems == []
"""

RETURN = r"""
_value:
  description: A sentence for each value that cannot be right, which begins with the option's name.
  type: list
  elements: str
"""


def n8n_problems(options: Mapping[str, Any]) -> list[str]:
    """See DOCUMENTATION."""
    # Imported late, as Ansible imports all filters for each task that uses one.
    from ansible_collections.trunkline.voice.plugins.module_utils._n8n import problems

    return list(problems.of_host(options))


class FilterModule:
    """The filter, as Ansible looks for it."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"n8n_problems": n8n_problems}
