# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: asterisk_install
short_description: Install another package of Asterisk, with a rollback until it is proven
version_added: 1.0.0
description:
  - For role P(trunkline.voice.asterisk#role). Where an Asterisk is installed, it starts the new one on the live
    configuration first, in isolation and unpacked from the package, and installs it only if it takes that
    configuration.
  - It keeps the package before, if that came as a file, and a note of it until O(state=proven). A package that cannot
    be installed, or that does not run, is replaced by the one before, from its file or by apt, and the module fails and
    names both.
  - With O(state=proven) it removes the configuration files that the package before left and nobody edited.
  - An installation that was killed is finished, or done anew.
author: the trunkline.voice authors (@trunkline)
options:
  state:
    description:
      - V(installed) installs O(path) or the package of O(series), or, without either, has the installed package run.
        V(proven) gives up the rollback, unless the package before still runs. V(former) rolls back to the package
        before, and fails with O(reason).
    type: str
    choices: [installed, proven, former]
    default: installed
  path:
    description: The package file on the host. It is moved into O(folder), under a name that tells builds apart.
    type: str
    default: ""
  format:
    description: What the host's packages are, those of dpkg and apt or those of rpm and dnf.
    type: str
    choices: [deb, rpm]
    default: deb
  series:
    description:
      - The major version of the system's own package, which is to take the place of a built one. It is not started on
        the live configuration first, as its modules are a package of their own. V(0) is none.
    type: int
    default: 0
  reason:
    description: What the package failed at.
    type: str
    default: ""
  folder:
    description: The directory that keeps packages.
    type: str
    default: /var/cache/trunkline
  restart_policy:
    description: When a running Asterisk is restarted, as O(trunkline.voice.pbx#role:main:pbx_restart_policy) says.
    type: str
    choices: [now, when_idle, report]
    default: when_idle
  restart_patience:
    description: How many seconds to wait until no call is up.
    type: int
    default: 60
attributes:
  check_mode:
    description: Says that the package would be installed, and does nothing.
    support: full
  diff_mode:
    description: There is no difference to show.
    support: none
"""

EXAMPLES = r"""
- name: Install the package
  trunkline.voice.asterisk_install:
    path: /var/cache/trunkline/coming.deb
  become: true
"""

RETURN = r"""
unproven:
  description: Whether the installed package is still to be proven.
  returned: success
  type: bool
waits:
  description: Whether the Asterisk before still runs, since calls are up.
  returned: success
  type: bool
"""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.asterisk_install import main

if __name__ == "__main__":
    main()
