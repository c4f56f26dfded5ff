# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of action validate_inventory."""

DOCUMENTATION = r"""
module: validate_inventory
short_description: Validate the variables of all PBX hosts before anything is touched
version_added: 0.2.0
description:
  - Reads the variables of every host of group C(pbx) and of localhost, as the argument specs of roles
    P(trunkline.voice.twilio_trunk#role), P(trunkline.voice.pbx#role), P(trunkline.voice.asterisk#role),
    P(trunkline.voice.firewall#role) and P(trunkline.voice.verify#role) state them, whatever C(--limit) says.
  - A value with one possible meaning is accepted - V(no) for a boolean, V("5060") for a number, one text for a list. A
    value whose meaning would be a guess is refused, such as V(0100), which YAML reads as 64, where a text is meant.
  - Names everything that cannot be right in one message - wrong values, references to nothing, contradictions between
    hosts, more than Twilio takes, misspelt variables.
  - Runs on the controller and connects to no host. The roles of this collection use the values that it returns, and
    read no variable themselves.
options:
  variables:
    description:
      - Values that win over those of the inventory, by the name of the variable, for every host.
    type: dict
    default: {}
  credentials:
    description: Whether the run uses Twilio's API, so that missing credentials are a problem.
    type: bool
    default: false
attributes:
  check_mode:
    description: Validates as usual.
    support: full
  diff_mode:
    description: Changes nothing.
    support: none
author: the trunkline.voice authors (@trunkline)
"""

EXAMPLES = r"""
- name: Check the inventory
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Everything that cannot be right
      trunkline.voice.validate_inventory:
        credentials: true
      register: trunkline_inventory     # no role checks all hosts again where localhost has this

- name: Run several roles with what is read once
  hosts: pbx
  gather_facts: false
  tasks:
    - name: Take the validated values
      trunkline.voice.validate_inventory:
      register: trunkline_host          # no role reads the host's variables again where it has this beside the other
"""

RETURN = r"""
hosts:
  description: The PBX hosts.
  type: list
  elements: str
  returned: success
options:
  description: The options of the PBX that the task runs on, with their defaults, without secrets and rows.
  type: dict
  returned: on a PBX host
trunks:
  description:
    - What a probe of each trunk needs - C(name), C(domain), C(edges), C(endpoint), C(context),
      C(ip_access_control_list) and C(credential_list).
  type: list
  elements: dict
  returned: on a PBX host
sip_limits:
  description:
    - How many SIP packets an address may send - C(rate) a second and C(burst) at once where phones are,
      C(stranger_rate) and C(stranger_burst) elsewhere.
  type: dict
  returned: on a PBX host
secure:
  description: Whether any of its trunks takes TLS and SRTP.
  type: bool
  returned: on a PBX host
card:
  description:
    - What users dial on the PBX, for filter P(trunkline.voice.code_card#filter) - parts with a C(title) and C(rows), of
      which each has C(dial), C(does) and C(example).
  type: list
  elements: dict
  returned: on a PBX host
problems:
  description: What cannot be right, a sentence each.
  type: list
  elements: str
  returned: failure
"""
