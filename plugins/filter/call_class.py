# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter plugin."""

from __future__ import annotations

from ansible.errors import AnsibleFilterError

DOCUMENTATION = r"""
name: call_class
short_description: What a class of service may call, as patterns of Asterisk's dialplan
version_added: 0.1.0
description:
  - Turns countries into ranges of numbers. What a country is and which of its numbers are premium is libphonenumber's
    to say, by the Python package C(phonenumbers) on the controller.
author: the trunkline.voice authors (@trunkline)
positional: _input, name
options:
  _input:
    description:
      - What the inventory says of calls out - C(countries), C(twilio_countries) (rows as in C(twilio_trunk_countries)),
        C(allowed_prefixes), C(denied_prefixes) and C(classes). Any may be missing or none.
    type: dict
    required: true
  name:
    description: The class, V(internal), V(national), V(international) or one of C(classes).
    type: str
    required: true
  caller_id:
    description: The caller ID of the trunk that the calls go out on, whose country is national.
    type: str
    required: true
  caller_ids:
    description: The caller IDs of all trunks, whose countries are open where the inventory names none.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: What phones of class national may call
  ansible.builtin.debug:
    msg: "{{ {'countries': ['US', 'GB']} | trunkline.voice.call_class('national', caller_id='+17756187988',
             caller_ids=['+17756187988']) }}"
"""

RETURN = r"""
_value:
  description:
    - C(name), the class, with the country after V(national).
    - C(prefixes), a list of pairs of a prefix such as C(+1900) and whether what begins with it may be called, to be
      looked at first; the longest decides.
    - C(premium) and C(open), patterns without their underscore, such as C(+4490[0-9]!). What fits one of C(premium) may
      not be called though it fits one of C(open).
  type: dict
"""


def call_class(declared, name, caller_id, caller_ids):
    """See DOCUMENTATION."""
    try:
        # Here, so that a play that never calls has no need of the package, and says which one is missing.
        from ansible_collections.trunkline.voice.plugins.module_utils._numbers import classes
    except ImportError as error:
        raise AnsibleFilterError(f"Python package phonenumbers is needed on the controller: {error}") from error
    try:
        found = classes.call_class(name, caller_id, declared, caller_ids)
    except ValueError as error:
        raise AnsibleFilterError(str(error)) from error
    return {"name": found.name, "prefixes": found.prefixes, **found.ranges._asdict()}


class FilterModule:
    """Ansible's way to find the filter."""

    def filters(self):
        return {"call_class": call_class}
