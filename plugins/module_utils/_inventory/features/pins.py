# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PINs of mailboxes and conferences."""

from __future__ import annotations

from collections.abc import Iterator

_MOST = 12
_COUNTED = "01234567890123456789"


def pin_problems(pin: str, least: int) -> Iterator[str]:
    """Yield what is wrong with a PIN: its form, or that people try it first.

    :param least: how many digits it has at least.
    """
    if not (pin.isascii() and pin.isdecimal() and least <= len(pin) <= _MOST):
        yield f"must be {least} to {_MOST} digits"
    elif len(set(pin)) == 1 or pin in _COUNTED or pin in _COUNTED[::-1]:
        yield "must not be one digit throughout, nor count up or down"
