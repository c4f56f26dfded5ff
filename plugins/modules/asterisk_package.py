# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: asterisk_package
short_description: Make a package of Asterisk from upstream's source, or find it in a store
version_added: 0.2.0
description:
  - For role P(trunkline.voice.asterisk_build#role), as root, on a builder with Debian or a relative of it; for an RPM
    on one of the target's own system and release.
  - Makes a chroot of the target's release with mmdebstrap, or with dnf for an RPM, builds there without a network and
    as a user who may write nothing else, starts the result once, and removes the chroot. Every source file is compared
    with its SHA-256 before, and the modules that were built with those that were asked for.
  - A package that is in the store, with the bytes that it was made with, is not made again.
author: the trunkline.voice authors (@trunkline)
options:
  order:
    description: What to make, as filter P(trunkline.voice.asterisk_server#filter) returns it.
    type: dict
    required: true
  store:
    description: The directory that keeps packages and source files. A build takes 2 GB there, and gives them back.
    type: str
    required: true
  sources:
    description: A directory with source files, which are taken before any address is asked.
    type: str
    default: ""
attributes:
  check_mode:
    description: Says whether the package would be made, and makes nothing.
    support: full
  diff_mode:
    description: There is no difference to show.
    support: none
"""

EXAMPLES = r"""
- name: Have the package
  trunkline.voice.asterisk_package:
    order: "{{ server.order }}"
    store: /var/cache/trunkline/asterisk
  become: true
"""

RETURN = r"""
path:
  description: Where the package is; empty in check mode where it would have to be made.
  returned: success
  type: str
sha256:
  description: The SHA-256 of the package.
  returned: success, but not in check mode
  type: str
"""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.asterisk_package import main

if __name__ == "__main__":
    main()
