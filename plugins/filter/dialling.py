# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter plugin."""

from __future__ import annotations

from ansible.errors import AnsibleFilterError

DOCUMENTATION = r"""
name: dialling
short_description: How what is dialled becomes E.164, as rows of Asterisk's dialplan
version_added: 0.2.0
description:
  - The home country of each trunk says how international and national numbers are dialled. How, is libphonenumber's to
    say, by the Python package C(phonenumbers) on the controller.
author: the trunkline.voice authors (@trunkline)
positional: _input
options:
  _input:
    description:
      - What the inventory says of dialling - C(home_country), C(international_prefixes), C(emergency_numbers),
        C(national_rules), and C(phones), their names. Any may be missing or none.
    type: dict
    required: true
  caller_ids:
    description: The caller IDs of the trunks, whose countries are home where the inventory names none.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: How numbers are dialled in Britain
  ansible.builtin.debug:
    msg: "{{ {} | trunkline.voice.dialling(caller_ids=['+442079460000']) }}"
"""

RETURN = r"""
_value:
  description:
    - C(contexts), the name of each trunk's context of numbers, such as V(number-GB).
    - C(emergency), the emergency numbers on each trunk.
    - C(homes), a row for each of these contexts, with its C(name), C(own) and C(national). The last two are pairs of a
      pattern and what the number that fits it becomes; C(own) is looked at first.
    - C(written), such pairs for international numbers with the national prefix in them.
  type: dict
"""


def dialling(declared, caller_ids):
    """See DOCUMENTATION."""
    try:
        # Here, so that a play that never calls has no need of the package, and says which one is missing.
        from ansible_collections.trunkline.voice.plugins.module_utils._numbers import dialling as numbers
    except ImportError as error:
        raise AnsibleFilterError(f"Python package phonenumbers is needed on the controller: {error}") from error
    found = numbers.dialling(declared, caller_ids)
    return {**found._asdict(), "homes": [home._asdict() for home in found.homes]}


class FilterModule:
    """Ansible's way to find the filter."""

    def filters(self):
        return {"dialling": dialling}
