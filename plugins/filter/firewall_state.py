# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter firewall_state."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Callable, Mapping

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.host.firewall import Paths, Ports, firewall

DOCUMENTATION = r"""
name: firewall_state
short_description: Compare the firewall rules in force with the declared ones
version_added: 0.2.0
description:
  - For role P(trunkline.voice.firewall#role), from its look at the host.
author: the trunkline.voice authors (@trunkline)
positional: _input, packages, paths, ports
options:
  _input:
    description:
      - The result of M(trunkline.voice.host_files), with the commands C(live), C(file), C(ruleset), C(enabled) and
        C(active), and C(fail2ban) and C(jail) where fail2ban is to watch.
    type: dict
    required: true
  packages:
    description: The packages that should be there.
    type: list
    elements: str
    required: true
  paths:
    description: The files that something has to take up - C(rules), a path; C(units) and C(jail), lists of paths.
    type: dict
    required: true
  ports:
    description: The ports of SIP, C(sip), a list, and the first and last of audio, C(rtp_start) and C(rtp_end).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Say how the rules in force differ
  ansible.builtin.debug:
    msg: "{{ (look | trunkline.voice.firewall_state(['nftables'], paths, ports)).only_in_force }}"
"""

RETURN = r"""
_value:
  description:
    - C(only_in_force) and C(only_in_file), the lines in which the rules differ; C(in_force), whether they do not.
    - C(load) and C(watch), whether the unit and fail2ban have to reload; C(changes), what that changes.
    - C(differs), whether there is anything to do; C(warnings), sentences about other tables of the host.
  type: dict
"""


def firewall_state(
    look: dict[str, Any], packages: list[str], paths: Mapping[str, Any], ports: Mapping[str, Any],
) -> dict[str, Any]:
    """See DOCUMENTATION."""
    return asdict(firewall(look, packages, Paths(**paths), Ports(**ports)))


class FilterModule:
    """The filter, as Ansible looks for it."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"firewall_state": firewall_state}
