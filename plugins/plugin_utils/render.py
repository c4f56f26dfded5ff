# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render the templates of roles on the controller, from validated values and nothing else."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, Mapping

import jinja2

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.options import ROLES


@functools.cache
def _environment(folder: Path) -> jinja2.Environment:
    return jinja2.Environment(      # the files are not HTML
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )


class Renderer:
    """Renders the templates of a role.

    Plain Jinja without Ansible's variables, filters and lookups: a template that reads what is not in `variables`
    raises jinja2.UndefinedError, so none can take a value that was not validated.
    """

    def __init__(self, role: str, variables: Mapping[str, Any]):
        self.folder = ROLES / role / "templates"
        self._variables = variables
        self._environment = _environment(self.folder)

    def __call__(self, name: str) -> str:
        """Return the text of the template of this name."""
        return self._environment.get_template(name).render(self._variables)
