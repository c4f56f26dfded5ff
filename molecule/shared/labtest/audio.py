# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recognise a sound in a recording by comparing samples, not the size of files."""

from __future__ import annotations

import io
import wave

import numpy

RATE = 8000
PIECE = RATE // 2       # half a second: longer than a packet, shorter than any drift between two clocks matters
LIKE = 0.8              # the normalised correlation above which a piece is heard


def samples(wav: bytes) -> numpy.ndarray:
    """Return the samples of a mono, 16-bit, 8 kHz WAV file as floats.

    :raises ValueError: if the file has another format.
    """
    with wave.open(io.BytesIO(wav)) as sound:
        shape = (sound.getnchannels(), sound.getsampwidth(), sound.getframerate())
        if shape != (1, 2, RATE):
            raise ValueError(f"expected mono, 2 bytes a sample, {RATE} Hz, found {shape}")
        return numpy.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2").astype(float)


def from_ulaw(code: numpy.ndarray) -> numpy.ndarray:
    """Return the samples of bytes of mu-law as floats (ITU-T G.711, table 2a)."""
    code = ~code
    size = (((code & 15).astype(int) << 3) + 132 << (code >> 4 & 7)) - 132
    return numpy.where(code & 128, -size, size).astype(float)


def stereo(wav: bytes, seconds: int | None = None) -> bytes:
    """Return a sound of 8 kHz, or its first seconds, as a WAV file of 44.1 kHz in stereo, as a user may have it."""
    sound = samples(wav)[: seconds and seconds * RATE]
    size = len(sound) * 441 // 80
    spectrum = numpy.zeros(size // 2 + 1, complex)
    spectrum[: len(sound) // 2 + 1] = numpy.fft.rfft(sound)
    resampled = numpy.fft.irfft(spectrum, size) * (size / len(sound))
    both = numpy.repeat(numpy.clip(resampled, -32767, 32767).astype("<i2"), 2)
    file = io.BytesIO()
    with wave.open(file, "wb") as made:
        made.setnchannels(2)
        made.setsampwidth(2)
        made.setframerate(44100)
        made.writeframes(both.tobytes())
    return file.getvalue()


def to_ulaw(sound: numpy.ndarray) -> bytes:
    """Return samples as mu-law, each as the code whose value is the nearest."""
    codes = numpy.arange(256, dtype=numpy.uint8)
    values = from_ulaw(codes)
    order = numpy.argsort(values)
    middles = (values[order][1:] + values[order][:-1]) / 2
    return bytes(codes[order][numpy.searchsorted(middles, sound)])


def chatter(seconds: float) -> bytes:
    """Make a WAV file of unmistakable sound: noise whose loudness changes four times a second, as in speech."""
    generator = numpy.random.default_rng(20251212)
    noise = generator.normal(0, 1, int(seconds * RATE))
    loudness = numpy.repeat(generator.uniform(300, 5000, int(seconds * 4) + 1), RATE // 4)[: len(noise)]
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(numpy.clip(noise * loudness, -32767, 32767).astype("<i2").tobytes())
    return file.getvalue()


def recognised(sound: numpy.ndarray, recording: numpy.ndarray, size: int = PIECE) -> float:
    """Return how much of `sound` is in `recording`, wherever it begins: 0.0 to 1.0.

    The sound is cut into pieces of that size; a piece counts where the recording holds it with a normalised correlation
    above LIKE and after the piece before it. Quiet pieces are left out, since anything correlates with silence.
    """
    loudness = numpy.sqrt(numpy.mean(sound**2)) if len(sound) else 0.0
    pieces = [sound[i: i + size] for i in range(0, len(sound) - size + 1, size)]
    pieces = [piece for piece in pieces if numpy.sqrt(numpy.mean(piece**2)) > loudness / 2]
    if not pieces or len(recording) < size:
        return 0.0
    found, earliest = 0, 0
    for piece in pieces:
        where = _first(piece, recording[earliest:])
        if where is not None:
            found += 1
            earliest += where
    return found / len(pieces)


def _first(piece: numpy.ndarray, recording: numpy.ndarray) -> int | None:
    """Return the first offset where the piece fits, None where it nowhere does.

    The first, not the best: music repeats, and after its last repetition there is no room for the next piece.
    """
    if len(recording) < len(piece):
        return None
    size = 1 << (len(recording) + len(piece) - 1).bit_length()
    spectrum = numpy.fft.rfft(recording, size) * numpy.conj(numpy.fft.rfft(piece, size))
    dot = numpy.fft.irfft(spectrum, size)[: len(recording) - len(piece) + 1]
    energy = numpy.concatenate(([0.0], numpy.cumsum(recording**2)))
    window = energy[len(piece):] - energy[: -len(piece)]
    fits = dot > LIKE * numpy.sqrt(numpy.maximum(window, 1e-9) * numpy.sum(piece**2))
    return int(numpy.argmax(fits)) if fits.any() else None
