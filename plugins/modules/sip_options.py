# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: sip_options
short_description: Send OPTIONS to many SIP servers at once and rank them
version_added: 0.1.0
description:
  - Sends OPTIONS to all targets at the same time, from the machine that it runs on and from sockets of its own, over
    UDP, TCP or TLS, and returns the answer, the round trips and the loss of each.
  - Any final response is an answer, a 404 as well as a 200. It is matched by branch, Call-ID and CSeq, so that no other
    message counts as one.
  - It needs only Python 3.9 or newer on that machine.
author: the trunkline.voice authors (@trunkline)
options:
  targets:
    description: The servers to ask, 1 to 256.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Its name in the result, by default its host. Names must be unique.
        type: str
      host:
        description: A host name or an address. Of a name with several addresses the first is asked; SRV is ignored.
        type: str
        required: true
      port:
        description: Its port, by default 5061 for TLS and 5060 otherwise.
        type: int
      transport:
        description: Its transport.
        type: str
        choices: [udp, tcp, tls]
        default: udp
      request_host:
        description: The host in the Request-URI, such as a trunk's own domain; by default O(targets[].host).
        type: str
      server_name:
        description: The name that its certificate must have, by default O(targets[].host).
        type: str
  count:
    description: How many OPTIONS each target gets in a round, 1 to 20. None is retransmitted, so that loss shows.
    type: int
    default: 3
  rounds:
    description:
      - How many times the targets are asked at most, 1 to 10. After the second round the module asks again only while a
        target comes nearer by more than O(margin_ms), so that a load of the moment is not taken for distance.
      - The result is that of all rounds together.
    type: int
    default: 1
  interval:
    description: The seconds between two OPTIONS to one target, 0 to 10. The next one does not wait for an answer.
    type: float
    default: 0.02
  timeout:
    description:
      - How many seconds to wait for an answer after the last OPTIONS, 0.1 to 30. The name lookup and the connection may
        each take as long.
    type: float
    default: 2.0
  verify:
    description:
      - Whether to validate a TLS server's certificate and its name. It is validated as Asterisk does, on every Python
        alike, so without the strict X.509 checks that are the default of Python 3.13 and newer.
    type: bool
    default: true
  ca_file:
    description: A file of PEM certificates to trust instead of the system's.
    type: path
  present:
    description:
      - Names in the order that is in use. RV(ranked) keeps it, except that a target moves up past targets that are
        farther away by more than O(margin_ms). A target without an answer keeps its place. Names of no
        target are left out.
    type: list
    elements: str
    default: []
  margin_ms:
    description: How many milliseconds nearer a target must be to move up in the order that is in use, 0 to 10000.
    type: float
    default: 0.0
attributes:
  check_mode:
    description: The module changes nothing in any mode, and sends OPTIONS in check mode too.
    support: full
  diff_mode:
    description: The module changes nothing, so there is no difference to show.
    support: none
notes:
  - A target without an answer is no failure of the module. It fails only for a wrong option.
  - A round trip is that of OPTIONS alone, without the name lookup and the connection.
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

- name: Show it
  ansible.builtin.debug:
    msg: "{{ edges.ranked | first }}"
"""

RETURN = r"""
targets:
  description: The result of each target, in the order of the option.
  returned: success
  type: list
  elements: dict
  contains:
    name: {description: Its name., type: str}
    host: {description: The host that was asked., type: str}
    port: {description: The port that was asked., type: int}
    transport: {description: Its transport., type: str}
    address: {description: "The address that was asked, empty if the name has none.", type: str}
    status: {description: "The status of the last answer, 0 without one.", type: int}
    reason: {description: The reason phrase of the last answer., type: str}
    rtt_ms:
      description: The shortest, the median and the longest round trip in milliseconds, V(null) without an answer.
      type: dict
      contains:
        min: {description: The shortest., type: float}
        median: {description: The median., type: float}
        max: {description: The longest., type: float}
    sent: {description: How many OPTIONS were sent., type: int}
    received: {description: How many were answered., type: int}
    loss_percent: {description: "The share that was not answered, 100 if nothing could be sent.", type: float}
    strays: {description: How many messages came that answer no request., type: int}
    error:
      description:
        - Empty if any answer came. Otherwise V(name-not-found), V(refused), V(silent), V(unreachable), V(closed),
          V(tls), or V(strange) if other messages came.
      type: str
    detail: {description: "The error in words, such as why a certificate is rejected.", type: str}
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
    - The names, the best first - those that answered 2xx to at least half of the OPTIONS, then those that answered at
      all, then the others, and in each the shortest round trip first. O(present) changes that.
  returned: success
  type: list
  elements: str
  sample: [ashburn, dublin, singapore]
elapsed_ms:
  description: How long the module took, in milliseconds.
  returned: success
  type: float
  sample: 252.4
"""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.sip_options import main

if __name__ == "__main__":
    main()
