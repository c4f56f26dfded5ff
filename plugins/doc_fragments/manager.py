# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation of the connection to Asterisk's manager interface, which the modules that verify share."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of the connection."""

    DOCUMENTATION = r"""
options:
  manager_host:
    description: The address that Asterisk's manager interface listens on.
    type: str
    default: 127.0.0.1
  manager_port:
    description: Its TCP port.
    type: int
    default: 5038
  manager_user:
    description:
      - A user of the manager interface with C(read = call,user) and C(write = originate,reporting,command).
    type: str
    default: verify
  manager_secret_file:
    description:
      - The file on the PBX, in the format of C(manager.conf), that has the user's secret. The module reads it on the
        PBX, and the secret does not leave it.
    type: path
    default: /etc/asterisk/manager_secret.conf
"""
