# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The secret of a manager user, from the file on the PBX that holds it. Pure."""

from __future__ import annotations

import re

from .ami import AmiError

SECTION = re.compile(r"\[(?P<name>[^\]]+)\]\s*(\([^)]*\))?\s*")
SECRET = re.compile(r"secret\s*=>?\s*(?P<value>.*\S)\s*")


class SecretMissing(AmiError):
    """The file has no secret for the user, or cannot be read."""

    problem = "secret-missing"


def secret_in(text: str, user: str) -> str:
    """The `secret` in section `[user]` of a file in the form of manager.conf.

    :raises SecretMissing: there is none.
    """
    section = ""
    for line in text.splitlines():
        # In Asterisk's files a semicolon begins a comment, unless a backslash stands before it.
        line = re.split(r"(?<!\\);", line, maxsplit=1)[0].replace("\\;", ";").strip()
        heading, setting = SECTION.fullmatch(line), SECRET.fullmatch(line)
        if heading:
            section = heading["name"]
        elif setting and section == user:
            return setting["value"]
    raise SecretMissing(f"it has no secret in a section [{user}]")
