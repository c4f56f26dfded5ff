# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of action validate_n8n."""

DOCUMENTATION = r"""
module: validate_n8n
short_description: Validate the variables of hosts that run n8n before anything is touched
version_added: 1.0.0
description:
  - Reads the variables of roles P(trunkline.voice.n8n#role) and P(trunkline.voice.n8n_flow#role), as their argument
    specs state them, and names everything that cannot be right in one message, as M(trunkline.voice.validate_inventory)
    does for PBXs.
  - Runs on the controller and connects to no host.
options:
  group:
    description:
      - A group whose hosts are validated. By default the host that the task runs on. With a group, what contradicts
        C(pbx_n8n) of the inventory's PBXs is a warning - a webhook that none of them calls, another token, a
        destination that is not allowed. Where C(n8n_flow_api_url) is given for the host that the task runs on, that is
        validated as well, for role P(trunkline.voice.n8n_flow#role).
    type: str
  roles:
    description: The roles that the hosts are to have.
    type: list
    elements: str
    choices: [n8n, n8n_flow]
    default: [n8n, n8n_flow]
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
- name: Refuse what cannot be right on any host of n8n
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Validate n8n's hosts
      trunkline.voice.validate_n8n:
        group: n8n
"""

RETURN = r"""
hosts:
  description: The hosts that were validated.
  type: list
  elements: str
  returned: success
options:
  description: The options of the host that the task runs on, with their defaults, without secrets and workflows.
  type: dict
  returned: on a host that was validated
paths:
  description: The paths of its webhooks, below C(/webhook/).
  type: list
  elements: str
  returned: on a host that was validated
problems:
  description: What cannot be right, a sentence each.
  type: list
  elements: str
  returned: failure
"""
