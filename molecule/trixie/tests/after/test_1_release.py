# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian trixie and the Asterisk that was built for it."""

from __future__ import annotations

from labtest.release import built_for, no_compiler, nothing_to_change, registers, under


def test_version(pbx, asterisk, detail):
    """Debian trixie runs the Asterisk 22 that was built for it, told by its key."""
    detail(built_for(pbx, asterisk, "trixie", "Python 3.13", "deb13"))


def test_no_compiler_came_with_it(pbx):
    """The host has no compiler, no development files and no sample configuration."""
    no_compiler(pbx)


def test_sandbox(pbx, detail):
    """The running unit's exposure is under 2.5."""
    detail(under(pbx, 2.5))


def test_registers(phone, asterisk, address, detail):
    """A softphone registers: REGISTER, 401, REGISTER, 200, and its contact is shown."""
    detail(registers(phone, asterisk, address))


def test_empty_plan():
    """After the run there is nothing to plan."""
    nothing_to_change()
