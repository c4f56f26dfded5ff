# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: twilio_caller_id_info
short_description: Read the numbers that a Twilio account may use as caller IDs
version_added: 0.1.0
description:
  - Reads the numbers that the account owns and those that it has verified. Twilio refuses a call that shows any other,
    with status 403 and error 32204.
  - Caller IDs are verified in region V(us1) only. With another O(region) only the numbers that are owned are read.
author: the trunkline.voice authors (@trunkline)
extends_documentation_fragment:
  - trunkline.voice.twilio
  - trunkline.voice.twilio.info
seealso:
  - module: trunkline.voice.twilio_phone_number
"""

EXAMPLES = r"""
- name: Read the numbers that calls may show
  trunkline.voice.twilio_caller_id_info:
  register: may

- name: Refuse a caller ID that Twilio would refuse
  ansible.builtin.assert:
    that: "'+17756187988' in may.caller_ids | map(attribute='phone_number')"
"""

RETURN = r"""
caller_ids:
  description: Sorted by number. A number that is owned and verified has two rows.
  returned: success
  type: list
  elements: dict
  contains:
    phone_number: {description: The number in E.164 form., type: str}
    name: {description: Its friendly name., type: str}
    kind: {description: "V(owned) or V(verified).", type: str}
    sid: {description: Its SID., type: str}
    trunk_sid: {description: "The SID of the trunk that it rings, or V(null).", type: str}
  sample:
    - phone_number: "+17756187988"
      name: Office
      kind: owned
      sid: PN0123456789abcdef0123456789abcdef
      trunk_sid: TK0123456789abcdef0123456789abcdef
"""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.info import CALLER_ID, run_info

if __name__ == "__main__":
    run_info(CALLER_ID)
