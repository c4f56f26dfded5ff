# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates of roles, rendered on the controller from validated values and nothing else."""

from __future__ import annotations

from typing import Any, Mapping

import jinja2

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.options import ROLES


def renderer(role: str, variables: Mapping[str, Any]):
    """Return a function from the name of a template of `role` to its text.

    Plain Jinja without Ansible's variables, filters and lookups: a template that reads what is not in `variables`
    raises jinja2.UndefinedError, so none can take a value that was not validated.
    """
    environment = jinja2.Environment(   # the files are not HTML
        loader=jinja2.FileSystemLoader(ROLES / role / "templates"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    return lambda name: environment.get_template(name).render(variables)
