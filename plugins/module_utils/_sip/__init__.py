# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIP as a probe sees it: messages, ladders, the diagnosis of a failure, and OPTIONS as a measure of latency.

Everything but probe.py is pure. Nothing here imports Ansible or Asterisk's part, and all of it runs on Python 3.9.

=============  ========================================================================================
message.py     one SIP message, parsed; and its text without digests and media keys
ladder.py      the messages of one dialogue, and the facts about its last request
problem.py     the problems that a probe can end with
verdict.py     from facts to a problem, or to none: OPTIONS, the call, its audio
causes.py      the table of causes: facts, and the sentences of cause and fix; data only
diagnosis.py   from a problem and facts to the first cause of the table that fits
report.py      checks as lines for people and as JUnit
ping.py        OPTIONS as requests of our own: the answers, and the ranking of targets
probe.py       the I/O of ping.py: sockets over UDP, TCP and TLS, all targets at once
=============  ========================================================================================
"""
