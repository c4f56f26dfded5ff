# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module asterisk_prompts: make the files of prompts on a host."""

from __future__ import annotations

from typing import Any

from .._asterisk.host.prompts import ENCODINGS, Prompt, make
from .module import Module, run

ARGUMENT_SPEC = {
    "prompts": {
        "type": "list", "elements": "dict", "required": True,
        "options": {
            "source": {"type": "str", "required": True},
            "stem": {"type": "str", "required": True},
            "sound": {"type": "str", "default": ""},
            "text": {"type": "str", "default": ""},
            "language": {"type": "str", "default": "en"},
        },
    },
    "formats": {"type": "list", "elements": "str", "required": True, "choices": list(ENCODINGS)},
}


def main() -> None:
    """Run the module. This does not return: it exits as Ansible modules do."""
    run(ARGUMENT_SPEC, _act)


def _act(module: Module) -> dict[str, Any]:
    prompts = [Prompt(**row) for row in module.params["prompts"]]
    if not module.check_mode:
        make(prompts, module.params["formats"])
    return {"changed": bool(prompts)}
