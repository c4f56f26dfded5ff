# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: sip_options
short_description: Ask many SIP servers with OPTIONS at once, and rank them
version_added: 0.1.0
description:
  - Sends OPTIONS to all targets at the same time, from the machine that it runs on and from sockets of its own, over
    UDP, TCP or TLS, and tells for each the answer, the round trips and what was lost.
  - Any final response to what was sent is an answer, a 404 as well as a 200. An answer is known by branch, Call-ID and
    CSeq, so that nothing else can pass for one.
  - It needs nothing but Python 3.9 or newer on that machine.
author: the trunkline.voice authors (@trunkline)
options:
  targets:
    description: Whom to ask, 1 to 256.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: What it is called in the result, its host where not given. No two may be called the same.
        type: str
      host:
        description: A host name or an address. Of a name with several addresses the first is asked; SRV is not.
        type: str
        required: true
      port:
        description: Its port, 5061 for TLS and 5060 otherwise where not given.
        type: int
      transport:
        description: How to reach it.
        type: str
        choices: [udp, tcp, tls]
        default: udp
      request_host:
        description: The host in the Request-URI, such as a trunk's own domain; O(targets[].host) where not given.
        type: str
      server_name:
        description: The name that its certificate must be for, O(targets[].host) where not given.
        type: str
  count:
    description: How many OPTIONS each target gets, 1 to 20. None is sent twice, so that a loss is seen.
    type: int
    default: 3
  interval:
    description: The seconds between two OPTIONS to one target, 0 to 10. The next one does not wait for an answer.
    type: float
    default: 0.02
  timeout:
    description:
      - For how many seconds an answer is waited for after the last OPTIONS, 0.1 to 30. Finding the address, and making
        a connection, may take as long each.
    type: float
    default: 2.0
  verify:
    description:
      - Whether a TLS server must show a certificate that is valid, for its name. It is judged as Asterisk judges it,
        with every Python alike; the strict X.509 that Python 3.13 and newer ask for by themselves is not asked for.
    type: bool
    default: true
  ca_file:
    description: A file of PEM certificates to trust, in place of the system's.
    type: path
  present:
    description:
      - Names in the order that is in use. RV(ranked) keeps it, but for targets that are now nearer than one before them
        by more than O(margin_ms). One that did not answer keeps its place. Names that are no target are left out.
    type: list
    elements: str
    default: []
  margin_ms:
    description: By how many milliseconds a target must be nearer to change the order that is in use, 0 to 10000.
    type: float
    default: 0.0
attributes:
  check_mode:
    description: It changes nothing in any mode, and asks in check mode too.
    support: full
  diff_mode:
    description: Changes nothing, so there is no difference to show.
    support: none
notes:
  - What it finds is its result and not its failure. It fails only for a wrong option.
  - A round trip is that of OPTIONS alone; finding the address and making the connection is before it.
seealso:
  - module: trunkline.voice.trunk_options
"""

EXAMPLES = r"""
- name: Which edge of Twilio's is the nearest to this PBX?
  trunkline.voice.sip_options:
    targets:
      - {name: ashburn, host: pstn.ashburn.twilio.com, request_host: asterisk-pbx1.pstn.twilio.com}
      - {name: dublin, host: pstn.dublin.twilio.com, request_host: asterisk-pbx1.pstn.twilio.com}
      - {name: singapore, host: pstn.singapore.twilio.com, request_host: asterisk-pbx1.pstn.twilio.com}
  register: edges

- name: It is this one
  ansible.builtin.debug:
    msg: "{{ edges.ranked | first }}"
"""

RETURN = r"""
targets:
  description: What came of each target, in the order of the option.
  returned: success
  type: list
  elements: dict
  contains:
    name: {description: Its name., type: str}
    host: {description: The host that was asked., type: str}
    port: {description: The port that was asked., type: int}
    transport: {description: How it was asked., type: str}
    address: {description: "The address that was asked, empty where the name has none.", type: str}
    status: {description: "The status of the last answer, 0 where none came.", type: int}
    reason: {description: The reason phrase of the last answer., type: str}
    rtt_ms:
      description: The shortest, the middle and the longest round trip in milliseconds, V(null) where no answer came.
      type: dict
      contains:
        min: {description: The shortest., type: float}
        median: {description: The middle one., type: float}
        max: {description: The longest., type: float}
    sent: {description: How many OPTIONS were sent., type: int}
    received: {description: How many were answered., type: int}
    loss_percent: {description: "The share that was not answered, 100 where nothing could be sent.", type: float}
    strays: {description: How many messages came that answer nothing that was sent., type: int}
    error:
      description:
        - Empty where any answer came. Otherwise V(name-not-found), V(refused), V(silent), V(unreachable), V(closed),
          V(tls), or V(strange) where what came is no answer.
      type: str
    detail: {description: "The error in words, such as why a certificate is refused.", type: str}
  sample:
    - name: ashburn
      host: pstn.ashburn.twilio.com
      port: 5060
      transport: udp
      address: 54.172.60.0
      status: 200
      reason: OK
      rtt_ms: {min: 74.2, median: 74.8, max: 76.0}
      sent: 3
      received: 3
      loss_percent: 0.0
      strays: 0
      error: ""
      detail: ""
ranked:
  description:
    - The names, the best first - those that answered 2xx to at least half of what was sent, then those that answered at
      all, then the others, and in each the shortest round trip first. O(present) changes that.
  returned: success
  type: list
  elements: str
  sample: [ashburn, dublin, singapore]
elapsed_ms:
  description: How long all of it took, in milliseconds.
  returned: success
  type: float
  sample: 252.4
"""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.sip_options import main

if __name__ == "__main__":
    main()
