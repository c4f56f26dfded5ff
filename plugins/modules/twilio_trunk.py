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
  - Makes, changes or removes a trunk, and attaches the lists that guard its termination side.
  - The trunk is known by its name. A name that two trunks have is an error that gives their SIDs.
  - A trunk with neither an IP access control list nor a credential list refuses every call; one with both
    enforces both.
author: the trunkline.voice authors (@trunkline)
extends_documentation_fragment:
  - trunkline.voice.twilio
  - trunkline.voice.twilio.attributes
options:
  name:
    description: The trunk's friendly name, at most 64 characters.
    type: str
    required: true
  domain_name:
    description:
      - The termination domain, which ends in C(.pstn.twilio.com) and is unique among all of Twilio's customers.
      - A new trunk without it cannot be called.
    type: str
  secure:
    description:
      Whether calls must use TLS and SRTP. The PBX has to be switched at the same time. V(false) on a new trunk.
    type: bool
  transfer_mode:
    description: Whether the PBX may transfer calls with REFER. V(disable-all) on a new trunk.
    type: str
    choices: [disable-all, enable-all, sip-only]
  transfer_caller_id:
    description: The caller ID that a transfer's target sees. V(from-transferee) on a new trunk.
    type: str
    choices: [from-transferee, from-transferor]
  cnam_lookup_enabled:
    description:
      Whether Twilio looks up the caller's name for incoming calls, which it charges. V(false) on a new trunk.
    type: bool
  ip_access_control_lists:
    description:
      - The names of the IP access control lists that guard the trunk. Not given, they stay as they are; V([])
        detaches all.
    type: list
    elements: str
  credential_lists:
    description:
      - The names of the credential lists that guard the trunk. Not given, they stay as they are; V([]) detaches all.
    type: list
    elements: str
  keep_extra:
    description: The options whose lists are only added to. Other lists are made exactly what they say.
    type: list
    elements: str
    choices: [ip_access_control_lists, credential_lists]
    default: []
  state:
    description:
      - Whether the trunk should be there. Its lists are detached before it is removed, and stay in the account.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: trunkline.voice.twilio_ip_access_control_list
  - module: trunkline.voice.twilio_credential_list
"""

EXAMPLES = r"""
- name: The trunk that carries the office's calls
  trunkline.voice.twilio_trunk:
    name: Asterisk-SIP-Trunk
    domain_name: asterisk-pbx1.pstn.twilio.com
    secure: false
    transfer_mode: disable-all
    ip_access_control_lists: [Asterisk-Server]
    credential_lists: [Asterisk-Credentials]

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
    ip_access_control_lists: [Asterisk-Server]
    credential_lists: [Asterisk-Credentials]
steps:
  description: What was done, or would be done in check mode, in order. Empty where nothing changed.
  returned: success
  type: list
  elements: str
  sample:
    - create trunk Asterisk-SIP-Trunk
    - attach IP access control list Asterisk-Server to trunk Asterisk-SIP-Trunk
"""

from ansible_collections.trunkline.voice.plugins.module_utils._glue.run import run
from ansible_collections.trunkline.voice.plugins.module_utils._twilio.resources.trunk import TRUNK

if __name__ == "__main__":
    run(TRUNK)
