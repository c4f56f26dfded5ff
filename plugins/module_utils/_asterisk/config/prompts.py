# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prompts that the configuration names by their path: files whose name has a digest of what they were made from.

They are there before a configuration that names them becomes live, and those of the configuration before stay until it
has. So no call is ever without its prompt, whatever becomes of a change.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection
from dataclasses import dataclass

FOLDER = "/var/lib/trunkline/prompts"


@dataclass(frozen=True)
class Prompts:
    """The files of prompts in a folder.

    :param wanted: the names of those that the configuration may play.
    """

    wanted: Collection[str] = ()
    folder: str = FOLDER

    def unused(self) -> list[str]:
        """Return the names of the files that are there and not wanted."""
        return sorted({
            os.path.relpath(os.path.join(folder, name), self.folder)
            for folder, _folders, names in os.walk(self.folder) for name in names} - {*self.wanted})

    def gone(self) -> list[str]:
        """Return the prompts whose files are all unused, by their names in the inventory."""
        left = {prompt_of(name) for name in self.wanted}
        return sorted({prompt_of(name) for name in self.unused() if not os.path.basename(name).startswith(".")} - left)

    def remove_unused(self) -> None:
        """Remove the files that are not wanted, and a folder with the last one in it."""
        for name in self.unused():
            with contextlib.suppress(FileNotFoundError):
                os.unlink(os.path.join(self.folder, name))
        for folder, _folders, _names in os.walk(self.folder, topdown=False):
            if folder != self.folder or not self.wanted:
                with contextlib.suppress(OSError):      # it has files
                    os.rmdir(folder)


def what(prompt: str) -> str:
    """Return what a change calls a prompt of that name; the names of music begin with `music+`."""
    kind, plus, name = prompt.rpartition("+")
    return f"{kind} {name}" if plus else f"prompt {name}"


def prompt_of(file: str) -> str:
    """Return the name of the prompt that a file belongs to: `welcome` of `welcome-0123456789abcdef.ulaw`, and of a
    translation, `de/welcome-0123456789abcdef.ulaw`."""
    return os.path.basename(file).partition(".")[0].rpartition("-")[0]
