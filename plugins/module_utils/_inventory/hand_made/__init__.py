# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a configuration of Asterisk that was written by hand to the options of a PBX host. Pure.

=============  =====================================================================================================
notes.py       what a person has to decide, by file and line
endpoints.py   PJSIP: phones, and the trunks to Twilio; sections of pjsip_wizard.conf become the objects they stand for
server.py      ports and addresses
mailboxes.py   voicemail.conf
routes.py      what an extension does, where an inventory can state it
numbers.py     the numbers that come in, the phones' own extensions, and the ring groups and announcements for them
calling.py     which numbers a context sends to a trunk, and the class of service that opens no more
host.py        all of one host, in order
hosts.py       the hosts together, beside what the account has
accepted.py    the rows that validation accepts; the others become notes
=============  =====================================================================================================

Every section and every extension is carried over, or is a note. What is ambiguous is a note: nothing is opened that was
not open, and nothing is carried over because it could be meant.
"""
