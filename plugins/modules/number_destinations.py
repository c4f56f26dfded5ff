# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: number_destinations
short_description: Show what calls to the numbers of a PBX reach now
version_added: 1.0.0
description:
  - Has Asterisk place a call to each number from inside, in the way that a call from the telephone network takes, and
    compares what it reaches with what is declared. The hours that apply now are looked up.
  - The call ends before it would ring or answer. It costs nothing, nobody hears it, and n8n is not asked.
  - Needs the dialplan of role P(trunkline.voice.pbx#role). As an action the module takes the numbers of the inventory;
    give O(numbers) only to prove others.
author: the trunkline.voice authors (@trunkline)
extends_documentation_fragment:
  - trunkline.voice.manager
options:
  numbers:
    description: The numbers to call, by default those of V(pbx_dids).
    type: list
    elements: dict
    required: true
    suboptions:
      number:
        description: The number in E.164 form.
        type: str
        required: true
      destination:
        description: What calls to it reach, a kind and a name such as V(menu main).
        type: str
        required: true
attributes:
  check_mode:
    description: Checks the options and changes nothing.
    details: No call is placed. All RV(checks) are skipped.
    support: partial
  diff_mode:
    description: The module changes nothing, so there is no difference to show.
    support: none
seealso:
  - module: trunkline.voice.trunk_call
"""

EXAMPLES = r"""
- name: Where do calls go that come in now?
  trunkline.voice.number_destinations:
  register: numbers

- name: Show it
  ansible.builtin.debug:
    msg: "{{ numbers.checks | map(attribute='detail') }}"
"""

RETURN = r"""
passed:
  description: Whether each number reached what is declared; V(null) in check mode.
  returned: success
  type: bool
checks:
  description: A row for each number, in their order; only one where Asterisk could not be asked at all.
  returned: success
  type: list
  elements: dict
  contains:
    trunk: {description: The number., type: str}
    check: {description: V(number)., type: str}
    result: {description: "V(passed), V(failed) or V(skipped).", type: str}
    detail: {description: "What the call reached, or the cause of the failure.", type: str}
    cause: {description: "The cause's name, for programs, where it failed.", type: str}
    fix: {description: "The fix, where it failed.", type: str}
  sample:
    - {trunk: "+17756187988", check: number, result: passed, detail: "hours office (closed): mailbox 1001"}
"""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.number_destinations import main

if __name__ == "__main__":
    main()
