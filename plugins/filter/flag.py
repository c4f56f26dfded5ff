# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter flag."""

from __future__ import annotations

from typing import Any, Callable

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.normalise import normalise

DOCUMENTATION = r"""
name: flag
short_description: Read a boolean variable of a playbook as strictly as an option of a role
version_added: 0.2.0
description:
  - Refuses a text that is neither yes nor no, which Ansible's C(bool) filter reads as no.
author: the trunkline.voice authors (@trunkline)
positional: _input, name, default
options:
  _input:
    description: The value as it was given, or none.
    type: raw
    required: true
  name:
    description: The name of the variable, for the error.
    type: str
    required: true
  default:
    description: The value where none was given.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Only where it is wanted
  ansible.builtin.debug:
    msg: The trunks stay.
  when: teardown_keep_trunks | default(none) | trunkline.voice.flag('teardown_keep_trunks')
"""

RETURN = r"""
_value:
  description: True or false.
  type: bool
"""


def flag(value: Any, name: str, default: bool = False) -> bool:
    """See DOCUMENTATION."""
    found, problems = normalise({name: {"type": "bool", "default": default}}, {name: value})
    if problems:
        raise AnsibleFilterError(" ".join(problems))
    return bool(found[name])


class FilterModule:
    """The filter, as Ansible looks for it."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"flag": flag}
