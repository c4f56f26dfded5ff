# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter asterisk_server."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Callable, Mapping, Sequence

import yaml
from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.build.order import Recipe
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.host.review import reviewed
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.host.server import Choice, server
from ansible_collections.trunkline.voice.plugins.plugin_utils.releases import day, tables

DOCUMENTATION = r"""
name: asterisk_server
short_description: Decide which Asterisk a host can have, how it gets it, and what of it is missing
version_added: 0.2.0
description:
  - For role P(trunkline.voice.asterisk#role), from its look at the host.
author: the trunkline.voice authors (@trunkline)
positional: _input, platforms, choice
options:
  _input:
    description: >-
      The result of M(trunkline.voice.host_files), with commands C(boot), C(user), C(architecture), C(key),
      C(others), C(owner) and C(loose).
    type: dict
    required: true
  platforms:
    description: The systems that the role knows, a row each.
    type: list
    elements: dict
    required: true
  choice:
    description:
      - C(packages), those that should be there; C(method), C(version), C(file), C(sources_file), C(untried)
        and C(dead), the values of the role's options; C(today), the day that counts as today, for tests.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Refuse a release that is not supported
  ansible.builtin.assert:
    that: "(look | trunkline.voice.asterisk_server(platforms, choice)).refusal == ''"
"""

RETURN = r"""
_value:
  description:
    - C(major), the major version of the host's Asterisk; C(refusal), the end of a sentence that says why the host
      cannot have it, or empty; C(warnings), what every run says; C(notes), what a plan says.
    - C(method), V(package), V(build) or V(file); C(missing), what apt is to install; C(bring), whether a package of
      Asterisk has to be brought; C(order), what module M(trunkline.voice.asterisk_package) makes it of;
      C(differs), whether there is anything to do.
  type: dict
"""

_BUILD = Path(__file__).parents[2] / "roles" / "asterisk_build"
_MODULES = "modules"


@cache
def _shipped() -> Recipe:
    """Read the recipe of role asterisk_build."""
    table = yaml.safe_load((_BUILD / "vars" / "sources.yml").read_text(encoding="utf-8"))
    folder = _BUILD / "files"
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    return Recipe(table["__asterisk_build_sources"], files.pop(_MODULES).split(), files)


def _own(path: str | None) -> dict[str, Any]:
    """Read the user's own rows of the table of sources."""
    if not path:
        return {}
    try:
        rows = yaml.safe_load(Path(path).expanduser().read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise AnsibleFilterError(f"asterisk_sources_file {path} cannot be read: {error}") from error
    wrong = [version for version, row in (rows.items() if isinstance(rows, dict) else [(path, None)])
             if not isinstance(row, dict) or not {"date", "files"} <= set(row)]
    if wrong:
        raise AnsibleFilterError(
            f"asterisk_sources_file {path}: {wrong[0]} must have `date` and `files`, as vars/sources.yml of role"
            " asterisk_build has them.")
    return dict(rows)


def _decide(
    look: Mapping[str, Any], platforms: Sequence[Mapping[str, Any]], choice: Mapping[str, Any],
) -> dict[str, Any]:
    shipped = _shipped()
    recipe = Recipe({**shipped.sources, **_own(choice["sources_file"])}, shipped.modules, shipped.files)
    chosen = {name: value for name, value in choice.items() if name not in ("sources_file", "dead", "today")}
    chosen["packages"] = choice["packages"][look["format"]]
    found = server(look, platforms, Choice(**chosen), recipe)
    return asdict(reviewed(found, look, choice["dead"], tables(), day(choice.get("today"))))


class FilterModule:
    """The filter, as Ansible looks for it."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"asterisk_server": _decide}
