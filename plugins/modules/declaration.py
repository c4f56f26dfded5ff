# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: declaration
short_description: Check what an inventory declares before anything is touched
version_added: 0.1.0
description:
  - Reads the trunks, phones and numbers that an inventory declares and names everything that cannot be right, all at once.
  - It asks nobody and changes nothing. C(playbooks/site.yml) runs it first.
author: the trunkline.voice authors (@trunkline)
options:
  trunkline_trunks:
    description: The trunks, each stated once for both sides.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The trunk's name at Twilio.
        type: str
        required: true
      domain:
        description: The termination domain, which ends in C(.pstn.twilio.com).
        type: str
        required: true
      termination:
        description: The host that Asterisk calls, where that is not the domain; a localised URI, for example.
        type: str
      caller_id:
        description: The number shown to the called, in E.164 form. The account must own it or have verified it.
        type: str
        required: true
      caller_name:
        description: The name shown to the called.
        type: str
      ip_access_control_list:
        description: The name of the trunk's IP access control list. Its addresses are those of the PBX hosts.
        type: str
      credential_list:
        description: The name of the trunk's credential list.
        type: str
      username:
        description: The user name in the credential list that the PBX gives.
        type: str
      password:
        description: Its password; at least 12 characters with an upper-case letter, a lower-case letter and a digit.
        type: str
      secure:
        description: Whether calls must use TLS and SRTP.
        type: bool
        default: false
      transfer_mode:
        description: Whether the PBX may transfer calls with REFER.
        type: str
        choices: [disable-all, enable-all, sip-only]
        default: disable-all
      cnam_lookup_enabled:
        description: Whether Twilio looks up the caller's name for incoming calls.
        type: bool
        default: false
  pbx_phones:
    description: The phones that register with the PBX.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The extension, which is also the phone's user name.
        type: str
        required: true
      password:
        description: Its password, under the same rule as a trunk's.
        type: str
        required: true
      caller_name:
        description: The name shown on calls between phones.
        type: str
  pbx_dids:
    description: The numbers that ring a phone.
    type: list
    elements: dict
    default: []
    suboptions:
      number:
        description: The number, in E.164 form.
        type: str
        required: true
      phone:
        description: The phone that rings.
        type: str
        required: true
  twilio_trunk_extra_addresses:
    description: More entries for every access control list.
    type: list
    elements: dict
    default: []
    suboptions:
      ip_address:
        description: An IPv4 address, or the first address of a network.
        type: str
        required: true
      cidr_prefix_length:
        description: The length of the network's prefix, V(0) to V(32).
        type: int
        default: 32
      name:
        description: The entry's friendly name.
        type: str
  addresses:
    description: Each PBX host and its C(trunkline_public_address).
    type: dict
    default: {}
attributes:
  check_mode:
    description: It changes nothing in any mode.
    support: full
"""

EXAMPLES = r"""
- name: Check what the inventory declares
  trunkline.voice.declaration:
    trunkline_trunks: "{{ trunkline_trunks }}"
    pbx_phones: "{{ pbx_phones }}"
    addresses:
      pbx1: 203.0.113.10
"""

RETURN = r"""
problems:
  description: A sentence for each thing that cannot be right, beginning with its variable.
  returned: failure
  type: list
  elements: str
  sample: ["trunkline_trunks[0].caller_id must be a number in E.164 form …"]
"""

from ansible_collections.trunkline.voice.plugins.module_utils._glue.check import check_options
from ansible_collections.trunkline.voice.plugins.module_utils._twilio.declaration import check

TRUNK = {
    "name": {"type": "str", "required": True},
    "domain": {"type": "str", "required": True},
    "termination": {"type": "str"},
    "caller_id": {"type": "str", "required": True},
    "caller_name": {"type": "str"},
    "ip_access_control_list": {"type": "str"},
    "credential_list": {"type": "str"},
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "secure": {"type": "bool", "default": False},
    "transfer_mode": {
        "type": "str",
        "choices": ["disable-all", "enable-all", "sip-only"],
        "default": "disable-all",
    },
    "cnam_lookup_enabled": {"type": "bool", "default": False},
}
PHONE = {
    "name": {"type": "str", "required": True},
    "password": {"type": "str", "required": True, "no_log": True},
    "caller_name": {"type": "str"},
}
DID = {"number": {"type": "str", "required": True}, "phone": {"type": "str", "required": True}}
ADDRESS = {
    "ip_address": {"type": "str", "required": True},
    "cidr_prefix_length": {"type": "int", "default": 32},
    "name": {"type": "str"},
}

if __name__ == "__main__":
    check_options(
        {
            "trunkline_trunks": {"type": "list", "elements": "dict", "required": True, "options": TRUNK},
            "pbx_phones": {"type": "list", "elements": "dict", "default": [], "options": PHONE},
            "pbx_dids": {"type": "list", "elements": "dict", "default": [], "options": DID},
            "twilio_trunk_extra_addresses": {"type": "list", "elements": "dict", "default": [], "options": ADDRESS},
            "addresses": {"type": "dict", "default": {}},
        },
        check,
    )
