# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The secret of a manager user, from a file in the form of manager.conf. Pure."""

from __future__ import annotations

from .ami import AmiError
from .config import conf


class SecretMissing(AmiError):
    """The file has no secret for the user, or cannot be read."""

    problem = "secret-missing"


def secret_in(text: str, user: str) -> str:
    """Return the `secret` in section `[user]`.

    :raises SecretMissing: there is none.
    """
    sections = conf.read("manager.conf", {"manager.conf": text}).named(user)
    for setting in (setting for section in sections for setting in section.all("secret") if setting.value):
        return setting.value
    raise SecretMissing(f"it has no secret in a section [{user}]")
