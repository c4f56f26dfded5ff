# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an inventory means, as pure functions: it imports no ansible, asks nobody and writes nothing.

=================  ===================================================================================
options.py         the roles' argument specs, the one statement of each option
normalise.py       a value as Ansible delivers it, turned into its option's type, or refused
inventory.py       every host's values and those of Twilio's side, normalised and checked together
rules.py           what cannot be right on one host; with calls.py, edges.py, proof.py, secure.py, server.py
across.py          what cannot be right between hosts, trunks and Twilio's limits
grouped.py         what is wrong with many rows, said once
account.py         what the inventory declares at Twilio, as module twilio_trunking takes it
trunks.py          a trunk on the PBX: the names of its PJSIP objects, its transport, its legs
pbx.py             what the templates of role pbx print
sip_limits.py      how many SIP packets an address may send, by the phones that may be behind it
adopt.py           from an account as it was read to the inventory that says the same
changes.py         how two states of one host's inventory differ, in words, and which difference opens
opens.py           which option opens something when it grows, shrinks, rises or falls; data only
plan_report.py     a plan as data, and its exit code
plan_text.py       a plan as a person reads it, on a terminal and in Markdown
task_changes.py    what tasks changed, in the form in which roles publish it
=================  ===================================================================================
"""
