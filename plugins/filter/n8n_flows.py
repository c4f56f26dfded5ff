# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter n8n_flows."""

from __future__ import annotations

from typing import Any, Callable

DOCUMENTATION = r"""
name: n8n_flows
short_description: Make n8n's workflows and credentials of the rows of n8n_flows
version_added: 1.0.0
description:
  - For role P(trunkline.voice.n8n_flow#role). Rows that cannot be right make sentences and no workflows.
  - The result holds tokens where there is no problem.
author: the trunkline.voice authors (@trunkline)
options:
  _input:
    description: The rows of C(n8n_flows).
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Refuse what cannot be right
  ansible.builtin.assert:
    that: (n8n_flows | trunkline.voice.n8n_flows).problems == []
"""

RETURN = r"""
_value:
  description:
    - C(problems), a sentence for each value that cannot be right.
    - C(workflows), C(credentials) and C(secrets), as module M(trunkline.voice.n8n_flow) takes them; C(keep), ids;
      C(paths), those of the webhooks.
  type: dict
"""


def n8n_flows(rows: Any) -> dict[str, Any]:
    """See DOCUMENTATION."""
    # Imported late, as Ansible imports all filters for each task that uses one.
    from ansible_collections.trunkline.voice.plugins.module_utils._n8n import flow_problems, workflows

    found = list(flow_problems.of_flows(rows))
    full = [] if found else [flow_problems.complete_row(row) for row in rows]
    return {
        "problems": found,
        "workflows": [workflows.workflow(row) for row in full],
        "credentials": [
            {"id": one["id"], "name": one["name"], "header": one["data"]["name"], "token": one["data"]["value"]}
            for row in full for one in workflows.credentials(row)],
        "secrets": [one for row in full for one in workflows.secrets(row)],
        "keep": [workflows.workflow_id(row["name"]) for row in full if row["keep_edits"]],
        "paths": [workflows.webhook_path(row) for row in full],
    }


class FilterModule:
    """The filter, as Ansible looks for it."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"n8n_flows": n8n_flows}
