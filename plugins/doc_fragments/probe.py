# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation that the modules that probe trunks share."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of the trunks, and the attributes of a probe."""

    DOCUMENTATION = r"""
options:
  trunks:
    description:
      - The trunks to probe, in place of O(trunk) and the other options of one trunk. Module
        M(trunkline.voice.trunk_options) asks them side by side; M(trunkline.voice.trunk_call) calls through one after
        the other. The same list serves both.
    type: list
    elements: dict
    suboptions:
      name:
        description: The trunk's name at Twilio, for the report.
        type: str
        required: true
      endpoint:
        description: See O(endpoint).
        type: str
        required: true
      domain:
        description: See O(domain).
        type: str
        required: true
      context:
        description: The dialplan context that calls out on the trunk. Only M(trunkline.voice.trunk_call) uses it.
        type: str
        default: outbound
      ip_access_control_list:
        description: See O(ip_access_control_list).
        type: str
      credential_list:
        description: See O(credential_list).
        type: str
      edges:
        description: See O(edges).
        type: list
        elements: str
        default: []
  trunk:
    description: The trunk's name at Twilio, for the report. Give either O(trunk) or O(trunks).
    type: str
  endpoint:
    description: The PJSIP endpoint that calls go out on. Required with O(trunk).
    type: str
  domain:
    description:
      - The trunk's termination domain. A fix names it where the PBX calls another host. Required with O(trunk).
    type: str
  ip_access_control_list:
    description: The name of the trunk's IP access control list at Twilio, for the report.
    type: str
  credential_list:
    description: The name of the trunk's credential list at Twilio, for the report.
    type: str
  edges:
    description:
      - The trunk's edges as in the inventory, names or V(auto). Each edge has an endpoint of its own, named
        O(endpoint), a hyphen and the edge.
    type: list
    elements: str
    default: []
attributes:
  check_mode:
    description: Checks the options and changes nothing.
    details: No probe runs, because a probe reaches Twilio. All RV(ignore:checks) are skipped.
    support: partial
  diff_mode:
    description: The module changes nothing, so there is no difference to show.
    support: none
notes:
  - Runs on the PBX as a user who may read O(manager_secret_file), which is root by default.
  - A probe that does not pass is no failure of the module - look at RV(ignore:passed). The module fails only for a
    wrong option.
  - Asterisk must have C(res_pjsip_history) loaded. The module turns the history on for the duration of the probe. If
    somebody else is using it already, it stays on and keeps its messages.
  - Asterisk has one history for everybody, so do not run two probes on one PBX at the same time. Give one module all
    trunks instead.
"""
