# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Phone numbers, from libphonenumber's metadata to patterns of Asterisk's dialplan. Pure; on the controller only.

=============  ========================================================================================
automaton.py   the numbers that the metadata's patterns fit, digit by digit, each pattern with a mark
shapes.py      an automaton as dialplan patterns of which no two fit the same number
ranges.py      the ranges of countries' numbers, ordinary and premium
classes.py     the classes of service: which ranges and prefixes each may call
plan.py        how numbers are dialled in a country: prefixes, national formats, emergency numbers
written.py     a number as people write it, read as E.164
dialling.py    the normalisation of dialled numbers to E.164 on one PBX
=============  ========================================================================================

Why the automaton is not a library's: docs/decisions/0007-number-automaton.md.
"""
