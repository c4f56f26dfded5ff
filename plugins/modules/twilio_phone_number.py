# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: twilio_phone_number
short_description: Manage a phone number of a Twilio account
version_added: 0.1.0
description:
  - Names a number, puts it on a trunk or takes it off, and gives it an address for emergency calls.
  - A number is bought only with O(state=purchased) and released only with O(state=released). Nothing else in this
    collection does either.
author: the trunkline.voice authors (@trunkline)
extends_documentation_fragment:
  - trunkline.voice.twilio
  - trunkline.voice.twilio.attributes
options:
  phone_number:
    description: The number in E.164 form, such as V(+17756187988).
    type: str
    required: true
  name:
    description: Its friendly name, at most 64 characters. A number that is bought without it is named by the number.
    type: str
  trunk:
    description:
      - The name of the trunk that its incoming calls go to. Not given, it stays where it is; V("") takes it off its
        trunk.
      - A number of another trunk moves in one request, so that no call finds it on neither.
      - Attaching it deletes its voice application, and its voice URL is no longer requested. The difference shows both.
    type: str
  emergency_address:
    description:
      - The friendly name of the account's address that emergency services are given. It must exist and be enabled for
        emergencies. Not given, it stays unchanged; V("") removes it.
      - Twilio registers an address with the emergency services, and takes the old one out before. The module waits for
        both, a minute each at most.
    type: str
  state:
    description:
      - V(present), the account must own the number.
      - V(purchased), it is bought where the account does not own it yet. Twilio charges it from then on.
      - V(released), it is given back to Twilio for good. It may not be possible to buy it again.
    type: str
    choices: [present, purchased, released]
    default: present
seealso:
  - module: trunkline.voice.twilio_trunk
  - module: trunkline.voice.twilio_caller_id_info
"""

EXAMPLES = r"""
- name: Put a number on the trunk, and tell emergency services where it rings
  trunkline.voice.twilio_phone_number:
    phone_number: "+17756187988"
    name: Office
    trunk: Asterisk-SIP-Trunk
    emergency_address: Head office

- name: Take it off its trunk; the account keeps it
  trunkline.voice.twilio_phone_number:
    phone_number: "+17756187988"
    trunk: ""

- name: Own a certain number, which is bought if it is not owned yet
  trunkline.voice.twilio_phone_number:
    phone_number: "+17756187990"
    state: purchased

- name: Give it back for good
  trunkline.voice.twilio_phone_number:
    phone_number: "+17756187990"
    state: released
"""

RETURN = r"""
resource:
  description: The number after the run, or what it would be in check mode. V(null) where the account does not own it.
  returned: success
  type: dict
  sample:
    sid: PN0123456789abcdef0123456789abcdef
    phone_number: "+17756187988"
    name: Office
    trunk: Asterisk-SIP-Trunk
    emergency_address: Head office
    voice_application_sid: null
    voice_url: null
steps:
  description: What was done, or would be done in check mode, in order. Empty where nothing changed.
  returned: success
  type: list
  elements: str
  sample:
    - update phone number +17756187988 (name, trunk)
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
    - action: change
      what: phone number +17756187988
      fields:
        name: {before: "(775) 618-7988", after: Office}
        trunk: {before: null, after: Asterisk-SIP-Trunk}
      note: ""
"""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.run import run_resource
from ansible_collections.trunkline.voice.plugins.module_utils._twilio.resources.phone_number import PHONE_NUMBER

if __name__ == "__main__":
    run_resource(PHONE_NUMBER)
