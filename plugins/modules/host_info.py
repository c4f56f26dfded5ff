# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: host_info
short_description: Look at files, packages and what commands say, all at once
version_added: 0.1.0
description:
  - Tells what a role wants to know of a host before it decides whether there is anything to do. A run that changes
    nothing then asks the host once, where facts, a task for the packages, one for the files and one for what is in
    force would take several times as long.
  - It is for the roles of this collection, and of use to others.
author: the trunkline.voice authors (@trunkline)
options:
  files:
    description: Absolute paths. A link is told as a link, and not followed.
    type: list
    elements: str
    default: []
extends_documentation_fragment: trunkline.voice.host
attributes:
  check_mode:
    description: It changes nothing in any mode, and looks in check mode too.
    support: full
  diff_mode:
    description: Changes nothing, so there is no difference to show.
    support: none
notes:
  - What it does not find is left out of the result, and no failure. It fails for a wrong option, for a file that it may
    not read, and for a command that has not ended after 30 seconds.
"""

EXAMPLES = r"""
- name: Look at the host
  trunkline.voice.host_info:
    files: [/etc/asterisk/pjsip.conf]
    packages: [asterisk]
    commands:
      - {name: rules, argv: [nft, --stateless, list, ruleset]}
  register: host
  become: true

- name: Refuse what is not Debian
  ansible.builtin.assert:
    that: host.release.id == 'debian'
"""

RETURN = r"""
release:
  description: What os-release(5) says, the names in lower case.
  returned: success
  type: dict
  sample: {id: debian, version_codename: bullseye, pretty_name: "Debian GNU/Linux 11 (bullseye)"}
files:
  description: Of each path where there is something, what it is.
  returned: success
  type: dict
  sample: {/etc/asterisk/pjsip.conf: {kind: file, mode: "0640", sha256: 5f2b0c…}}
packages:
  description: The version of each package that is installed.
  returned: success
  type: dict
  sample: {asterisk: "1:22.10.1~dfsg+~cs6.15.60671435-1"}
commands:
  description: What each command printed, and what it ended with, 127 where there is no such program.
  returned: success
  type: dict
  sample: {rules: {rc: 0, stdout: "table inet trunkline {…", stderr: ""}}
"""

from ansible_collections.trunkline.voice.plugins.module_utils._glue.host_info import main

if __name__ == "__main__":
    main()
