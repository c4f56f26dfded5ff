# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The meaning of an inventory, as pure functions: they import no ansible, query no service and write nothing.

=================  ===================================================================================
options.py         the roles' argument specs, the one statement of each option
normalise.py       a value as Ansible delivers it, converted to its option's type, or refused
inventory.py       the values of every host and of Twilio's side, normalised and validated together
values.py          the check of each single value
rules.py           what cannot be right on one host, with calls.py, edges.py, secure.py and server.py
phone_options.py   what calls of a phone show, and where calls to it go
feature_codes.py   what phones dial on the PBX itself
callers.py         names for the numbers of callers, and callers who are not let through
card.py            the card of what the users of a PBX dial on it, as HTML
parking.py         the number and the slots of a parking lot
speed_dials.py     short numbers and codes that call a number outside or a destination
paging.py          codes by which phones speak at a group of others
recording.py       which calls are recorded, and how recordings are announced, kept and read
music.py           music for who waits
prompts.py         prompts made of sound files and of texts
emergency.py       who is notified of emergency calls, and what they say of a phone
features/          ring groups, menus, hours and announcements, one file each
across.py          contradictions between hosts and trunks, and Twilio's limits
grouped.py         sentences about many rows, merged
account.py         what the inventory declares at Twilio, as module twilio_trunking takes it
trunks.py          a trunk on the PBX: the names of its PJSIP objects, its transport, its legs
pbx.py             what the templates of role pbx print
n8n.py             the options of the hosts that run n8n
twin.py            the options of a host that is a twin of Twilio
records.py         the fields of the record of a call
sip_limits.py      how many SIP packets an address may send, by the phones that may be behind it
adopt.py           the inventory that declares what an account and the PBX hosts have
hand_made/         what a PBX host has that was configured by hand
changes.py         the differences between two states of one host's inventory, in words
opens.py           which change of an option opens something; data only
plan_report.py     a plan as data, and its exit code
plan_text.py       a plan for a terminal and as Markdown
task_changes.py    the changes that tasks made, in the form in which roles publish them
=================  ===================================================================================
"""
