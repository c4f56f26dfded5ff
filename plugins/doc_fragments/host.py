# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What modules tell of a host beside files."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of host_info and host_files."""

    DOCUMENTATION = r"""
options:
  packages:
    description: Names of Debian packages.
    type: list
    elements: str
    default: []
  commands:
    description: Commands that only read. They are run in check mode too, one after the other, without a shell.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: What it is called in the result. No two may be called the same.
        type: str
        required: true
      argv:
        description: The program and its arguments.
        type: list
        elements: str
        required: true
"""
