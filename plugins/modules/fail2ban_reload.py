# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: fail2ban_reload
short_description: Reload fail2ban, and check that a jail runs
version_added: 0.2.0
description:
  - fail2ban starts with all of its jails or not at all, and systemd reports it as started before it has read them. This
    module waits for fail2ban, reloads it, and fails with fail2ban's own reason and the fix if the jail does not run.
  - Use it after the configuration changed. It always reports a change.
author: the trunkline.voice authors (@trunkline)
options:
  jail:
    description:
      - The jail that has to run. fail2ban is started for it, now and at every boot.
      - Without a jail, a stopped fail2ban is left alone.
    type: str
attributes:
  check_mode:
    description: Reports a change, and does nothing.
    support: full
  diff_mode:
    description: There is no difference to show.
    support: none
"""

EXAMPLES = r"""
- name: Reload fail2ban with the jail
  trunkline.voice.fail2ban_reload:
    jail: trunkline
  become: true
"""

RETURN = ""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.fail2ban_reload import main

if __name__ == "__main__":
    main()
