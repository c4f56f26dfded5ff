# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: asterisk_prompts
short_description: Make the prompts that the inventory declares
version_added: 1.0.0
description:
  - Makes the files of V(pbx_prompts) in C(/var/lib/trunkline/prompts) of a PBX host - sound files of the controller,
    which C(sox) converts to the codecs of calls, and texts, which C(espeak-ng) speaks. Both are installed where a
    prompt has to be made and they are missing.
  - The name of a file has a digest of what the prompt was made from. So one that is there is neither sent nor converted
    again, and M(trunkline.voice.asterisk_config) puts new ones into force together with the configuration that
    plays them, and removes the former ones.
  - As an action the module takes everything from the inventory; give its options only to make other prompts.
author: the trunkline.voice authors (@trunkline)
options:
  prompts:
    description: The prompts to make, by default those of V(pbx_prompts) whose files are missing.
    type: list
    elements: dict
    required: true
    suboptions:
      source:
        description: The place in the inventory, which messages name.
        type: str
        required: true
      stem:
        description: The name of its files, without the format.
        type: str
        required: true
      sound:
        description: The sound file on the host, whose ending says its kind.
        type: str
        default: ""
      text:
        description: What is spoken where there is no sound file.
        type: str
        default: ""
      language:
        description: The voice that speaks, by its name in C(espeak-ng).
        type: str
        default: en
  formats:
    description: The formats of Asterisk's that each prompt is made in.
    type: list
    elements: str
    choices: [ulaw, alaw, sln16]
    required: true
attributes:
  check_mode:
    description: Returns the prompts that would be made, and makes none.
    support: full
  diff_mode:
    description: A prompt has no text to show a difference of. RV(changes) names it.
    support: none
seealso:
  - module: trunkline.voice.asterisk_config
"""

EXAMPLES = r"""
- name: Make the prompts of the inventory
  trunkline.voice.asterisk_prompts:
"""

RETURN = r"""
changes:
  description: The prompts and packages that were added or changed.
  returned: success
  type: list
  elements: dict
  sample:
    - {action: add, what: package sox}
    - {action: change, what: prompt welcome}
"""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.asterisk_prompts import main

if __name__ == "__main__":
    main()
