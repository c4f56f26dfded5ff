# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter code_card."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Sequence

DOCUMENTATION = r"""
name: code_card
short_description: Show what users dial on a PBX as a page to print
version_added: 1.0.0
description:
  - Makes one page of HTML, for A4 and Letter, of what C(validate_inventory) returns as C(card). Everything in it is
    escaped.
author: the trunkline.voice authors (@trunkline)
positional: _input, name
options:
  _input:
    description:
      - The parts of the card, each with a C(title) and C(rows), of which each has what is dialled as C(dial), what that
        does as C(does), and an C(example), which may be empty.
    type: list
    elements: dict
    required: true
  name:
    description: What the card calls the PBX.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Read what users dial on this PBX
  trunkline.voice.validate_inventory:
  register: trunkline_host

- name: Write it as a page
  ansible.builtin.copy:
    content: "{{ trunkline_host.card | trunkline.voice.code_card(inventory_hostname) }}"
    dest: codes.html
    mode: "0644"
  delegate_to: localhost
"""

RETURN = r"""
_value:
  description: The page, as HTML.
  type: str
"""


def code_card(parts: Sequence[Mapping[str, Any]], name: str) -> str:
    """See DOCUMENTATION."""
    # Imported late, as Ansible imports all filters for each task that uses one.
    from ansible_collections.trunkline.voice.plugins.module_utils._inventory import card

    return card.page(name, parts)


class FilterModule:
    """The filter, as Ansible looks for it."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"code_card": code_card}
