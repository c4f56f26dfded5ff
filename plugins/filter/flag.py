# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter plugin."""

from __future__ import annotations

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.normalise import normalise

DOCUMENTATION = r"""
name: flag
short_description: True or false of a playbook's own variable, read as strictly as an option of a role
version_added: 0.2.0
description:
  - A text that is neither yes nor no is refused, where Ansible's C(bool) takes it for no.
author: the trunkline.voice authors (@trunkline)
positional: _input, name, default
options:
  _input:
    description: The value as it was given; none where it was not.
    type: raw
    required: true
  name:
    description: The name of the variable, for the error.
    type: str
    required: true
  default:
    description: What counts where it was not given.
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


def flag(value, name, default=False):
    """See DOCUMENTATION."""
    found, problems = normalise({name: {"type": "bool", "default": default}}, {name: value})
    if problems:
        raise AnsibleFilterError(" ".join(problems))
    return found[name]


class FilterModule:
    """Ansible's way to find the filter."""

    def filters(self):
        """Return the filter by its name."""
        return {"flag": flag}
