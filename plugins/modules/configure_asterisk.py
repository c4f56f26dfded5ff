# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of action configure_asterisk."""

DOCUMENTATION = r"""
module: configure_asterisk
short_description: Configure Asterisk as the inventory declares
version_added: 0.2.0
description:
  - Validates the variables of the host as M(trunkline.voice.validate_inventory) does, renders the templates of role
    P(trunkline.voice.pbx#role) from them on the controller, and passes all files to M(trunkline.voice.asterisk_config),
    which checks them, activates them, and rolls back where Asterisk refuses them.
options:
  probe:
    description: The result of M(trunkline.voice.sip_options) for Twilio's edges, where a trunk's edges are V(auto).
    type: dict
    default: {}
  memory:
    description: The RV(edges) that this action returned in the run before.
    type: dict
    default: {}
  asterisk_major:
    description: The major version of the host's Asterisk.
    type: int
    default: 22
attributes:
  check_mode:
    description: As M(trunkline.voice.asterisk_config).
    support: full
  diff_mode:
    description: As M(trunkline.voice.asterisk_config).
    support: full
seealso:
  - module: trunkline.voice.asterisk_config
author: the trunkline.voice authors (@trunkline)
"""

EXAMPLES = r"""
- name: Have Asterisk run with the configuration
  trunkline.voice.configure_asterisk:
"""

RETURN = r"""
changes:
  description: As M(trunkline.voice.asterisk_config) returns it, with everything else that it returns.
  type: list
  elements: dict
  returned: success
edges:
  description: What the next run has to know - C(order), the edges from the nearest on, and C(timer_t1).
  type: dict
  returned: success
"""
