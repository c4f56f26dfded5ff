# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter asterisk_server."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Callable

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.host.server import server

DOCUMENTATION = r"""
name: asterisk_server
short_description: Decide which Asterisk a host can have, and what is missing for it
version_added: 0.2.0
description:
  - For role P(trunkline.voice.asterisk#role), from its look at the host.
author: the trunkline.voice authors (@trunkline)
positional: _input, releases, packages
options:
  _input:
    description: The result of M(trunkline.voice.host_files), with a command C(boot) that asks systemd.
    type: dict
    required: true
  releases:
    description: The supported Debian releases by code name, with the major version of the Asterisk of each.
    type: dict
    required: true
  packages:
    description: The packages that should be there.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Refuse a release that is not supported
  ansible.builtin.assert:
    that: "(look | trunkline.voice.asterisk_server({'forky': 22}, ['asterisk'])).refusal == ''"
"""

RETURN = r"""
_value:
  description:
    - C(major), the major version of the host's Asterisk; C(refusal), the end of a sentence that says why the host
      cannot have it, or empty.
    - C(missing), what apt is to install; C(differs), whether there is anything to do.
  type: dict
"""


class FilterModule:
    """The filter, as Ansible looks for it."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"asterisk_server": lambda look, releases, packages: asdict(server(look, releases, packages))}
