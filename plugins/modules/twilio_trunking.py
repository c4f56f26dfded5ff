# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: twilio_trunking
short_description: Manage trunks, lists and dialing permissions of a Twilio account in one run
version_added: 0.1.0
description:
  - Manages IP access control lists, credential lists, trunks and dialing permissions together. It reads the account
    once, plans, and makes the requests that do not depend on each other side by side.
  - Lists are made before the trunks that use them and removed after those, and a number moves from one trunk to another
    in one request. An option that is not given is not managed.
  - Lists and trunks are known by their names. A name that two have is an error that gives their SIDs.
  - After a failure, run it again; it resumes where it stopped.
author: the trunkline.voice authors (@trunkline)
extends_documentation_fragment:
  - trunkline.voice.twilio
  - trunkline.voice.twilio.attributes
  - trunkline.voice.twilio.password
  - trunkline.voice.twilio.countries
  - trunkline.voice.twilio_trunking
options:
  keep_extra:
    description: The options whose lists are only added to. Other lists are made exactly what they say.
    type: list
    elements: str
    choices:
      - addresses
      - credentials
      - ip_access_control_lists
      - credential_lists
      - origination_urls
      - phone_numbers
      - countries
    default: []
  removal_limit:
    description:
      - The percentage of the managed, existing resources that a run may remove or detach because they are not
        listed. A run that would remove more is an error, and changes nothing. V(0) to V(100).
      - What is named with C(state=absent) does not count, nor does closing a country.
    type: int
    default: 50
seealso:
  - module: trunkline.voice.twilio_trunk
  - module: trunkline.voice.twilio_ip_access_control_list
  - module: trunkline.voice.twilio_credential_list
  - module: trunkline.voice.twilio_dialing_permissions
  - module: trunkline.voice.twilio_trunking_info
"""

EXAMPLES = r"""
- name: Two offices, each with a trunk of its own, that share an access list
  trunkline.voice.twilio_trunking:
    ip_access_control_lists:
      - name: Offices
        addresses:
          - ip_address: 203.0.113.20
            name: north
          - ip_address: 203.0.113.21
            name: south
    credential_lists:
      - name: North
        credentials:
          - username: north
            password: "{{ vault_north_password }}"
    trunks:
      - name: North
        domain_name: north-office.pstn.twilio.com
        ip_access_control_lists: [Offices]
        credential_lists: [North]
        origination_urls:
          - sip_url: sip:203.0.113.20
        phone_numbers: ["+17756187991", "+17756187992"]
      - name: South
        domain_name: south-office.pstn.twilio.com
        ip_access_control_lists: [Offices]
        phone_numbers: ["+17756187993"]
    countries:
      - iso_code: US
        low_risk_numbers: true

- name: Move a number from one trunk to the other
  trunkline.voice.twilio_trunking:
    trunks:
      - name: North
        phone_numbers: ["+17756187991"]
      - name: South
        phone_numbers: ["+17756187992", "+17756187993"]

- name: Close the office in the north, but keep its numbers
  trunkline.voice.twilio_trunking:
    trunks:
      - name: North
        state: absent
    credential_lists:
      - name: North
        state: absent
"""

RETURN = r"""
resources:
  description:
    - By option, what is managed of each kind after the run, or what it would be in check mode. Of C(countries), all.
  returned: success
  type: dict
  sample:
    ip_access_control_lists:
      - sid: AL0123456789abcdef0123456789abcdef
        name: Offices
        addresses:
          - sid: IP0123456789abcdef0123456789abcdef
            ip_address: 203.0.113.20
            cidr_prefix_length: 32
            name: north
steps:
  description: What was done, or would be done in check mode, in order. Empty where nothing changed.
  returned: success
  type: list
  elements: str
  sample:
    - create IP access control list Offices
    - create trunk North
    - attach phone number +17756187991 to trunk North
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
      what: trunk North
      fields:
        name: {before: null, after: North}
        domain_name: {before: null, after: north-office.pstn.twilio.com}
      note: ""
"""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.run import run_account
from ansible_collections.trunkline.voice.plugins.module_utils._twilio.resources.account import TRUNKING

if __name__ == "__main__":
    run_account(TRUNKING)
