# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of action configure_twilio."""

DOCUMENTATION = r"""
module: configure_twilio
short_description: Configure Twilio as the inventory declares
version_added: 0.2.0
description:
  - Validates the inventory as M(trunkline.voice.validate_inventory) does, derives the lists and trunks that Twilio is
    to have from it, and runs M(trunkline.voice.twilio_trunking) with them.
  - For role P(trunkline.voice.twilio_trunk#role).
options:
  state:
    description: V(absent) removes the trunks and lists that the inventory declares, and nothing else.
    type: str
    choices: [present, absent]
    default: present
  keep_trunks:
    description:
      - With O(state=absent), the names of trunks that stay at Twilio with their domains and settings, and with no list,
        origination URL or number, so that no call goes out or comes in on them.
    type: list
    elements: str
    default: []
  reached:
    description:
      - The PBX hosts that the run goes on to configure. Where a trunk would change whether it is secure and one of its
        hosts is not among them, nothing is changed. Without it this is not checked.
    type: list
    elements: str
attributes:
  check_mode:
    description: As M(trunkline.voice.twilio_trunking).
    support: full
  diff_mode:
    description: As M(trunkline.voice.twilio_trunking).
    support: full
seealso:
  - module: trunkline.voice.twilio_trunking
author: the trunkline.voice authors (@trunkline)
"""

EXAMPLES = r"""
- name: Twilio's side
  trunkline.voice.configure_twilio:
"""

RETURN = r"""
changes:
  description: As M(trunkline.voice.twilio_trunking) returns it, with everything else that it returns.
  type: list
  elements: dict
  returned: success
"""
