# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: unit_trial
short_description: Try settings of a systemd unit before a service depends on them
version_added: 0.2.0
description:
  - Runs a harmless program as a transient unit. If the kernel or the container refuses a sandbox, a service with it
    does not start, so the sandbox is tried before it is written into the service's unit.
  - It fails with systemd's reason if the host refuses.
author: the trunkline.voice authors (@trunkline)
options:
  settings:
    description: Settings of the unit's C([Service]) section, as in systemd.exec(5).
    type: dict
    required: true
  argv:
    description: The program and its arguments. It must end by itself within 20 seconds.
    type: list
    elements: str
    required: true
  hint:
    description: How to mend a refusal, as the last sentence of the error.
    type: str
    default: ""
attributes:
  check_mode:
    description: Skips the trial, as the program may not be installed yet.
    support: partial
  diff_mode:
    description: Changes nothing, so there is no difference to show.
    support: none
"""

EXAMPLES = r"""
- name: Try the sandbox
  trunkline.voice.unit_trial:
    settings: {User: asterisk, PrivateDevices: "yes"}
    argv: [/usr/sbin/asterisk, -V]
  become: true
"""

RETURN = ""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.unit_trial import main

if __name__ == "__main__":
    main()
