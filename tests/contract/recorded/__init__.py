# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Twilio was seen to answer, as others published it: a file a kind, each case with its source.

`answers` are of the REST API, `client` what its clients may meet, `refusals` of calls, `invites` what reaches a PBX,
`outbound` what Asterisk made of calls and certificates, `wire` the messages themselves. Numbers, names and addresses
are made up. What is expected of an answer is a shape: see `complaints`.
"""

import json
import re
from pathlib import Path

FOLDER = Path(__file__).parent
KINDS = {
    "str": lambda value: isinstance(value, str),
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "bool": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}
PATTERNS = {
    "iso": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "rfc2822": r"\w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000",
    "url": r"https?://\S+", "path": r"/2010-04-01/\S+", "e164": r"\+[1-9]\d{1,14}", "sipuri": r"sips?:\S+",
}


def document(name):
    """The whole file of this kind."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def cases(name):
    """Its cases."""
    return document(name)["cases"]


def title(case):
    """What a test of the case is called."""
    return f"{case['id']}-{case['title']}" if isinstance(case, dict) else None


def complaints(shape, value, where=""):
    """A sentence for each place where an answer has not its shape.

    A shape is an object of shapes, a list of one shape, or a text: alternatives, parted by |, each a name of `KINDS` or
    `PATTERNS`, `sid:XX`, `=text` for that very value, or `~` and a pattern. An object may have other fields as well.
    """
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return [f"{where} is {value!r} and no object"]
        return [f"{where}.{name} is missing" for name in shape if name not in value] + [
            text for name in shape if name in value for text in complaints(shape[name], value[name], f"{where}.{name}")
        ]
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{where} is {value!r} and no list"]
        return [
            text for n, one in enumerate(value) for part in shape[:1] for text in complaints(part, one, f"{where}[{n}]")
        ]
    return [] if any(_fits(one, value) for one in shape.split("|")) else [f"{where} is {value!r}, not {shape}"]


def _fits(shape, value):
    if shape in KINDS:
        return KINDS[shape](value)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if shape.startswith("="):
        return value is not None and text == shape[1:]
    if shape.startswith("sid:"):
        return bool(re.fullmatch(shape[4:] + "[0-9a-f]{32}", text))
    return isinstance(value, str) and bool(re.fullmatch(PATTERNS.get(shape) or shape[1:], text))
