# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of Asterisk's releases and advisories, and today's date."""

from __future__ import annotations

import datetime
import re
from functools import cache
from pathlib import Path

import yaml

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.host.releases import Tables

_ROLES = Path(__file__).parents[2] / "roles"
_LOAD = re.compile(r"^load = (\w+)\.so", re.M)


@cache
def tables() -> Tables:
    """Read the table that the collection ships."""
    rows = yaml.safe_load((_ROLES / "asterisk_build/vars/releases.yml").read_text(encoding="utf-8"))
    # Modules that a feature needs in addition are left to `elsewhere`, except the applications that the roles name.
    template = (_ROLES / "pbx/templates/modules.conf.j2").read_text(encoding="utf-8")
    return Tables(**rows["__asterisk_build_releases"], loaded=frozenset(_LOAD.findall(template)))


def day(today: str | None) -> datetime.date:
    """Return the day that counts as today: the controller's, in UTC, unless one is given."""
    return datetime.date.fromisoformat(today) if today else datetime.datetime.now(datetime.timezone.utc).date()
