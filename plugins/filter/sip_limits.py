# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter plugin."""

from __future__ import annotations

from dataclasses import asdict

from ansible_collections.trunkline.voice.plugins.module_utils._inventory import sip_limits

DOCUMENTATION = r"""
name: sip_limits
short_description: Tell how many SIP packets an address may send
version_added: 0.2.0
description:
  - For role P(trunkline.voice.firewall#role). All phones of a PBX may be behind one address.
author: the trunkline.voice authors (@trunkline)
positional: _input
options:
  _input:
    description: How many phones the PBX has.
    type: int
    required: true
  rate:
    description: Packets a second, where the inventory says it. It holds for every address.
    type: int
  burst:
    description: Packets at once, where the inventory says it. It holds for every address.
    type: int
"""

EXAMPLES = r"""
- name: Tell the limits of an office
  ansible.builtin.debug:
    msg: "{{ pbx_phones | length | trunkline.voice.sip_limits }}"
"""

RETURN = r"""
_value:
  description:
    - C(rate) and C(burst) of an address where phones are, C(stranger_rate) and C(stranger_burst) of any other.
  type: dict
"""


class FilterModule:
    """Ansible's way to find the filter."""

    def filters(self):
        return {"sip_limits": lambda phones, **given: asdict(sip_limits.sip_limits(phones, **given))}
