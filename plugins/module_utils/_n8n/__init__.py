# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""n8n on a host: its settings, and workflows that answer a PBX. Pure but for `instance`
and `public_api`; the standard library only.

================  =====================================================================
problems.py       what cannot be right in the variables of role n8n
flow_problems.py  what cannot be right in n8n_flows
checks.py         the checks that they have in common
agreement.py      contradictions between n8n_flows and pbx_n8n
workflows.py      a row of n8n_flows as a workflow and credentials of n8n
expressions.py    what n8n computes in them, in JavaScript
changes.py        what differs between the declared workflows and those of an instance
instance.py       an instance of n8n, read and changed by its command line
remote.py         an instance of n8n, read and changed by its public API
public_api.py     requests of that API, and what its refusals mean
================  =====================================================================
"""
