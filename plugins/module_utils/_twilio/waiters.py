# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wait, within bounds, for changes that Twilio accepts at once and carries out later."""

from __future__ import annotations

from typing import Callable, TypeVar

from .._core.errors import TrunklineError

LIST_ATTEMPTS = 10      # one a second; lists on a trunk were seen to lag by less than five
Answer = TypeVar("Answer")


def wait_until_shown(shown: Callable[[], bool], what: Callable[[], str], sleep: Callable[[float], None]) -> list[str]:
    """Read until a change is shown.

    The change was accepted, so a read that never shows it is a warning and no failure.

    :param what: names what is not shown yet. :returns: warnings.
    """
    try:
        for attempt in range(LIST_ATTEMPTS):
            if attempt:
                sleep(1)
            if shown():
                return []
        return [f"Twilio accepted the change, and after {LIST_ATTEMPTS} s does not show it yet: {what()}."]
    except TrunklineError as error:
        return [f"Twilio accepted the change, but reading it back failed: {what()}. {error}"]


def poll(
    answer: Answer,
    read: Callable[[], Answer],
    done: Callable[[Answer], bool],
    attempts: int,
    sleep: Callable[[float], None],
) -> Answer:
    """Read once a second until an answer is final.

    :param answer: the first answer, to begin with.
    :returns: the final answer, or the last one once the attempts are used up.
    """
    while attempts and not done(answer):
        sleep(1)
        answer = read()
        attempts -= 1
    return answer
