# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter asterisk_age."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Callable, Mapping

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.host.releases import age
from ansible_collections.trunkline.voice.plugins.plugin_utils.releases import day, tables

DOCUMENTATION = r"""
name: asterisk_age
short_description: Say how old a host's Asterisk is, and which known advisories touch it
version_added: 1.0.0
description:
  - From the table of releases and advisories that the collection ships. No server is asked.
author: the trunkline.voice authors (@trunkline)
positional: _input, today
options:
  _input:
    description: >-
      The result of M(trunkline.voice.host_files) with package C(asterisk), and perhaps with a command C(version), what
      C(asterisk -V) prints, for an Asterisk that is no Debian package.
    type: dict
    required: true
  today:
    description: The day that counts as today, such as 2026-11-25; the controller's where it is not given.
    type: str
"""

EXAMPLES = r"""
- name: Look at the host
  trunkline.voice.host_files:
    packages: [asterisk]
  register: look

- name: Say how old its Asterisk is
  ansible.builtin.debug:
    msg: "{{ (look | trunkline.voice.asterisk_age).text }}"
"""

RETURN = r"""
_value:
  description:
    - C(version), upstream's, or empty; C(released), its date, C(days), its age, and C(newest), the newest release of
      its series in the table, each empty or none where it is unknown; C(dead), whether its series gets no security
      fixes any more.
    - C(touching), the advisories that it lacks the fix of in modules that role P(trunkline.voice.pbx#role) loads,
      C(elsewhere), those in others, and C(unknown), those of which nobody can tell, as a distribution mends its package
      without a new version.
    - C(text), all of it in sentences; C(warns), whether there is anything to do; C(checks), a row for filter
      P(trunkline.voice.proof_report#filter).
  type: dict
"""


def asterisk_age(look: Mapping[str, Any], today: str | None = None) -> dict[str, Any]:
    """See DOCUMENTATION."""
    said = look.get("commands", {}).get("version", {}).get("stdout", "").removeprefix("Asterisk").strip()
    found = age(look.get("packages", {}).get("asterisk", "") or said, tables(), day(today))
    check = {"trunk": "Asterisk", "check": "version", "result": "warning" if found.warns else "passed", "cause": "",
             "detail": found.text, "fix": ""}
    return {**asdict(found), "checks": [check]}


class FilterModule:
    """The filter, as Ansible looks for it."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"asterisk_age": asterisk_age}
