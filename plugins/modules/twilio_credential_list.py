# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: twilio_credential_list
short_description: Manage a Twilio SIP credential list
version_added: 0.1.0
description:
  - Makes, changes or removes a credential list and the credentials in it.
  - The list is known by its name. A name that two lists have is an error that gives their SIDs.
  - It has no effect until it is attached to a trunk with M(trunkline.voice.twilio_trunk).
author: the trunkline.voice authors (@trunkline)
extends_documentation_fragment:
  - trunkline.voice.twilio
  - trunkline.voice.twilio.attributes
  - trunkline.voice.twilio.password
  - trunkline.voice.twilio.credential_list
options:
  name:
    description: The list's friendly name, at most 64 characters.
    type: str
    required: true
  keep_extra:
    description: The options whose lists are only added to. Other lists are made exactly what they say.
    type: list
    elements: str
    choices: [credentials]
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
- name: Let the PBX log in
  trunkline.voice.twilio_credential_list:
    name: Asterisk-Credentials
    credentials:
      - username: Asterisk
        password: "{{ vault_trunk_password }}"

- name: Name the only user; an existing one needs no password
  trunkline.voice.twilio_credential_list:
    name: Asterisk-Credentials
    credentials:
      - username: Asterisk

- name: Change the password
  trunkline.voice.twilio_credential_list:
    name: Asterisk-Credentials
    credentials:
      - username: Asterisk
        password: "{{ vault_trunk_password }}"
    update_password: always

- name: Remove the list
  trunkline.voice.twilio_credential_list:
    name: Asterisk-Credentials
    state: absent
"""

RETURN = r"""
resource:
  description: The list after the run, or what it would be in check mode. V(null) where there is none.
  returned: success
  type: dict
  sample:
    sid: CL0123456789abcdef0123456789abcdef
    name: Asterisk-Credentials
    credentials:
      - sid: CR0123456789abcdef0123456789abcdef
        username: Asterisk
        password: (kept, cannot be read)
steps:
  description: What was done, or would be done in check mode, in order. Empty where nothing changed.
  returned: success
  type: list
  elements: str
  sample:
    - create credential Asterisk of credential list Asterisk-Credentials
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
      what: credential Asterisk of credential list Asterisk-Credentials
      fields:
        username: {before: null, after: Asterisk}
        password: {before: null, after: "(sent by this run, not shown)"}
      note: ""
"""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.run import run
from ansible_collections.trunkline.voice.plugins.module_utils._twilio.resources.credential_list import CREDENTIAL_LIST

if __name__ == "__main__":
    run(CREDENTIAL_LIST)
