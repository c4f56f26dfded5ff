# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: trunk_call
short_description: Place one call through each trunk of a PBX and report what happened
version_added: 0.1.0
description:
  - Has Asterisk call a number through a Local channel and the outbound context, as a phone would, and play a sound to
    whoever answers. The call costs what Twilio charges for it.
  - Reads the SIP messages of the call from Asterisk's own history, counts the audio packets both ways, and measures in
    temporary recordings whether each direction carried sound or silence. The recordings are removed.
  - If the call fails, the result names the cause and the fix, from Twilio's status, X-Twilio-Error and the PBX's own
    state.
  - Every wait is bounded. A call takes O(answer_seconds), O(call_seconds) and some 30 seconds at most.
  - Several trunks are called through one after the other. The calls go to one number, whose phone would be busy for the
    second, and Twilio limits how many calls an account may have at a time.
author: the trunkline.voice authors (@trunkline)
extends_documentation_fragment:
  - trunkline.voice.manager
  - trunkline.voice.probe
options:
  number:
    description: The number to call, in E.164 form.
    type: str
    required: true
  context:
    description: The dialplan context that calls out on the trunk.
    type: str
    default: outbound
  sound:
    description: The prompt to play to the called party, by its name in Asterisk. It should last a second or more.
    type: str
    default: demo-congrats
  answer_seconds:
    description: How long to let the phone ring, in seconds, from 1 to 120.
    type: int
    default: 30
  call_seconds:
    description:
      - How long the call may last once answered, in seconds, from 2 to 120. It ends earlier if the prompt ends.
    type: int
    default: 12
seealso:
  - module: trunkline.voice.trunk_options
"""

EXAMPLES = r"""
- name: Call a mobile through the trunk
  trunkline.voice.trunk_call:
    trunk: Asterisk-SIP-Trunk
    endpoint: twilio-asterisk-pbx1
    domain: asterisk-pbx1.pstn.twilio.com
    context: outbound-twilio-asterisk-pbx1
    number: "+919876543210"
    ip_access_control_list: Asterisk-Server
    credential_list: Asterisk-Credentials
  register: call

- name: Show the SIP messages
  ansible.builtin.debug:
    var: call.ladder
"""

RETURN = r"""
passed:
  description: Whether every call was answered and both directions carried sound; V(null) in check mode.
  returned: always
  type: bool
checks:
  description:
    - For each trunk the checks V(call) and V(audio), each with its result (V(passed), V(failed) or V(skipped)) and a
      sentence.
    - V(audio) is skipped if nobody answered.
  returned: always
  type: list
  elements: dict
  contains:
    trunk: {description: The trunk's name., type: str}
    check: {description: The check's name., type: str}
    result: {description: "V(passed), V(failed) or V(skipped).", type: str}
    detail: {description: "The messages, or the cause of the failure.", type: str}
    cause: {description: "The cause's name, for programs, where it failed.", type: str}
    fix: {description: "The fix, where it failed.", type: str}
    seen: {description: "The messages in short, where it failed after some were exchanged.", type: str}
  sample:
    - trunk: Asterisk-SIP-Trunk
      check: call
      result: failed
      detail: "Twilio refused the call (403, 32201): it came from 203.0.113.10, which is not in Asterisk-Server."
      cause: address-not-in-acl
      fix: "Set trunkline_public_address of this PBX to 203.0.113.10 and run role twilio_trunk: it adds that to
        Asterisk-Server."
results:
  description: The results of the trunks in their order, each as for one trunk, with the name in C(trunk).
  returned: with O(trunks)
  type: list
  elements: dict
status:
  description: The status of the final response to the INVITE, 0 where none came.
  returned: with O(trunk), when Asterisk could be asked
  type: int
  sample: 200
reason:
  description: Its reason phrase.
  returned: with O(trunk), when Asterisk could be asked
  type: str
  sample: OK
twilio_error:
  description: The code in X-Twilio-Error, 0 where there was none.
  returned: with O(trunk), when Asterisk could be asked
  type: int
  sample: 0
caller_id:
  description: The user part of From, which Twilio takes for the caller ID.
  returned: with O(trunk), when Asterisk could be asked
  type: str
  sample: "+17756187988"
address_seen:
  description: The address that Twilio saw the call come from, taken from Via; empty without a response.
  returned: with O(trunk), when Asterisk could be asked
  type: str
  sample: 203.0.113.10
ladder:
  description: The messages of the call in order, C(->) sent and C(<-) received.
  returned: with O(trunk), when Asterisk could be asked
  type: list
  elements: str
  sample:
    - "-> INVITE"
    - "<- 407 Proxy Authentication required"
    - "-> ACK"
    - "-> INVITE with credentials"
    - "<- 100 trying -- your call is important to us"
    - "<- 183 Session Progress"
    - "<- 200 OK"
    - "-> ACK"
    - "-> BYE"
    - "<- 200 OK"
messages:
  description: The same messages in full, without digests and media keys.
  returned: with O(trunk), when Asterisk could be asked
  type: list
  elements: str
audio:
  description: The audio in each direction. Only what is louder than -45 dBFS counts as sound.
  returned: with O(trunk), when the call was answered
  type: dict
  contains:
    seconds: {description: How long the call lasted., type: float}
    packets_sent: {description: RTP packets to the trunk., type: int}
    packets_received: {description: RTP packets from the trunk., type: int}
    packets_lost: {description: Packets from the trunk that did not arrive., type: int}
    rtt_ms: {description: "The round trip as RTCP measured it, V(null) without RTCP.", type: float}
    heard: {description: "The audio received: seconds, loud_seconds, loudest_dbfs.", type: dict}
    played: {description: "The audio sent: seconds, loud_seconds, loudest_dbfs.", type: dict}
"""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.trunk_call import main

if __name__ == "__main__":
    main()
