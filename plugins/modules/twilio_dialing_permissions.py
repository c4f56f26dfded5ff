# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: twilio_dialing_permissions
short_description: Manage the countries that a Twilio account may call
version_added: 0.1.0
description:
  - Opens and closes countries, and within them the numbers that are expensive or known for fraud. All changes are one
    request.
  - Permissions are the account's own. They hold for its trunks and for all its other calls.
  - A country that Twilio does not know is an error.
author: the trunkline.voice authors (@trunkline)
extends_documentation_fragment:
  - trunkline.voice.twilio
  - trunkline.voice.twilio.attributes
  - trunkline.voice.twilio.countries
options:
  keep_extra:
    description: With V(countries), countries that are not listed stay as they are.
    type: list
    elements: str
    choices: [countries]
    default: []
seealso:
  - module: trunkline.voice.twilio_trunking
  - name: Voice dialing geographic permissions
    description: What Twilio counts as low-risk, high-risk special and toll-fraud numbers.
    link: https://www.twilio.com/docs/voice/api/dialingpermissions-country-resource
"""

EXAMPLES = r"""
- name: Call the United States, Canada and India, and nowhere else
  trunkline.voice.twilio_dialing_permissions:
    countries:
      - iso_code: US
        low_risk_numbers: true
      - iso_code: IN
        low_risk_numbers: true

- name: Call Germany as well, but not its premium-rate numbers
  trunkline.voice.twilio_dialing_permissions:
    countries:
      - iso_code: DE
        low_risk_numbers: true
        high_risk_special_numbers: false
        high_risk_tollfraud_numbers: false
    keep_extra: [countries]
"""

RETURN = r"""
resources:
  description: With the key C(countries), all of Twilio's countries after the run, or as they would be in check mode.
  returned: success
  type: dict
  sample:
    countries:
      - sid: US
        iso_code: US
        low_risk_numbers: true
        high_risk_special_numbers: false
        high_risk_tollfraud_numbers: false
steps:
  description: What was done, or would be done in check mode, in order. Empty where nothing changed.
  returned: success
  type: list
  elements: str
  sample:
    - update country DE (low_risk_numbers)
changes:
  description: The same for a program. Passwords are never in it.
  returned: success
  type: list
  elements: dict
  contains:
    action: {description: "V(add), V(change) or V(remove).", type: str}
    what: {description: The resource and what it belongs to., type: str}
    fields: {description: "Of each field that is set, C(before) and C(after); of a removal nothing.", type: dict}
    note: {description: "What else it does, or nothing.", type: str}
  sample:
    - action: change
      what: country DE
      fields:
        low_risk_numbers: {before: false, after: true}
      note: ""
"""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.run import run_account

if __name__ == "__main__":
    run_account(("countries",))
