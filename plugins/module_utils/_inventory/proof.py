# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an inventory says of role verify."""

from __future__ import annotations

from typing import Iterator, Mapping

from .._core.validators import e164

#: Seconds, the least and the most of each: a console or a call must not hold a run up for ever.
_SECONDS = {"verify_options_seconds": (1, 60), "verify_answer_seconds": (1, 120), "verify_call_seconds": (2, 120)}


def problems(declared: Mapping) -> Iterator[str]:
    """Yield a sentence for each value that cannot be right, which begins with its variable.

    :param declared: a value for each option of `options.of_pbx`, normalised.
    """
    if declared["verify_number"]:
        try:
            e164(declared["verify_number"])
        except ValueError as error:
            yield f"verify_number {error}; or leave it empty, and no call is placed."
    for name, (least, most) in _SECONDS.items():
        if not least <= declared[name] <= most:
            yield f"{name} must be from {least} to {most} seconds, not {declared[name]}."
