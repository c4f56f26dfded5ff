# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: twilio_trunk_info
short_description: Read the trunks of a Twilio account
version_added: 0.1.0
description:
  - Reads the account's trunks with the lists, origination URLs and numbers that are on them.
author: the trunkline.voice authors (@trunkline)
extends_documentation_fragment:
  - trunkline.voice.twilio
  - trunkline.voice.twilio.info
options:
  name:
    description: Read only the trunks of this name.
    type: str
seealso:
  - module: trunkline.voice.twilio_trunk
  - module: trunkline.voice.twilio_trunking_info
"""

EXAMPLES = r"""
- name: Read all trunks
  trunkline.voice.twilio_trunk_info:
  register: account

- name: Which trunks admit anybody who knows the password
  ansible.builtin.debug:
    msg: "{{ account.trunks | rejectattr('auth_types', 'contains', 'IP_ACL') | map(attribute='name') }}"

- name: Read one trunk
  trunkline.voice.twilio_trunk_info:
    name: Asterisk-SIP-Trunk
"""

RETURN = r"""
trunks:
  description: The trunks by name. Empty where there is none.
  returned: success
  type: list
  elements: dict
  sample:
    - sid: TK0123456789abcdef0123456789abcdef
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
      origination_urls:
        - sid: OU0123456789abcdef0123456789abcdef
          sip_url: sip:203.0.113.10
          name: pbx1
          priority: 10
          weight: 10
          enabled: true
      phone_numbers: ["+17756187988"]
      auth_types: [CREDENTIAL_LIST, IP_ACL]
      symmetric_rtp_enabled: false
"""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.info import TRUNK, run_info

if __name__ == "__main__":
    run_info(TRUNK)
