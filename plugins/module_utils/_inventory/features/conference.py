# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conferences: callers who know the PIN talk to each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .feature import Exit, Feature, out_of_range
from .pins import pin_problems

#: A caller has three attempts a call, so that six digits take 300,000 calls or so to find.
_LEAST_PIN = 6


def _exits(row: Mapping[str, Any]) -> Iterator[Exit]:
    yield from ()


def _problems(row: Mapping[str, Any], host: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from out_of_range(row, max_members=(2, 200))
    for option in ("pin", "leader_pin"):
        if row[option] == "":       # it is not the same as none: without a leader's PIN nobody waits for a leader
            yield option, "is empty: a vault or an environment variable may not be set"
        elif row[option]:
            yield from ((option, problem) for problem in pin_problems(row[option], _LEAST_PIN))
    if row["pin"] and row["pin"] == row["leader_pin"]:
        yield "leader_pin", "must not be the pin of the others"


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{option: row[option] for option in ("pin", "leader_pin", "max_members", "music")},
        "record": row["record"] == "always",
    }


CONFERENCE = Feature(
    "conference", "pbx_conferences", _exits, _problems, _row,
    files=("confbridge.conf",), secret_files=("conference_pins.conf",),
    modules=("app_confbridge.so", "app_readexten.so", "bridge_softmix.so", "func_config.so"))
