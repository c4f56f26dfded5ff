# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: twilio_alert_info
short_description: Read the alerts of a Twilio account
version_added: 0.1.0
description:
  - Reads the account's alerts of the last minutes, such as calls that Twilio refused. Those of trunks have codes that
    begin with 32.
author: the trunkline.voice authors (@trunkline)
extends_documentation_fragment:
  - trunkline.voice.twilio
  - trunkline.voice.twilio.info
options:
  minutes:
    description: How far back to look, from V(1) to V(43200), which is the 30 days that Twilio keeps.
    type: int
    default: 60
  codes:
    description:
      - Error codes, or the digits that they begin with - V(32) stands for 32000 to 32999. V([]) reads all codes.
    type: list
    elements: int
    default: [32]
seealso:
  - name: Twilio's error and warning dictionary
    description: What each code means.
    link: https://www.twilio.com/docs/api/errors
"""

EXAMPLES = r"""
- name: Read what Twilio has complained of in the last ten minutes
  trunkline.voice.twilio_alert_info:
    minutes: 10
  register: complaints

- name: Stop where a caller ID was refused
  ansible.builtin.assert:
    that: 32204 not in complaints.alerts | map(attribute='code')
"""

RETURN = r"""
alerts:
  description: The newest first. Empty where there is none.
  returned: success
  type: list
  elements: dict
  contains:
    code: {description: "Twilio's error code, null where the alert has none.", type: int}
    level: {description: "V(error), V(warning), V(notice) or V(debug).", type: str}
    time: {description: When it happened., type: str}
    text: {description: What Twilio says of it., type: str}
    resource_sid: {description: "What it is about, such as the call's SID.", type: str}
    sid: {description: The alert's SID., type: str}
  sample:
    - code: 32204
      level: error
      time: "2026-11-23T05:00:00Z"
      text: Invalid Caller ID
      resource_sid: CA0123456789abcdef0123456789abcdef
      sid: NO0123456789abcdef0123456789abcdef
"""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.info import ALERT, run_info

if __name__ == "__main__":
    run_info(ALERT)
