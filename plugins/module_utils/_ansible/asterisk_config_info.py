# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module asterisk_config_info: read a configuration of Asterisk that was written by hand."""

from __future__ import annotations

import os
from typing import Any

from .._asterisk.config.conf import ROOT
from .._asterisk.host.hand_made import read_folder
from .._core.errors import InvalidInput
from .module import Module, run

ARGUMENT_SPEC = {"folder": {"type": "str", "default": ROOT}}


def main() -> None:
    """Run the module. This does not return: it exits as Ansible modules do."""
    run(ARGUMENT_SPEC, _act)


def _act(module: Module) -> dict[str, Any]:
    folder = module.params["folder"]
    if not os.path.isabs(folder) or "\0" in folder:
        raise InvalidInput([f"folder must be an absolute path, not {folder!r}."])
    return {"changed": False, "configuration": read_folder(os.path.normpath(folder))}
