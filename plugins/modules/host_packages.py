# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of action host_packages."""

DOCUMENTATION = r"""
module: host_packages
short_description: Install missing packages
version_added: 0.2.0
description:
  - Installs packages with M(ansible.builtin.apt) or C(ansible.builtin.dnf), without recommended ones.
  - In check mode it says that they would be installed, where M(ansible.builtin.apt) fails on a host without
    C(python3-apt) or without an index of packages.
options:
  missing:
    description:
      - The packages that are not installed, as module M(trunkline.voice.host_files) finds, or C(name=version).
    type: list
    elements: str
    required: true
  policy_rc_d:
    description: What policy-rc.d answers while they are installed. V(101) forbids them to start services.
      Debian's alone.
    type: int
  format:
    description: What the host's packages are, as module M(trunkline.voice.host_files) finds.
    type: str
    choices: [deb, rpm]
    default: deb
attributes:
  check_mode:
    description: Says what would be installed, and asks the host nothing.
    support: full
  diff_mode:
    description: There is no difference to show beside the names.
    support: none
author: the trunkline.voice authors (@trunkline)
"""

EXAMPLES = r"""
- name: Install what is missing
  trunkline.voice.host_packages:
    missing: [nftables]
  become: true
"""

RETURN = r"""
changes:
  description: What was installed or, in check mode, would be.
  returned: success
  type: list
  elements: dict
  sample: [{action: add, what: package nftables}]
"""
