# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on a probe: passed, or the problem that the diagnosis starts from. Pure."""

from __future__ import annotations

from .ladder import Facts
from .problem import Problem

# How much sound counts as heard: half a second is longer than any click and shorter than any greeting.
HEARD_SECONDS = 0.5


def options_problem(facts: Facts, resolves: bool, contact_status: str) -> Problem | None:
    """Return the problem of an OPTIONS, None if it passed.

    :param resolves: whether the contact's host name has an address.
    :param contact_status: the contact's status in Asterisk, such as Avail.
    """
    if not facts.sent:
        return Problem.OPTIONS_NOT_SENT if resolves else Problem.DNS
    if not facts.status:
        return Problem.TIMEOUT
    if facts.status >= 300:
        return Problem.REFUSED
    return None if contact_status == "Avail" else Problem.CONTACT_NOT_AVAIL


def call_problem(facts: Facts, resolves: bool, contact_status: str, own_endpoint: bool) -> Problem | None:
    """Return the problem of placing a call, None if it was answered.

    :param own_endpoint: whether the call went out on the endpoint that is verified.
    """
    if not facts.sent:
        if not resolves:
            return Problem.DNS
        return Problem.CONTACT_UNREACHABLE if contact_status == "Unavail" else Problem.NOT_DIALLED
    if not own_endpoint:
        return Problem.OTHER_ENDPOINT
    if not facts.status:
        return Problem.NOT_ANSWERED if facts.provisional else Problem.TIMEOUT
    if facts.status == 487 and facts.cancelled:
        return Problem.NOT_ANSWERED
    return Problem.REFUSED if facts.status >= 300 else None


def audio_problem(recorded: bool, received: int, sent: int, heard: float, played: float) -> Problem | None:
    """Return the problem of an answered call's audio, None if both directions carried sound.

    :param received, sent: RTP packets.
    :param heard, played: seconds above the threshold of silence.
    """
    if received == 0:
        return Problem.NOTHING_RECEIVED
    if sent == 0:
        return Problem.NOTHING_SENT
    if not recorded:
        return Problem.NOT_RECORDED
    if heard < HEARD_SECONDS:
        return Problem.HEARD_SILENCE
    return Problem.PLAYED_SILENCE if played < HEARD_SECONDS else None
