# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of action configure_n8n."""

DOCUMENTATION = r"""
module: configure_n8n
short_description: Import and publish the workflows that the inventory declares
version_added: 1.0.0
description:
  - Validates the host's variables as M(trunkline.voice.validate_n8n) does, makes workflows and credentials of
    C(n8n_flows), and runs M(trunkline.voice.n8n_flow) with them, on the host or, where C(n8n_flow_api_url) is given, by
    n8n's public API from there.
  - For role P(trunkline.voice.n8n_flow#role).
options: {}
attributes:
  check_mode:
    description: As M(trunkline.voice.n8n_flow).
    support: full
  diff_mode:
    description: As M(trunkline.voice.n8n_flow).
    support: full
seealso:
  - module: trunkline.voice.n8n_flow
author: the trunkline.voice authors (@trunkline)
"""

EXAMPLES = r"""
- name: Import and publish workflows and their tokens
  trunkline.voice.configure_n8n:
"""

RETURN = r"""
changes:
  description: As M(trunkline.voice.n8n_flow) returns it, with everything else that it returns.
  type: list
  elements: dict
  returned: success
"""
