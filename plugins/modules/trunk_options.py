# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: trunk_options
short_description: Ask a trunk with OPTIONS, from the PBX, whether it is there
version_added: 0.1.0
description:
  - Has Asterisk qualify the trunk's contact now, and reads Twilio's answer from Asterisk's own SIP history.
  - It passes where the answer is 200 and Asterisk holds the contact for available. Otherwise the cause and the fix are
    told by name - a name that does not resolve, no answer, a wrong domain.
author: the trunkline.voice authors (@trunkline)
extends_documentation_fragment:
  - trunkline.voice.probe
options:
  timeout:
    description: How long to wait for the answer, in seconds, from 1 to 60.
    type: int
    default: 6
seealso:
  - module: trunkline.voice.trunk_call
"""

EXAMPLES = r"""
- name: Is the trunk there?
  trunkline.voice.trunk_options:
    trunk: Asterisk-SIP-Trunk
    endpoint: twilio-asterisk-pbx1
    domain: asterisk-pbx1.pstn.twilio.com
  register: answer

- name: How far away it is
  ansible.builtin.debug:
    msg: "{{ answer.rtt_ms }} ms"
"""

RETURN = r"""
passed:
  description: Whether the trunk answered 200 and the contact is available; V(null) in check mode.
  returned: always
  type: bool
checks:
  description: One entry, the check V(OPTIONS), with its result (V(passed), V(failed) or V(skipped)) and a sentence.
  returned: always
  type: list
  elements: dict
  contains:
    trunk: {description: The trunk's name., type: str}
    check: {description: The check's name., type: str}
    result: {description: "V(passed), V(failed) or V(skipped).", type: str}
    detail: {description: "What was seen, or the cause of the failure.", type: str}
    cause: {description: "The cause's name, for programs, where it failed.", type: str}
    fix: {description: "What mends it, where it failed.", type: str}
    seen: {description: "The messages in short, where it failed after some had passed.", type: str}
  sample: [{trunk: Asterisk-SIP-Trunk, check: OPTIONS, result: passed, detail: 200 OK in 2.5 ms; contact Avail}]
status:
  description: The status of the answer, 0 where none came.
  returned: when Asterisk could be asked
  type: int
  sample: 200
reason:
  description: The reason phrase of the answer.
  returned: when Asterisk could be asked
  type: str
  sample: OK
rtt_ms:
  description: The round trip in milliseconds, V(null) where it was not measured.
  returned: when Asterisk could be asked
  type: float
  sample: 2.5
contact:
  description: The contact's URI and what Asterisk makes of it - Avail, Unavail, NonQual, Unknown or Created.
  returned: when Asterisk could be asked
  type: dict
  sample: {uri: "sip:asterisk-pbx1.pstn.twilio.com", status: Avail}
ladder:
  description: The messages in order, C(->) sent and C(<-) received.
  returned: when Asterisk could be asked
  type: list
  elements: str
  sample: ["-> OPTIONS", "<- 200 OK"]
messages:
  description: The same messages in full, without what their credentials could be had from.
  returned: when Asterisk could be asked
  type: list
  elements: str
"""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.trunk_options import main

if __name__ == "__main__":
    main()
