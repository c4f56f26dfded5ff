# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of resources that can be declared, a file for each kind: its fields, its endpoint, its quirks.

`account` is the root that lists all kinds, in the order in which they are created. A kind that another file contains,
such as the addresses of an IP access control list, is in the file of that other one.
"""
