# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: twilio_ip_access_control_list
short_description: Manage a Twilio SIP IP access control list
version_added: 0.1.0
description:
  - Makes, changes or removes an IP access control list and the addresses in it.
  - The list is known by its name. A name that two lists have is an error that gives their SIDs.
  - It has no effect until it is attached to a trunk with M(trunkline.voice.twilio_trunk).
author: the trunkline.voice authors (@trunkline)
extends_documentation_fragment:
  - trunkline.voice.twilio
  - trunkline.voice.twilio.attributes
  - trunkline.voice.twilio.ip_access_control_list
options:
  name:
    description: The list's friendly name, at most 255 characters.
    type: str
    required: true
  keep_extra:
    description: The options whose lists are only added to. Other lists are made exactly what they say.
    type: list
    elements: str
    choices: [addresses]
    default: []
  state:
    description: Whether the list should be there. A list that a trunk still uses cannot be removed.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: trunkline.voice.twilio_trunk
  - module: trunkline.voice.twilio_trunking
"""

EXAMPLES = r"""
- name: Admit the PBX
  trunkline.voice.twilio_ip_access_control_list:
    name: Asterisk-Server
    addresses:
      - ip_address: 203.0.113.10
        name: pbx1

- name: Admit a second site and leave alone what others have added
  trunkline.voice.twilio_ip_access_control_list:
    name: Asterisk-Server
    addresses:
      - ip_address: 198.51.100.0
        cidr_prefix_length: 28
    keep_extra: [addresses]

- name: Remove the list
  trunkline.voice.twilio_ip_access_control_list:
    name: Asterisk-Server
    state: absent
"""

RETURN = r"""
resource:
  description: The list after the run, or what it would be in check mode. V(null) where there is none.
  returned: success
  type: dict
  sample:
    sid: AL0123456789abcdef0123456789abcdef
    name: Asterisk-Server
    addresses:
      - sid: IP0123456789abcdef0123456789abcdef
        ip_address: 203.0.113.10
        cidr_prefix_length: 32
        name: pbx1
steps:
  description: What was done, or would be done in check mode, in order. Empty where nothing changed.
  returned: success
  type: list
  elements: str
  sample:
    - create IP address 203.0.113.10 of IP access control list Asterisk-Server
changes:
  description: The same for a program. Passwords are never in it.
  returned: success
  type: list
  elements: dict
  contains:
    action: {description: "V(add), V(change) or V(remove).", type: str}
    what: {description: The resource and what it belongs to., type: str}
    fields: {description: "Of each field that is set, C(before) and C(after); of a removal nothing.", type: dict}
    note: {description: "What else it does, or nothing.", type: str}
  sample:
    - action: add
      what: IP address 203.0.113.10 of IP access control list Asterisk-Server
      fields:
        ip_address: {before: null, after: 203.0.113.10}
        name: {before: null, after: pbx1}
      note: ""
"""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.run import run
from ansible_collections.trunkline.voice.plugins.module_utils._twilio.resources.ip_access_control_list import (
    IP_ACCESS_CONTROL_LIST,
)

if __name__ == "__main__":
    run(IP_ACCESS_CONTROL_LIST)
