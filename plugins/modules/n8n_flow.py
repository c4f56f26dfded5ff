# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: n8n_flow
short_description: Import and publish workflows into an n8n on the host, or by its public API
version_added: 1.0.0
description:
  - Compares workflows and the credentials of their webhooks with those of an instance of n8n, and imports and publishes
    those that differ, by n8n's command line, or by its public REST API where O(api_url) is given.
  - By the command line it looks at no workflow and no credential whose id does not begin with C(trunkline-). A workflow
    of its own that is not declared any more is unpublished; n8n's command line cannot delete it.
  - By the API it looks at no workflow without its mark in the static data, and at no credential but those that are
    declared. The mark has the digest of the workflow, the time of each credential's last change and a seal of its
    value, since the API shows no value.
  - A running n8n serves what the command line published after its next start, see RV(restart).
author: the trunkline.voice authors (@trunkline)
options:
  workflows:
    description: The workflows, as n8n imports them. Action M(trunkline.voice.configure_n8n) makes them of an inventory.
    type: list
    elements: dict
    required: true
  credentials:
    description: The tokens that their webhooks check, and what their nodes show to other servers, each in a header.
    type: list
    elements: dict
    required: true
    suboptions:
      id:
        description: The id, which begins with C(trunkline-).
        type: str
        required: true
      name:
        description: The name, as n8n's editor shows it.
        type: str
        required: true
      header:
        description: The header.
        type: str
        default: X-Trunkline-Token
      token:
        description: The value of the header.
        type: str
        required: true
  secrets:
    description: What stands in O(workflows) and is shown in no output, such as the address of a chat.
    type: list
    elements: str
    default: []
  keep:
    description: The ids of workflows that stay as somebody edited them in n8n.
    type: list
    elements: str
    default: []
  command:
    description: The program that runs n8n's command line with the settings and as the user of the service.
    type: list
    elements: str
    default: [/usr/local/sbin/n8n]
  owner:
    description: The user that n8n runs as.
    type: str
    default: n8n
  notes:
    description: The file that keeps a digest of each workflow that was imported, by which an edit is recognised.
    type: str
    default: /var/lib/trunkline/n8n-flows.json
  api_url:
    description: The address of an n8n whose public API is used, such as V(https://n8n.example.com/).
    type: str
    default: ""
  api_key:
    description: The key of that API.
    type: str
    default: ""
  api_ca_file:
    description: A file with the CA certificates that O(api_url) is checked with. By default those of the system.
    type: str
    default: ""
attributes:
  check_mode:
    description: Says what would change.
    support: full
  diff_mode:
    description: Shows the workflows that differ, and that a token differs, but no token.
    support: full
"""

EXAMPLES = r"""
- name: Workflows
  trunkline.voice.n8n_flow:
    workflows: "{{ lookup('ansible.builtin.file', 'reception.json') | from_json }}"
    credentials: [{id: trunkline-reception, name: Reception, token: "{{ vault_n8n_token }}"}]
  become: true

- name: Workflows of an n8n that is on no host of the inventory
  trunkline.voice.n8n_flow:
    workflows: "{{ lookup('ansible.builtin.file', 'reception.json') | from_json }}"
    credentials: [{id: trunkline-reception, name: Reception, token: "{{ vault_n8n_token }}"}]
    api_url: https://n8n.example.com/
    api_key: "{{ vault_n8n_api_key }}"
  delegate_to: localhost
"""

RETURN = r"""
changes:
  description: What changed or, in check mode, would change.
  returned: success
  type: list
  elements: dict
  sample: [{action: add, what: workflow trunkline-reception}]
drift:
  description: The ids of workflows that somebody edited in n8n since they were imported.
  returned: success
  type: list
  elements: str
kept:
  description: Those of them that stay edited.
  returned: success
  type: list
  elements: str
restart:
  description: Whether n8n has to start anew to serve what was published.
  returned: success
  type: bool
"""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.n8n_flow import main

if __name__ == "__main__":
    main()
