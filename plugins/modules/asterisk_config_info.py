# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: asterisk_config_info
short_description: Read a configuration of Asterisk that was written by hand
version_added: 1.0.0
description:
  - Reads C(pjsip.conf), C(pjsip_wizard.conf), C(extensions.conf), C(voicemail.conf) and C(rtp.conf) of a folder, with
    all files that they include, and changes nothing. C(playbooks/adopt.yml) makes an inventory of them.
  - A folder that role P(trunkline.voice.pbx#role) wrote, or that FreePBX writes, is not read.
  - The result has passwords. Give the task C(no_log) V(true).
author: the trunkline.voice authors (@trunkline)
options:
  folder:
    description: The folder, an absolute path.
    type: str
    default: /etc/asterisk
attributes:
  check_mode:
    description: Reads only.
    support: full
  diff_mode:
    description: Changes nothing, so there is no diff.
    support: none
"""

EXAMPLES = r"""
- name: Read the configuration
  trunkline.voice.asterisk_config_info:
  register: found
  become: true
  no_log: true
"""

RETURN = r"""
configuration:
  description:
    - C(folder) and whether it C(exists); C(files), the text of each file by its name below the folder; C(unreadable),
      the reason for each file that could not be read; C(latin1), the files that are not UTF-8 and were read as Latin-1;
      C(others), the names of files that are not read.
    - C(ours), whether role P(trunkline.voice.pbx#role) wrote the folder, and then C(found), the folders of files that
      it found, and C(by_hand), the files of C(local.d).
    - C(freepbx), a path that shows that FreePBX writes the folder, or an empty text.
  returned: success
  type: dict
"""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.asterisk_config_info import main

if __name__ == "__main__":
    main()
