# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A twin of Twilio for tests: the REST API of Elastic SIP Trunking, and a control surface of its own.

``errors``, ``settings`` and ``store`` are the ground. ``resource`` says what a resource declaration is;
``account``, ``numbers``, ``sip_lists``, ``trunking``, ``voice`` and ``monitor`` declare them; ``rest`` serves
every declaration with one handler, ``paging`` cuts lists. ``control`` is the twin's own surface under /twin/,
with ``surface``, ``seeding`` and ``evidence``; ``faults`` and ``requestlog`` stand around the API. ``app`` joins
them, ``server`` serves them.
The SIP edge is another process and shares only the database (``schema.sql``).
"""
