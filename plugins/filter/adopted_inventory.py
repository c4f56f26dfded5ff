# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter adopted_inventory."""

from __future__ import annotations

from typing import Any, Callable, Iterable, Mapping

from ansible.errors import AnsibleFilterError
from ansible.module_utils.common.parameters import remove_values

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.normalise import normalise

DOCUMENTATION = r"""
name: adopted_inventory
short_description: Return the inventory that declares what an account has
version_added: 0.2.0
description:
  - Converts what module M(trunkline.voice.twilio_trunking_info) read to what an inventory declares, and says what is
    missing for that. C(playbooks/adopt.yml) writes it.
author: the trunkline.voice authors (@trunkline)
options:
  _input:
    description: The C(resources) of module M(trunkline.voice.twilio_trunking_info).
    type: dict
    required: true
  trunks:
    description: The names of the trunks to adopt, or none for all of them.
    type: list
    elements: str
  passwords:
    description: User name to password, as far as they are known.
    type: dict
  typed:
    description: The C(results) of M(ansible.builtin.pause) in a loop over user names. They win over O(passwords).
    type: list
    elements: dict
  caller_ids:
    description: Trunk name to the number that calls on it show.
    type: dict
  account_caller_ids:
    description: The numbers that calls may show, for trunks without a number of their own.
    type: list
    elements: str
  hosts:
    description:
      - The name of each PBX host to its variables. C(adopt_found) among them is what module
        M(trunkline.voice.asterisk_config_info) returned.
    type: dict
  addresses:
    description: The name of each PBX host to its public address, in place of O(hosts).
    type: dict
"""

EXAMPLES = r"""
- name: What would be adopted
  ansible.builtin.debug:
    msg: "{{ account.resources | trunkline.voice.adopted_inventory(addresses={'pbx1': '203.0.113.10'}) }}"
"""

RETURN = r"""
_value:
  description:
    - C(variables) of all hosts, and C(hosts), a row for each PBX host with its C(name), C(variables) and C(options),
      what its own configuration says.
    - C(report), a row for each host whose configuration was to be read, with its C(host), C(said), how that went, and
      C(decide), what a person has to decide, by file and line.
    - C(passwords), user name to password, all that are known.
    - C(ask), the users of whom one password is needed, and C(problems), a sentence for each reason why this would be no
      inventory.
  type: dict
"""


#: The variables of the playbook that a person gives.
_SPEC = {
    "adopt_trunks": {"type": "list", "elements": "str"},
    "adopt_passwords": {"type": "dict"},
    "adopt_caller_ids": {"type": "dict"},
    "adopt_pbx_hosts": {"type": "dict"},
}


def adopted_inventory(
    account: Mapping[str, Any],
    passwords: Any = None,
    typed: Iterable[Mapping[str, Any]] = (),
    **choices: Any,
) -> dict[str, Any]:
    """See DOCUMENTATION."""
    # Imported late, as Ansible imports all filters for each task that uses one, and the inventory's rules take 0.1 s.
    from ansible_collections.trunkline.voice.plugins.module_utils._inventory import adopt

    given = {
        "adopt_trunks": choices.pop("trunks", None), "adopt_passwords": passwords,
        "adopt_caller_ids": choices.pop("caller_ids", None), "adopt_pbx_hosts": choices.pop("addresses", None),
    }
    read, problems = normalise(_SPEC, given)
    if problems:
        raise AnsibleFilterError(" ".join(problems))
    choices.update(trunks=read["adopt_trunks"], caller_ids=read["adopt_caller_ids"], addresses=read["adopt_pbx_hosts"])
    answers = {row["item"]: row["user_input"] for row in typed if row.get("user_input")}
    known = {**(read["adopt_passwords"] or {}), **answers}
    choices = {name: value for name, value in choices.items() if value is not None}
    made = adopt.adopted_inventory(account, adopt.Choices(passwords=known, **choices))
    return {**made, "problems": remove_values(made["problems"], set(made["passwords"].values()))}


class FilterModule:
    """The filter, as Ansible looks for it."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"adopted_inventory": adopted_inventory}
