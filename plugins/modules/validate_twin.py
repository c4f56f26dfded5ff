# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of action validate_twin."""

DOCUMENTATION = r"""
module: validate_twin
short_description: Validate the variables of a host that is a twin of Twilio
version_added: 1.0.0
description:
  - Reads the variables of role P(trunkline.voice.twilio_twin#role), as its argument specs state them, and names
    everything that cannot be right in one message, as M(trunkline.voice.validate_inventory) does for PBXs.
  - Runs on the controller and connects to no host.
options: {}
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
- name: Validate the twin's variables
  trunkline.voice.validate_twin:
  register: twin
"""

RETURN = r"""
options:
  description: The options of the host, with their defaults, without secrets.
  type: dict
  returned: success
problems:
  description: What cannot be right, a sentence each.
  type: list
  elements: str
  returned: failure
"""
