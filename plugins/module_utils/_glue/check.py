# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of a module that only checks its options."""

from __future__ import annotations

from typing import Callable, Mapping

from .._core.errors import TrunklineError
from .module import Module


def check_options(argument_spec: Mapping, check: Callable[[Mapping], None]) -> None:
    """Calls `check` with the options. Does not return: it exits as Ansible modules do."""
    module = Module(argument_spec=dict(argument_spec), supports_check_mode=True)
    try:
        check(module.params)
    except TrunklineError as error:
        module.fail_json(msg=str(error), **error.details)
    module.exit_json(changed=False)
