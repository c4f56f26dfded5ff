# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the files of prompts: sox converts sound files, and espeak-ng speaks texts.

Each file has the codec of a call, so that Asterisk plays it as it is. A file appears under its name when it is whole.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass

from ..._core.errors import TrunklineError
from ..config.prompts import FOLDER

#: How sox writes each format of Asterisk's: one channel, without a header.
ENCODINGS = {
    "ulaw": ("-r", "8000", "-e", "u-law", "-b", "8"),
    "alaw": ("-r", "8000", "-e", "a-law", "-b", "8"),
    "sln16": ("-r", "16000", "-e", "signed-integer", "-b", "16"),
}
#: An hour of sound takes a slow host seconds.
SECONDS = 300
#: Words a minute. espeak-ng's own 175 is fast for a telephone.
PACE = "150"


@dataclass(frozen=True)
class Prompt:
    """A prompt to make: of the sound file `sound`, whose kind sox knows by its ending, or of `text`.

    :param source: the place in the inventory, which errors name.
    :param stem: the name of its files without the ending; a translation's with the folder of its language before it.
    """

    source: str
    stem: str
    sound: str = ""
    text: str = ""
    language: str = ""


def make(prompts: Sequence[Prompt], formats: Sequence[str], folder: str = FOLDER) -> None:
    """Make the files of prompts in each of the formats.

    :raises TrunklineError: a sound cannot be converted, or a text not spoken. Prompts before it are made.
    """
    languages = {os.path.dirname(os.path.join(folder, prompt.stem)) for prompt in prompts}
    for path in (os.path.dirname(folder), folder, *sorted(languages)):
        if not os.path.isdir(path):
            os.mkdir(path)
            os.chmod(path, 0o755)       # whatever the umask is
    with tempfile.TemporaryDirectory(prefix="trunkline-") as scratch:
        for prompt in prompts:
            sound = prompt.sound or _speak(prompt, os.path.join(scratch, os.path.basename(prompt.stem) + ".wav"))
            for form in formats:
                _convert(prompt, sound, form, folder)


def _speak(prompt: Prompt, path: str) -> str:
    _run(["espeak-ng", "-b", "1", "-v", prompt.language, "-s", PACE, "-w", path, "--stdin"],
         f"{prompt.source} cannot be spoken in {prompt.language}", prompt.text)
    return path


def _convert(prompt: Prompt, sound: str, form: str, folder: str) -> None:
    target = os.path.join(folder, f"{prompt.stem}.{form}")
    # A file that is not whole has another name. -G keeps what is mixed and resampled from clipping; without dither (-D)
    # the same sound always gives the same file.
    path = os.path.join(os.path.dirname(target), f".{os.path.basename(target)}")
    _run(["sox", "-V1", "-D", "-G", sound, "-t", "raw", "-c", "1", *ENCODINGS[form], path],
         f"{prompt.source} cannot be converted")
    if not os.path.getsize(path):
        os.unlink(path)
        raise TrunklineError(f"{prompt.source} cannot be converted: there is no sound in it.")
    os.chmod(path, 0o644)
    os.replace(path, target)


def _run(argv: Sequence[str], failure: str, text: str = "") -> None:
    try:
        # Nothing here imports Ansible, whose run_command() a module would use.
        done = subprocess.run(  # pylint: disable=ansible-bad-function
            argv, input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
            check=False, timeout=SECONDS, env={**os.environ, "LC_ALL": "C.UTF-8"})
    except OSError as error:
        raise TrunklineError(f"{failure}: {argv[0]}: {error.strerror}.") from None
    except subprocess.TimeoutExpired:
        raise TrunklineError(f"{failure}: {argv[0]} has not ended after {SECONDS} s.") from None
    if done.returncode:
        said = " ".join(done.stdout.split()) or f"{argv[0]} ended with {done.returncode}"
        raise TrunklineError(f"{failure}: {said.rstrip('.')}.")
