# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: twilio_trunk
short_description: Manage a Twilio Elastic SIP trunk
version_added: 0.1.0
description:
  - Makes, changes or removes a trunk with its recording, its origination URLs, the lists that guard its termination
    side and the numbers that ring it.
  - The trunk is known by its name. A name that two trunks have is an error that gives their SIDs.
  - A trunk with neither an IP access control list nor a credential list refuses every call; one with both
    enforces both.
author: the trunkline.voice authors (@trunkline)
extends_documentation_fragment:
  - trunkline.voice.twilio
  - trunkline.voice.twilio.attributes
  - trunkline.voice.twilio.trunk
options:
  name:
    description: The trunk's friendly name, at most 64 characters.
    type: str
    required: true
  keep_extra:
    description: The options whose lists are only added to. Other lists are made exactly what they say.
    type: list
    elements: str
    choices: [ip_access_control_lists, credential_lists, origination_urls, phone_numbers]
    default: []
  state:
    description:
      - Whether the trunk should be there. Its lists and numbers are detached before it is removed, and stay in the
        account; its origination URLs go with it.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: trunkline.voice.twilio_trunking
  - module: trunkline.voice.twilio_trunk_info
"""

EXAMPLES = r"""
- name: The trunk that carries the office's calls, out and in
  trunkline.voice.twilio_trunk:
    name: Asterisk-SIP-Trunk
    domain_name: asterisk-pbx1.pstn.twilio.com
    secure: false
    transfer_mode: disable-all
    ip_access_control_lists: [Asterisk-Server]
    credential_lists: [Asterisk-Credentials]
    origination_urls:
      - sip_url: sip:203.0.113.10
        name: pbx1
      - sip_url: sip:203.0.113.11
        name: pbx2
        priority: 20
    phone_numbers: ["+17756187988"]

- name: Ring a second number as well, and leave alone what else is on the trunk
  trunkline.voice.twilio_trunk:
    name: Asterisk-SIP-Trunk
    phone_numbers: ["+17756187989"]
    keep_extra: [phone_numbers]

- name: Record both sides of each call from its answer, and have an answering machine where no PBX answers
  trunkline.voice.twilio_trunk:
    name: Asterisk-SIP-Trunk
    recording: record-from-answer-dual
    disaster_recovery_url: https://example.com/sorry.xml
    disaster_recovery_method: GET

- name: Take the second PBX out of service
  trunkline.voice.twilio_trunk:
    name: Asterisk-SIP-Trunk
    origination_urls:
      - sip_url: sip:203.0.113.11
        enabled: false
    keep_extra: [origination_urls]

- name: Remove it
  trunkline.voice.twilio_trunk:
    name: Asterisk-SIP-Trunk
    state: absent
"""

RETURN = r"""
resource:
  description: The trunk after the run, or what it would be in check mode. V(null) where there is none.
  returned: success
  type: dict
  sample:
    sid: TK0123456789abcdef0123456789abcdef
    name: Asterisk-SIP-Trunk
    domain_name: asterisk-pbx1.pstn.twilio.com
    secure: false
    transfer_mode: disable-all
    transfer_caller_id: from-transferee
    cnam_lookup_enabled: false
    recording: do-not-record
    recording_trim: do-not-trim
    disaster_recovery_url: null
    disaster_recovery_method: null
    ip_access_control_lists: [Asterisk-Server]
    credential_lists: [Asterisk-Credentials]
    phone_numbers: ["+17756187988"]
steps:
  description: What was done, or would be done in check mode, in order. Empty where nothing changed.
  returned: success
  type: list
  elements: str
  sample:
    - create trunk Asterisk-SIP-Trunk
    - attach IP access control list Asterisk-Server to trunk Asterisk-SIP-Trunk
    - attach phone number +17756187988 to trunk Asterisk-SIP-Trunk; leaves trunk Old
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
      what: phone number +17756187988 to trunk Asterisk-SIP-Trunk
      fields: {}
      note: leaves trunk Old
"""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.run import run
from ansible_collections.trunkline.voice.plugins.module_utils._twilio.resources.trunk import TRUNK

if __name__ == "__main__":
    run(TRUNK)
