# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory's variables about calls out, as module declaration takes them."""

from __future__ import annotations


class ModuleDocFragment:
    """What is dialled, and what may be called."""

    DOCUMENTATION = r"""
options:
  pbx_home_country:
    description: The country whose way to dial phones follow, by its two letters.
    type: str
  pbx_international_prefixes:
    description: Prefixes that stand for the plus sign when a person dials, in place of the home country's.
    type: list
    elements: str
  pbx_national_rules:
    description: How national numbers become E.164.
    type: list
    elements: dict
    default: []
    suboptions:
      pattern:
        description: What is dialled, as an Asterisk pattern without its underscore.
        type: str
        required: true
      strip:
        description: How many digits to drop from the front.
        type: int
        default: 0
      prefix:
        description: What to put in front, the plus sign and a country code.
        type: str
        required: true
  pbx_countries:
    description: The countries that may be called, by their two letters.
    type: list
    elements: str
  pbx_allowed_prefixes:
    description: What may be called besides, as the beginning of a number in E.164 form.
    type: list
    elements: str
    default: []
  pbx_denied_prefixes:
    description: What may not be called, though its country may.
    type: list
    elements: str
    default: []
  pbx_classes:
    description: Classes of service besides V(internal), V(national) and V(international).
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Its name.
        type: str
        required: true
      countries:
        description: The countries it may call, of those that the PBX may call; all of them if not given.
        type: list
        elements: str
      allowed_prefixes:
        description: What it may call besides.
        type: list
        elements: str
      denied_prefixes:
        description: What it may not call.
        type: list
        elements: str
  pbx_default_class:
    description: The class of phones that name none.
    type: str
    default: international
  pbx_max_wait_seconds:
    description: How long a call may wait for its turn where a limit of calls a second is reached.
    type: int
    default: 5
  pbx_emergency_numbers:
    description: What every phone may dial at any time, in place of the home countries' emergency numbers.
    type: list
    elements: str
  pbx_account_sid:
    description: The SID of the Twilio account that calls come in from. Empty, any may call.
    type: str
"""
