# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module declaration, on the controller."""

from __future__ import annotations

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase

from ansible_collections.trunkline.voice.plugins.module_utils._glue.declaration import options, problems


class ActionModule(ActionBase):
    """Checks an inventory in Ansible's own process: most are right, and a module's process takes much longer to say so.
    What is wrong is left to the module to tell, which hides the secrets in it as Ansible does in every module."""

    TRANSFERS_FILES = False

    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        return {"changed": False} if self._is_right() else self._execute_module(task_vars=task_vars)

    def _is_right(self) -> bool:
        given = ArgumentSpecValidator(options()).validate(self._task.args)
        return not given.error_messages and not problems(given.validated_parameters)
