# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter plan_report."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Sequence

DOCUMENTATION = r"""
name: plan_report
short_description: Assemble the plan of playbooks/plan.yml from what was found at each place
version_added: 0.2.0
description:
  - Counts what would change, marks what opens something, decides the exit code, and shows all of it as text and as
    Markdown that fits into the comment on a pull request.
author: the trunkline.voice authors (@trunkline)
options:
  _input:
    description:
      - A row for each place that a run would look at, Twilio and each PBX host, with its name as C(where) and one
        of C(changes) (the list that a role publishes), C(error) (what went wrong there) and C(skipped) (why it was
        not looked at). C(notes), sentences about a place that was looked at, may be added.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Put a plan together
  ansible.builtin.debug:
    msg: "{{ ([{'where': 'Twilio', 'changes': twilio_trunk_changes}] | trunkline.voice.plan_report).text }}"
"""

RETURN = r"""
_value:
  description:
    - C(report), the plan as data - its C(code) (0 nothing to change, 2 changes, 1 an error), its C(summary), how much
      it would C(add), C(change) and C(remove), how much of that is C(drift) or C(opens) something, C(changes),
      C(inventory) (what changes of a PBX's inventory, in words), C(errors), C(skipped),
      C(looked_at), the places, and C(notes), sentences about them.
    - C(numbers), the values of C(report) that are no lists.
    - C(text) and C(markdown), the same for a person.
  type: dict
"""


def plan_report(places: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """See DOCUMENTATION."""
    # Imported late, as Ansible imports all filters for each task that uses one.
    from ansible_collections.trunkline.voice.plugins.module_utils._inventory import plan_report as plan, plan_text

    report = plan.plan_report(places)
    return {
        "report": report,
        "numbers": {name: value for name, value in report.items() if not isinstance(value, list)},
        "text": plan_text.text(report),
        "markdown": plan_text.markdown(report),
    }


class FilterModule:
    """The filter, as Ansible looks for it."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"plan_report": plan_report}
