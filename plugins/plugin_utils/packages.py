# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Install packages of a distribution, by Ansible's apt or dnf."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from ansible.plugins.action import ActionBase


def install(
    action: ActionBase, names: Sequence[str], task_vars: Mapping[str, Any] | None, policy_rc_d: int | None = None,
    form: str = "deb",
) -> dict[str, Any]:
    """Install packages that a host lacks, without those that they only recommend.

    :param action: the action that needs them. :param policy_rc_d: apt's alone. :param form: deb or rpm.
    :returns: the result of Ansible's module, which may be a failure.
    """
    given = {"name": names, "install_weak_deps": False} if form == "rpm" else {
        "name": names, "policy_rc_d": policy_rc_d,
        "install_recommends": False, "update_cache": True, "cache_valid_time": 600,
    }
    # pylint: disable-next=protected-access
    result: dict[str, Any] = action._execute_module(
        module_name=f"ansible.builtin.{'dnf' if form == 'rpm' else 'apt'}", task_vars=task_vars, module_args=given)
    return result
