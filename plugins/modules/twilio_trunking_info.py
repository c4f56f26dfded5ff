# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: twilio_trunking_info
short_description: Read trunks, lists and dialing permissions of a Twilio account
version_added: 0.1.0
description:
  - Reads IP access control lists, credential lists and trunks, in the shape that M(trunkline.voice.twilio_trunking)
    takes, with their SIDs. Twilio never gives passwords back.
author: the trunkline.voice authors (@trunkline)
extends_documentation_fragment:
  - trunkline.voice.twilio
  - trunkline.voice.twilio.info
options:
  countries:
    description: Read the dialing permissions of every country as well.
    type: bool
    default: false
seealso:
  - module: trunkline.voice.twilio_trunking
  - module: trunkline.voice.twilio_trunk_info
"""

EXAMPLES = r"""
- name: Read lists, trunks and dialing permissions
  trunkline.voice.twilio_trunking_info:
    countries: true
  register: account

- name: Which countries may be called
  ansible.builtin.debug:
    msg: "{{ account.resources.countries | selectattr('low_risk_numbers') | map(attribute='iso_code') }}"
"""

RETURN = r"""
resources:
  description: The current state, by option of M(trunkline.voice.twilio_trunking).
  returned: success
  type: dict
  contains:
    ip_access_control_lists: {description: The IP access control lists., type: list, elements: dict}
    credential_lists: {description: The credential lists., type: list, elements: dict}
    trunks: {description: The trunks., type: list, elements: dict}
    countries: {description: "The countries, where asked for.", type: list, elements: dict}
  sample:
    ip_access_control_lists:
      - sid: AL0123456789abcdef0123456789abcdef
        name: Asterisk-Server
        addresses:
          - sid: IP0123456789abcdef0123456789abcdef
            ip_address: 203.0.113.10
            cidr_prefix_length: 32
            name: pbx1
    credential_lists: []
    trunks: []
"""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.info import TRUNKING, run_info

if __name__ == "__main__":
    run_info(TRUNKING)
