# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: trunk_options
short_description: Send OPTIONS to trunks from the PBX and report the answers
version_added: 0.1.0
description:
  - Has Asterisk qualify the trunk's contact at once, and reads Twilio's answer from Asterisk's own SIP history.
  - The trunk passes if the answer is 200 and its contact is available in Asterisk. Otherwise the result names the cause
    and the fix - a name that does not resolve, no answer, a wrong domain.
  - Several trunks are asked side by side, so that all take as long as the slowest. The edges of one trunk are asked one
    after the other, because the history cannot tell their OPTIONS apart. One edge that passes is enough.
author: the trunkline.voice authors (@trunkline)
extends_documentation_fragment:
  - trunkline.voice.manager
  - trunkline.voice.probe
options:
  timeout:
    description: How long to wait for the answer of a trunk, or of each of its edges, in seconds, from 1 to 60.
    type: int
    default: 6
seealso:
  - module: trunkline.voice.trunk_call
"""

EXAMPLES = r"""
- name: Ask one trunk
  trunkline.voice.trunk_options:
    trunk: Asterisk-SIP-Trunk
    endpoint: twilio-asterisk-pbx1
    domain: asterisk-pbx1.pstn.twilio.com
  register: answer

- name: Show its round trip
  ansible.builtin.debug:
    msg: "{{ answer.rtt_ms }} ms"

- name: Ask two trunks at the same time
  trunkline.voice.trunk_options:
    trunks:
      - name: Asterisk-SIP-Trunk
        endpoint: twilio-asterisk-pbx1
        domain: asterisk-pbx1.pstn.twilio.com
      - name: Backup
        endpoint: twilio-backup
        domain: backup.pstn.twilio.com
        edges: [dublin, frankfurt]
"""

RETURN = r"""
passed:
  description: Whether every trunk answered 200 and its contact is available; V(null) in check mode.
  returned: always
  type: bool
checks:
  description:
    - For each trunk the check V(OPTIONS), with its result (V(passed), V(failed) or V(skipped)) and a sentence.
  returned: always
  type: list
  elements: dict
  contains:
    trunk: {description: The trunk's name., type: str}
    check: {description: The check's name., type: str}
    result: {description: "V(passed), V(failed) or V(skipped).", type: str}
    detail: {description: "The answer, or the cause of the failure.", type: str}
    cause: {description: "The cause's name, for programs, where it failed.", type: str}
    fix: {description: "The fix, where it failed.", type: str}
    seen: {description: "The messages in short, where it failed after some were exchanged.", type: str}
  sample: [{trunk: Asterisk-SIP-Trunk, check: OPTIONS, result: passed, detail: 200 OK in 2.5 ms; contact Avail}]
results:
  description: The results of the trunks in their order, each as for one trunk, with the name in C(trunk).
  returned: with O(trunks)
  type: list
  elements: dict
status:
  description: The status of the answer, 0 where none came.
  returned: with O(trunk), when Asterisk could be asked
  type: int
  sample: 200
reason:
  description: The reason phrase of the answer.
  returned: with O(trunk), when Asterisk could be asked
  type: str
  sample: OK
rtt_ms:
  description: The round trip in milliseconds, V(null) where it was not measured.
  returned: with O(trunk), when Asterisk could be asked
  type: float
  sample: 2.5
contact:
  description: The contact's URI and its status in Asterisk - Avail, Unavail, NonQual, Unknown or Created.
  returned: with O(trunk), when Asterisk could be asked
  type: dict
  sample: {uri: "sip:asterisk-pbx1.pstn.twilio.com", status: Avail}
ladder:
  description: The messages in order, C(->) sent and C(<-) received.
  returned: with O(trunk), when Asterisk could be asked
  type: list
  elements: str
  sample: ["-> OPTIONS", "<- 200 OK"]
messages:
  description: The same messages in full, without digests and media keys.
  returned: with O(trunk), when Asterisk could be asked
  type: list
  elements: str
"""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.trunk_options import main

if __name__ == "__main__":
    main()
