# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compute how many SIP packets an address may send, from the number of phones that may be behind it.

An office may have all of its phones behind one address. In the lab an idle phone sent a packet every 40 seconds: it
registers anew every few minutes and answers the OPTIONS that keep its NAT open. When the power comes back each phone
registers at once, which takes two packets, and four where its MWI is subscribed to; a call takes about five.
"""

from __future__ import annotations

from dataclasses import dataclass

#: What an address may send that no phone has registered from: packets a second, and at once (a burst).
RATE, BURST = 20, 40
#: What each phone adds to it.
PHONE_RATE, PHONE_BURST = 1, 10


@dataclass(frozen=True)
class Limits:
    """Packets a second and at once, from an address that phones have registered from and from any other (a stranger).
    """

    rate: int
    burst: int
    stranger_rate: int
    stranger_burst: int


def sip_limits(phones: int, rate: int | None = None, burst: int | None = None) -> Limits:
    """Return the limits for a PBX with so many phones. A rate or burst that is given applies to every address."""
    return Limits(
        rate=rate or RATE + PHONE_RATE * phones,
        burst=burst or BURST + PHONE_BURST * phones,
        stranger_rate=rate or RATE,
        stranger_burst=burst or BURST,
    )
