# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors that say what happened, where, and how to mend it."""

from __future__ import annotations

from typing import Any, Sequence


class TrunklineError(Exception):
    """A failure whose text is shown to the user.

    :param what: one sentence: what happened and where. Never holds a secret.
    :param fix: one sentence: how to mend it, or "".
    :param details: plain data for the module's result, such as a Twilio error code.
    """

    def __init__(self, what: str, fix: str = "", **details: Any) -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix
        self.details = details

    def __str__(self) -> str:
        return f"{self.what} {self.fix}".strip()


class InvalidInput(TrunklineError):
    """The user's options cannot be right. Raised before anything is read or written.

    :param problems: one sentence for each wrong value, each beginning with the option's path.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems), problems=list(problems))


class Impossible(TrunklineError):
    """The desired state cannot be reached from the observed one. Raised before anything is written.

    :param problems: one error for each obstacle.
    """

    def __init__(self, problems: Sequence[TrunklineError]) -> None:
        super().__init__(" ".join(map(str, problems)), problems=[str(problem) for problem in problems])


class Ambiguous(TrunklineError):
    """A name fits more than one resource, so nobody can tell which one is meant."""
