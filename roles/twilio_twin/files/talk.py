"""The called person: hears everything and thanks the caller.

Asterisk runs it with EAGI(talk.py,RECORDING,SECONDS): commands go out on standard output, each answered by a line on
standard input, and descriptor 3 carries what is heard, a byte of mu-law (ITU-T G.711) a sample at 8 kHz, whether or not
something plays meanwhile (docs.asterisk.org, EAGI). MixMonitor would pair both directions in time and drop all that is
heard where a busy machine lets them drift apart.

RECORDING gets its name when it is whole: when the caller has hung up, or after SECONDS.
"""
import contextlib
import os
import signal
import sys
import threading
import wave
from pathlib import Path

HEARD = 3


def linear(mu: int) -> bytes:
    """Convert a mu-law sample to signed linear 16 bit."""
    mu ^= 0xFF
    size = (((mu & 0x0F) << 3) + 0x84 << (mu >> 4 & 7)) - 0x84
    return (-size if mu & 0x80 else size).to_bytes(2, "little", signed=True)


LINEAR = [linear(mu) for mu in range(256)]


def record(path: Path) -> None:
    """Write what is heard to a WAV file until Asterisk closes the descriptor."""
    with wave.open(str(path), "wb") as file, os.fdopen(HEARD, "rb") as heard:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        while piece := heard.read1(65536):
            file.writeframes(b"".join(LINEAR[mu] for mu in piece))


def say(command: str) -> None:
    """Give Asterisk a command and wait until it is carried out, or the call is over."""
    with contextlib.suppress(BrokenPipeError):
        os.write(1, f"{command}\n".encode())
    sys.stdin.readline()


def main() -> None:
    path, seconds = Path(sys.argv[1]), int(sys.argv[2])
    # The caller hanging up is told by the descriptors as well, and must not cut the recording short.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    part = path.with_suffix(".part.wav")
    recorder = threading.Thread(target=record, args=(part,))
    recorder.start()
    while sys.stdin.readline().strip():
        pass  # Asterisk begins with what it knows about the call, up to an empty line.
    say('STREAM FILE demo-thanks ""')
    say(f"WAIT FOR DIGIT {seconds * 1000}")
    say("HANGUP")
    recorder.join()
    part.rename(path)


main()
