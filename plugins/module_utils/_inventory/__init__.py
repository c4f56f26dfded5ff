# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an inventory means. Pure: it imports no ansible, asks nobody and writes nothing.

=================  ===================================================================================
adopt.py           from an account as it was read to the inventory that says the same
changes.py         how two states of one host's inventory differ, in words, and which difference opens
opens.py           which option opens something when it grows, shrinks, rises or falls; data only
plan_report.py     a plan as data, and its exit code
plan_text.py       a plan as a person reads it, on a terminal and in Markdown
=================  ===================================================================================
"""
