# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recognition of sounds in recordings."""

from __future__ import annotations

import numpy
import pytest

from labtest.audio import RATE, chatter, from_ulaw, recognised, samples, to_ulaw

SAID = samples(chatter(6))
OTHER = samples(chatter(13))[7 * RATE:]


def mulaw(sound):
    """Code and decode as G.711 does: 8 bits, logarithmic."""
    scaled = numpy.clip(sound / 32768, -1, 1)
    coded = numpy.round(numpy.sign(scaled) * numpy.log1p(255 * abs(scaled)) / numpy.log(256) * 127)
    return numpy.sign(coded) * (numpy.expm1(abs(coded) / 127 * numpy.log(256)) / 255) * 32768


@pytest.mark.parametrize(
    ("recording", "least", "most"),
    [
        (SAID, 1, 1),
        (numpy.concatenate([numpy.zeros(7000), mulaw(SAID), numpy.zeros(900)]), 1, 1),
        (numpy.concatenate([OTHER, mulaw(SAID) / 3]), 1, 1),
        (mulaw(SAID)[: 3 * RATE], 0.3, 0.6),
        (OTHER, 0, 0),
        (numpy.zeros(6 * RATE), 0, 0),
        # Music repeats, and the call ends before its last repetition, which is the clearest, does.
        (numpy.concatenate([mulaw(SAID), SAID[: 3 * RATE]]), 1, 1),
        (numpy.concatenate([SAID[3 * RATE:], SAID[: 3 * RATE]]), 0.3, 0.6),
        (SAID[::-1], 0, 0),
        (numpy.zeros(100), 0, 0),
    ],
)
def test_how_much_of_it_is_heard(recording, least, most):
    assert least <= recognised(SAID, recording) <= most


def test_mu_law_and_back_is_nearly_the_sound():
    sound = from_ulaw(numpy.frombuffer(to_ulaw(SAID), numpy.uint8))
    assert (abs(sound - SAID) <= abs(SAID) / 16 + 8).all()
