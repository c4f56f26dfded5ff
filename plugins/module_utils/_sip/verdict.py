# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a probe passed, and if not, by which name the diagnosis knows the trouble. Pure."""

from __future__ import annotations

# What counts as having been heard: half a second is longer than any click and shorter than any greeting.
HEARD_SECONDS = 0.5


def options_problem(facts: dict, resolves: bool, contact_status: str) -> str | None:
    """The problem of an OPTIONS, None where it passed, "refused" where the answer's status tells more.

    :param facts: of `ladder.facts`; empty where no OPTIONS was sent.
    :param resolves: whether the contact's host name leads to an address.
    :param contact_status: what Asterisk makes of it, such as Avail.
    """
    if not facts:
        return "options-not-sent" if resolves else "dns"
    if not facts["status"]:
        return "timeout"
    if facts["status"] >= 300:
        return "refused"
    return None if contact_status == "Avail" else "contact-not-avail"


def call_problem(facts: dict, resolves: bool, contact_status: str, own_endpoint: bool) -> str | None:
    """The problem of placing a call, None where it was answered, "refused" where the response's status tells more.

    :param facts: of `ladder.facts`; empty where no INVITE was sent.
    :param own_endpoint: whether the call went out on the endpoint that is verified.
    """
    if not facts:
        if not resolves:
            return "dns"
        return "contact-unreachable" if contact_status == "Unavail" else "not-dialled"
    if not own_endpoint:
        return "other-endpoint"
    if facts["status"] == 0:
        return "not-answered" if facts["provisional"] else "timeout"
    if facts["status"] == 487 and facts["cancelled"]:
        return "not-answered"
    return "refused" if facts["status"] >= 300 else None


def audio_problem(recorded: bool, received: int, sent: int, heard: float, played: float) -> str | None:
    """The problem of an answered call's audio, None where both directions carried sound.

    :param received, sent: RTP packets.
    :param heard, played: seconds above the threshold of silence.
    """
    if received == 0:
        return "nothing-received"
    if sent == 0:
        return "nothing-sent"
    if not recorded:
        return "not-recorded"
    if heard < HEARD_SECONDS:
        return "heard-silence"
    return "played-silence" if played < HEARD_SECONDS else None
