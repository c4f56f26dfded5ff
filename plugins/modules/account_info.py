# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of action account_info."""

DOCUMENTATION = r"""
module: account_info
short_description: Read the Twilio account that the inventory names
version_added: 0.2.0
description:
  - Reads all trunks and lists of the account, and the numbers that calls may show, with the C(twilio_trunk_) variables
    of the inventory. For role P(trunkline.voice.twilio_trunk#role).
options:
  countries:
    description: Whether to read the countries that may be called as well.
    type: bool
    default: false
attributes:
  check_mode:
    description: Reads as usual.
    support: full
  diff_mode:
    description: Changes nothing.
    support: none
seealso:
  - module: trunkline.voice.twilio_trunking_info
  - module: trunkline.voice.twilio_caller_id_info
author: the trunkline.voice authors (@trunkline)
"""

EXAMPLES = r"""
- name: Read the account
  trunkline.voice.account_info:
"""

RETURN = r"""
resources:
  description: As M(trunkline.voice.twilio_trunking_info) returns it.
  type: dict
  returned: success
caller_ids:
  description: The numbers that calls may show, in E.164 form.
  type: list
  elements: str
  returned: success
"""
