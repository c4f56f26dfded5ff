# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documentation of the modules that probe a PBX has in common."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of the trunk and of the manager's connection, and the attributes of a probe."""

    DOCUMENTATION = r"""
options:
  trunk:
    description: The trunk's name at Twilio, for the report.
    type: str
    required: true
  endpoint:
    description: The PJSIP endpoint that calls go out on.
    type: str
    required: true
  domain:
    description: The trunk's termination domain, which a fix names where the PBX calls another host.
    type: str
    required: true
  ip_access_control_list:
    description: The name of the trunk's IP access control list at Twilio, for the report.
    type: str
  credential_list:
    description: The name of the trunk's credential list at Twilio, for the report.
    type: str
  edges:
    description:
      - The trunk's edges as the inventory has them, names or V(auto), where each has an endpoint of its own. That is
        O(endpoint), a hyphen and the edge.
    type: list
    elements: str
    default: []
  manager_host:
    description: Where Asterisk's manager interface listens.
    type: str
    default: 127.0.0.1
  manager_port:
    description: Its TCP port.
    type: int
    default: 5038
  manager_user:
    description:
      - A user of the manager interface with C(read = call) and C(write = originate,reporting,command).
    type: str
    default: verify
  manager_secret_file:
    description:
      - The file on the PBX, in the form of C(manager.conf), that has the user's secret. The module reads it there; the
        secret goes nowhere else.
    type: path
    default: /etc/asterisk/manager_secret.conf
attributes:
  check_mode:
    description: Checks the options and changes nothing.
    details: No probe is run, since a probe reaches Twilio. All RV(ignore:checks) are skipped then.
    support: partial
  diff_mode:
    description: Changes nothing, so there is no difference to show.
    support: none
notes:
  - Runs on the PBX as a user who may read O(manager_secret_file), which is root by default.
  - What the module finds is its result and not its failure - look at RV(ignore:passed). It fails only for a wrong
    option.
  - Asterisk must have C(res_pjsip_history) loaded. It is switched on for the time of the probe. If someone else uses it
    already, it stays on, and what it holds stays there.
"""
